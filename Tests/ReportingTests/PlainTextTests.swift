import Testing

@testable import Reporting

/// What is found eight bytes at a time is what is found byte by byte.
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

  @Test(arguments: [1, 2, 7, 8, 9, 16, 21]) func everyByteAtEveryPlace(length: Int) {
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
          let startsFormula = place == 0 && "+-=@".utf8.contains(byte)
          let kind: ByteBuffer.Kind =
            isUnclean(byte) || byte == 0x3B ? .unclean : isSpecial || startsFormula ? .special : .plain
          if text.messageKind(from: lead) != kind { wrong.append("kind \(place) \(byte)") }
        }
      }
    }
    #expect(wrong == [])
  }

  @Test func noTextIsPlain() {
    let text = buffer(lead: 4, length: 0, place: nil, byte: 0)
    #expect(text.isPlain(from: 4) && !text.holdsSeparator(4..<4) && text.messageKind(from: 4) == .plain)
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
