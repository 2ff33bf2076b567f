import Auditing
import ClaimModel
import Testing

@testable import Reporting

/// How findings of the claim and of the whole run come together on a line.
@Suite struct FindingTests {
  private func twoLines() -> Claim {
    var test = TestClaim()
    test.line(record: 10, offset: 500, modifiers: ["11"])
    test.line(record: 14, charge: .cents(2_500))
    return test.claim
  }

  private func runWide(
    _ id: String, _ severity: Severity, record: Int, message: String = "repeats {related}", carc: String = "18",
    related: LineKey? = nil, field: ClaimField = .whole
  ) -> RunFinding {
    RunFinding(
      key: LineKey(stream: 0, record: record), rule: rule(id), severity: severity, field: field,
      message: MessageText(message),
      fix: "f", carc: carc, rarc: "", relatedLine: related)
  }

  @Test func aFindingIsARowAndMarksItsLine() throws {
    let claim = twoLines()
    let found = [finding("MOD-003", .error, message: "m", fix: "f", carc: "4", rarc: "N823")]
    let published = try Published([(claim, audit(claim, findings: found))])
    let lines = published.csv("lines")
    #expect(lines.map { $0["severity"] } == ["error", "none"])
    #expect(lines.map { $0["findings"] } == ["1", "0"])
    #expect(lines.map { $0["rules"] } == ["MOD-003", ""])
    #expect(lines.map { $0["messages"] } == ["m", ""])
    #expect(lines.map { $0["carc"] } == ["4", ""])
    #expect(lines.map { $0["at_risk"] } == ["100.00", "0.00"])
    let findings = published.csv("findings")
    #expect(findings.count == 1)
    let expected = [
      "source_file": "a.837", "format": "837", "record": "10", "byte_offset": "500", "claim_id": "C1",
      "line_number": "1",
      "procedure": "32960", "payer": "aetna", "service_from": "2026-03-02", "rule": "MOD-003", "severity": "error",
      "element": "SV101-3", "message": "m", "fix": "f", "carc": "4", "rarc": "N823", "at_risk": "100.00",
    ]
    #expect(findings.first == expected)
  }

  @Test func theHeaviestFindingIsTheLinesSeverity() throws {
    let claim = twoLines()
    let found = [
      finding("CHG-001", .info, message: "a", carc: ""), finding("MOD-003", .warning, message: "b", carc: "4;16"),
      finding("POS-002", .info, message: "c", carc: "16;5"),
    ]
    let published = try Published([(claim, audit(claim, findings: found))])
    let line = try #require(published.csv("lines").first)
    #expect(line["severity"] == "warning")
    #expect(line["rules"] == "CHG-001;MOD-003;POS-002")
    #expect(line["messages"] == "a;b;c")
    #expect(line["carc"] == "4;16;5")
    #expect(line["at_risk"] == "100.00")
    // Information is not money at risk; the line's charge counts once.
    #expect(published.csv("findings").map { $0["at_risk"] } == ["0.00", "100.00", "0.00"])
    #expect(published.summary.totals.atRiskCents == 10_000)
  }

  @Test func aLineWithoutAChargeRisksNothing() throws {
    var test = TestClaim()
    test.line(record: 1, charge: .malformed)
    let published = try Published([(test.claim, audit(test.claim, findings: [finding("CHG-001", .error)]))])
    #expect(published.csv("lines").first?["at_risk"] == "0.00")
  }

  @Test func findingsOfTheRunComeInRuleOrder() throws {
    let claim = twoLines()
    let found = [finding("CHG-001", .info, message: "c"), finding("MOD-003", .info, message: "m")]
    let published = try Published(
      [(claim, audit(claim, findings: found))],
      runFindings: [
        runWide("DUP-001", .error, record: 10, related: LineKey(stream: 1, record: 17)),
        runWide("DUP-001", .warning, record: 14, related: LineKey(stream: 0, record: 10), field: .units),
      ],
      files: [SourceFile(path: "a.837", format: .x12), SourceFile(path: "b.csv", format: .csv)])
    let lines = published.csv("lines")
    #expect(lines.map { $0["rules"] } == ["CHG-001;DUP-001;MOD-003", "DUP-001"])
    #expect(lines.map { $0["messages"] } == ["c;repeats b.csv record 17;m", "repeats a.837 record 10"])
    #expect(lines.map { $0["carc"] } == ["4;18", "18"])
    #expect(lines.map { $0["severity"] } == ["error", "warning"])
    #expect(published.csv("findings").map { $0["element"] } == ["SV101-3", "SV1", "SV101-3", "SV104"])
    #expect(published.schemaComplaints == [])
  }

  @Test func aFindingOfTheRunOnALineThatIsNotReportedIsPassedOver() throws {
    let claim = twoLines()
    let published = try Published(
      [(claim, audit(claim))],
      runFindings: [
        runWide("DUP-001", .error, record: 3), runWide("DUP-001", .error, record: 14, message: "x"),
        runWide("DUP-001", .error, record: 99),
      ])
    #expect(published.csv("lines").map { $0["findings"] } == ["0", "1"])
  }

  @Test func anExportNamesItsColumns() throws {
    var test = TestClaim(format: .csv)
    test.line(record: 2, modifiers: ["11"])
    var columns = ColumnNames()
    columns[.modifier(0)] = "MOD 1"
    let found = [finding("MOD-003", .error), finding("POS-002", .error, field: .placeOfService)]
    let published = try Published(
      [(test.claim, audit(test.claim, findings: found))],
      runFindings: [runWide("DUP-001", .error, record: 2, field: .modifier(0))],
      files: [SourceFile(path: "a.csv", format: .csv, columns: columns)], columns: columns)
    #expect(
      published.csv("findings").map { $0["element"] } == ["MOD 1", "MOD 1", "place_of_service_code"])
    #expect(published.csv("lines").first?["format"] == "csv")
  }

  @Test func theLinesOfAWithheldFileAreLeftOut() throws {
    let claim = twoLines()
    let published = try Published(
      [(claim, audit(claim, findings: [finding("MOD-003", .error)]))],
      runFindings: [runWide("DUP-001", .error, record: 14)],
      files: [SourceFile(path: "a.837", format: .x12, status: .partial, isWithheld: true)])
    #expect(published.csv("lines").isEmpty)
    #expect(published.csv("findings").isEmpty)
    #expect(published.summary.totals.findings == 0)
    #expect(published.schemaComplaints == [])
  }

  @Test func issuesAreRows() throws {
    let issue = ReadingIssue(
      code: "AMOUNT", severity: .warning, effect: .claimKept, location: SourceLocation(record: 12, byteOffset: 900),
      segment: "SV1", element: "SV102", claimID: [0x41, 0x2C, 0xFC],
      message: "the amount is no number, the cell is empty")
    let published = try Published(issues: [issue])
    let expected = [
      "source_file": "a.837", "record": "12", "byte_offset": "900", "code": "AMOUNT", "severity": "warning",
      "segment": "SV1", "element": "SV102", "claim_id": "A,ü", "message": "the amount is no number, the cell is empty",
      "effect": "claim kept",
    ]
    #expect(published.csv("issues").first == expected)
    #expect(published.jsonl("issues").first??["claim_id"]?.text == "A,ü")
    #expect(published.xml?.all("issue").first?["claim_id"] == "A,ü")
    #expect(published.schemaComplaints == [])
    #expect(published.summary.issuesByEffect == [Summary.Count(name: "claim kept", value: 1)])
  }
}
