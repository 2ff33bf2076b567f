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
      claim.location = row.location
      claim.fields = plan.fields
      claim.format = .csv
    }
    keepText(of: row, isASCII: isASCII)
    if isFirst || !outlineNeedsNothing(of: row.record) {
      addOutlineFields(row, isFirst: isFirst)
      noteOpenOutlineColumns()
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

  /// Works out which columns a later row of the claim has to be looked at for.
  private mutating func noteOpenOutlineColumns() {
    openColumns.removeAll(keepingCapacity: true)
    func open(_ isOpen: Bool, _ field: ColumnField) {
      if isOpen, plan[field] >= 0 { openColumns.append(plan[field]) }
    }
    open(claim.id.isEmpty && !plan.namesNoClaim, .claimID)
    open(claim.originalClaimID.isEmpty, .originalClaimID)
    open(claim.billingNPI.isEmpty, .billingNPI)
    open(claim.typeOfBill.isEmpty, .billType)
    open(claim.typeOfBill.isEmpty, .billFacility)
    open(claim.typeOfBill.isEmpty, .billClass)
    open(claim.typeOfBill.isEmpty || claim.frequency.isEmpty, .frequency)
    open(claim.statementFrom == .absent, .claimStart)
    open(claim.statementFrom == .absent, .claimEnd)
  }

  private mutating func addOutlineFields(_ row: CSVRow, isFirst: Bool) {
    if claim.id.isEmpty, !plan.namesNoClaim { claim.id = keep(row, .claimID) }
    if claim.originalClaimID.isEmpty { claim.originalClaimID = keep(row, .originalClaimID) }
    if claim.billingNPI.isEmpty { claim.billingNPI = keepIdentifier(row, plan[.billingNPI], .billingNPI) }
    if claim.typeOfBill.isEmpty { claim.typeOfBill = typeOfBill(row) }
    if claim.frequency.isEmpty { claim.frequency = frequency(row) }
    if claim.statementFrom == .absent {
      claim.statementFrom = date(row.cell(.claimStart))
      claim.statementTo = date(row.cell(.claimEnd))
      if claim.statementTo == .absent { claim.statementTo = claim.statementFrom }
    }
    guard isFirst else { return }
    claim.renderingNPI = keepIdentifier(row, plan[.renderingNPI], .renderingNPI)
    claimRendering = IdentifierWords(claim.text[claim.renderingNPI])
    claim.kind = kind(row)
    claim.patient = patient(row)
  }
}
