internal import ByteInput
internal import CDigest

/// The SHA-256 of a file's bytes, by which the ledger knows a file again whatever it is called.
///
/// A checksum would be quicker to compute, and a sender could make a second file of the same checksum that would then never be
/// audited; with SHA-256 nobody can. Source: FIPS 180-4.
struct ContentDigest {
  private var state = claimaudit_sha256()

  /// Begins; `isPortable` leaves the processor's own instructions aside.
  init(isPortable: Bool = false) { unsafe claimaudit_sha256_begin(&state, isPortable ? 1 : 0) }

  /// Adds bytes.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    unsafe claimaudit_sha256_add(&state, bytes.baseAddress, bytes.count)
  }

  /// The 32 bytes.
  consuming func end() -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      unsafe claimaudit_sha256_end(&state, buffer.baseAddress)
      count = 32
    }
  }

  /// The digest of an input and what the file system said of it before and after; `nil` when it cannot be read, is no regular file,
  /// or changed meanwhile.
  static func of(_ input: InputReference) -> (digest: [UInt8], stamp: FileStamp)? {
    guard let before = input.stamp else { return nil }
    var digest = ContentDigest()
    let isRead = unsafe input.forEachBlock { unsafe digest.add($0) }
    guard isRead, input.stamp == before else { return nil }
    return (digest.end(), before)
  }

  /// The digest of a text, in hexadecimal digits.
  static func hexadecimal(of text: String) -> String {
    var digest = ContentDigest()
    unsafe Array(text.utf8).withUnsafeBytes { unsafe digest.add($0) }
    return digest.end().hexadecimal
  }
}

extension [UInt8] {
  /// Two digits a byte.
  var hexadecimal: String {
    map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }
}
