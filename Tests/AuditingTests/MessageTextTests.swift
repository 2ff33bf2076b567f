import ClaimModel
import Testing

@testable import Auditing

@Suite("The sentence of a finding")
struct MessageTextTests {
  @Test("reads as the string with the same values does")
  func values() {
    let day = Day(iso: "2026-03-09") ?? Day(ordinal: 0)
    let text: MessageText = "code \(Code("32960")) on \(day), \(12) units of \("Æsculap"), \(MessageText("twice"))"
    #expect(text.string == "code 32960 on 2026-03-09, 12 units of Æsculap, twice")
    #expect(!text.isEmpty && MessageText().isEmpty && MessageText("").isEmpty)
    #expect(("" as MessageText).string == "" && MessageText().string == "")
  }

  @Test(
    "holds numbers of any size",
    arguments: [
      0, 1, 9, 10, 99, 100, 9_999_999, 10_000_000, 10_000_001, 10_203_040, 99_999_999_999_999, 100_000_000_000_000,
      100_000_001_000_000, -1, -10_000_000, Int64.max, Int64.min,
    ])
  func numbers(number: Int64) {
    var text = MessageText()
    text.append(number)
    #expect(text.string == "\(number)")
    #expect(("\(number)" as MessageText) == text)
  }

  @Test("holds days of four-digit years", arguments: ["2026-01-31", "1999-12-01", "2024-02-29", "1900-10-10"])
  func days(iso: String) throws {
    let day = try #require(Day(iso: iso))
    #expect(("\(day)" as MessageText).string == iso)
  }

  /// Texts of every kind, put behind `length` bytes, so that each of them crosses the end of what stands on the stack.
  @Test("loses nothing where it is long", arguments: 180...216)
  func long(length: Int) throws {
    let day = try #require(Day(iso: "2026-03-09"))
    let start = String(repeating: "x", count: length)
    func check(_ text: MessageText, _ expected: String) {
      #expect(text.string == start + expected)
      var bytes: [UInt8] = []
      text.append(to: &bytes)
      #expect(bytes == Array((start + expected).utf8))
      var pieces: [UInt8] = []
      text.append { piece in for index in piece.indices { pieces.append(piece[index]) } }
      #expect(pieces == bytes)
      #expect(MessageText(start + expected) == MessageText(start + expected))
      var behind: MessageText = "<\(text)>"
      behind.append(text)
      #expect(behind.string == "<\(start)\(expected)>\(start)\(expected)")
    }
    check("\(start)\(Code("32960")) and \(Code("78"))", "32960 and 78")
    check("\(start)\(Code("ABCDEFGH"))!", "ABCDEFGH!")
    check("\(start)\(day)", "2026-03-09")
    check("\(start)\(Int64.min)", "\(Int64.min)")
    check("\(start)\("é")\("a longer text")", "éa longer text")
  }

  @Test("is the same as another of the same bytes only, however both were put together")
  func equality() {
    let code = Code("32960")
    #expect(("code \(code)" as MessageText) == MessageText("code 32960"))
    #expect(
      MessageText("a") != MessageText("b") && MessageText("a") != MessageText("ab")
        && MessageText("") != MessageText("a"))
    let long = String(repeating: "y", count: 199)
    #expect(MessageText(long + "ab") == MessageText(long + "ab"))
    #expect(MessageText(long + "a") != MessageText(long + "b"))
    #expect(MessageText(String(repeating: "y", count: 300)) != MessageText(String(repeating: "y", count: 299) + "z"))
    #expect(MessageText(long + "a") != MessageText(long))
  }

  @Test("lists what it names as a sentence does")
  func lists() {
    let codes: [Code] = ["58", "78", "79", "32960", "RT", "LT"]
    let sentences = ["", "58", "58 and 78", "58, 78 and 79", "58, 78, 79 and 32960", "58, 78, 79, 32960 and RT"]
    for count in 0..<6 {
      var list = CodeList()
      for code in codes.prefix(count) + codes.prefix(count) { list.insert(code) }
      #expect(("<\(list)>" as MessageText).string == "<\(sentences[count])>")
      #expect(list.count == count && list.isEmpty == (count == 0))
      #expect(codes.allSatisfy { list.contains($0) == codes.prefix(count).contains($0) })
    }
    #expect(MessageText.quotedList(["58", "7\"", "79", "RT"]).string == "\"58\", \"7\"\", \"79\" and \"RT\"")
  }
}
