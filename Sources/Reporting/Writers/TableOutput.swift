/// A table that belongs to no report set, on standard output: as CSV under the rules of `lines.csv`, or as the last member of a JSON
/// document.
public final class TableOutput {
  /// How the table is written.
  public enum Format: Sendable {
    /// RFC 4180 with a header; cells that a spreadsheet would run are guarded.
    case csv
    /// One document.
    case json
  }

  private let output = ReportOutput.standardOutput()
  private let table: ReportTable
  private let csv: CSVTableWriter?
  private var row = TableRow()
  private var isFirst = true

  /// Writes the header, or the front of the document: the members that `head` gives, texts and counts.
  public init(_ table: ReportTable, _ format: Format, head: [Member] = []) throws(ReportError) {
    self.table = table
    switch format {
    case .csv: csv = try CSVTableWriter(table, to: output, isForExcel: false)
    case .json:
      csv = nil
      output.buffer.append("{")
      for member in head {
        output.buffer.append("\n  ")
        appendQuoted(member.name)
        output.buffer.append(": ")
        append(member.value)
        output.buffer.append(",")
      }
      output.buffer.append("\n  ")
      appendQuoted(table.name)
      output.buffer.append(": [")
    }
  }

  /// A member of the document in front of the table.
  public struct Member {
    /// Its name.
    public var name: String
    /// What it holds.
    public var value: Value

    /// What a member holds.
    public enum Value {
      /// A text.
      case text(String)
      /// Counts by name, in this order.
      case counts([(name: String, value: Int)])
    }

    /// A member.
    public init(_ name: String, _ value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// Writes a row, a cell for each column.
  public func write(_ cells: [String]) throws(ReportError) {
    precondition(cells.count == table.columns.count, "a row of another table")
    row.truncate()
    for cell in cells { row.append(clean: cell) }
    guard csv == nil else {
      try csv?.write(row)
      return
    }
    output.buffer.append(isFirst ? "\n    {" : ",\n    {")
    isFirst = false
    for (index, column) in table.columns.enumerated() {
      if index > 0 { output.buffer.append(", ") }
      appendQuoted(column.name)
      output.buffer.append(": ")
      let range = row.cells[index]
      switch column.kind {
      case .text:
        output.buffer.append(0x22)
        output.buffer.append(jsonEscaped: row.bytes, range)
        output.buffer.append(0x22)
      case .count, .flag:
        // What a source does not know.
        if range.isEmpty { output.buffer.append("null") } else { output.buffer.append(row.bytes, range) }
      }
    }
    output.buffer.append("}")
    try output.flushIfFull()
  }

  /// Ends the table and hands everything to the system.
  public func finish() throws(ReportError) {
    if csv == nil { output.buffer.append(isFirst ? "]\n}\n" : "\n  ]\n}\n") }
    try output.flush()
  }

  private func append(_ value: Member.Value) {
    switch value {
    case .text(let text): appendQuoted(text)
    case .counts(let counts):
      output.buffer.append("{")
      for (index, count) in counts.enumerated() {
        if index > 0 { output.buffer.append(", ") }
        appendQuoted(count.name)
        output.buffer.append(": ")
        output.buffer.append(decimal: count.value)
      }
      output.buffer.append("}")
    }
  }

  private func appendQuoted(_ text: String) {
    var clean = ByteBuffer()
    _ = clean.append(clean: text)
    output.buffer.append(0x22)
    output.buffer.append(jsonEscaped: clean, 0..<clean.count)
    output.buffer.append(0x22)
  }
}
