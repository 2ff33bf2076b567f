import Testing

@testable import ClaimReading

@Suite("Digits told by words")
struct DigitWordTests {
  /// Every byte at every place among digits, with every digit behind it: a sum may reach the neighbour.
  @Test("no byte but a digit is taken for one", arguments: 0..<8)
  func everyByte(place: UInt64) {
    for byte in 0...255 as ClosedRange<UInt64> {
      for digit in 0...9 as ClosedRange<UInt64> {
        let others = 0x0101_0101_0101_0101 &* (0x30 + digit)
        let word = others & ~(0xFF << (8 * place)) | byte << (8 * place)
        let isDigit = byte >= 0x30 && byte <= 0x39
        #expect((CSVQuickCheck.notDigits(word) == 0) == isDigit, "\(byte) behind \(digit)")
        #expect(CSVQuickCheck.areDigits(word) == isDigit, "\(byte) behind \(digit)")
        guard place < 5 else { continue }
        #expect(X12WindowView.areFiveDigits(word) == isDigit, "\(byte) behind \(digit)")
        if place > 0, place < 4 { #expect(CSVQuickCheck.isCode(word & 0xFF_FFFF_FFFF) == isDigit) }
      }
    }
  }

  /// Every byte at every place among letters and digits that stand at the ends of their ranges.
  @Test("no byte but a capital letter or a digit is taken for one", arguments: 0..<8)
  func capitals(place: UInt64) {
    for byte in 0...255 as ClosedRange<UInt64> {
      for other in [0x30, 0x39, 0x41, 0x5A] as [UInt64] {
        let word = (0x0101_0101_0101_0101 &* other) & ~(0xFF << (8 * place)) | byte << (8 * place)
        let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        #expect(X12WindowView.areCapitalsAndDigits(word) == isPlain, "\(byte) among \(other)")
      }
    }
  }

  @Test("an amount is what is written, or none", arguments: ["", "9999999", "*"])
  func amounts(before: String) throws {
    let cases: [(text: String, cents: Int64?)] = [
      ("0", 0), ("7", 700), ("12345678", 1_234_567_800), ("1.", 100), (".5", 50), (".05", 5), ("1.5", 150),
      ("1.05", 105),
      ("12345.67", 1_234_567), (".", nil), ("1.005", nil), ("1..5", nil), ("1.5.", nil), ("..", nil), ("-1", nil),
      ("1,5", nil), ("A", nil), ("1 ", nil), ("12.3A", nil), ("0.00", 0), ("00000001", 100), ("1.2.3", nil),
    ]
    for (text, cents) in cases {
      // Enough around it to be looked at as a window.
      let bytes = Array("*********\(before)\(text)*~\(String(repeating: "N3*1~", count: 20))".utf8)
      let index = X12SegmentIndex()
      let start = 9 + before.utf8.count
      let found = unsafe bytes.withUnsafeBytes { window in
        unsafe index.index(window, terminator: 0x7E, separator: 0x2A)
        return unsafe X12WindowView(window, index, separator: 0x2A, component: 0x3A)?
          .amount(start, start + text.utf8.count)
      }
      #expect(try #require(found) == cents ?? -1, "\(before)|\(text)")
    }
  }
}
