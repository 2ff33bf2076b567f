/// The header of a gzip member (RFC 1952, 2.3): checked and skipped.
///
///     1f 8b 08 flags  mtime(4) xfl os  [FEXTRA: length(2) bytes] [FNAME: text 0] [FCOMMENT: text 0] [FHCRC: crc(2)]
///
/// The stored name, comment and extra field are never used or shown.
enum GzipHeader {
  enum Result: Equatable {
    /// A header to go on from. Its own checksum, where it has one, may still disagree.
    case good(checksumMatches: Bool)
    case truncated
    case damaged(String)
  }

  private static let headerChecksum: UInt8 = 0x02
  private static let extra: UInt8 = 0x04
  private static let name: UInt8 = 0x08
  private static let comment: UInt8 = 0x10
  private static let reserved: UInt8 = 0xe0

  /// A name or comment longer than this is no name.
  private static let maxText = 1 << 20

  /// Reads the header at the input's position and leaves the position after it.
  static func read(from input: CompressedBuffer) -> Result {
    var crc: UInt32 = 0

    func next() -> UInt8? {
      guard let byte = input.nextByte() else { return nil }
      unsafe withUnsafeBytes(of: byte) { crc = unsafe Checksum.crc32(crc, $0) }
      return byte
    }

    guard let first = next(), let second = next() else { return .truncated }
    guard first == 0x1f, second == 0x8b else { return .damaged("a gzip member does not begin as one") }
    guard let method = next() else { return .truncated }
    guard method == 8 else { return .damaged("the gzip header names an unknown compression method") }
    guard let flags = next() else { return .truncated }
    guard flags & reserved == 0 else { return .damaged("the gzip header has flags that no standard defines") }
    for _ in 0..<6 {
      guard next() != nil else { return .truncated }
    }
    if flags & extra != 0 {
      guard let low = next(), let high = next() else { return .truncated }
      for _ in 0..<(Int(low) | Int(high) << 8) {
        guard next() != nil else { return .truncated }
      }
    }
    for text in [name, comment] where flags & text != 0 {
      var length = 0
      while true {
        guard let byte = next() else { return .truncated }
        if byte == 0 { break }
        length += 1
        if length > maxText { return .damaged("the name in the gzip header does not end") }
      }
    }
    guard flags & headerChecksum != 0 else { return .good(checksumMatches: true) }
    let computed = crc & 0xffff
    guard let stored = input.nextNumber(bytes: 2) else { return .truncated }
    return .good(checksumMatches: stored == computed)
  }
}
