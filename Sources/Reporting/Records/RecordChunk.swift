/// The records of one work unit, in input order, on their way from a worker to a spool.
///
/// A chunk is used by one thread at a time; it may be handed to another.
public final class RecordChunk: @unchecked Sendable {
  var bytes: ByteBuffer
  /// How many records it holds.
  public internal(set) var recordCount = 0

  /// An empty chunk with room for that many bytes.
  public init(capacity: Int = 4096) { bytes = ByteBuffer(capacity: capacity) }

  /// Where the records stand in the run, `nil` where each of them says so itself.
  private(set) var base: RecordBase?

  /// How many bytes it holds.
  public var byteCount: Int { bytes.count }

  /// Whether it holds nothing.
  public var isEmpty: Bool { recordCount == 0 }

  /// The layout of stored records: what was stored in another one cannot be read back.
  public static let layout = 5

  /// The records as bytes, to be kept beyond the run.
  ///
  /// They are worth something only together with the catalogue of rules they were made with and `layout`.
  public var stored: [UInt8] {
    settle()
    return bytes.withSpan(0..<bytes.count) { span in unsafe span.withUnsafeBufferPointer { unsafe Array($0) } }
  }

  /// Records from `stored`; `nil` where the bytes are no whole records.
  public convenience init?(stored: [UInt8]) {
    self.init()
    bytes.append(stored.span)
    var start = 0
    while start < bytes.count {
      guard bytes.count - start >= Record.headerSize else { return nil }
      let length = Int(bytes.load(UInt32.self, at: start))
      guard length >= Record.headerSize, length <= bytes.count - start else { return nil }
      start += length
      recordCount += 1
    }
  }

  /// Empties the chunk and keeps its memory.
  public func removeAll() {
    bytes.removeAll()
    recordCount = 0
    base = nil
  }

  /// Says where the records stand in the run: a worker that reads from the middle of a stream counts from its own beginning.
  ///
  /// - Parameters:
  ///   - stream: the ordinal of the stream.
  ///   - records: how many segments or records of the stream come before the unit.
  ///   - claims: how many claims of the stream come before it.
  ///   - bytes: how many decompressed bytes come before it.
  public func rebase(stream: Int, records: Int = 0, claims: Int = 0, bytes before: Int = 0) {
    var moved = base ?? RecordBase(stream: stream)
    moved.stream = stream
    moved.records += records
    moved.claims += claims
    moved.bytes += before
    base = moved
  }

  /// Writes into each record where it stands in the run.
  func settle() {
    guard let base else { return }
    forEachStart { buffer, start in
      buffer.store(little: UInt32(truncatingIfNeeded: base.stream), at: start + 4)
      buffer.store(little: buffer.load(UInt64.self, at: start + 8) &+ UInt64(base.records), at: start + 8)
      buffer.store(little: buffer.load(UInt64.self, at: start + 16) &+ UInt64(base.bytes), at: start + 16)
      buffer.store(little: buffer.load(UInt64.self, at: start + 24) &+ UInt64(base.claims), at: start + 24)
    }
    self.base = nil
  }

  /// Marks every line as read from bytes whose checksum failed.
  public func markUnverified() {
    forEachStart { buffer, start in buffer[start + Record.traitsOffset] |= Record.Traits.unverified.rawValue }
  }

  private func forEachStart(_ body: (inout ByteBuffer, Int) -> Void) {
    var start = 0
    while start < bytes.count {
      let length = Int(bytes.load(UInt32.self, at: start))
      body(&bytes, start)
      start += length
    }
  }
}
