internal import Auditing

/// What a writer reads of the lines and findings that pass, beyond their records: the rest is not put together.
struct WriterNeeds: OptionSet {
  let rawValue: UInt8

  /// The cells that a line's findings share.
  static let lists = WriterNeeds(rawValue: 1 << 0)
  /// All cells of a line as one row.
  static let lineRows: WriterNeeds = [.lists, WriterNeeds(rawValue: 1 << 1)]
  /// The findings one by one, all cells of each as one row.
  static let findingRows = WriterNeeds(rawValue: 1 << 2)
}

/// One format of the report set, or one of its files.
///
/// The lines come in input order, each with its findings in rule order; for writers that read rows of findings they follow, and then, for
/// all, those of its findings that are accepted; behind the lines the issues; then the summary. Writers that share no file may be served by
/// several threads, each writer by one.
protocol ReportWriter: AnyObject {
  /// What it reads of lines and findings.
  var needs: WriterNeeds { get }
  /// Whether it is told of lines on which nothing was found.
  var readsEveryLine: Bool { get }
  /// How much work it makes for a line, 1 being one small row.
  var weight: Int { get }
  /// Itself, where its rows can be put together part by part.
  var parted: (any PartedWriter)? { get }
  /// Whether it is to be told the findings' fingerprints, which cost memory.
  var wantsFingerprints: Bool { get }
  /// A line with its findings; its record and theirs are in `records`.
  func line(_ line: borrowing ReportedLine, in records: borrowing ByteBuffer) throws(ReportError)
  /// A finding of the line that came last, for a writer that reads rows of findings.
  func finding(_ finding: borrowing ReportedFinding) throws(ReportError)
  /// A finding of the line that came last which is accepted, in the columns of `ReportTable.suppressed`.
  func suppressed(_ row: borrowing TableRow) throws(ReportError)
  /// An issue, in the columns of `ReportTable.issues`.
  func issue(_ row: borrowing TableRow) throws(ReportError)
  /// The end: everything is to be handed to the system.
  func finish(_ summary: Summary) throws(ReportError)
}

extension ReportWriter {
  var readsEveryLine: Bool { true }

  var weight: Int { 1 }

  var parted: (any PartedWriter)? { nil }

  var wantsFingerprints: Bool { false }

  func finding(_ finding: borrowing ReportedFinding) throws(ReportError) {}

  func suppressed(_ row: borrowing TableRow) throws(ReportError) {}
}
