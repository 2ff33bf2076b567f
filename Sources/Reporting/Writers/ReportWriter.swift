internal import Auditing

/// A service line on its way into the reports: the cells that its record holds, and around them what only now is known.
struct ReportedLine: ~Copyable {
  /// The record, in the buffer that is lent beside the line.
  var record = Record()
  /// The cells before those of the record, from `source_file` to `byte_offset`.
  var head = TableRow()
  /// What was found on it.
  var findings = LineFindings()
  /// The money at risk, in cents.
  var atRisk: Int64 = 0
  /// The cells that its findings share, where there are findings and a writer reads them.
  var lists: RuleListCells
  /// Where those of this line stand.
  var list = RuleListCells.Place(ids: 0..<0, carc: 0..<0, carcTraits: [])
  /// All its cells, in the columns of `ReportTable.lines`, where a writer reads rows of lines.
  var row = TableRow()
  /// The ordinal of its stream.
  var stream = 0

  /// No line.
  init(_ texts: RuleTexts) { lists = RuleListCells(texts) }

  /// How many findings follow.
  var findingCount: Int { findings.count }
  /// The ordinal of its claim in the stream.
  var claim: Int { record.claim }
  /// Whether the checksum over the bytes it was read from failed.
  var isUnverified: Bool { record.traits.contains(.unverified) }

  /// Puts all cells together.
  mutating func makeRow(from records: borrowing ByteBuffer) {
    row.truncate()
    row.append(head, 0..<head.cells.count)
    record.copyCells(from: records, to: &row)
    if record.traits.contains(.watched) { row.append(word: "true") } else { row.append(word: "false") }
    row.append(findings.severity)
    row.append(findings.count)
    if findings.isEmpty {
      for _ in 0..<3 { row.appendEmpty() }
    } else {
      row.append(lists.bytes, list.ids, [])
      row.append { findings.appendMessages(in: records, to: &$0) }
      row.append(lists.bytes, list.carc, list.carcTraits)
    }
    row.append(cents: atRisk)
  }
}

/// A finding on its way into the reports.
struct ReportedFinding: ~Copyable {
  /// The record.
  var record = FindingRecord()
  /// The cells that are its line's, those before `rule`; behind them what is at risk where it weighs enough.
  var line = TableRow()
  /// What the finding is known by, where the run computes it.
  var fingerprint: FindingFingerprint?
  /// All its cells, in the columns of `ReportTable.findings`.
  var row = TableRow()

  /// How many cells of `line` stand before `rule`.
  static let leading = FindingColumn.own.lowerBound

  /// The rule.
  var rule: RuleIndex { record.rule }
  /// How the finding weighs.
  var severity: Severity { record.severity }

  /// Puts all cells together; the record is in `buffer`.
  mutating func makeRow(from buffer: borrowing ByteBuffer, _ texts: RuleTexts) {
    row.truncate()
    row.append(line, 0..<ReportedFinding.leading)
    texts.appendIDCell(of: rule, to: &row)
    row.append(severity)
    record.appendCells(from: buffer, to: &row)
    if !record.traits.contains(.own) { texts.appendTextCells(of: rule, to: &row) }
    if severity >= .warning {
      row.append(line, ReportedFinding.leading..<ReportedFinding.leading + 1)
    } else {
      row.append(word: "0.00")
    }
  }
}

extension TableRow {
  fileprivate mutating func append(_ severity: Severity) {
    switch severity {
    case .none: append(word: "none")
    case .info: append(word: "info")
    case .warning: append(word: "warning")
    case .error: append(word: "error")
    }
  }
}

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
