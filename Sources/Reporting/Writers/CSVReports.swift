internal import Auditing

/// `lines.csv` and the smaller tables: `issues.csv` and, where findings are accepted, `suppressed.csv`; to standard output the lines
/// alone.
final class CSVLinesReport: PartedWriter {
  private let outputs: [ReportOutput]
  let rowOutput: ReportOutput
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
    rowOutput = lines
    self.lines = try CSVTableWriter(.lines, to: lines, isForExcel: isForExcel)
    self.issues = if let issues { try CSVTableWriter(.issues, to: issues, isForExcel: isForExcel) } else { nil }
    self.suppressed =
      if let suppressed { try CSVTableWriter(.suppressed, to: suppressed, isForExcel: isForExcel) } else { nil }
  }

  // Excel's cells are looked at one by one.
  var needs: WriterNeeds { isForExcel ? .lineRows : .lists }

  var parted: (any PartedWriter)? { isForExcel ? nil : self }

  var weight: Int { 2 }

  func line(_ line: borrowing ReportedLine, in records: borrowing ByteBuffer) throws(ReportError) {
    if isForExcel { return try lines.write(line.row) }
    try rowOutput.add { $0.append(csv: line, in: records) }
  }

  func makeRows() -> any RowMaker { CSVLineRows() }

  func suppressed(_ row: borrowing TableRow) throws(ReportError) { try suppressed?.write(row) }

  func issue(_ row: borrowing TableRow) throws(ReportError) { try issues?.write(row) }

  func finish(_ summary: Summary) throws(ReportError) {
    for output in outputs { try output.flush() }
  }
}

/// `findings.csv`.
final class CSVFindingsReport: PartedWriter {
  let rowOutput: ReportOutput
  private let findings: CSVTableWriter
  private let isForExcel: Bool
  private let rows: CSVFindingRows
  private let texts: RuleTexts

  /// Writes the header.
  init(_ output: ReportOutput, isForExcel: Bool, texts: RuleTexts) throws(ReportError) {
    rowOutput = output
    self.isForExcel = isForExcel
    findings = try CSVTableWriter(.findings, to: output, isForExcel: isForExcel)
    rows = CSVFindingRows(texts)
    self.texts = texts
  }

  var needs: WriterNeeds { isForExcel ? .findingRows : [] }

  var parted: (any PartedWriter)? { isForExcel ? nil : self }

  var readsEveryLine: Bool { false }

  var weight: Int { 3 }

  func line(_ line: borrowing ReportedLine, in records: borrowing ByteBuffer) throws(ReportError) {
    if isForExcel { return }
    try rowOutput.add { rows.append(line, in: records, to: &$0) }
  }

  func makeRows() -> any RowMaker { CSVFindingRows(texts) }

  func finding(_ finding: borrowing ReportedFinding) throws(ReportError) { try findings.write(finding.row) }

  func issue(_ row: borrowing TableRow) {}

  func finish(_ summary: Summary) throws(ReportError) { try rowOutput.flush() }
}
