internal import CHost
internal import Glibc

/// An open table that is read from the front as often as it is needed.
final class TableFile {
  let path: String
  /// How many bytes there were when it was opened.
  let size: Int
  private let descriptor: Int32

  /// How many bytes are read at once.
  private static let blockSize = 1 << 20

  init(path: String) throws(ComparisonError) {
    self.path = path
    unsafe descriptor = claimaudit_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0)
    guard descriptor >= 0 else {
      throw ComparisonError(.unreadable, path, "cannot be opened: \(TableFile.reason(errno))")
    }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      _ = close(descriptor)
      throw ComparisonError(.unreadable, path, "is no file that can be read")
    }
    size = Int(status.st_size)
  }

  deinit { _ = close(descriptor) }

  static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }

  /// Adds the bytes from `offset` on to `buffer`, as many as a read gives; says how many, 0 at the end.
  func read(at offset: Int, into buffer: inout [UInt8]) throws(ComparisonError) -> Int {
    while true {
      let start = buffer.count
      let wanted = min(TableFile.blockSize, size - offset)
      if wanted <= 0 { return 0 }
      buffer.append(contentsOf: repeatElement(0, count: wanted))
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe pread(descriptor, bytes.baseAddress.map { unsafe $0 + start }, wanted, off_t(offset))
      }
      let code = errno
      buffer.removeLast(wanted - max(count, 0))
      if count >= 0 { return count }
      if code != EINTR { throw ComparisonError(.unreadable, path, "cannot be read: \(TableFile.reason(code))") }
    }
  }

  /// All bytes.
  func content(limit: Int) throws(ComparisonError) -> [UInt8] {
    guard size <= limit else { throw ComparisonError(.notFindings, path, "is larger than \(limit) bytes") }
    var content: [UInt8] = []
    while try read(at: content.count, into: &content) > 0 {}
    return content
  }
}
