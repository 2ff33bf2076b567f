import Glibc

/// Which file a path leads to: the same for every link and every way of writing the path.
struct FileIdentity: Hashable {
  let device: UInt64
  let inode: UInt64
  let kind: OpenFile.Kind

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
    let known = OpenFile.Status(status)
    return .success(FileIdentity(device: known.device, inode: known.inode, kind: known.kind))
  }
}
