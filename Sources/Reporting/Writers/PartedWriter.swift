/// A writer whose rows are the same whoever makes them: those of some lines can be put together by one thread, those of the next by
/// another, and written one behind the other.
protocol PartedWriter: ReportWriter {
  /// Where the rows go.
  var rowOutput: ReportOutput { get }
  /// What makes the rows, for one thread at a time: threads that shared one would count in one place who keeps it, for every line.
  func makeRows() -> any RowMaker
}

/// Makes the rows of lines that one report has.
protocol RowMaker: AnyObject {
  /// Adds the rows of a line, whose record is in `records`.
  func append(_ line: borrowing ReportedLine, in records: borrowing ByteBuffer, to rows: inout ByteBuffer)
}

/// The rows of one part of the lines, on their way to the output of their writer.
final class PartRows {
  private let maker: any RowMaker
  private let output: ReportOutput
  /// Not watched by the runtime, which would look at it for every line: it is lent to a maker of rows, which knows nothing of this.
  @exclusivity(unchecked) private var rows = ByteBuffer(capacity: 0)

  init(_ writer: any PartedWriter) {
    maker = writer.makeRows()
    output = writer.rowOutput
  }

  /// Adds the rows of a line.
  func add(_ line: borrowing ReportedLine, in records: borrowing ByteBuffer) {
    unsafe maker.append(line, in: records, to: &rows)
  }

  /// Writes the rows behind those of the parts before.
  func write() throws(ReportError) { try unsafe output.write(&rows) }
}
