internal import Auditing

/// A service line on its way into the reports: the cells that its record holds, and around them those that only now are known.
struct ReportedLine: ~Copyable {
  /// The record, in the buffer that is lent beside the line.
  var record = Record()
  /// The cells before those of the record, from `source_file` to `byte_offset`.
  var head = TableRow()
  /// The cells behind them, from `watched` to `at_risk`, where a writer reads lines.
  var tail = TableRow()
  /// All its cells, in the columns of `ReportTable.lines`, where a writer reads rows of lines.
  var row = TableRow()
  /// The ordinal of its stream.
  var stream = 0
  /// How many findings follow.
  var findingCount = 0

  /// The ordinal of its claim in the stream.
  var claim: Int { record.claim }
  /// Whether the checksum over the bytes it was read from failed.
  var isUnverified: Bool { record.traits.contains(.unverified) }

  /// Puts all cells together.
  mutating func makeRow(from records: borrowing ByteBuffer) {
    row.truncate()
    row.append(head, 0..<head.cells.count)
    record.copyCells(from: records, to: &row)
    row.append(tail, 0..<tail.cells.count)
  }
}

/// A finding on its way into the reports.
struct ReportedFinding: ~Copyable {
  /// The record, in the buffer that is lent beside the finding.
  var record = FindingRecord()
  /// The cells that are its line's, those before `rule`; behind them what is at risk where it weighs enough.
  var line = TableRow()
  /// What the finding is known by, where the run computes it.
  var fingerprint: FindingFingerprint?
  /// All its cells, in the columns of `ReportTable.findings`, where a writer asks for them.
  var row = TableRow()

  /// How many cells of `line` stand before `rule`.
  static let leading = FindingColumn.own.lowerBound

  /// The rule.
  var rule: RuleIndex { record.rule }
  /// How the finding weighs.
  var severity: Severity { record.severity }
  /// Whether the line's charge is at risk.
  var isAtRisk: Bool { severity >= .warning }

  /// Puts all cells together.
  mutating func makeRow(from buffer: borrowing ByteBuffer, _ texts: borrowing RuleTexts) {
    row.truncate()
    row.append(line, 0..<ReportedFinding.leading)
    texts.appendIDCell(of: rule, to: &row)
    row.append(severity)
    record.appendCells(from: buffer, to: &row)
    if !record.traits.contains(.own) { texts.appendTextCells(of: rule, to: &row) }
    if isAtRisk {
      row.append(line, ReportedFinding.leading..<ReportedFinding.leading + 1)
    } else {
      row.append(word: "0.00")
    }
  }
}

/// What a writer reads of the lines and findings that pass: the rest is not put together.
struct WriterNeeds: OptionSet {
  let rawValue: UInt8

  /// The lines.
  static let lines = WriterNeeds(rawValue: 1 << 0)
  /// All cells of a line as one row.
  static let lineRows: WriterNeeds = [.lines, WriterNeeds(rawValue: 1 << 1)]
  /// The findings.
  static let findings = WriterNeeds(rawValue: 1 << 2)
  /// All cells of a finding as one row.
  static let findingRows: WriterNeeds = [.findings, WriterNeeds(rawValue: 1 << 3)]
}

/// One format of the report set, or one of its files.
///
/// The lines come in input order, each followed by its findings in rule order and by those of its findings that are accepted; then the
/// issues; then the summary. Writers that share no file may be served by several threads, each writer by one.
protocol ReportWriter: AnyObject {
  /// What it reads of lines and findings.
  var needs: WriterNeeds { get }
  /// How much work it makes for a line, 1 being one small row.
  var weight: Int { get }
  /// Whether it is to be told the findings' fingerprints, which cost memory.
  var wantsFingerprints: Bool { get }
  /// A line, whose record is in `records`.
  func line(_ line: borrowing ReportedLine, in records: borrowing ByteBuffer) throws(ReportError)
  /// A finding of the line that came last, whose record is in `records`.
  func finding(_ finding: borrowing ReportedFinding, in records: borrowing ByteBuffer) throws(ReportError)
  /// A finding of the line that came last which is accepted, in the columns of `ReportTable.suppressed`.
  func suppressed(_ row: borrowing TableRow) throws(ReportError)
  /// An issue, in the columns of `ReportTable.issues`.
  func issue(_ row: borrowing TableRow) throws(ReportError)
  /// The end: everything is to be handed to the system.
  func finish(_ summary: Summary) throws(ReportError)
}

extension ReportWriter {
  var weight: Int { 1 }

  var wantsFingerprints: Bool { false }

  func suppressed(_ row: borrowing TableRow) throws(ReportError) {}
}
