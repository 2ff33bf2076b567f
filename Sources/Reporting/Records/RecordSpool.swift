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
  /// What will be written to the file next.
  private var bytes = ByteBuffer(capacity: 0)

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
    if let file, chunk.bytes.count >= SpoolFile.blockSize / 2 {
      // Large enough to go by itself.
      try file.write(bytes)
      try file.write(chunk.bytes)
      written += bytes.count + chunk.bytes.count
      bytes.removeAll()
      return
    }
    if file == nil, kept + chunk.bytes.count <= memory {
      keep(chunk.bytes)
      return
    }
    bytes.append(chunk.bytes)
    if file != nil, bytes.count <= SpoolFile.blockSize { return }
    try makeFile()
    try file?.write(bytes)
    written += bytes.count
    bytes.removeAll()
  }

  /// Makes the file, if there is none yet, and gives it what was kept in memory.
  private func makeFile() throws(ReportError) {
    if file != nil { return }
    let file = try SpoolFile(folder: folder, calls: calls)
    self.file = file
    for block in blocks {
      try file.write(block.bytes)
      written += block.bytes.count
    }
    blocks = []
  }

  /// Adds bytes to those in memory.
  private func keep(_ chunk: borrowing ByteBuffer) {
    kept += chunk.count
    if let last = blocks.last, last.bytes.count + chunk.count <= SpoolFile.blockSize {
      last.bytes.append(chunk)
      return
    }
    // Small runs take little.
    let block = Block(capacity: kept <= 16 << 10 ? 16 << 10 : max(SpoolFile.blockSize, chunk.count))
    block.bytes.append(chunk)
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
  }

  /// Hands out every record in order: the buffer that holds it and where it begins there.
  ///
  /// Several threads may do so at a time, once nothing is appended any more.
  func forEach(_ body: (borrowing ByteBuffer, Record) throws(ReportError) -> Void) throws(ReportError) {
    for block in blocks { try RecordSpool.forEach(in: block.bytes, body) }
    if let file {
      var block = ByteBuffer(capacity: 2 * SpoolFile.blockSize)
      var offset = 0
      while offset < written {
        let length = min(SpoolFile.blockSize, written - offset)
        try file.read(into: &block, at: offset, count: length)
        offset += length
        var start = 0
        while block.count - start >= 4 {
          let length = Int(block.load(UInt32.self, at: start))
          if length > block.count - start { break }
          try body(block, Record(in: block, at: start))
          start += length
        }
        block.removeFirst(start)
      }
      guard block.count == 0 else { throw ReportError(.cannotWrite, call: "pread", file: file.name, code: 0) }
    }
    try RecordSpool.forEach(in: bytes, body)
  }

  private static func forEach(
    in bytes: borrowing ByteBuffer, _ body: (borrowing ByteBuffer, Record) throws(ReportError) -> Void
  ) throws(ReportError) {
    var start = 0
    while start < bytes.count {
      let record = Record(in: bytes, at: start)
      try body(bytes, record)
      start += record.length
    }
  }
}
