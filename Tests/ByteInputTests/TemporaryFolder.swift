import FoundationEssentials
import Glibc

@testable import ByteInput

/// A folder for one test, removed with all that is in it.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/byteinput-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a file, makes the folders it needs, and returns its path.
  @discardableResult
  func write(_ name: String, _ bytes: [UInt8] = Array("x".utf8)) throws -> String {
    let file = "\(path)/\(name)"
    let folder = String(file.prefix(upTo: file.lastIndex(of: "/") ?? file.startIndex))
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: file))
    return file
  }

  /// Writes a file whose name need not be text.
  func write(nameBytes: [UInt8]) throws {
    let file = (Array(path.utf8) + [UInt8(ascii: "/")] + nameBytes + [0]).map { CChar(bitPattern: $0) }
    let descriptor = unsafe creat(file, 0o600)
    guard descriptor >= 0 else { throw Errno.current }
    _ = close(descriptor)
  }

  func makeFIFO(_ name: String) throws -> String {
    guard unsafe mkfifo("\(path)/\(name)", 0o600) == 0 else { throw Errno.current }
    return "\(path)/\(name)"
  }

  func makeHardLink(_ name: String, to existing: String) throws {
    guard unsafe Glibc.link(existing, "\(path)/\(name)") == 0 else { throw Errno.current }
  }

  func link(_ name: String, to destination: String) throws {
    try FileManager.default.createSymbolicLink(atPath: "\(path)/\(name)", withDestinationPath: destination)
  }

  func append(_ name: String, _ bytes: [UInt8]) throws {
    guard let file = unsafe fopen("\(path)/\(name)", "a") else { throw Errno.current }
    unsafe fwrite(bytes, 1, bytes.count, file)
    unsafe fclose(file)
  }
}
