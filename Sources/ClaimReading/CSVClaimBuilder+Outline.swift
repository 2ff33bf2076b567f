internal import CSV
internal import ClaimModel

/// Outlines of claims that open a global period and have no watched line.
extension CSVClaimBuilder {
  /// Adds a row to the outline of the claim: its line where that `isKept`, and of the claim what a fact of the line needs.
  mutating func addOutline(_ row: CSVRow, isKept: Bool, isASCII: Bool, plain: PlainRecord?) {
    let isFirst = claim.rows.isEmpty
    note(row.record, at: row.location)
    if isFirst {
      claim.isOutline = true
      begin(row)
    }
    keepText(of: row, isASCII: isASCII)
    if isFirst || !outlineNeedsNothing(of: row.record) {
      addClaimFields(row, isFirst: isFirst)
      noteOpenColumns()
    }
    guard isKept else { return }
    if let plain, let ordinaryColumns, !rowText.isEmpty,
      let line = ordinaryLine(
        plain, row.record, ordinaryColumns, row.shared, at: row.location, textAt: Int(rowText.start))
    {
      claim.lines.append(line)
    } else {
      addLine(row, 0, ordinal: 0, isContinuation: false)
    }
  }

  /// Whether a further row has nothing to tell of the claim that an outline needs.
  func outlineNeedsNothing(of record: Record) -> Bool {
    for column in openColumns {
      let (start, end) = record.bounds(column)
      if start != end { return false }
    }
    return true
  }
}
