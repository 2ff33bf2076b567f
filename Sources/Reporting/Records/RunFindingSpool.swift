public import Auditing
internal import ClaimModel

/// What the rules over the whole run found, waiting to be put on its lines: in memory up to a bound, then in a temporary file
/// without a name.
///
/// Rules find group by group and reports want line by line. Findings therefore come in batches, each in the order of the lines;
/// whoever reads the spool takes from all batches at once, always the one that comes first (`RunFindingReader`).
///
/// Filled by one thread at a time; read by any number when it is full.
public final class RunFindingSpool {
  /// How many bytes are kept in memory where nothing else is said.
  public static let defaultMemory = 1 << 20

  /// How many findings were added.
  public private(set) var count = 0

  private let memory: Int
  private let folder: String
  /// The batches that are in memory.
  private(set) var bytes = ByteBuffer(capacity: 4096)
  /// Where each batch stands: in the file, or in `bytes` as long as there is none.
  private(set) var batches: [Range<Int>] = []
  private(set) var file: SpoolFile?
  private var written = 0

  /// An empty spool.
  ///
  /// - Parameters:
  ///   - folder: where its file goes: the output folder, or what `TemporaryFolder.path` says.
  ///   - memory: how many bytes it keeps before it makes one.
  public init(folder: String, memory: Int = RunFindingSpool.defaultMemory) {
    self.folder = folder
    self.memory = memory
  }

  /// Adds a batch that is sorted.
  public func append(_ batch: RunFindings) throws(ReportError) {
    guard !batch.entries.isEmpty else { return }
    count += batch.entries.count
    let start = bytes.count
    bytes.append(batch)
    batches.append(written + start..<written + bytes.count)
    guard bytes.count > (file == nil ? memory : SpoolFile.blockSize) else { return }
    try writeOut()
  }

  /// Brings what is in memory to the file, if there is one; from then on any number of threads may read.
  func settle() throws(ReportError) { if file != nil, bytes.count > 0 { try writeOut() } }

  private func writeOut() throws(ReportError) {
    let file: SpoolFile
    if let open = self.file { file = open } else { file = try SpoolFile(folder: folder, calls: .system) }
    self.file = file
    try file.write(bytes)
    written += bytes.count
    bytes.removeAll()
  }
}

/// Hands out the findings of a spool in the order of their lines, and of a line in the order of the rules.
struct RunFindingReader: ~Copyable {
  /// The line of the finding that is next, `nil` at the end.
  private(set) var key: LineKey?

  private var cursors: [Cursor] = []
  /// A heap of what is next in each batch that has something left; the first comes first.
  private var heap: [Next] = []

  /// What is next in a batch.
  private struct Next {
    let key: LineKey
    let rule: RuleIndex
    /// The position of the batch's cursor.
    let cursor: Int

    func comes(before other: Next) -> Bool { key != other.key ? key < other.key : rule < other.rule }
  }

  /// One batch on its way through memory.
  private final class Cursor {
    let file: SpoolFile?
    var rest: Range<Int>
    let block: Int
    var bytes: ByteBuffer
    var position = 0

    init(file: SpoolFile?, rest: Range<Int>, block: Int) {
      self.file = file
      self.rest = rest
      self.block = block
      bytes = ByteBuffer(capacity: block)
    }

    /// Goes to the finding at `position`, `nil` where there is none.
    func load(_ cursor: Int) throws(ReportError) -> Next? {
      if bytes.count - position < 4 || bytes.count - position < Int(bytes.load(UInt32.self, at: position)) {
        bytes.removeFirst(position)
        position = 0
        repeat {
          guard !rest.isEmpty, let file else { return nil }
          let length = min(block, rest.count)
          try file.read(into: &bytes, at: rest.lowerBound, count: length)
          rest = rest.lowerBound + length..<rest.upperBound
        } while bytes.count < 4 || bytes.count < Int(bytes.load(UInt32.self, at: 0))
      }
      return Next(
        key: LineKey(
          stream: Int(bytes.load(UInt32.self, at: position + 4)),
          record: Int(bytes.load(UInt64.self, at: position + 8)),
          slot: Int(bytes.load(UInt32.self, at: position + 16))),
        rule: RunFindingRecord(start: position).rule(in: bytes), cursor: cursor)
    }
  }

  /// A reader of a spool to which nothing is added any more and that is settled.
  init(_ spool: RunFindingSpool) throws(ReportError) {
    let block = min(64 << 10, max(1 << 10, (1 << 20) / max(1, spool.batches.count)))
    for batch in spool.batches {
      let cursor = Cursor(file: spool.file, rest: spool.file == nil ? 0..<0 : batch, block: block)
      if spool.file == nil { cursor.bytes.append(spool.bytes, batch) }
      if let next = try cursor.load(cursors.count) {
        cursors.append(cursor)
        heap.append(next)
      }
    }
    for position in stride(from: heap.count / 2, through: 0, by: -1) { sink(position) }
    key = heap.first?.key
  }

  /// The line, rule and severity of the next finding.
  var place: (key: LineKey, rule: RuleIndex, severity: Severity)? {
    guard let first = heap.first else { return nil }
    let cursor = cursors[first.cursor]
    return (first.key, first.rule, RunFindingRecord(start: cursor.position).severity(in: cursor.bytes))
  }

  /// Adds the next finding as a `FindingRecord`, for the line it is about.
  func append(
    for record: Record, files: [SourceFile], texts: RuleTexts, to buffer: inout ByteBuffer
  ) {
    guard let first = heap.first else { return }
    let cursor = cursors[first.cursor]
    RunFindingRecord(start: cursor.position).append(
      from: cursor.bytes, for: record, files: files, texts: texts, to: &buffer)
  }

  /// Goes to the next finding.
  mutating func advance() throws(ReportError) {
    guard let first = heap.first else { return }
    let cursor = cursors[first.cursor]
    cursor.position += Int(cursor.bytes.load(UInt32.self, at: cursor.position))
    if let next = try cursor.load(first.cursor) {
      heap[0] = next
    } else {
      let last = heap.removeLast()
      if !heap.isEmpty { heap[0] = last }
    }
    sink(0)
    key = heap.first?.key
  }

  private mutating func sink(_ start: Int) {
    guard start < heap.count else { return }
    let sinking = heap[start]
    var parent = start
    while true {
      var child = 2 * parent + 1
      if child >= heap.count { break }
      if child + 1 < heap.count, heap[child + 1].comes(before: heap[child]) { child += 1 }
      if !heap[child].comes(before: sinking) { break }
      heap[parent] = heap[child]
      parent = child
    }
    if parent != start { heap[parent] = sinking }
  }
}

/// Goes over the findings of a spool in the order of their lines, for those who ask only which rules found something where.
public final class RunFindingWalk {
  private var reader: RunFindingReader

  /// A walk over a spool to which nothing is added any more.
  public init(_ spool: RunFindingSpool) throws(ReportError) {
    try spool.settle()
    reader = try RunFindingReader(spool)
  }

  /// The finding that is next, `nil` at the end.
  public var next: (key: LineKey, rule: RuleIndex, severity: Severity)? { reader.place }

  /// Goes to the next finding.
  public func advance() throws(ReportError) { try reader.advance() }
}

/// A finding of the run as it waits.
///
/// ```
///  0  length of the whole        u32      32  the field                            u32
///  4  stream of the line         u32      36  rule                                 u16
///  8  record of the line         u64      38  severity                             u8
/// 16  slot of the line           u32      39  which of the following there are     u8
/// 20  stream of the related line u32      40  lengths of message, fix, carc, rarc  4 × u32
/// 24  its record                 u64      56  message, fix, carc, rarc
/// ```
private struct RunFindingRecord {
  static let headerSize = 56
  let start: Int

  /// The rule of the finding.
  func rule(in buffer: borrowing ByteBuffer) -> RuleIndex { RuleIndex(Int(buffer.load(UInt16.self, at: start + 36))) }

  /// How the finding weighs.
  func severity(in buffer: borrowing ByteBuffer) -> Severity { Severity(rawValue: buffer[start + 38]) ?? .error }

  /// Bits of what there is.
  struct Parts: OptionSet {
    let rawValue: UInt8
    static let related = Parts(rawValue: 1 << 0)
    static let fix = Parts(rawValue: 1 << 1)
    static let carc = Parts(rawValue: 1 << 2)
    static let rarc = Parts(rawValue: 1 << 3)
    static let own: Parts = [.fix, .carc, .rarc]
  }

  /// The bytes of message (0), fix (1), carc (2) or rarc (3).
  func text(_ position: Int, in buffer: borrowing ByteBuffer) -> Range<Int> {
    var first = start + RunFindingRecord.headerSize
    for earlier in 0..<position { first += Int(buffer.load(UInt32.self, at: start + 40 + 4 * earlier)) }
    return first..<first + Int(buffer.load(UInt32.self, at: start + 40 + 4 * position))
  }

  /// Adds the finding to `target` as one of its line.
  func append(
    from buffer: borrowing ByteBuffer, for record: Record, files: [SourceFile], texts: RuleTexts,
    to target: inout ByteBuffer
  ) {
    let rule = rule(in: buffer)
    let parts = Parts(rawValue: buffer[start + 39])
    let isOwn = !parts.isDisjoint(with: .own)
    let ordinal = Int(record.key.stream)
    let draft = target.beginFinding(rule, Severity(rawValue: buffer[start + 38]) ?? .error, isOwn: isOwn)
    let element = target.count
    let traits = target.append(
      element: ClaimField(ordinal: Int(buffer.load(UInt32.self, at: start + 32))),
      kind: ClaimKind(rawValue: record.kind) ?? .professional, format: record.traits.contains(.csv) ? .csv : .x12,
      ownPlaceOfService: record.traits.contains(.ownPlaceOfService),
      columns: ordinal < files.count ? files[ordinal].columns : ColumnNames())
    if parts.contains(.related) {
      // The place of the related line is known only now that all files are.
      let stream = Int(buffer.load(UInt32.self, at: start + 20))
      var message = ByteBuffer()
      message.append(
        buffer, text(0, in: buffer), naming: stream < files.count ? files[stream].path : "",
        record: buffer.load(UInt64.self, at: start + 24))
      message.withSpan(0..<message.count) { target.endElement(draft, from: element, traits, message: $0) }
    } else {
      buffer.withSpan(text(0, in: buffer)) { target.endElement(draft, from: element, traits, message: $0) }
    }
    if !isOwn { return }
    let ofRule = texts.text(of: rule)
    for (position, (part, text)) in [(Parts.fix, ofRule.fix), (.carc, ofRule.carc), (.rarc, ofRule.rarc)].enumerated() {
      if parts.contains(part) {
        buffer.withSpan(self.text(position + 1, in: buffer)) { target.appendOwn(draft, position, $0) }
      } else {
        target.appendOwn(draft, position, text.utf8Span.span)
      }
    }
  }
}

extension ByteBuffer {
  /// Adds a message of another buffer with the place of the line that it names.
  fileprivate mutating func append(
    _ other: borrowing ByteBuffer, _ message: Range<Int>, naming path: String, record: UInt64
  ) {
    let placeholder = RunFinding.placeholder.utf8Span.span
    var start = message.lowerBound
    var position = start
    while position + placeholder.count <= message.upperBound {
      guard other.holds(placeholder, at: position) else {
        position += 1
        continue
      }
      append(other, start..<position)
      append(path)
      append(" record ")
      append(decimal: record)
      position += placeholder.count
      start = position
    }
    append(other, start..<message.upperBound)
  }

  /// Whether the bytes from `position` on are those of `text`.
  private func holds(_ text: Span<UInt8>, at position: Int) -> Bool {
    for index in text.indices where self[position + index] != text[index] { return false }
    return true
  }

  /// Adds findings of the run.
  fileprivate mutating func append(_ findings: RunFindings) {
    let text = findings.text.span
    for entry in findings.entries {
      let message = text.extracting(Int(entry.message.start)..<Int(entry.message.start) + Int(entry.message.count))
      let start = count
      append(entry, message)
      if entry.isChanged { appendOwn(findings.own(of: entry), of: start) }
      store(little: UInt32(count - start), at: start)
    }
  }

  private mutating func append(_ finding: RunFindings.Entry, _ message: Span<UInt8>) {
    let related = finding.relatedLine
    let parts: RunFindingRecord.Parts = related == nil ? [] : .related
    append(little: UInt64(finding.key.stream) << 32)
    append(little: finding.key.record)
    append(little: UInt64(related?.stream ?? 0) << 32 | UInt64(finding.key.slot))
    append(little: related?.record ?? 0)
    append(
      little: UInt64(parts.rawValue) << 56 | UInt64(finding.severity.rawValue) << 48
        | UInt64(finding.rule.position) << 32 | UInt64(UInt32(finding.field.ordinal)))
    append(little: UInt64(message.count))
    append(little: UInt64(0))
    append(message)
  }

  /// Adds the texts of the finding at `start` that are not its rule's.
  private mutating func appendOwn(_ own: (fix: String?, carc: String?, rarc: String?), of start: Int) {
    for (position, (part, text)) in [(RunFindingRecord.Parts.fix, own.fix), (.carc, own.carc), (.rarc, own.rarc)]
      .enumerated()
    {
      guard let text else { continue }
      self[start + 39] |= part.rawValue
      append(text)
      store(little: UInt32(text.utf8.count), at: start + 44 + 4 * position)
    }
  }
}
