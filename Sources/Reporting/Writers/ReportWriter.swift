internal import Auditing

/// A service line on its way into the reports.
struct ReportedLine: ~Copyable {
  /// Its cells, in the columns of `ReportTable.lines`.
  var row = TableRow()
  /// The ordinal of its stream.
  var stream = 0
  /// The ordinal of its claim in the stream.
  var claim = 0
  /// How many findings follow.
  var findingCount = 0
  /// Whether the checksum over the bytes it was read from failed.
  var isUnverified = false
}

/// A finding on its way into the reports.
struct ReportedFinding: ~Copyable {
  /// The rule.
  var rule = RuleIndex(0)
  /// How the finding weighs.
  var severity = Severity.none
  /// The cells that are its line's, those before `rule`; behind them what is at risk where it weighs enough.
  var line = TableRow()
  /// What the finding is known by, where the run computes it.
  var fingerprint: FindingFingerprint?
  /// Element and message; then fix, carc and rarc, where they are the finding's own and not its rule's.
  var own = TableRow()
  /// All its cells, in the columns of `ReportTable.findings`, where a writer asks for them.
  var row = TableRow()

  /// How many cells of `line` stand before `rule`.
  static let leading = FindingColumn.own.lowerBound
  /// How many cells `own` has where fix and codes are the rule's.
  static let shared = 2

  /// Whether the line's charge is at risk.
  var isAtRisk: Bool { severity >= .warning }

  /// Puts all cells together.
  mutating func makeRow(_ texts: borrowing RuleTexts) {
    row.truncate()
    row.append(line, 0..<ReportedFinding.leading)
    texts.appendIDCell(of: rule, to: &row)
    row.append(severity)
    row.append(own, 0..<own.cells.count)
    if own.cells.count == ReportedFinding.shared { texts.appendTextCells(of: rule, to: &row) }
    if isAtRisk {
      row.append(line, ReportedFinding.leading..<ReportedFinding.leading + 1)
    } else {
      row.append(word: "0.00")
    }
  }
}

/// One format of the report set.
///
/// The lines come in input order, each followed by its findings in rule order and by those of its findings that are accepted; then the
/// issues; then the summary.
protocol ReportWriter: AnyObject {
  /// Whether it is to be told the findings' fingerprints, which cost memory.
  var wantsFingerprints: Bool { get }
  /// A line.
  func line(_ line: borrowing ReportedLine) throws(ReportError)
  /// Whether it reads the rows of findings.
  var readsFindingRows: Bool { get }
  /// A finding of the line that came last.
  func finding(_ finding: borrowing ReportedFinding) throws(ReportError)
  /// A finding of the line that came last which is accepted, in the columns of `ReportTable.suppressed`.
  func suppressed(_ row: borrowing TableRow) throws(ReportError)
  /// An issue, in the columns of `ReportTable.issues`.
  func issue(_ row: borrowing TableRow) throws(ReportError)
  /// The end: everything is to be handed to the system.
  func finish(_ summary: Summary) throws(ReportError)
}

extension ReportWriter {
  var wantsFingerprints: Bool { false }

  func suppressed(_ row: borrowing TableRow) throws(ReportError) {}
}
