/// Little-endian numbers out of a piece of an archive, checked against its end.
struct ZipFields {
  let bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
  }

  func number16(_ offset: Int) -> Int? {
    number(offset, 2).map { Int($0) }
  }

  func number32(_ offset: Int) -> Int? {
    number(offset, 4).map { Int($0) }
  }

  /// A 64-bit number that fits an `Int`: a larger offset or size is no file that can exist.
  func number64(_ offset: Int) -> Int? {
    number(offset, 8).flatMap { Int(exactly: $0) }
  }

  private func number(_ offset: Int, _ count: Int) -> UInt64? {
    guard offset >= 0, offset + count <= bytes.count else { return nil }
    var number: UInt64 = 0
    for index in 0..<count {
      number |= UInt64(bytes[bytes.startIndex + offset + index]) << (8 * UInt64(index))
    }
    return number
  }
}

extension OpenFile {
  /// `count` bytes at `offset`, fewer only where the file ends; `nil` when it cannot be read.
  func bytes(at offset: Int, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let result = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe read(at: offset + filled, into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
      }
      guard case .success(let got) = result else { return nil }
      if got == 0 { break }
      filled += got
    }
    bytes.removeLast(count - filled)
    return bytes
  }
}
