import Auditing
import Testing

@testable import Comparison

/// Findings in memory.
private struct Findings: FindingSource {
  var name = "findings"
  var rows: [FindingRow]

  init(_ rows: [FindingRow]) { self.rows = rows }

  func forEach(_ body: (borrowing FindingRow) throws -> Void) throws { for row in rows { try body(row) } }
}

/// A finding of which only what is named is not like every other.
private func finding(
  _ claim: String, rule: String = "MOD-018", severity: String = "error", message: String = "wrong", carc: String = "4",
  atRisk: String = "100.00", file: String = "a.837", record: Int = 1
) -> FindingRow {
  var row = FindingRow()
  for cell in [
    file, "837", String(record), "0", claim, "1", "32960", "aetna", "2026-03-16", rule, severity, "SV101-3", message,
    "fix it", carc, "N776", atRisk,
  ] { row.append(cell) }
  return row
}

/// `new MOD-018 C1 e791…`, one for each difference.
private func differences(_ comparison: Comparison) throws -> [String] {
  var found: [String] = []
  try comparison.forEachDifference { difference in
    found.append("\(difference.kind.rawValue) \(difference.finding[.rule]) \(difference.finding[.claimID])")
  }
  return found
}

private func compare(_ old: [FindingRow], _ new: [FindingRow]) throws -> Comparison {
  try Comparison(of: Findings(old), with: Findings(new))
}

@Suite("Comparison of two runs")
struct ComparisonTests {
  @Test("says what is new and what is gone, each in the order of its report")
  func newAndGone() throws {
    let comparison = try compare(
      [finding("C3"), finding("C1"), finding("C2", severity: "info"), finding("C0", severity: "warning")],
      [finding("C9"), finding("C1"), finding("C4", severity: "warning")])
    #expect(
      try differences(comparison) == [
        "new MOD-018 C9", "new MOD-018 C4", "gone MOD-018 C3", "gone MOD-018 C2", "gone MOD-018 C0",
      ])
    #expect(comparison.new.total == 2 && comparison.new[.error] == 1 && comparison.new[.warning] == 1)
    #expect(comparison.gone.total == 3 && comparison.gone[.info] == 1)
    #expect(comparison.unchanged.total == 1 && comparison.changed.total == 0)
  }

  @Test("a finding elsewhere, in another file, with another fix, is the same finding")
  func moved() throws {
    let comparison = try compare(
      [finding("C1"), finding("C2")],
      [finding("C2", file: "renamed/b.837", record: 900), finding("C1", file: "renamed/b.837", record: 71)])
    #expect(try differences(comparison).isEmpty)
    #expect(comparison.unchanged.total == 2)
  }

  @Test(
    "another severity, message, denial code or amount is a change, with what was said before",
    arguments: [
      finding("C1", severity: "warning"), finding("C1", message: "worse"), finding("C1", carc: "4;16"),
      finding("C1", atRisk: "100.01"),
    ])
  func changed(row: FindingRow) throws {
    let comparison = try compare([finding("C0"), finding("C1")], [row, finding("C0")])
    #expect(comparison.changed.total == 1 && comparison.unchanged.total == 1)
    var cells: [[String]] = []
    try comparison.forEachDifference { cells.append($0.cells) }
    #expect(cells.count == 1)
    #expect(cells.first?.first == "changed")
    #expect(cells.first?.suffix(4) == ["error", "wrong", "4", "100.00"])
  }

  @Test("a message that names another place of the same line is no change")
  func places() throws {
    func row(_ message: String) -> FindingRow { finding("C1", rule: "DUP-001", message: message) }
    let same = [
      (
        "exact duplicate of the line of 32960 at a.837 record 71",
        "exact duplicate of the line of 32960 at b at (c) record 5.837 record 9"
      ),
      (
        "inside the 10-day global period of 32960 on 2026-03-16 (a.837 record 7) without 58, 78 or 79",
        "inside the 10-day global period of 32960 on 2026-03-16 (b (2).837 record 70) without 58, 78 or 79"
      ),
    ]
    for (old, new) in same { #expect(try compare([row(old)], [row(new)]).unchanged.total == 1, "\(new)") }
    let other = [
      (
        "exact duplicate of the line of 32960 at a.837 record 71",
        "exact duplicate of the line of 32551 at a.837 record 71"
      ),
      ("inside the period (a.837 record 7) without 58", "inside the period (a.837 record 7) without 59"),
      ("no record 1", "no record 2"), ("ends with record ", "ends with record"),
    ]
    for (old, new) in other { #expect(try compare([row(old)], [row(new)]).changed.total == 1, "\(new)") }
  }

  @Test("of findings with one fingerprint those that say the same are matched, whatever their order")
  func repeats() throws {
    let one = finding("C1", atRisk: "1.00")
    let two = finding("C1", atRisk: "2.00")
    let three = finding("C1", atRisk: "3.00")
    #expect(try differences(compare([one, two, three], [three, one, two])).isEmpty)
    let more = try compare([one, two], [three, two, one, one])
    #expect(more.unchanged.total == 2 && more.new.total == 2 && more.gone.total == 0 && more.changed.total == 0)
    let fewer = try compare([one, two, three], [finding("C1", atRisk: "9.00")])
    #expect(fewer.changed.total == 1 && fewer.gone.total == 2)
    var fingerprints: [FindingFingerprint] = []
    try more.forEachDifference { fingerprints.append($0.fingerprint) }
    #expect(fingerprints == [one.fingerprint, one.fingerprint.repeated(4)])
  }

  @Test("something is new from a severity on, also when it rose to it")
  func news() throws {
    let risen = try compare([finding("C1", severity: "info")], [finding("C1", severity: "warning")])
    #expect(risen.hasNews(from: .info) && risen.hasNews(from: .warning) && !risen.hasNews(from: .error))
    let fallen = try compare([finding("C1", severity: "error")], [finding("C1", severity: "warning")])
    #expect(!fallen.hasNews(from: .info))
    #expect(try !compare([finding("C1")], []).hasNews(from: .info))
    #expect(try compare([], [finding("C1")]).hasNews(from: .error))
  }

  @Test("two runs that find nothing do not differ")
  func nothing() throws {
    let comparison = try compare([], [])
    #expect(try differences(comparison).isEmpty)
    #expect(comparison.unchanged.total == 0)
  }

  @Test("a finding without a severity is none of ours")
  func refused() {
    #expect(throws: ComparisonError.self) { try compare([finding("C1", severity: "bad")], []) }
  }

  @Test("amounts are read to the cent, and nothing else is taken for one")
  func amounts() {
    for (text, cents) in [("0.00", 0), ("100.00", 10_000), ("-12.05", -1205), ("99999999999.99", 9_999_999_999_999)] {
      #expect(finding("C1", atRisk: text).atRiskCents == Int64(cents), "\(text)")
    }
    for text in ["", "1", "1.0", "1.000", "-", "1,00", ".00", "1.0.0", "x"] {
      #expect(finding("C1", atRisk: text).atRiskCents == nil, "\(text)")
    }
  }
}
