/// How a stream is compressed, told by its first bytes and never by its name.
enum CompressionFormat: Equatable {
  case plain
  case gzip
  case zlib
  case zip
  /// An archive behind a program that unpacks it: the directory at the end tells whether it really is one.
  case selfExtractor
  /// Something we know and do not read, by the name its users know it by.
  case unsupported(String)

  /// How many bytes `detect` wants to see.
  ///
  /// One block of tar is the largest thing to recognise.
  static let prefixLength = 512

  /// - Parameter bytes: the first `prefixLength` bytes, or all there are.
  static func detect(_ bytes: ArraySlice<UInt8>) -> CompressionFormat {
    // A file that is cut inside the signature is a cut file, not text of one character.
    if bytes.starts(with: gzipMagic) || bytes.elementsEqual([0x1f]) { return .gzip }
    if zipMagics.contains(where: { bytes.starts(with: $0) }) { return .zip }
    if bytes.count == 2 || bytes.count == 3, zipMagics[0].starts(with: bytes) { return .zip }
    for (name, magic) in unsupported where bytes.starts(with: magic) { return .unsupported(name) }
    if bytes.starts(with: text("BZh")), let level = bytes.dropFirst(3).first, (0x31...0x39).contains(level),
      bzip2Blocks.contains(where: { bytes.dropFirst(4).starts(with: $0) })
    {
      return .unsupported("bzip2")
    }
    // zstd may begin with a skippable frame, whose magic has sixteen forms.
    if let first = bytes.first, first & 0xf0 == 0x50, bytes.dropFirst().starts(with: [0x2a, 0x4d, 0x18]) {
      return .unsupported("zstd")
    }
    if bytes.count >= 262, bytes.dropFirst(257).starts(with: text("ustar")) { return .unsupported("tar") }
    if selfExtractorMagics.contains(where: { bytes.starts(with: $0) }) { return .selfExtractor }
    return isZlib(bytes) ? .zlib : .plain
  }

  /// A notice, when a file's name promises another compression than its content has.
  ///
  /// The content decides.
  func mismatch(withName name: String) -> InputRemark? {
    let lowercased = name.lowercased()
    let promisesGzip = [".gz", ".gzip", ".tgz", ".bgz"].contains { lowercased.hasSuffix($0) }
    let promisesZip = lowercased.hasSuffix(".zip")
    let found: String
    switch self {
    case .gzip where !promisesGzip: found = "gzip data"
    case .zip where !promisesZip: found = "a zip archive"
    case .plain where promisesGzip || promisesZip: found = "not compressed"
    case .zlib where promisesGzip || promisesZip: found = "zlib data"
    default: return nil
    }
    return InputRemark(.formatMismatch, .info, "the content is \(found), whatever the name says; it is read as such")
  }

  private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

  private static let gzipMagic: [UInt8] = [0x1f, 0x8b]

  /// A local header, the end record of an empty archive, the mark of a split one.
  private static let zipMagics: [[UInt8]] = [
    [0x50, 0x4b, 0x03, 0x04], [0x50, 0x4b, 0x05, 0x06], [0x50, 0x4b, 0x07, 0x08],
  ]

  private static let bzip2Blocks: [[UInt8]] = [
    [0x31, 0x41, 0x59, 0x26, 0x53, 0x59], [0x17, 0x72, 0x45, 0x38, 0x50, 0x90],
  ]

  private static let selfExtractorMagics = [text("MZ"), text("#!"), [0x7f] + text("ELF")]

  private static let unsupported: [(name: String, magic: [UInt8])] = [
    ("zstd", [0x28, 0xb5, 0x2f, 0xfd]),
    ("xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]),
    ("lz4", [0x04, 0x22, 0x4d, 0x18]),
    ("lz4", [0x02, 0x21, 0x4c, 0x18]),
    ("7z", [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]),
    ("rar", text("Rar!") + [0x1a, 0x07]),
    ("lzip", text("LZIP") + [0x01]),
    ("lzma", [0x5d, 0x00, 0x00]),
    ("lzop", [0x89, 0x4c, 0x5a, 0x4f, 0x00, 0x0d, 0x0a, 0x1a, 0x0a]),
    ("snappy", [0xff, 0x06, 0x00, 0x00] + text("sNaPpY")),
    ("compress", [0x1f, 0x9d]),
    ("pack", [0x1f, 0x1e]),
    ("lzh", [0x1f, 0xa0]),
    ("cab", text("MSCF") + [0x00, 0x00, 0x00, 0x00]),
  ]

  /// Whether these bytes are a zlib stream: its two-byte header is short enough to occur in text (`x^`), so the bytes
  /// must also not be text, and must inflate.
  private static func isZlib(_ bytes: ArraySlice<UInt8>) -> Bool {
    let header = bytes.prefix(2)
    guard [[0x78, 0x01], [0x78, 0x5e], [0x78, 0x9c], [0x78, 0xda]].contains(Array(header)) else { return false }
    let body = Array(bytes.dropFirst(2))
    // Cut right after the header: 78 9c alone is no text in any encoding that claims come in.
    guard !body.isEmpty else { return header.last != 0x5e }
    let isText = bytes.allSatisfy { (0x20...0x7e).contains($0) || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }
    guard !isText else { return false }
    let inflater = ZlibInflater()
    var output = [UInt8](repeating: 0, count: 64 * 1024)
    let step = unsafe body.withUnsafeBytes { input in
      unsafe output.withUnsafeMutableBytes { unsafe inflater.step(input, into: $0) }
    }
    return step.status != .damaged
  }
}
