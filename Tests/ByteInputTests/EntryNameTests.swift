import TestSupport
import Testing

@testable import ByteInput

@Suite("An entry's name")
struct EntryNameTests {
  @Test(
    "is shown with what could harm a terminal escaped",
    arguments: [
      ("a.837", "a.837"), ("ü/é.837", "ü/é.837"), ("a\u{1b}[2J", "a\\x1b[2J"), ("a\u{9b}m", "a\\x9bm"),
      ("gpj\u{202e}exe", "gpj\\u{202e}exe"), ("a\0b\t\u{7f}", "a\\x00b\\x09\\x7f"), ("日本", "日本"), ("😀", "😀"),
    ])
  func shown(raw: String, expected: String) {
    #expect(EntryName(Array(raw.utf8)).shown == expected)
  }

  @Test("may have any bytes and still comes out as text")
  func anyBytes() {
    #expect(EntryName([0x61, 0xe2, 0x82]).shown == "a\\xe2\\x82")
    #expect(EntryName([0xc0, 0xaf]).shown == "\\xc0\\xaf")
    #expect(EntryName([0xed, 0xa0, 0x80]).shown == "\\xed\\xa0\\x80")
    #expect(EntryName([0xff]).wasEscaped)
    #expect(!EntryName(Array("plain".utf8)).wasEscaped)
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<500 {
      let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      #expect(!EntryName(bytes).shown.unicodeScalars.contains { $0.value < 0x20 })
    }
  }

  @Test(
    "that leads out of its folder is noticed",
    arguments: [
      ("../a", true), ("a/../b", true), ("/etc/passwd", true), ("..\\a", true), ("C:\\a", true), ("a..b/c", false),
      ("a/b", false), ("..a", false), ("", false),
    ])
  func leadsOutside(name: String, expected: Bool) {
    #expect(EntryName(Array(name.utf8)).leadsOutside == expected)
  }
}
