/// The next 256 KiB of a compressed source, taken from the front.
///
///     storage | consumed | available | free |
///                         ^ position: where that is in the source
@safe final class CompressedBuffer {
  static let capacity = 256 * 1024
  /// How many consumed bytes are kept, so that an inflater which looked ahead can give them back.
  static let lookback = 8

  let upstream: any LayeredSource
  private let storage: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var upstreamEnded = false

  /// The offset in the source of the first byte not yet consumed.
  private(set) var position = 0

  init(_ upstream: any LayeredSource) {
    self.upstream = upstream
    unsafe storage = .allocate(byteCount: Self.capacity, alignment: 64)
  }

  deinit {
    unsafe storage.deallocate()
  }

  /// What is buffered and not consumed.
  ///
  /// Valid until the next call of `require` or `nextByte`.
  var available: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: storage[start..<end])
  }

  /// Takes bytes from the front; with a negative count, gives back up to `lookback` that were taken.
  func consume(_ count: Int) {
    start += count
    position += count
  }

  /// Makes at least `count` bytes available and says whether the source has that many.
  ///
  /// The buffer is always filled to its end: reading little at a time would make the expansion bound of a layer above
  /// depend on how a pipe was written.
  func require(_ count: Int) -> Bool {
    if end - start >= count { return true }
    if upstreamEnded { return false }
    let kept = max(0, start - Self.lookback)
    if kept > 0 {
      unsafe storage.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[kept..<end]))
      end -= kept
      start -= kept
    }
    while end < Self.capacity {
      let got = unsafe upstream.read(into: UnsafeMutableRawBufferPointer(rebasing: storage[end...]))
      if got == 0 {
        upstreamEnded = true
        break
      }
      end += got
    }
    return end - start >= count
  }

  /// Goes back to a byte that was consumed; the source must be able to.
  func rewind(to position: Int) {
    upstream.rewind(to: position)
    self.position = position
    start = 0
    end = 0
    upstreamEnded = false
  }

  func nextByte() -> UInt8? {
    guard require(1) else { return nil }
    let byte = unsafe storage[start]
    consume(1)
    return byte
  }

  /// The little-endian number in the next `count` bytes, or `nil` when fewer are left; then they stay.
  func nextNumber(bytes count: Int) -> UInt32? {
    guard require(count) else { return nil }
    var number: UInt32 = 0
    for index in 0..<count {
      unsafe number |= UInt32(storage[start + index]) << (8 * UInt32(index))
    }
    consume(count)
    return number
  }
}
