internal import Auditing

/// Writes rows of one table as JSON, one object a line, members named as the columns and in their order.
///
/// Every value is the cell as text, amounts and codes included: a JSON number would lose the decimals of `1234.50` and the zero
/// of `0131`, and many readers would make it a float. Positions and counts are numbers, `watched` is `true` or `false`. An empty
/// cell is `""`. Cells that begin with `=` carry no guard here.
struct JSONLinesWriter {
  private let output: ReportOutput
  private let punctuation: CellPunctuation
  private let columns: Range<Int>

  /// A writer of one table.
  init(_ table: ReportTable, to output: ReportOutput) {
    self.output = output
    columns = table.columns.indices
    var pieces: [String] = []
    var wasText = false
    for (index, column) in table.columns.enumerated() {
      let isText = column.kind == .text
      pieces.append("\(wasText ? "\"" : "")\(index == 0 ? "{" : ",")\"\(column.name)\":\(isText ? "\"" : "")")
      wasText = isText
    }
    pieces.append(wasText ? "\"}\n" : "}\n")
    punctuation = CellPunctuation(pieces)
  }

  /// Writes a row.
  func write(_ row: borrowing TableRow) throws(ReportError) {
    punctuation.append(row, columns, to: &output.buffer) { buffer, bytes, range in
      buffer.append(jsonEscaped: bytes, range)
    }
    try output.flushIfFull()
  }
}

extension ByteBuffer {
  /// Adds clean text as the inside of a JSON string.
  mutating func append(jsonEscaped bytes: borrowing ByteBuffer, _ range: Range<Int>) {
    append(bytes, range) { byte in
      switch byte {
      case 0x22: "\\\""
      case 0x5C: "\\\\"
      case 0x09: "\\t"
      case 0x0A: "\\n"
      case 0x0D: "\\r"
      default: nil
      }
    }
  }
}

/// `lines.jsonl`, `findings.jsonl`, `issues.jsonl` and, where findings are accepted, `suppressed.jsonl`; to standard output the lines
/// alone.
///
/// A finding has its fingerprint as one more member, which a table of fixed columns has no place for.
final class JSONLinesReportWriter: ReportWriter {
  private let outputs: [ReportOutput]
  private let lines: JSONLinesWriter
  private let findings: JSONLinesWriter?
  private let issues: JSONLinesWriter?
  private let suppressed: JSONLinesWriter?
  private var fingerprinted = TableRow()

  /// A writer to those files.
  init(lines: ReportOutput, findings: ReportOutput?, issues: ReportOutput?, suppressed: ReportOutput? = nil) {
    outputs = [lines, findings, issues, suppressed].compactMap { $0 }
    self.lines = JSONLinesWriter(.lines, to: lines)
    self.findings = findings.map { JSONLinesWriter(.fingerprintedFindings, to: $0) }
    self.issues = issues.map { JSONLinesWriter(.issues, to: $0) }
    self.suppressed = suppressed.map { JSONLinesWriter(.suppressed, to: $0) }
  }

  var needs: WriterNeeds { findings == nil ? .lineRows : [.lineRows, .findingRows] }

  var weight: Int { 4 }

  func line(_ line: borrowing ReportedLine, in records: borrowing ByteBuffer) throws(ReportError) {
    try lines.write(line.row)
  }

  var wantsFingerprints: Bool { findings != nil }

  func finding(_ finding: borrowing ReportedFinding) throws(ReportError) {
    guard let findings else { return }
    fingerprinted.truncate()
    fingerprinted.append(finding.row, 0..<finding.row.cells.count)
    fingerprinted.append(clean: finding.fingerprint?.description ?? "")
    try findings.write(fingerprinted)
  }

  func suppressed(_ row: borrowing TableRow) throws(ReportError) { try suppressed?.write(row) }

  func issue(_ row: borrowing TableRow) throws(ReportError) { try issues?.write(row) }

  func finish(_ summary: Summary) throws(ReportError) {
    for output in outputs { try output.flush() }
  }
}
