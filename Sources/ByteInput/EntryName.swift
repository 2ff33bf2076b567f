/// The name of an archive's entry, made safe to show: it comes from a stranger and goes to terminals and reports.
///
/// Control characters, characters that turn the direction of text around, and bytes that are not UTF-8 are shown
/// escaped (`\x1b`, `\u{202e}`). The name is only ever shown: nothing is written under it.
struct EntryName {
  /// The name as it is shown.
  let shown: String

  /// Something had to be escaped.
  let wasEscaped: Bool

  /// The name leads out of the folder that an unpacker would write to: `/etc/x`, `..\x`, `C:\x`.
  let leadsOutside: Bool

  /// The name of a folder: it ends in a slash.
  let isDirectory: Bool

  /// A by-product of the archiver and no one's data: macOS's resource forks.
  let isResourceFork: Bool

  init(_ bytes: [UInt8]) {
    (shown, wasEscaped) = EntryName.escape(bytes)
    isDirectory = bytes.last == UInt8(ascii: "/")
    let parts = bytes.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
    let hasDrive = bytes.count >= 2 && bytes[1] == UInt8(ascii: ":")
    leadsOutside =
      hasDrive || (bytes.count > 1 && parts.first?.isEmpty == true) || parts.contains { $0.elementsEqual("..".utf8) }
    isResourceFork =
      parts.first?.elementsEqual("__MACOSX".utf8) == true && parts.last?.starts(with: "._".utf8) == true
  }

  /// The name, cut to what fits a message.
  var inMessage: String {
    shown.unicodeScalars.count <= 80 ? shown : String(String.UnicodeScalarView(shown.unicodeScalars.prefix(79))) + "…"
  }

  /// The bytes as text, and whether that took any escaping.
  static func escape(_ bytes: [UInt8]) -> (text: String, escaped: Bool) {
    var text = ""
    var escaped = false
    var rest = bytes[...]
    while let first = rest.first {
      // The longest well-formed scalar at the front, or one byte that is none.
      let length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
      if let scalar = String(validating: rest.prefix(length), as: UTF8.self)?.unicodeScalars.first,
        rest.count >= length
      {
        if isUnsafeToShow(scalar) {
          text +=
            scalar.value < 0x100 ? "\\x" + hex(UInt8(scalar.value)) : "\\u{" + String(scalar.value, radix: 16) + "}"
          escaped = true
        } else {
          text.unicodeScalars.append(scalar)
        }
        rest = rest.dropFirst(length)
      } else {
        text += "\\x" + hex(first)
        escaped = true
        rest = rest.dropFirst()
      }
    }
    return (text, escaped)
  }

  private static func hex(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }

  private static func isUnsafeToShow(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f..<0xa0, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff, 0xfffe, 0xffff: true
    default: false
    }
  }
}
