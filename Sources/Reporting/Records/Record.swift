internal import Auditing

/// One row as it waits in a spool: a service line with what its own claim says about it, or a reading issue.
///
/// ```
///  0  the header (`Header`)
/// 88  the cells, each with a comma behind it
///     where each cell ends  u16, u32 in a long record
///     the findings (`FindingRecord`)
/// ```
///
/// Numbers are as the machine has them: records stay where they were written.
struct Record {
  /// Where the record begins in its buffer.
  let start: Int
  private let header: Header

  /// The numbers of a record; an amount that is not there is `noAmount`.
  struct Header: BitwiseCopyable {
    /// The length of the record; set by `finishRecord`.
    var length: UInt32 = 0
    // These four can be changed after the fact, since a work unit in the middle of a stream does not know how many records came before
    // it (`RecordChunk.rebase`).
    /// The ordinal of the stream in the run.
    var stream: UInt32 = 0
    /// The record in the stream.
    var record: UInt64 = 0
    /// Where that begins in the decompressed stream.
    var byteOffset: UInt64 = 0
    /// The ordinal of the claim in its stream.
    var claim: UInt64 = 0
    /// One bit a cell: some writer has to quote or escape it.
    var special: UInt64 = 0
    /// One bit a cell: characters of it were replaced.
    var replaced: UInt64 = 0
    /// The amounts, in cents.
    var charge = noAmount
    var allowed = noAmount
    var paid = noAmount
    /// The length of the cells.
    var cellBytes: UInt32 = 0
    /// Which of the lines of a wide row it is.
    var slot: UInt32 = 0
    /// How many cells there are.
    var cellCount: UInt16 = 0
    /// How many findings.
    var findings: UInt16 = 0
    var traits: Traits = []
    /// Raw value of the claim's kind.
    var kind: UInt8 = 0
    private var unused: UInt16 = 0
  }

  /// Bits of a line.
  struct Traits: OptionSet, BitwiseCopyable {
    let rawValue: UInt8
    static let watched = Traits(rawValue: 1 << 0)
    /// The checksum over the bytes it was read from failed.
    static let unverified = Traits(rawValue: 1 << 1)
    static let csv = Traits(rawValue: 1 << 2)
    /// The line has a place of service of its own (SV105, SV303).
    static let ownPlaceOfService = Traits(rawValue: 1 << 3)
  }

  /// How many bytes stand before the cells.
  static let headerSize = MemoryLayout<Header>.size
  /// Where the traits stand among them.
  static let traitsOffset = 84
  /// What stands for an amount that is not there.
  static let noAmount = Int64.min

  /// No record.
  init() {
    start = 0
    header = Header()
  }

  /// The record at `start`.
  init(in buffer: borrowing ByteBuffer, at start: Int) {
    self.start = start
    header = buffer.load(bits: Header.self, at: start)
  }

  /// How long it is.
  var length: Int { Int(header.length) }
  /// Place in the run.
  var key: LineKey { LineKey(stream: Int(header.stream), record: Int(header.record), slot: Int(header.slot)) }
  /// Where it begins in the decompressed stream.
  var byteOffset: Int { Int(header.byteOffset) }
  /// The ordinal of the claim in its stream.
  var claim: Int { Int(header.claim) }
  var traits: Traits { header.traits }
  /// Raw value of the claim's kind.
  var kind: UInt8 { header.kind }
  var findingCount: Int { Int(header.findings) }
  var charge: Int64? { Record.amount(header.charge) }
  var allowed: Int64? { Record.amount(header.allowed) }
  var paid: Int64? { Record.amount(header.paid) }
  /// One bit a cell: some writer has to quote or escape it.
  var special: UInt64 { header.special }
  /// How many cells there are.
  var cellCount: Int { Int(header.cellCount) }
  private var cellBytes: Int { Int(header.cellBytes) }

  private static func amount(_ value: Int64) -> Int64? { value == noAmount ? nil : value }

  /// Where the ends of the cells stand.
  private var endsStart: Int { start &+ Record.headerSize &+ cellBytes }

  /// Whether the ends of the cells need words of four bytes.
  private var isWide: Bool { cellBytes > Int(UInt16.max) }

  /// Where the findings begin.
  var findingsStart: Int { endsStart + cellCount * (isWide ? 4 : 2) }

  /// Where the cells stand, each with its comma.
  var cellsRange: Range<Int> { start + Record.headerSize..<endsStart }

  /// Where a cell stands.
  @inline(__always)
  func cell(_ position: Int, in buffer: borrowing ByteBuffer) -> Range<Int> {
    precondition(position >= 0 && position < cellCount)
    let first = start &+ Record.headerSize
    if isWide { return wideCell(position, in: buffer) }
    if position == 0 { return first..<first &+ Int(buffer.load(UInt16.self, at: endsStart)) }
    // Where the cell before it ends, and where it does.
    let ends = buffer.load(UInt32.self, at: endsStart &+ 2 &* position &- 2)
    return first &+ Int(ends & 0xFFFF) &+ 1..<first &+ Int(ends >> 16)
  }

  private func wideCell(_ position: Int, in buffer: borrowing ByteBuffer) -> Range<Int> {
    func end(_ position: Int) -> Int {
      start + Record.headerSize + Int(buffer.load(UInt32.self, at: endsStart + 4 * position))
    }
    return (position == 0 ? start + Record.headerSize : end(position - 1) + 1)..<end(position)
  }

  /// Whether some writer has to quote or escape a cell.
  @inline(__always)
  func isSpecial(_ position: Int) -> Bool { special &>> UInt64(position) & 1 != 0 }

  /// Adds the record's cells to a row.
  func copyCells(from buffer: borrowing ByteBuffer, to row: inout TableRow) {
    row.append(
      buffer, cellsRange, ends: endsStart, isWide: isWide, count: cellCount, special: special,
      replaced: header.replaced)
  }
}

extension ByteBuffer {
  /// Adds a record up to its findings: what the header says beside its cells, and those.
  mutating func beginRecord(_ facts: Record.Header, row: borrowing TableRow) {
    var header = facts
    header.special = row.cells.special
    header.replaced = row.cells.replaced
    header.cellBytes = UInt32(row.bytes.count)
    header.cellCount = UInt16(row.cells.count)
    reserve(Record.headerSize + row.bytes.count + 4 * row.cells.count)
    append(bits: header)
    append(row.bytes)
    if row.bytes.count > Int(UInt16.max) { append(row.cells.ends) } else { append(narrowEnds: row.cells.ends) }
  }

  /// Ends the record that began at `start`.
  mutating func finishRecord(at start: Int) { store(little: UInt32(count - start), at: start) }
}
