internal import Glibc

/// Bytes of one unit of a file after the other, in memory that is kept: a new block for every unit would cost as much as reading it.
@safe
final class UnitBuffer {
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  /// How many bytes there are.
  private(set) var count = 0

  init() {
    capacity = 1 << 16
    unsafe base = .allocate(byteCount: capacity, alignment: 64)
  }

  deinit { unsafe base.deallocate() }

  /// What there is.
  var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: base, count: count) }

  /// Forgets what there is.
  func clear() { count = 0 }

  /// Adds the bytes of `range`; fewer where the file ends before or cannot be read.
  func append(_ descriptor: Int32, _ range: Range<Int>) {
    if count + range.count > capacity {
      let larger = max(2 * capacity, count + range.count)
      let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 64)
      unsafe moved.copyMemory(from: base, byteCount: count)
      unsafe base.deallocate()
      unsafe base = moved
      capacity = larger
    }
    var position = range.lowerBound
    while position < range.upperBound {
      let read = unsafe pread(descriptor, base + count, range.upperBound - position, off_t(position))
      if read < 0, errno == EINTR { continue }
      if read <= 0 { break }
      count += read
      position += read
    }
  }
}
