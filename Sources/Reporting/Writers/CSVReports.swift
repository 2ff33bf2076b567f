internal import Auditing

/// `lines.csv` and the smaller tables: `issues.csv` and, where findings are accepted, `suppressed.csv`; to standard output the lines
/// alone.
final class CSVLinesReport: ReportWriter {
  private let outputs: [ReportOutput]
  private let lineOutput: ReportOutput
  private let lines: CSVTableWriter
  private let issues: CSVTableWriter?
  private let suppressed: CSVTableWriter?
  private let isForExcel: Bool

  /// Writes the headers.
  init(
    lines: ReportOutput, issues: ReportOutput?, suppressed: ReportOutput? = nil, isForExcel: Bool
  ) throws(ReportError) {
    outputs = [lines, issues, suppressed].compactMap { $0 }
    self.isForExcel = isForExcel
    lineOutput = lines
    self.lines = try CSVTableWriter(.lines, to: lines, isForExcel: isForExcel)
    self.issues = if let issues { try CSVTableWriter(.issues, to: issues, isForExcel: isForExcel) } else { nil }
    self.suppressed =
      if let suppressed { try CSVTableWriter(.suppressed, to: suppressed, isForExcel: isForExcel) } else { nil }
  }

  // Excel's cells are looked at one by one.
  var needs: WriterNeeds { isForExcel ? .lineRows : .lists }

  var weight: Int { 2 }

  func line(_ line: borrowing ReportedLine, in records: borrowing ByteBuffer) throws(ReportError) {
    if isForExcel { return try lines.write(line.row) }
    try lineOutput.add { $0.append(csv: line, in: records) }
  }

  func suppressed(_ row: borrowing TableRow) throws(ReportError) { try suppressed?.write(row) }

  func issue(_ row: borrowing TableRow) throws(ReportError) { try issues?.write(row) }

  func finish(_ summary: Summary) throws(ReportError) {
    for output in outputs { try output.flush() }
  }
}

/// `findings.csv`.
final class CSVFindingsReport: ReportWriter {
  private let output: ReportOutput
  private let findings: CSVTableWriter
  private let isForExcel: Bool
  private let rows: CSVFindingRows

  /// Writes the header.
  init(_ output: ReportOutput, isForExcel: Bool, texts: RuleTexts) throws(ReportError) {
    self.output = output
    self.isForExcel = isForExcel
    findings = try CSVTableWriter(.findings, to: output, isForExcel: isForExcel)
    rows = CSVFindingRows(texts)
  }

  var needs: WriterNeeds { isForExcel ? .findingRows : [] }

  var readsEveryLine: Bool { false }

  var weight: Int { 3 }

  func line(_ line: borrowing ReportedLine, in records: borrowing ByteBuffer) throws(ReportError) {
    if isForExcel || line.findings.isEmpty { return }
    try output.add { rows.append(line, in: records, to: &$0) }
  }

  func finding(_ finding: borrowing ReportedFinding) throws(ReportError) { try findings.write(finding.row) }

  func issue(_ row: borrowing TableRow) {}

  func finish(_ summary: Summary) throws(ReportError) { try output.flush() }
}
