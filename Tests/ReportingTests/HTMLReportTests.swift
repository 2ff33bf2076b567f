import Auditing
import ClaimModel
import Testing

@testable import Reporting

/// What `report.html` shows, and that its numbers are those of the summary.
@Suite struct HTMLReportTests {
  private func published() throws -> Published {
    var first = TestClaim(id: "A")
    first.line(record: 3, modifiers: ["11", "59"])
    first.line(record: 4)
    var second = TestClaim(id: "B")
    second.line(record: 9, charge: .cents(2_500))
    return try Published(
      [
        (
          first.claim,
          audit(
            first.claim,
            findings: [
              finding("CHG-001", .warning), finding("MOD-003", .error), finding("MOD-003", .error),
              finding("POS-002", .info, line: 1),
            ])
        ),
        (second.claim, audit(second.claim, payer: "medicare", findings: [finding("DUP-001", .warning)])),
      ], formats: [.csv, .html])
  }

  @Test func isWellFormed() throws {
    let page = try #require(try published().html)
    #expect(page.name == "html")
    #expect(page["lang"] == "en")
    let titles = page.all("h2").map(\.content)
    #expect(titles.first == "Overview")
    #expect(titles.suffix(4) == ["Findings", "Rules explained", "Issues of reading", "Files"])
  }

  @Test func anEmptyRunIsAPage() throws {
    for files in [[], [SourceFile(path: "a.837")]] {
      let page = try #require(try Published(formats: [.html], files: files).html)
      #expect(page.all("table").filter { $0["id"] == "finding-table" }.isEmpty)
    }
  }

  @Test func aChartCountsWhatTheSummaryCounts() throws {
    let published = try published()
    let page = try #require(published.html)
    func rows(_ id: String) -> [String: [String]] {
      let section = page.all("section").first { $0["id"] == "by-" + id }
      var rows: [String: [String]] = [:]
      for row in section?.all("tbody").first?.children ?? [] {
        rows[row.children[0].content] = row.children.dropFirst(2).map(\.content)
      }
      return rows
    }
    let summary = published.summary
    for (id, counts) in [("rule", summary.byRule), ("severity", summary.bySeverity)] {
      for count in counts { #expect(rows(id)[count.name]?[0] == "\(count.value)", "\(count.name)") }
    }
    for (id, counts) in [
      ("payer", summary.byPayer), ("place", summary.byPlaceOfService), ("bill", summary.byTypeOfBill),
      ("modifier", summary.byModifier),
    ] {
      for count in counts {
        let name = count.name == "none" ? "not stated" : count.name
        #expect(rows(id)[name]?[4] == "\(count.value)", "\(id) \(name)")
      }
      #expect(rows(id).count == counts.count)
    }
    for count in summary.atRiskByPayer { #expect(rows("payer")[count.name]?[5] == count.value.dollars) }
    // All, errors, warnings, info, lines, at risk.
    #expect(rows("rule")["MOD-003"] == ["2", "2", "0", "0", "1", "$100.00"])
    #expect(rows("rule")["POS-002"] == ["1", "0", "0", "1", "1", "$0.00"])
    #expect(rows("severity")["error"] == ["2", "2", "0", "0", "1", "$100.00"])
    #expect(rows("modifier")["59"] == ["3", "2", "1", "0", "1", "$100.00"])
    #expect(rows("month")["2026-03"] == ["5", "2", "2", "1", "3", "$125.00"])
    #expect(rows("provider")["not stated"] == ["5", "2", "2", "1", "3", "$125.00"])
  }

  @Test func barsAreProportional() throws {
    let page = try #require(try published().html)
    let bars = page.all("section").first { $0["id"] == "by-payer" }?.all("rect") ?? []
    #expect(bars.map { $0["class"] } == ["error", "warning", "info", "warning"])
    #expect(bars.map { $0["x"] } == ["0.00%", "50.00%", "75.00%", "0.00%"])
    #expect(bars.map { $0["width"] } == ["50.00%", "25.00%", "25.00%", "25.00%"])
    for drawing in page.all("svg") where drawing["role"] == "img" { #expect(drawing.children.first?.name == "title") }
  }

  @Test func findingsComeHeaviestFirst() throws {
    let page = try #require(try published().html)
    let rows = page.all("table").first { $0["id"] == "finding-table" }?.all("tbody").first?.children ?? []
    #expect(rows.map { $0.children[0].content } == ["error", "error", "warning", "warning", "info"])
    #expect(rows.map { $0.children[1].content } == ["MOD-003", "MOD-003", "CHG-001", "DUP-001", "POS-002"])
    #expect(rows[0].children[7].content.contains("record 3, byte"))
  }

  @Test func saysWhatIsLeftOut() throws {
    var heaviest = HeaviestFindings(limit: 3)
    for (claim, severity) in [
      ("A", Severity.info), ("B", .warning), ("C", .info), ("D", .error), ("E", .info), ("F", .warning),
      ("G", .warning),
    ] {
      var row = TableRow()
      row.append(clean: claim)
      heaviest.add(row, severity)
    }
    #expect(heaviest.all.map { $0[0] } == ["D", "B", "F"])

    var claims: [(Claim, ClaimAudit)] = []
    for number in 0..<2100 {
      var test = TestClaim(id: "C\(number)")
      test.line(record: number + 2)
      claims.append((test.claim, audit(test.claim, findings: [finding("MOD-003", number == 2050 ? .error : .info)])))
    }
    let published = try Published(claims, formats: [.csv, .html])
    let page = try #require(published.html)
    let section = try #require(page.all("section").first { $0["id"] == "findings" })
    let rows = section.all("tbody").first?.children ?? []
    #expect(rows.count == 2000)
    #expect(rows.first?.children[2].content.hasPrefix("C2050") == true)
    #expect(
      section.all("p").first?.content
        == "The first 2,000 of 2,100 findings; 100 are left out here, all of them stand in findings.csv. "
        + "The heaviest first, then in input order.")
    #expect(page.all("dd").contains { $0.content == "2,100" })
  }

  @Test func theSameInputGivesTheSameBytes() throws {
    let first = try published().folder.bytes("report.html")
    #expect(try published().folder.bytes("report.html") == first)
    #expect(!first.isEmpty)
  }

  @Test func rulesAreExplainedWhereTheyFoundSomething() throws {
    let options = ReportOptions(destination: .standardOutput, formats: [.html])
    var facts = HTMLFacts(options)
    #expect(facts.findingsFile == nil)
    facts.rules = ["CHG-001", "MOD-003"].map { id in
      RuleDescription(
        id: id, severity: .warning, name: "n", summary: "what \(id) checks", rationale: "why & how", applies: .all,
        carc: "4;16", rarc: "", fix: "mend <it>", source: "a manual")
    }
    var summary = Summary()
    summary.byRule = [Summary.Count(name: "MOD-003", value: 7)]
    let page = HTMLPage(
      facts: facts, summary: summary, breakdowns: FindingBreakdowns(), findings: [], issues: [], suppressed: [])
    let text = try HTMLPage.parts.map { try HTMLTemplate($0).render(page.values) }.joined()
    let root = try #require(PageElement(document: Array(text.utf8)))
    let folded = root.all("details")
    #expect(folded.count == 1)
    #expect(folded.first?.content.contains("what MOD-003 checks") == true)
    #expect(folded.first?.all("dd").map(\.content) == ["mend <it>", "CARC 4 16", "a manual"])
    #expect(folded.first?.all("div").first?["id"] == "rule-MOD-003")
  }

  @Test func theBenchmarkIsDrawnOnOneAxis() throws {
    var summary = Summary()
    func entry(_ payer: String, _ values: [Int64]) -> BenchmarkEntry {
      BenchmarkEntry(
        payer: payer, claimType: "P", setting: .facility, measure: .allowed, count: 20, minimum: values[0],
        p25: values[1], median: values[2], p75: values[3], p90: values[4], maximum: values[5],
        medicareReference: 10_000)
    }
    summary.benchmark = [
      entry("aetna", [5_000, 10_000, 15_000, 20_000, 30_000, 9_000_000]),
      entry("medicare", [9_000, 10_000, 10_000, 10_000, 11_000, 12_000]),
    ]
    let page = HTMLPage(
      facts: HTMLFacts(ReportOptions(destination: .standardOutput, formats: [.html])), summary: summary,
      breakdowns: FindingBreakdowns(), findings: [], issues: [], suppressed: [])
    let text = try HTMLPage.parts.map { try HTMLTemplate($0).render(page.values) }.joined()
    let root = try #require(PageElement(document: Array(text.utf8)))
    let plots = root.all("section").first { $0["id"] == "benchmark" }?.all("tbody").first?.children ?? []
    #expect(plots.count == 2)
    // The axis ends at $400: the wrong decimal point of one line does not press the boxes flat.
    #expect(plots[0].all("rect").first?["x"] == "25.00%")
    #expect(plots[0].all("rect").first?["width"] == "25.00%")
    #expect(plots[0].all("text").count == 1)
    #expect(plots[1].all("text").isEmpty)
    let titles = plots.map { $0.all("title").map(\.content).joined() }
    #expect(
      titles[0].contains("20 lines, from $50.00 to $90,000.00, median $150.00, Medicare pays $100.00"), "\(titles)")
    #expect(titles[1].contains("median $100.00"))
    #expect(plots.map { $0.children.last?.content } == ["1.50", "1.00"])
    #expect(plots.map { $0.all("line").filter { $0["class"] == "medicare" }.first?["x1"] } == ["25.00%", "25.00%"])
  }

  @Test func aFifthModifierIsCountedAsTheOthersAre() throws {
    var claim = TestClaim(id: "A")
    claim.line(record: 1, modifiers: ["59", "RT", "22", "51", "XS"])
    claim.line(record: 2, modifiers: ["59", "XS"])
    let found = [finding("MOD-003", .error), finding("MOD-003", .error, line: 1)]
    let published = try Published([(claim.claim, audit(claim.claim, findings: found))], formats: [.csv, .html])
    let section = published.html?.all("section").first { $0["id"] == "by-modifier" }
    let rows = section?.all("tbody").first?.children.map { ($0.children[0].content, $0.children[2].content) } ?? []
    #expect(Set(rows.map(\.0)) == ["59", "RT", "22", "51", "XS"], "\(rows)")
    for (name, count) in rows { #expect(count == (name == "59" || name == "XS" ? "2" : "1"), "\(name)") }
  }
}
