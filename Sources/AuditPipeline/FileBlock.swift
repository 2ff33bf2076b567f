internal import ByteInput
internal import Glibc

/// Bytes of an open regular file, read at a place without moving its position, so that several threads may.
enum FileBlock {
  /// The bytes of `range`; fewer where the file ends before or cannot be read.
  static func read(_ descriptor: Int32, _ range: Range<Int>) -> [UInt8] {
    guard !range.isEmpty else { return [] }
    return unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
      filled = 0
      while filled < range.count {
        let count = unsafe pread(
          descriptor, buffer.baseAddress.map { unsafe $0 + filled }, range.count - filled,
          off_t(range.lowerBound + filled))
        if count < 0, errno == EINTR { continue }
        if count <= 0 { break }
        filled += count
      }
    }
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
