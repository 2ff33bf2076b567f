internal import Threads

/// Records of a run in input order, waiting for its end: in memory up to a bound, then in temporary files without a name.
///
/// Rules over the whole run can say something about a line long after it was read, and the memory of a run must not grow with its
/// input. Chunks are appended in the order of their work units and read back in the same order. The files have mode 0600 and
/// are gone from their folder before the first byte is in them, so that nothing of them survives the run, however that ends.
///
/// Filled by one thread at a time; read by any number when it is full.
public final class RecordSpool: @unchecked Sendable {
  /// How many bytes are kept in memory where nothing else is said.
  ///
  /// With this many a run with fifteen hundred watched lines needs no file. More would cost large runs the pages it fills before they make
  /// one: 2 ms of 140 with four times as much.
  public static let defaultMemory = 1 << 20

  /// How many records were appended.
  public private(set) var recordCount = 0

  private let memory: Int
  private let folder: String
  private let calls: OutputCalls
  /// The records as long as there is no file, each whole in one block.
  private var blocks: [Block] = []
  /// How many bytes those are.
  private var kept = 0
  /// The files, one going on where the one before ends, and which byte of all of them each begins with.
  private var files: [(file: SpoolFile, start: Int)] = []
  /// How many bytes are in the files.
  private var written = 0
  private let giving = Monitor()
  /// How long a file is before the next one is begun.
  private let fileSize: Int

  /// How long it is where nothing else is said.
  ///
  /// The system takes 4 ms to clear away so much; several files are cleared away side by side.
  private static let defaultFileSize = 48 << 20
  /// What there is in order, in pieces of whole records that several threads may take.
  private var parts: [Part] = []
  /// What will be written to the file next.
  private var bytes = ByteBuffer(capacity: 0)

  /// Some records one behind the other: in a block, or where they stand in the files or will, each whole in one of them.
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

  init(folder: String, memory: Int, fileSize: Int = RecordSpool.defaultFileSize, calls: OutputCalls) {
    self.fileSize = fileSize
    self.folder = folder
    self.memory = memory
    self.calls = calls
  }

  /// Whether the records have left memory.
  public var isSpilled: Bool { !files.isEmpty }

  /// Adds the records of a chunk, which may be emptied and used again.
  public func append(_ chunk: RecordChunk) throws(ReportError) {
    recordCount += chunk.recordCount
    // Of many records it is said once where they stand; with few it is written into each, so that they can share a part.
    if chunk.bytes.count < RecordSpool.partSize { chunk.settle() }
    if isSpilled, chunk.bytes.count >= SpoolFile.blockSize / 2 {
      // Large enough to go by itself.
      try writeOut()
      try fileToWrite().write(chunk.bytes)
      add(chunk.bytes.count, at: written, chunk.base)
      written += chunk.bytes.count
      return
    }
    if !isSpilled, kept + chunk.bytes.count <= memory {
      keep(chunk)
      return
    }
    let isFirst = !isSpilled
    if isFirst { try spill() }
    add(chunk.bytes.count, at: written + bytes.count, chunk.base)
    bytes.append(chunk.bytes)
    if isFirst || bytes.count > SpoolFile.blockSize { try writeOut() }
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

  private func writeOut() throws(ReportError) {
    if bytes.count == 0 { return }
    try fileToWrite().write(bytes)
    written += bytes.count
    bytes.removeAll()
  }

  /// The last file, or another one where that is long.
  private func fileToWrite() throws(ReportError) -> SpoolFile {
    if let last = files.last, written - last.start < fileSize { return last.file }
    let file = try SpoolFile(folder: folder, calls: calls)
    files.append((file, written))
    return file
  }

  /// Makes the first file and gives it what was kept in memory.
  private func spill() throws(ReportError) {
    let file = try fileToWrite()
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

  /// Gives the files back, when nobody will ask for a record any more; several threads may do so at a time.
  func giveBack() {
    while giving.locked({ files.popLast() }) != nil {}
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
    if let place = files.last(where: { $0.start <= range.lowerBound }) {
      try place.file.read(into: &room, at: range.lowerBound - place.start, count: range.count)
    }
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
