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
}
