/// Records of a run in input order, waiting for its end: in memory up to a bound, then in a temporary file without a name.
///
/// Rules over the whole run can say something about a line long after it was read, and the memory of a run must not grow with its
/// input. Chunks are appended in the order of their work units and read back in the same order. The file has mode 0600 and
/// is gone from its folder before the first byte is in it, so that nothing of it survives the run, however that ends.
///
/// Filled by one thread at a time; read by any number when it is full.
public final class RecordSpool: @unchecked Sendable {
  /// How many bytes are kept in memory where nothing else is said.
  ///
  /// With this many a run with six thousand watched lines needs no file, and the peak of its memory is still near that of any start of the
  /// program.
  public static let defaultMemory = 4 << 20

  /// How many records were appended.
  public private(set) var recordCount = 0

  private let memory: Int
  private let folder: String
  private let calls: OutputCalls
  /// The records as long as there is no file, each whole in one block.
  private var blocks: [Block] = []
  /// How many bytes those are.
  private var kept = 0
  private var file: SpoolFile?
  /// How many bytes are in the file.
  private var written = 0
  /// What there is in order, in pieces of whole records that several threads may take.
  private var parts: [Part] = []
  /// What will be written to the file next.
  private var bytes = ByteBuffer(capacity: 0)

  /// Some records one behind the other: in a block, or where they stand in the file or will.
  private struct Part {
    var block: Int?
    var range: Range<Int>
    /// Where they stand in the run, where they do not say so themselves.
    var base: RecordBase?
  }

  /// How large a part is at least, unless it is the last of its block or of what was written at once.
  private static let partSize = 64 << 10

  /// A piece of memory; what does not fit goes into a next one, and nothing is copied but the little of a small run.
  private final class Block {
    var bytes: ByteBuffer

    init(capacity: Int) { bytes = ByteBuffer(capacity: capacity) }
  }

  /// An empty spool.
  ///
  /// - Parameters:
  ///   - folder: where its file goes: the output folder, or what `TemporaryFolder.path` says.
  ///   - memory: how many bytes it keeps before it makes one.
  public convenience init(folder: String, memory: Int = RecordSpool.defaultMemory) {
    self.init(folder: folder, memory: memory, calls: .system)
  }

  init(folder: String, memory: Int, calls: OutputCalls) {
    self.folder = folder
    self.memory = memory
    self.calls = calls
  }

  /// Whether the records have left memory.
  public var isSpilled: Bool { file != nil }

  /// Adds the records of a chunk, which may be emptied and used again.
  public func append(_ chunk: RecordChunk) throws(ReportError) {
    recordCount += chunk.recordCount
    // Of many records it is said once where they stand; with few it is written into each, so that they can share a part.
    if chunk.bytes.count < RecordSpool.partSize { chunk.settle() }
    if let file, chunk.bytes.count >= SpoolFile.blockSize / 2 {
      // Large enough to go by itself.
      try writeOut(to: file)
      try file.write(chunk.bytes)
      add(chunk.bytes.count, at: written, chunk.base)
      written += chunk.bytes.count
      return
    }
    if file == nil, kept + chunk.bytes.count <= memory {
      keep(chunk)
      return
    }
    let isFirst = file == nil
    if isFirst { try makeFile() }
    add(chunk.bytes.count, at: written + bytes.count, chunk.base)
    bytes.append(chunk.bytes)
    if isFirst || bytes.count > SpoolFile.blockSize, let file { try writeOut(to: file) }
  }

  /// Notes that bytes come next, in a block or the file.
  private func add(_ count: Int, in block: Int? = nil, at start: Int, _ base: RecordBase?) {
    if count == 0 { return }
    // What is in the file already is not gone on with: the part would lie half in memory.
    if let last = parts.last, last.block == block, last.range.count < RecordSpool.partSize,
      last.range.upperBound > written, base == nil, last.base == nil
    {
      parts[parts.count - 1].range = last.range.lowerBound..<start + count
    } else {
      parts.append(Part(block: block, range: start..<start + count, base: base))
    }
  }

  private func writeOut(to file: SpoolFile) throws(ReportError) {
    try file.write(bytes)
    written += bytes.count
    bytes.removeAll()
  }

  /// Makes the file and gives it what was kept in memory.
  private func makeFile() throws(ReportError) {
    let file = try SpoolFile(folder: folder, calls: calls)
    self.file = file
    var starts: [Int] = []
    for block in blocks {
      try file.write(block.bytes)
      starts.append(written)
      written += block.bytes.count
    }
    for index in parts.indices {
      let (start, range) = (starts[parts[index].block ?? 0], parts[index].range)
      parts[index].block = nil
      parts[index].range = start + range.lowerBound..<start + range.upperBound
    }
    blocks = []
  }

  /// Adds bytes to those in memory.
  private func keep(_ chunk: RecordChunk) {
    let count = chunk.bytes.count
    kept += count
    if let last = blocks.last, last.bytes.count + count <= SpoolFile.blockSize {
      add(count, in: blocks.count - 1, at: last.bytes.count, chunk.base)
      last.bytes.append(chunk.bytes)
      return
    }
    // Small runs take little.
    let block = Block(capacity: kept <= 16 << 10 ? 16 << 10 : max(SpoolFile.blockSize, count))
    add(count, in: blocks.count, at: 0, chunk.base)
    block.bytes.append(chunk.bytes)
    blocks.append(block)
  }

  /// Forgets the records and gives their file back.
  func removeAll() {
    recordCount = 0
    blocks = []
    kept = 0
    bytes = ByteBuffer(capacity: 0)
    file = nil
    written = 0
    parts = []
  }

  /// How many parts there are, each of whole records.
  var partCount: Int { parts.count }

  /// Hands out every record in order: the buffer that holds it and where it begins there.
  ///
  /// Several threads may do so at a time, once nothing is appended any more.
  func forEach(_ body: (borrowing ByteBuffer, Record) throws(ReportError) -> Void) throws(ReportError) {
    var room = ByteBuffer(capacity: 0)
    for part in 0..<partCount { try forEach(in: part, &room, body) }
  }

  /// Hands out the records of one part in order; what is read from the file is read into `room`.
  func forEach(
    in part: Int, _ room: inout ByteBuffer, _ body: (borrowing ByteBuffer, Record) throws(ReportError) -> Void
  ) throws(ReportError) {
    let (range, base) = (parts[part].range, parts[part].base)
    if let block = parts[part].block { return try RecordSpool.forEach(in: blocks[block].bytes, range, of: base, body) }
    if range.lowerBound >= written {
      return try RecordSpool.forEach(in: bytes, range.lowerBound - written..<range.upperBound - written, of: base, body)
    }
    room.removeAll()
    room.reserve(range.count)
    try file?.read(into: &room, at: range.lowerBound, count: range.count)
    try RecordSpool.forEach(in: room, 0..<range.count, of: base, body)
  }

  private static func forEach(
    in bytes: borrowing ByteBuffer, _ range: Range<Int>, of base: RecordBase?,
    _ body: (borrowing ByteBuffer, Record) throws(ReportError) -> Void
  ) throws(ReportError) {
    var start = range.lowerBound
    while start < range.upperBound {
      let record = Record(in: bytes, at: start, of: base)
      try body(bytes, record)
      start += record.length
    }
  }
}
