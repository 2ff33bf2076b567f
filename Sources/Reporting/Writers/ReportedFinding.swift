internal import Auditing

/// A finding on its way into the reports.
struct ReportedFinding: ~Copyable {
  /// The record.
  var record = FindingRecord()
  /// The cells that are its line's, those before `rule`; behind them what is at risk where it weighs enough.
  var line = TableRow()
  /// What the finding is known by, where the run computes it.
  var fingerprint: FindingFingerprint?
  /// All its cells, in the columns of `ReportTable.findings`.
  var row = TableRow()

  /// How many cells of `line` stand before `rule`.
  static let leading = FindingColumn.own.lowerBound

  /// The rule.
  var rule: RuleIndex { record.rule }
  /// How the finding weighs.
  var severity: Severity { record.severity }

  /// Puts all cells together; the record is in `buffer`.
  mutating func makeRow(from buffer: borrowing ByteBuffer, _ texts: RuleTexts) {
    row.truncate()
    row.append(line, 0..<ReportedFinding.leading)
    texts.appendIDCell(of: rule, to: &row)
    row.append(severity)
    record.appendCells(from: buffer, to: &row)
    if !record.traits.contains(.own) { texts.appendTextCells(of: rule, to: &row) }
    if severity >= .warning {
      row.append(line, ReportedFinding.leading..<ReportedFinding.leading + 1)
    } else {
      row.append(word: "0.00")
    }
  }
}

extension TableRow {
  /// Adds the name of a severity.
  mutating func append(_ severity: Severity) {
    append {
      $0.append(severity)
      return []
    }
  }
}
