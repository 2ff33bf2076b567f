import Testing

@testable import Reporting

/// What is found sixteen bytes at a time is what is found byte by byte.
@Suite struct PlainTextTests {
  /// A buffer of `length` harmless bytes behind `lead` others, one of them replaced.
  private func buffer(lead: Int, length: Int, place: Int?, byte: UInt8) -> ByteBuffer {
    var buffer = ByteBuffer(capacity: 8)
    // What stands before the text, and what was in the buffer before it, is none of the text.
    for _ in 0..<lead + length + 16 { buffer.append(UInt8(0x22)) }
    buffer.truncate(to: lead)
    for index in 0..<length { buffer.append(index == place ? byte : UInt8(0x41 + index % 26)) }
    return buffer
  }

  private static let quoted: Set<UInt8> = [0x22, 0x2C, 0x0A, 0x0D]
  private static let special = Set("\"&,<>\\".utf8)

  private func isUnclean(_ byte: UInt8) -> Bool { byte < 0x20 || byte >= 0x7F }

  @Test(arguments: [1, 2, 7, 8, 9, 15, 16, 17, 21, 33]) func everyByteAtEveryPlace(length: Int) {
    var wrong: [String] = []
    for lead in [0, 3] {
      for place in 0..<length {
        for byte in 0...UInt8.max {
          let text = buffer(lead: lead, length: length, place: place, byte: byte)
          let isSpecial = Self.special.contains(byte)
          if text.isPlain(from: lead) != !(isUnclean(byte) || isSpecial) { wrong.append("plain \(place) \(byte)") }
          if text.holdsSeparator(lead..<lead + length) != Self.quoted.contains(byte) {
            wrong.append("separator \(place) \(byte)")
          }
          var marks: ByteBuffer.Marks = []
          if isUnclean(byte) { marks.insert(.unprintable) }
          if "&<>\\".utf8.contains(byte) { marks.insert(.markup) }
          if byte == 0x22 { marks.insert(.quote) }
          if Self.quoted.contains(byte), byte != 0x22 { marks.insert(.separator) }
          if byte == 0x3B { marks.insert(.semicolon) }
          if text.marks(lead..<lead + length) != marks { wrong.append("marks \(place) \(byte)") }
        }
      }
    }
    #expect(wrong == [])
  }

  @Test func noTextIsPlain() {
    let text = buffer(lead: 4, length: 0, place: nil, byte: 0)
    #expect(text.isPlain(from: 4) && !text.holdsSeparator(4..<4) && text.marks(4..<4) == [])
  }

  @Test(arguments: [0, 1, 7, 15, 16, 17, 31, 40]) func everyQuoteIsDoubled(length: Int) {
    var wrong: [String] = []
    for first in 0..<max(length, 1) {
      for second in first..<max(length, 1) {
        var text = buffer(lead: 3, length: length, place: nil, byte: 0)
        if length > 0 { (text[3 + first], text[3 + second]) = (0x22, 0x22) }
        var doubled = ByteBuffer(capacity: 8)
        doubled.append(UInt8(0x22))
        doubled.appendDoublingQuotes(text, 3..<3 + length)
        if doubled.string(1..<doubled.count) != text.string(3..<3 + length).replacing("\"", with: "\"\"") {
          wrong.append("\(first) \(second)")
        }
      }
    }
    #expect(wrong == [])
  }

  @Test func aMessageIsCleanedAndWhatCSVHasToKnowOfItIsTold() {
    for (text, cleaned, traits) in [
      ("", "", []), ("a plain sentence of more than sixteen bytes", "a plain sentence of more than sixteen bytes", []),
      ("one, two", "one, two", [.special, .separator]), ("the \"59\"", "the \"59\"", [.special, .separator, .quote]),
      ("5 < 6", "5 < 6", .special), ("=A1", "=A1", .special), ("a;b", "a,b", [.special, .separator]),
      ("é;\u{1}", "é,\u{FFFD}", [.special, .separator, .replaced]), ("a\nb", "a\nb", [.special, .separator]),
    ] as [(String, String, CellTraits)] {
      var buffer = ByteBuffer(capacity: 8)
      buffer.append(UInt8(0x2C))
      #expect(buffer.append(message: text.utf8Span.span) == traits, "\(text)")
      #expect(buffer.string(1..<buffer.count) == cleaned)
    }
  }

  @Test func numbersHaveTheirDigits() {
    var numbers: [UInt64] = [0, 1, 9, 10, 99, 100, 12_345_678, 99_999_999, .max]
    var power: UInt64 = 1
    while power < 10_000_000_000_000_000_000 {
      power *= 10
      numbers += [power - 1, power, power + 1, power / 7 * 3]
    }
    for number in numbers {
      var buffer = ByteBuffer(capacity: 1)
      buffer.append(decimal: number)
      #expect(buffer.string(0..<buffer.count) == String(number))
    }
  }

  @Test func semicolonsBecomeCommasAndAreToldOf() {
    var text = buffer(lead: 2, length: 20, place: 7, byte: 0x3B)
    text.append(UInt8(0x3B))
    let (first, second) = (text.replaceSemicolons(from: 2), text.replaceSemicolons(from: 2))
    #expect(first && !second)
    var bytes: [UInt8] = []
    text.withSpan(2..<text.count) { for index in $0.indices { bytes.append($0[index]) } }
    #expect(bytes == Array("ABCDEFG,IJKLMNOPQRST,".utf8))
  }
}
