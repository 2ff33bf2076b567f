import Glibc

/// Which file a path leads to: the same for every link and every way of writing the path.
package struct FileIdentity: Hashable {
  let device: UInt64
  let inode: UInt64
  let kind: OpenFile.Kind

  private init(_ status: stat) {
    let known = OpenFile.Status(status)
    (device, inode, kind) = (known.device, known.inode, known.kind)
  }

  /// What a path leads to, `nil` where that is nothing.
  package init?(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// What is open.
  package init?(descriptor: Int32) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  /// Whether it is a file with bytes of its own.
  package var isRegular: Bool { kind == .regular }

  /// The regular file at a path, `nil` where there is none.
  package static func regular(_ path: String) -> FileIdentity? {
    FileIdentity(path).flatMap { $0.isRegular ? $0 : nil }
  }

  /// Whether there is a link of that name, wherever it leads.
  static func isLink(_ path: [UInt8]) -> Bool {
    var status = stat()
    let result = unsafe (path + [0]).withUnsafeBytes { bytes -> Int32 in
      guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return -1 }
      return unsafe lstat(start, &status)
    }
    return result == 0 && OpenFile.Status(status).kind == .symbolicLink
  }

  /// Follows links to what the path leads to.
  static func of(_ path: [UInt8]) -> Result<FileIdentity, Errno> {
    var status = stat()
    let result = unsafe (path + [0]).withUnsafeBytes { bytes -> Int32 in
      guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return -1 }
      return unsafe stat(start, &status)
    }
    guard result == 0 else { return .failure(.current) }
    return .success(FileIdentity(status))
  }
}
