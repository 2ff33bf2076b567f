import TestSupport
import Testing

@testable import CSV

@Suite("The dialect sniffer")
struct DialectSnifferTests {
  private let names: Set<String> = ["id", "date", "code", "charge"]

  private func sniff(_ text: String) -> DialectSniffer.Finding? {
    withView(Array(text.utf8)) { view in
      DialectSniffer.sniff(view) { fields in
        fields.count { names.contains(String(decoding: $0, as: UTF8.self)) }
      }
    }
  }

  @Test("finds the delimiter that makes the header", arguments: [",", ";", "\t", "|"])
  func delimiters(delimiter: String) {
    let found = sniff("id,date,code\n1,2,3\n".replacing(",", with: delimiter))
    #expect(found?.dialect.delimiter == delimiter.utf8.first)
    #expect(found?.knownNames == 3)
  }

  @Test("is not taken in by other delimiters inside values")
  func insideValues() {
    #expect(sniff("id;date;code\n1;\"a,b,c,d\";3\n")?.dialect.delimiter == 0x3B)
  }

  @Test("finds the header below a preamble and says where it stands")
  func preamble() {
    let found = sniff("My report\nby: me, today\n\nid,date,code\n1,2,3\n")
    #expect(found?.header == RecordPosition(offset: 25, record: 4, line: 4))
    #expect(found?.next == RecordPosition(offset: 38, record: 5, line: 5))
  }

  @Test("passes over a byte order mark and a sep line")
  func marks() {
    let found = sniff("\u{FEFF}sep=;\r\nid;date\r\n1;2\r\n")
    #expect(found?.byteOrderMark == 3)
    #expect(found?.hasSeparatorLine == true)
    #expect(found?.header == RecordPosition(offset: 10, record: 2, line: 2))
    #expect(found?.dialect.delimiter == 0x3B)
  }

  @Test("knows CR alone for a line break only where there is no LF")
  func carriageReturns() {
    #expect(sniff("id,date\r1,2\r")?.dialect.lineBreak == .carriageReturn)
    #expect(sniff("id,date\r\n1,2\r3,4\n")?.dialect.lineBreak == .lineFeed)
  }

  @Test("lets quotes be data in pipe files where no field is quoted")
  func quotesAsData() {
    #expect(sniff("id|date\n1|5\" long\n2|\"open\n")?.dialect.quote == nil)
    #expect(sniff("id|date\n1|\"a|b\"\n2|5\" long\n")?.dialect.quote == 0x22)
    #expect(sniff("id,date\n1,5\" long\n")?.dialect.quote == 0x22)
  }

  @Test("finds nothing where no name is known")
  func nothing() {
    #expect(sniff("a,b,c\n1,2,3\n") == nil)
    #expect(sniff("") == nil)
  }

  @Test("knows UTF-16 with and without its mark")
  func wide() {
    func isWide(_ bytes: [UInt8]) -> Bool { withView(bytes) { DialectSniffer.isWide($0) } }
    let text = Array("id,date,code\n1,2,3\n".utf8)
    #expect(isWide([0xFF, 0xFE] + text.flatMap { [$0, 0] }))
    #expect(isWide([0xFE, 0xFF] + text.flatMap { [0, $0] }))
    #expect(isWide(text.flatMap { [$0, 0] }))
    #expect(!isWide(text))
    #expect(!isWide([0x61, 0x00, 0x62]))
  }

  @Test("tells UTF-8 from what is not")
  func encodings() {
    func isUTF8(_ bytes: [UInt8]) -> Bool { withView(bytes) { TextEncoding.isUTF8($0) } }
    #expect(isUTF8(Array("é € 😀 plain".utf8)))
    for bad: [UInt8] in [
      [0xE9], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80], [0xF8, 0x88],
    ] {
      #expect(!isUTF8(bad))
    }
    let latin = withView([0x4D, 0xFC, 0x80, 0x81]) { TextEncoding.fromWindows1252($0) }
    #expect(String(decoding: latin, as: UTF8.self) == "Mü€\u{FFFD}")
  }
}
