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
