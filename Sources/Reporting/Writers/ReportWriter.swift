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

/// One format of the report set.
///
/// The lines come in input order, each followed by its findings in rule order and by those of its findings that are accepted; then the
/// issues; then the summary.
protocol ReportWriter: AnyObject {
  /// Whether it is to be told the findings' fingerprints, which cost memory.
  var wantsFingerprints: Bool { get }
  /// A line.
  func line(_ line: borrowing ReportedLine) throws(ReportError)
  /// A finding of the line that came last, in the columns of `ReportTable.findings`; its fingerprint where the run computes it.
  func finding(_ row: borrowing TableRow, _ fingerprint: FindingFingerprint?) throws(ReportError)
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
