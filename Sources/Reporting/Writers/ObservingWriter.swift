internal import Auditing

/// Is told of every finding of a report set as it is written, and keeps what it wants of them.
public protocol FindingObserver: AnyObject {
  /// A finding of a line of the stream with that ordinal: its cells, in the columns of `ReportTable.findings`.
  func published(_ cells: [String], stream: Int) throws(ReportError)
}

/// Hands the rows of findings to an observer, as one more format of the report set.
final class ObservingWriter: ReportWriter {
  private let observer: any FindingObserver
  private var stream = 0

  init(_ observer: any FindingObserver) { self.observer = observer }

  var needs: WriterNeeds { .findingRows }

  func line(_ line: borrowing ReportedLine, in records: borrowing ByteBuffer) { stream = line.stream }

  func finding(_ finding: borrowing ReportedFinding) throws(ReportError) {
    var cells: [String] = []
    for cell in 0..<finding.row.cells.count { cells.append(finding.row.string(cell)) }
    try observer.published(cells, stream: stream)
  }

  func issue(_ row: borrowing TableRow) {}
  func finish(_ summary: Summary) {}
}
