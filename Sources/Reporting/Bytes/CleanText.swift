/// What was found while a text of the input became a cell.
struct CellTraits: OptionSet {
  let rawValue: UInt8

  /// Some writer has to quote or escape it.
  static let special = CellTraits(rawValue: 1)
  /// Characters of it were replaced by U+FFFD.
  static let replaced = CellTraits(rawValue: 2)
  /// It holds a quote, a comma or a line end: found out for messages only, which often do.
  static let separator = CellTraits(rawValue: 4)
  /// It holds a quote; found out for messages only.
  static let quote = CellTraits(rawValue: 8)
}

/// How bytes of the input become text of the reports, the same in every format.
///
/// * Valid UTF-8 stays as it is, right-to-left marks included.
/// * Anything else is read as Windows-1252, if that has a character for every byte; else each malformed sequence becomes U+FFFD.
/// * Tab, line feed and carriage return stay. The other control characters (U+0000…U+001F, U+007F…U+009F: NUL, terminal
///   escapes) and U+FFFE and U+FFFF become U+FFFD: XML has no form for most of them, and a terminal would act on them.
extension ByteBuffer {
  /// Adds a text of the input, cleaned.
  @inline(__always)
  mutating func append(clean text: Span<UInt8>) -> CellTraits {
    if text.isEmpty { return [] }
    let start = count
    if text.count <= 16 { append(short: text) } else { append(text) }
    if isPlain(from: start) { return startsFormula(at: start) ? .special : [] }
    return cleanTail(from: start)
  }

  /// Adds a text of ours or of a rule, cleaned: it may quote the input.
  mutating func append(clean text: String) -> CellTraits { append(clean: text.utf8Span.span) }

  /// Adds the message of a finding, cleaned, each `;` turned into a comma.
  mutating func append(message text: Span<UInt8>) -> CellTraits {
    let start = count
    append(text)
    var traits: CellTraits = []
    var marks = marks(start..<count)
    if !marks.isDisjoint(with: [.unprintable, .semicolon]) {
      traits = cleanTail(from: start)
      if replaceSemicolons(from: start) { traits.insert(.special) }
      marks = self.marks(start..<count)
    }
    if !marks.isDisjoint(with: [.markup, .quote, .separator]) || startsFormula(at: start) { traits.insert(.special) }
    if !marks.isDisjoint(with: [.quote, .separator]) { traits.insert(.separator) }
    if marks.contains(.quote) { traits.insert(.quote) }
    return traits
  }

  /// Whether a text from `start` on begins with what means something to a spreadsheet when it comes first.
  @inline(__always)
  private func startsFormula(at start: Int) -> Bool {
    guard start < count else { return false }
    switch self[start] {
    case 0x2B, 0x2D, 0x3D, 0x40: return true
    default: return false
    }
  }

  /// Cleans what was added since `start`.
  @inline(never)
  private mutating func cleanTail(from start: Int) -> CellTraits {
    if !marks(start..<count).contains(.unprintable) { return .special }

    let bytes = array(start..<count)
    truncate(to: start)
    var traits: CellTraits = []
    if let text = String(validating: bytes, as: UTF8.self) {
      for scalar in text.unicodeScalars { append(clean: scalar, &traits) }
    } else if bytes.allSatisfy({ windows1252($0) != nil }) {
      for byte in bytes { append(clean: windows1252(byte) ?? replacement, &traits) }
    } else {
      traits.insert(.replaced)
      for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars { append(clean: scalar, &traits) }
    }
    if startsFormula(at: start) { traits.insert(.special) }
    return traits
  }

  private mutating func append(clean scalar: Unicode.Scalar, _ traits: inout CellTraits) {
    var scalar = scalar
    switch scalar.value {
    case 0x09, 0x0A, 0x0D, 0x22, 0x26, 0x2C, 0x3C, 0x3E, 0x5C: traits.insert(.special)
    case 0x00...0x1F, 0x7F...0x9F, 0xFFFE, 0xFFFF:
      scalar = replacement
      traits.insert(.replaced)
    default: break
    }
    if let units = UTF8.encode(scalar) {
      for unit in units { append(unit) }
    }
  }
}

/// What stands for a character that cannot be written.
private let replacement: Unicode.Scalar = "\u{FFFD}"

/// The character of a byte in Windows-1252, or `nil` for the five bytes that have none.
private func windows1252(_ byte: UInt8) -> Unicode.Scalar? {
  guard byte >= 0x80, byte <= 0x9F else { return Unicode.Scalar(byte) }
  let characters: [UInt32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
    0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
    0x0178,
  ]
  let value = characters[Int(byte) - 0x80]
  return value == 0 ? nil : Unicode.Scalar(value)
}
