/// Writes rows of one table as JSON, one object a line, members named as the columns and in their order.
///
/// Every value is the cell as text, amounts and codes included: a JSON number would lose the decimals of `1234.50` and the zero
/// of `0131`, and many readers would make it a float. Positions and counts are numbers, `watched` is `true` or `false`. An empty
/// cell is `""`. Cells that begin with `=` carry no guard here.
struct JSONLinesWriter {
  private let output: ReportOutput
  private let kinds: [ReportTable.Kind]
  /// What stands before each value and, last, behind the last one; where each of them ends.
  private let punctuation = Punctuation()

  /// The bytes between the values, made once.
  private final class Punctuation {
    var bytes = ByteBuffer(capacity: 1024)
    var ends: [Int] = []
  }

  /// A writer of one table.
  init(_ table: ReportTable, to output: ReportOutput) {
    self.output = output
    kinds = table.columns.map(\.kind)
    var wasText = false
    for (index, column) in table.columns.enumerated() {
      punctuation.bytes.append((wasText ? "\"" : "") + (index == 0 ? "{" : ",") + "\"\(column.name)\":")
      wasText = column.kind == .text
      if wasText { punctuation.bytes.append(0x22) }
      punctuation.ends.append(punctuation.bytes.count)
    }
    punctuation.bytes.append(wasText ? "\"}\n" : "}\n")
    punctuation.ends.append(punctuation.bytes.count)
  }

  /// Writes a row.
  func write(_ row: borrowing TableRow) throws(ReportError) {
    append(row, to: &output.buffer)
    try output.flushIfFull()
  }

  private func append(_ row: borrowing TableRow, to buffer: inout ByteBuffer) {
    var start = 0
    for cell in 0..<row.cells.count {
      let end = punctuation.ends[cell]
      buffer.append(punctuation.bytes, start..<end)
      start = end
      if row.cells.isSpecial(cell) {
        buffer.append(jsonEscaped: row.bytes, row.cells[cell])
      } else {
        buffer.append(row.bytes, row.cells[cell])
      }
    }
    buffer.append(punctuation.bytes, start..<punctuation.bytes.count)
  }
}

extension ByteBuffer {
  /// Adds clean text as the inside of a JSON string.
  mutating func append(jsonEscaped bytes: borrowing ByteBuffer, _ range: Range<Int>) {
    for position in range {
      let byte = bytes[position]
      switch byte {
      case 0x22: append("\\\"")
      case 0x5C: append("\\\\")
      case 0x09: append("\\t")
      case 0x0A: append("\\n")
      case 0x0D: append("\\r")
      default: append(byte)
      }
    }
  }
}

/// `lines.jsonl`, `findings.jsonl` and `issues.jsonl`; to standard output the lines alone.
final class JSONLinesReportWriter: ReportWriter {
  private let outputs: [ReportOutput]
  private let lines: JSONLinesWriter
  private let findings: JSONLinesWriter?
  private let issues: JSONLinesWriter?

  /// A writer to those files.
  init(lines: ReportOutput, findings: ReportOutput?, issues: ReportOutput?) {
    outputs = [lines, findings, issues].compactMap { $0 }
    self.lines = JSONLinesWriter(.lines, to: lines)
    self.findings = findings.map { JSONLinesWriter(.findings, to: $0) }
    self.issues = issues.map { JSONLinesWriter(.issues, to: $0) }
  }

  func line(_ line: borrowing ReportedLine) throws(ReportError) { try lines.write(line.row) }

  func finding(_ row: borrowing TableRow) throws(ReportError) { try findings?.write(row) }

  func issue(_ row: borrowing TableRow) throws(ReportError) { try issues?.write(row) }

  func finish(_ summary: Summary) throws(ReportError) {
    for output in outputs { try output.flush() }
  }
}
