/// Which encoding bytes are in, as far as an audit needs to know.
public enum TextEncoding {
  /// Whether `bytes` are UTF-8; a sequence that the end cuts off is not.
  public static func isUTF8(_ bytes: ByteView) -> Bool {
    var index = 0
    while index < bytes.count {
      let lead = bytes[index]
      index += 1
      if lead < 0x80 { continue }
      let length: Int
      switch lead {
      case 0xC2...0xDF: length = 1
      case 0xE0...0xEF: length = 2
      case 0xF0...0xF4: length = 3
      default: return false
      }
      guard index + length <= bytes.count else { return false }
      let second = bytes[index]
      // Overlong forms, surrogates and what lies beyond U+10FFFF.
      switch lead {
      case 0xE0 where second < 0xA0, 0xED where second > 0x9F, 0xF0 where second < 0x90, 0xF4 where second > 0x8F:
        return false
      default: break
      }
      for offset in 0..<length where bytes[index + offset] & 0xC0 != 0x80 { return false }
      index += length
    }
    return true
  }

  /// The bytes as UTF-8, taking them for Windows-1252.
  public static func fromWindows1252(_ bytes: ByteView) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count + 8)
    for byte in bytes {
      switch byte {
      case 0..<0x80: text.append(byte)
      case 0x80..<0xA0: text.append(contentsOf: String(upperHalf[Int(byte - 0x80)]).utf8)
      default:
        text.append(0xC0 | byte >> 6)
        text.append(0x80 | byte & 0x3F)
      }
    }
    return text
  }

  /// What Windows-1252 has at 0x80 to 0x9F; the five unused places are U+FFFD.
  private static let upperHalf: [Character] = [
    "€", "\u{FFFD}", "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", "\u{FFFD}", "Ž", "\u{FFFD}",
    "\u{FFFD}", "‘", "’", "“", "”", "•", "–", "—", "˜", "™", "š", "›", "œ", "\u{FFFD}", "ž", "Ÿ",
  ]
}
