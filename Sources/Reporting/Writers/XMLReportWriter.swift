final class XMLReportWriter: ReportWriter {
  init(_ output: ReportOutput, files: [SourceFile], scope: String, version: String) throws(ReportError) {}
  func line(_ line: borrowing ReportedLine) throws(ReportError) {}
  func finding(_ row: borrowing TableRow) throws(ReportError) {}
  func issue(_ row: borrowing TableRow) throws(ReportError) {}
  func finish(_ summary: Summary) throws(ReportError) {}
}
