import ByteInput
import Reporting
import Testing

@testable import AuditPipeline

@Suite("What is known as written by this program")
struct OwnOutputTests {
  private func recognises(_ text: String) -> Bool { OwnOutput.recognises(Array(text.utf8)) }

  @Test("a table under exactly our header, with and without a byte order mark and CRLF")
  func tables() {
    for table in [ReportTable.lines, .findings, .issues, .suppressed, .differences] {
      let header = table.columns.map(\.name).joined(separator: ",")
      for text in [header + "\n", header + "\r\n", "\u{FEFF}\(header)\r\n"] { #expect(recognises(text + "x,y\n")) }
      for text in [header, header + ",payer_group\n", "x," + header + "\n", String(header.dropLast()) + "\n", "\n"] {
        #expect(!recognises(text), "\(text)")
      }
    }
  }

  @Test("metrics, a tree, a page and JSON Lines by what stands in front, and nothing that only mentions us")
  func documents() {
    #expect(recognises("# HELP claimaudit_files Input streams of the last run.\n"))
    #expect(recognises("<?xml version=\"1.0\"?>\n<run xmlns=\"urn:claimaudit:report:1\" tool=\"claimaudit\">"))
    #expect(recognises("<!DOCTYPE html>\n<meta name=\"generator\" content=\"claimaudit 1.0\"/>"))
    #expect(recognises("{\"source_file\":\"a.837\",\"format\":\"837\",\"record\":32,\"byte_offset\":1}\n"))
    for text in [
      "", "# HELP other_files x\n", "<?xml version=\"1.0\"?>\n<run/>", "{\"source_file\":\"a.837\"}", "claimaudit",
    ] {
      #expect(!recognises(text), "\(text)")
    }
  }

  @Test("a ledger by the application id of its database, and no other database")
  func ledgers() {
    var head = Array("SQLite format 3\0".utf8) + [UInt8](repeating: 0, count: 84)
    #expect(!OwnOutput.recognises(head))
    for index in 0..<4 { head[71 - index] = UInt8(truncatingIfNeeded: LedgerFile.applicationID >> Int64(8 * index)) }
    #expect(OwnOutput.recognises(head))
    #expect(!OwnOutput.recognises(Array(head.prefix(71))))
  }
}
