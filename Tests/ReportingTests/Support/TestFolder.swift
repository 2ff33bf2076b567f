import Glibc

/// A folder of its own for one test, removed with everything in it.
final class TestFolder {
  let path: String

  init() {
    var template = Array("/tmp/claimaudit-test-XXXXXX".utf8CString)
    path = unsafe template.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress, let made = unsafe mkdtemp(start) else { return "/nonexistent" }
      return unsafe String(cString: made)
    }
  }

  deinit {
    for name in allNames { unsafe unlink(path + "/" + name) }
    unsafe rmdir(path)
  }

  /// What stands in the folder, sorted; the lock left out.
  var names: [String] { allNames.filter { $0 != ".claimaudit.lock" } }

  var allNames: [String] {
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { bytes in
        unsafe bytes.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func bytes(_ name: String) -> [UInt8] { readFile(path + "/" + name) }

  func text(_ name: String) -> String { String(decoding: bytes(name), as: UTF8.self) }

  func write(_ name: String, _ text: String) {
    let file = unsafe open(path + "/" + name, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    _ = unsafe Glibc.write(file, text, text.utf8.count)
    close(file)
  }

  func mode(_ name: String) -> UInt32 {
    var status = stat()
    return unsafe lstat(path + "/" + name, &status) == 0 ? status.st_mode & 0o7777 : 0
  }
}

/// The bytes of a file, none when it cannot be read.
func readFile(_ path: String) -> [UInt8] {
  let file = unsafe open(path, O_RDONLY)
  if file < 0 { return [] }
  defer { close(file) }
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = unsafe read(file, &block, block.count)
    if count <= 0 { return bytes }
    bytes += block[..<count]
  }
}

/// A file of `Schemas`.
func schema(_ name: String) -> String {
  // Tests/ReportingTests/Support/TestFolder.swift
  let root = #filePath.split(separator: "/").dropLast(4).map { "/" + $0 }.joined()
  return root + "/Schemas/" + name
}
