internal import CSV
internal import ClaimModel

/// Outlines of claims that open a global period and have no watched line.
extension CSVClaimBuilder {
  /// Adds a row to the outline of the claim: its line where that `isKept`, and of the claim what a fact of the line needs.
  ///
  /// `text` is where the row stands among the claim's texts, if it was kept already.
  mutating func addOutline(_ row: CSVRow, isFirst: Bool, isKept: Bool, text: TextRange?) {
    rowText = text ?? keepText(of: row)
    if isFirst {
      claim.isOutline = true
      begin(at: row.location)
      addClaimFields(row, isFirst: true)
      noteOpenColumns()
    } else if !areOpenColumnsEmpty(row.record) {
      addClaimFields(row, isFirst: false)
      noteOpenColumns()
    }
    if isKept { addLine(row, 0, ordinal: 0, isContinuation: false) }
  }

  /// The same for a row whose values are ordinary and whose bytes stand among the claim's texts `shift` behind where they do in the
  /// input; `false` where it is not, and then nothing was added.
  mutating func addOrdinaryOutline(
    _ plain: PlainRecord, _ record: Record, _ shared: SharedColumnPlan, at location: SourceLocation, isFirst: Bool,
    isKept: Bool, shift: Int
  ) -> Bool {
    guard isFirst ? ordinary.beginsClaims : ordinary.isUseful && areOpenColumnsEmpty(record) else { return false }
    var row = OrdinaryRow(plain, ordinary, shared, quote: record.quote, shift: shift)
    if isFirst {
      claim.isOutline = true
      beginClaim(&row, at: location)
    }
    guard row.isOrdinary, !isKept || addLine(from: &row, at: location) else {
      if isFirst { startAgain() }
      return false
    }
    if isFirst { noteOpenColumns() }
    return true
  }
}
