internal import ClaimModel
internal import X12

/// What begins an interchange, whole or not.
extension X12ClaimReader {
  static func skipBlank(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var index = start
    if index == 0, bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { index = 3 }
    while index < bytes.count, isBlank(bytes[index]) { index += 1 }
    return index
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 0x09 && byte <= 0x0D }

  static func isISA(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    index + 3 < bytes.count && bytes[index] == 0x49 && bytes[index + 1] == 0x53 && bytes[index + 2] == 0x41
      && !isAlphanumeric(bytes[index + 3])
  }

  /// `ISA` with a letter or a digit behind it.
  static func isLetteredISA(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    index + 3 < bytes.count && bytes[index] == 0x49 && bytes[index + 1] == 0x53 && bytes[index + 2] == 0x41
      && isAlphanumeric(bytes[index + 3])
  }

  /// An ISA whose separator was overwritten by a letter or a digit: sixteen of them in its first 110 bytes tell it from a word.
  static func isISAWithLetterSeparator(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    guard index + 110 <= bytes.count, isLetteredISA(bytes, at: index) else { return false }
    var count = 0
    for position in index + 3..<index + 110 where bytes[position] == bytes[index + 3] { count += 1 }
    return count >= 16 && bytes[index + 6] == bytes[index + 3]
  }

  func isISA(_ bytes: Span<UInt8>, at index: Int) -> Bool { X12ClaimReader.isISA(bytes, at: index) }

  /// How far `bareDelimiters` looks.
  static let bareReach = 208

  /// Whether `GS` or `ST` and something else than a letter stand at `index`.
  static func mayBeBare(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    index + 2 < bytes.count && !isAlphanumeric(bytes[index + 2])
      && (bytes[index] == 0x47 && bytes[index + 1] == 0x53 || bytes[index] == 0x53 && bytes[index + 1] == 0x54)
  }

  /// The delimiters of an interchange that begins with `GS` or `ST` because its ISA is gone, or `nil` when none begins here.
  static func bareDelimiters(_ bytes: Span<UInt8>, at index: Int, known: Delimiters? = nil) -> Delimiters? {
    guard index + 3 < bytes.count else { return nil }
    let isGroup = bytes[index] == 0x47 && bytes[index + 1] == 0x53
    let isSet = bytes[index] == 0x53 && bytes[index + 1] == 0x54
    let separator = bytes[index + 2]
    guard isGroup || isSet, !isAlphanumeric(separator), separator > 0x20 else { return nil }
    if let known, known.element == separator { return known }
    // GS*HC*… or ST*837*…: then the terminator is the first byte behind the last element that no element holds.
    let wanted: StaticString = isGroup ? "HC" : "837"
    guard index + 3 + wanted.utf8CodeUnitCount < bytes.count,
      bytes.equals(index + 3..<index + 3 + wanted.utf8CodeUnitCount, wanted)
    else { return nil }
    var position = index + 3
    var separators = 1
    let needed = isGroup ? 8 : 2
    while position < bytes.count, position - index < bareReach - 8 {
      let byte = bytes[position]
      if byte == separator {
        separators += 1
      } else if separators >= needed, !isAlphanumeric(byte), byte != 0x20, byte != 0x2D, byte != 0x2E {
        return Delimiters(element: separator, component: 0x3A, repetition: 0x5E, terminator: byte)
      }
      position += 1
    }
    return nil
  }
}
