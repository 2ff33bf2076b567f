internal import CSV
internal import ClaimModel

/// Outlines of claims that open a global period and have no watched line.
extension CSVClaimBuilder {
  /// Adds a row to the outline of the claim: its line where that `isKept`, and of the claim what a fact of the line needs.
  ///
  /// `text` is where the row stands among the claim's texts, if it was kept already.
  mutating func addOutline(_ row: CSVRow, isKept: Bool, text: TextRange?, plain: PlainRecord?) {
    let isFirst = claim.rows.isEmpty
    rowText = text ?? keepText(of: row)
    if isFirst {
      if !beginsOrdinaryOutline(row, plain) {
        claim.isOutline = true
        begin(at: row.location)
        addClaimFields(row, isFirst: true)
      }
      noteOpenColumns()
    } else if !areOpenColumnsEmpty(row.record) {
      addClaimFields(row, isFirst: false)
      noteOpenColumns()
    }
    note(row.record, at: row.location)
    guard isKept else { return }
    if let plain, addOrdinaryLine(plain, row, ordinal: nil) { return }
    addLine(row, 0, ordinal: 0, isContinuation: false)
  }

  /// Begins the outline where the row's values for the claim are ordinary.
  private mutating func beginsOrdinaryOutline(_ row: CSVRow, _ plain: PlainRecord?) -> Bool {
    guard let plain, ordinary.beginsClaims, !rowText.isEmpty else { return false }
    var values = OrdinaryRow(
      plain, ordinary, row.shared, quote: row.record.quote, shift: Int(rowText.start) - row.record.start)
    claim.isOutline = true
    beginClaim(&values, at: row.location)
    if values.isOrdinary { return true }
    startAgain()
    return false
  }
}
