internal import ByteInput
internal import Glibc

/// What no program can be faster than that does the job with the same means, as commands of their own.
enum Limits {
  /// Unpacks a file and throws the bytes away.
  ///
  /// - Parameter engine: `zlib`, or anything else for the fastest there is.
  static func inflate(_ path: String, engine: String) -> Bool {
    var opener = InputOpener()
    opener.engine = engine == "zlib" ? .zlib : .preferred
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
    defer { unsafe buffer.deallocate() }
    var total = 0
    _ = opener.forEachStream(of: InputReference(path: path)) { stream in
      while true {
        let count = unsafe stream.read(into: buffer)
        if count == 0 { break }
        total += count
      }
    }
    return total > 0
  }

  /// Reads a file in blocks and counts the delimiters of an 837, nothing else.
  static func count(_ path: String) -> Bool {
    let descriptor = unsafe open(path, O_RDONLY)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var block = [UInt8](repeating: 0, count: 256 << 10)
    var delimiters = 0
    while true {
      let count = unsafe read(descriptor, &block, block.count)
      if count <= 0 { return delimiters > 0 }
      for byte in block[..<count] {
        delimiters &+= byte == UInt8(ascii: "~") || byte == UInt8(ascii: "*") ? 1 : 0
      }
    }
  }
}
