import ClaimModel
import TestSupport
import Testing

@Suite("The library as its page shows it")
struct LibraryExampleTests {
  @Test("finds what the command finds")
  func findsWhatTheCommandFinds() throws {
    let day = try #require(Day(iso: "2026-04-30"))
    let sentences = try findings(in: Fixture("valid/professional.837").bytes, asOf: day)
    #expect(sentences.contains { $0.contains("MOD-003") && $0.contains("\"11\" is not a CPT or HCPCS modifier") })
    #expect(sentences.allSatisfy { $0.hasPrefix("byte ") })
  }

  @Test("is the one on the page")
  func isTheOneOnThePage() throws {
    let path = "\(Fixture.repository)/Sources/claimaudit/claimaudit.docc/UsingTheLibrary.md"
    let page = String(decoding: try #require(Fixture.bytes(at: path)), as: UTF8.self)
    let code = String(
      decoding: try #require(
        Fixture.bytes(at: "\(Fixture.repository)/Tests/AuditPipelineTests/LibraryExample.swift")), as: UTF8.self)
    #expect(page.contains("```swift\n\(code)```"))
  }
}
