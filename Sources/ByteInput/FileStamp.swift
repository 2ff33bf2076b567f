import Glibc

/// What the file system says of an input that is a regular file: the same stamp, most likely the same bytes.
public struct FileStamp: Sendable, Equatable {
  /// Its size in bytes.
  public var size: Int
  /// When it was last written to, in nanoseconds since 1970.
  public var modified: Int64

  init(_ status: OpenFile.Status) {
    size = status.size
    modified = Int64(status.modified.tv_sec) &* 1_000_000_000 &+ Int64(status.modified.tv_nsec)
  }
}

extension InputReference {
  /// The stamp of the file; `nil` when there is none or it is no regular file.
  public var stamp: FileStamp? {
    guard case .path(let path) = origin else { return nil }
    var status = stat()
    let result = unsafe (path + [0]).withUnsafeBytes { bytes -> Int32 in
      guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return -1 }
      return unsafe stat(start, &status)
    }
    guard result == 0 else { return nil }
    let known = OpenFile.Status(status)
    return known.kind == .regular ? FileStamp(known) : nil
  }
}
