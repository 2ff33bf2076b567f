internal import X12

/// What bytes a segment holds besides printable ASCII.
struct Oddity {
  private(set) var hasControl = false
  private(set) var hasLineBreak = false
  private(set) var hasHighByte = false

  /// Nothing odd.
  init() {}

  /// Looks through a segment.
  init(_ segment: Span<UInt8>) {
    for index in segment.indices {
      let byte = segment[index]
      if byte >= 0x20, byte < 0x7F { continue }
      if X12.isLineBreak(byte) {
        hasLineBreak = true
      } else if byte >= 0x80 {
        hasHighByte = true
        // U+0080 to U+009F are controls too, as are the noncharacters U+FFFE and U+FFFF.
        if byte == 0xC2, index + 1 < segment.count, segment[index + 1] >= 0x80, segment[index + 1] < 0xA0 {
          hasControl = true
        }
        if byte == 0xEF, index + 2 < segment.count, segment[index + 1] == 0xBF, segment[index + 2] >= 0xBE {
          hasControl = true
        }
      } else if byte != 0x09 {
        hasControl = true
      }
    }
  }

  var isOdd: Bool { hasControl || hasLineBreak || hasHighByte }
}
