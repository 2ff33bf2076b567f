import Glibc

/// A private copy of a stream on disk, for what needs to be read from its end: an archive on a pipe or in an archive.
///
/// The file has mode 0600 and loses its name as soon as it is made, so nothing stays behind however the run ends.
enum SpoolFile {
  /// Copies all of `source` to a temporary file in `directory`.
  static func copy(_ source: any ByteSource, into directory: String) -> Result<OpenFile, Errno> {
    var descriptor: Int32 = -1
    repeat {
      var template = Array("\(directory)/.claimaudit-input.XXXXXX.tmp".utf8CString)
      descriptor = unsafe template.withUnsafeMutableBufferPointer { name -> Int32 in
        guard let start = name.baseAddress else { return -1 }
        let descriptor = unsafe mkstemps(start, 4)
        if descriptor >= 0 {
          // A copy that would keep a name is not made.
          guard unsafe unlink(start) == 0 else {
            let code = errno
            _ = close(descriptor)
            errno = code
            return -1
          }
          _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
        return descriptor
      }
    } while descriptor < 0 && errno == EINTR
    guard descriptor >= 0 else { return .failure(.current) }
    if let failure = write(source, to: descriptor) {
      _ = close(descriptor)
      return .failure(failure)
    }
    return OpenFile.adopt(descriptor)
  }

  private static func write(_ source: any ByteSource, to descriptor: Int32) -> Errno? {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1024, alignment: 64)
    defer { unsafe buffer.deallocate() }
    while true {
      let count = unsafe source.read(into: buffer)
      if count == 0 { return nil }
      var written = 0
      while written < count {
        let result = unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), count - written)
        if result >= 0 {
          written += result
        } else if errno != EINTR {
          return .current
        }
      }
    }
  }
}
