internal import ByteInput
internal import Glibc

/// A block of an open regular file, read at a place without moving the file's position, so that several threads may.
///
/// The memory is kept from block to block.
@safe
final class FileBlock {
  private var base = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
  private var capacity = 64
  private var count = 0
  /// The place of the block in the file.
  private(set) var start = 0
  /// Where it ends.
  var end: Int { start + count }

  deinit { unsafe base.deallocate() }

  /// Becomes the block at `range`, which is shorter where the file ends before or cannot be read.
  func read(_ descriptor: Int32, _ range: Range<Int>) {
    start = range.lowerBound
    count = 0
    append(descriptor, upTo: range.upperBound)
  }

  /// Reads on up to a place in the file.
  func append(_ descriptor: Int32, upTo place: Int) {
    let wanted = max(place - start, count)
    if wanted > capacity {
      // The next unit is a little longer or shorter: room that is moved for it would be touched anew, page by page.
      let larger = wanted + wanted / 8
      let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 64)
      unsafe moved.copyMemory(from: base, byteCount: count)
      unsafe base.deallocate()
      unsafe base = moved
      capacity = larger
    }
    while count < wanted {
      let step = unsafe pread(descriptor, base + count, wanted - count, off_t(start + count))
      if step < 0, errno == EINTR { continue }
      if step <= 0 { break }
      count += step
    }
  }

  /// The bytes at a range of places in the file, valid until more is read.
  func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    let inside = range.clamped(to: start..<end)
    return unsafe UnsafeRawBufferPointer(start: base + (inside.lowerBound - start), count: inside.count)
  }
}

/// A part of an open regular file as a source.
final class FileBlockSource: ByteSource {
  private let descriptor: Int32
  private var position: Int
  private let end: Int

  private let meter: ReadingMeter?

  init(_ descriptor: Int32, _ range: Range<Int>, _ meter: ReadingMeter? = nil) {
    self.meter = meter
    self.descriptor = descriptor
    position = range.lowerBound
    end = range.upperBound
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let wanted = min(buffer.count, end - position)
    guard wanted > 0 else { return 0 }
    while true {
      let count = unsafe pread(descriptor, buffer.baseAddress, wanted, off_t(position))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return 0 }
      position += count
      meter?.add(count)
      return count
    }
  }

  func takeRemarks() -> [InputRemark] { [] }
}
