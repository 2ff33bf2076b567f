/// A report as `run.json` names it, by which a reader can tell that the files of a folder belong together.
struct PublishedReport {
  /// The name in the folder.
  var name: String
  /// How many bytes it has.
  var bytes: Int
  /// The CRC-32 of the bytes.
  var checksum: UInt32

  /// `crc32:` and eight hexadecimal digits.
  var checksumText: String {
    let digits = String(checksum, radix: 16)
    return "crc32:" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}
