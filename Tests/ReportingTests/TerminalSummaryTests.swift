import Testing

@testable import Reporting

/// The text after a run.
@Suite struct TerminalSummaryTests {
  private var summary: Summary {
    func counts(_ values: [(String, Int64)]) -> Summary.Counts { values.map { Summary.Count(name: $0.0, value: $0.1) } }
    var summary = Summary()
    summary.totals.files = 3
    summary.totals.claims = 1_204
    summary.totals.lines = 3_377_000
    summary.totals.watchedLines = 58
    summary.totals.issues = 3
    summary.totals.watchedChargeCents = 6_103_150
    summary.totals.atRiskCents = 1_247_005
    summary.bySeverity = counts([("error", 9), ("warning", 1), ("info", 0)])
    summary.byRule = counts([("A-1", 1), ("B-1", 7), ("C-1", 7), ("D-1", 2), ("E-1", 3), ("F-1", 1)])
    summary.byPayer = counts([("aetna", 50), ("a payer whose name goes on and on and on and on for ever", 8)])
    summary.atRiskByPayer = counts([("aetna", 1_247_005)])
    summary.issuesByEffect = counts([("claim kept", 2), ("none", 1)])
    summary.notEvaluated = counts([("G-1", 58), ("G-2", 3)])
    summary.benchmark = [
      BenchmarkEntry(
        payer: "aetna", claimType: "P", setting: .facility, measure: .charge, count: 50, minimum: 1, p25: 20_000,
        median: 25_050, p75: 123_456_789, p90: 4, maximum: 5, medicareReference: nil),
      BenchmarkEntry(
        payer: "cigna", claimType: "P", setting: .facility, measure: .charge, count: 2, minimum: 1, p25: nil,
        median: nil,
        p75: nil, p90: nil, maximum: 5, medicareReference: nil),
    ]
    return summary
  }

  @Test func itIsShortAlignedAndComplete() {
    let text = TerminalSummary(
      summary, titles: ["B-1": "modifier that is in no list of modifiers, whichever year and whichever payer one asks"]
    ).text
    #expect(
      text == """
        3 files, 1,204 claims, 3,377,000 lines, 58 watched

        findings     9 errors   1 warning   0 info
        at risk      $12,470.05 of $61,031.50 charged on watched lines
        issues       3  (2 claim kept, 1 without effect)
        not checked  2 rules  (no columns for them: G-1, G-2)

        rule                                                                    findings
          B-1        modifier that is in no list of modifiers, whichever year and whi… 7
          C-1                                                                          7
          E-1                                                                          3
          D-1                                                                          2
          A-1                                                                          1
          and 1 other rule

        payer                                            watched lines           at risk
          aetna                                                     50        $12,470.05
          a payer whose name goes on and on and on and…              8             $0.00

        benchmark                        lines           p25        median           p75
          aetna      P F       charge       50       $200.00       $250.50 $1,234,567.89

        """)
    for line in text.split(separator: "\n") { #expect(line.count <= 80) }
  }

  @Test func colourAddsNothingButColour() {
    let colored = TerminalSummary(summary, isColored: true).text
    #expect(colored.contains("\u{1B}[31m9 errors\u{1B}[0m"))
    let plain = colored.replacing(/\u{1B}\[\d+m/, with: "")
    #expect(plain == TerminalSummary(summary).text)
  }

  @Test func anEmptyRunSaysSo() {
    var summary = Summary()
    summary.bySeverity = ["error", "warning", "info"].map { Summary.Count(name: $0, value: 0) }
    #expect(TerminalSummary(summary).text.hasPrefix("0 files, 0 claims, 0 lines, 0 watched\n"))
  }
}
