package import ByteInput
internal import ClaimReading
internal import Glibc

/// A window over a stream: what a reader has not used up yet, with more read behind it.
///
/// Memory is that of one block and the longest piece a reader cannot do without, never that of the stream.
@safe
package struct InputWindow: ~Copyable {
  /// How many bytes are asked for at a time.
  package static let blockSize = 256 << 10

  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private var start = 0
  private var end = 0
  private var source: any ByteSource
  private let readSize: Int

  /// A window over `source`, reading `readSize` bytes at a time.
  package init(over source: any ByteSource, readSize: Int = InputWindow.blockSize) {
    self.source = source
    self.readSize = readSize
    capacity = InputWindow.blockSize * 2
    unsafe base = .allocate(byteCount: capacity, alignment: 64)
  }

  deinit { unsafe base.deallocate() }

  /// Reads on from another source, which goes on where the one before was left.
  mutating func go(on source: any ByteSource) { self.source = source }

  /// Reads the whole stream through `reader`; `isCancelled` is asked between blocks and ends it early, and `progress` is told of
  /// the claims.
  ///
  /// - Parameter pauses: asked before each block, with what the reader has used up.
  /// - Returns: `false` where it paused and is to be called again.
  @discardableResult
  mutating func read(
    through reader: inout some ClaimReader, to handler: inout some ClaimHandler, progress: RunProgress? = nil,
    isCancelled: () -> Bool, pauses: (_ offset: Int) -> Bool = { _ in false }
  ) -> Bool {
    var claims = reader.totals.claims
    var offset = reader.offset
    return unsafe read(isCancelled: isCancelled, pauses: { pauses(offset) }) { bytes, isLast in
      let used = unsafe reader.read(bytes, isLast: isLast, handler: &handler)
      if let progress {
        progress.add(claims: reader.totals.claims - claims)
        claims = reader.totals.claims
      }
      offset = reader.offset
      return used
    }
  }

  /// Lends the stream piece by piece to `take`, which says how much of it is used up, until the end or a cancellation.
  ///
  /// - Returns: `false` where it paused and is to be called again.
  @discardableResult
  package mutating func read(
    isCancelled: () -> Bool, pauses: () -> Bool = { false }, _ take: (UnsafeRawBufferPointer, _ isLast: Bool) -> Int
  ) -> Bool {
    var isLast = false
    while !isLast, !isCancelled() {
      if pauses() { return false }
      isLast = !fill()
      let bytes = unsafe UnsafeRawBufferPointer(start: base + start, count: end - start)
      start += unsafe take(bytes, isLast)
    }
    return true
  }

  /// Reads a block; `false` at the end of the stream.
  private mutating func fill() -> Bool {
    if start > 0 {
      unsafe memmove(base, base + start, end - start)
      end -= start
      start = 0
    }
    if capacity - end < readSize {
      // A piece that does not fit: doubled, so that a long one is not copied over and over.
      let larger = max(capacity * 2, end + readSize)
      let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 64)
      unsafe moved.copyMemory(from: base, byteCount: end)
      unsafe base.deallocate()
      unsafe base = moved
      capacity = larger
    }
    let count = unsafe source.read(into: UnsafeMutableRawBufferPointer(start: base + end, count: readSize))
    end += count
    return count > 0
  }
}
