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
  /// What the file system says of an input.
  public enum Standing: Sendable {
    /// It is a regular file.
    case file(FileStamp)
    /// There is no such file, or it is no regular one.
    case none
    /// The file system does not say: the error number.
    case unknown(Int32)
  }

  /// The stamp of the file; `nil` when there is none or it is no regular file, or nobody can tell.
  public var stamp: FileStamp? {
    if case .file(let stamp) = standing { return stamp }
    return nil
  }

  /// What the file system says of the input now.
  public var standing: Standing {
    guard case .path(let path) = origin else { return .none }
    var status = stat()
    let result = unsafe (path + [0]).withUnsafeBytes { bytes -> Int32 in
      guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return -1 }
      return unsafe stat(start, &status)
    }
    let code = errno
    guard result == 0 else { return [ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG].contains(code) ? .none : .unknown(code) }
    let known = OpenFile.Status(status)
    return known.kind == .regular ? .file(FileStamp(known)) : .none
  }
}

extension InputReference {
  /// Lends every block of the file's own bytes, nothing unpacked; `false` when it cannot be read to its end.
  public func forEachBlock(_ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
    guard case .path(let path) = origin, case .success(let file) = OpenFile.open(path) else { return false }
    guard file.atOpening.kind == .regular else { return false }
    return unsafe withUnsafeTemporaryAllocation(byteCount: 1 << 20, alignment: 64) { block in
      while true {
        switch unsafe file.read(into: block) {
        case .success(0): return true
        case .success(let count): unsafe body(UnsafeRawBufferPointer(rebasing: block.prefix(count)))
        case .failure: return false
        }
      }
    }
  }
}
