import Auditing
import ClaimModel
import Testing

@testable import Reporting

/// The shape of `report.xml`.
@Suite struct XMLReportTests {
  private func claim(
    _ id: String, _ interchange: String, _ group: String, _ transaction: String, record: Int
  ) -> (Claim, ClaimAudit) {
    var test = TestClaim(id: id)
    test.envelope(interchange, group, transaction)
    test.line(record: record)
    test.line(record: record + 4)
    return (test.claim, audit(test.claim))
  }

  /// `run(file(interchange(claim)))`.
  private func shape(_ element: XMLElement) -> String {
    let children = element.children.filter { !["issues", "summary", "line"].contains($0.name) }
    return element.name + (children.isEmpty ? "" : "(" + children.map(shape).joined(separator: " ") + ")")
  }

  @Test func claimsStandInTheirEnvelope() throws {
    let published = try Published([
      claim("A", "1", "1", "0001", record: 5), claim("B", "1", "1", "0001", record: 20),
      claim("C", "1", "1", "0002", record: 40), claim("D", "1", "2", "0002", record: 60),
      claim("E", "2", "2", "0002", record: 80), claim("F", "", "", "", record: 90),
      claim("G", "3", "", "9", record: 99),
    ])
    let root = try #require(published.xml)
    #expect(
      shape(root) == "run(file("
        + "interchange(group(transaction_set(claim claim) transaction_set(claim)) group(transaction_set(claim))) "
        + "interchange(group(transaction_set(claim))) claim interchange(transaction_set(claim))))")
    #expect(root.all("transaction_set").map { $0["transaction_control"] } == ["0001", "0002", "0002", "0002", "9"])
    #expect(root.all("claim").map(\.children.count) == [2, 2, 2, 2, 2, 2, 2])
    #expect(published.schemaComplaints == [])
  }

  @Test func everyFileHasAnElement() throws {
    var test = TestClaim(format: .csv)
    test.line(record: 2)
    let lines = try spool([(test.claim, audit(test.claim))], stream: 1)
    let published = try Published(
      lines: lines,
      files: [
        SourceFile(path: "a.837", format: .x12), SourceFile(path: "b.csv", format: .csv, compression: "gzip", bytes: 9),
        SourceFile(path: "c.txt", status: .refused),
      ])
    let root = try #require(published.xml)
    #expect(shape(root) == "run(file file(claim) file)")
    #expect(root.all("file").map { $0["source_file"] } == ["a.837", "b.csv", "c.txt"])
    #expect(root.all("file").map { $0["format"] } == ["837", "csv", nil])
    #expect(root.all("file").map { $0["status"] } == ["ok", "ok", "refused"])
    #expect(published.schemaComplaints == [])
  }

  @Test func anEmptyRunIsValid() throws {
    for files in [[], [SourceFile(path: "a.837")]] {
      let published = try Published(files: files)
      #expect(published.schemaComplaints == [])
      #expect(published.xml?["tool"] == "claimaudit")
    }
  }

  @Test func aLineHasTheColumnsOfTheTable() throws {
    var test = TestClaim(id: "A & B")
    test.envelope("1", "2", "3")
    test.claim.payerName = test.text("A, <B> \"C\"")
    test.line(record: 3, modifiers: ["11"])
    let published = try Published([(test.claim, audit(test.claim, findings: [finding("MOD-003", .error)]))])
    let root = try #require(published.xml)
    let line = try #require(root.all("line").first)
    #expect(line.attributes.map(\.name) == ReportTable.lines.columns.map(\.name))
    let row = try #require(published.csv("lines").first)
    for column in ReportTable.lines.columns { #expect(line[column.name] == row[column.name], "\(column.name)") }
    let found = try #require(root.all("finding").first)
    #expect(found.attributes.map(\.name) == ReportTable.findings.columns[FindingColumn.own].map(\.name))
    let object = try #require(published.jsonl("lines").first ?? nil)
    #expect(object.names == ReportTable.lines.columns.map(\.name))
    #expect(object["record"] == .number("3"))
    #expect(object["findings"] == .number("1"))
    #expect(object["watched"] == .bool(true))
    #expect(object["charge"] == .string("100.00"))
  }

  @Test func linesThatFailedTheirChecksumAreMarked() throws {
    var test = TestClaim()
    test.line(record: 3)
    let chunk = RecordChunk()
    LineRecordEncoder(catalogue).encode(
      test.claim, audit: audit(test.claim), selection: .all, stream: 0, ordinal: 0, columns: ColumnNames(), into: chunk)
    chunk.markUnverified()
    let spool = RecordSpool(folder: "/tmp")
    try spool.append(chunk)
    let published = try Published(lines: spool)
    #expect(published.xml?.all("line").first?["unverified"] == "true")
    #expect(published.schemaComplaints == [])
  }

  @Test func theSummaryIsThatOfTheJSON() throws {
    let published = try Published(
      [claim("A", "1", "1", "1", record: 1)],
      issues: [
        ReadingIssue(
          code: "BOM", severity: .info, effect: .none, location: SourceLocation(), message: "the file begins with a BOM"
        )
      ])
    let root = try #require(published.xml)
    let json = try #require(JSON(published.folder.text("summary.json")))
    let totals = try #require(root.all("totals").first)
    #expect(totals.attributes.map(\.name) == json["totals"]?.names)
    for total in totals.attributes { #expect(json["totals"]?[total.name]?.integer == Int(total.value)) }
    let payers = root.all("by_payer").first?.all("entry")
    #expect(payers?.map { $0["name"] } == json["by_payer"]?.names)
  }
}
