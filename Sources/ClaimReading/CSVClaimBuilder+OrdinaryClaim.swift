internal import CSV
internal import ClaimModel

/// The first row of a claim, read by words.
extension CSVClaimBuilder {
  /// Takes from an ordinary first row what belongs to the claim, for an outline what that has: what `addClaimFields` takes.
  ///
  /// What it took counts only where the row is ordinary.
  mutating func beginClaim(_ row: inout OrdinaryRow, at location: SourceLocation) {
    begin(at: location)
    claim.id = row.value(ordinary.claimID)
    if ordinary.originalClaimID >= 0 { claim.originalClaimID = row.value(ordinary.originalClaimID) }
    claim.billingNPI = row.identifier(ordinary.billingNPI).text
    (claimRendering, claim.renderingNPI) = row.identifier(ordinary.renderingNPI)
    if ordinary.billType >= 0 {
      claim.typeOfBill = row.typeOfBill(ordinary.billType)
    }
    claim.frequency = row.coded(ordinary.frequency)
    row.requireNoDecimals(ordinary.frequency)
    if claim.frequency.isEmpty, !claim.typeOfBill.isEmpty {
      claim.frequency = CodedValue(
        code: claim.typeOfBill.code.dropFirst(3),
        text: TextRange(start: claim.typeOfBill.text.start &+ claim.typeOfBill.text.count &- 1, count: 1))
    }
    if ordinary.claimStart >= 0 || ordinary.claimEnd >= 0 {
      claim.statementFrom = row.day(ordinary.claimStart, &lastClaimDay)
      claim.statementTo = row.day(ordinary.claimEnd, &lastClaimDay)
      if claim.statementTo == .absent { claim.statementTo = claim.statementFrom }
    }
    beginKind(&row)
    claim.patient = patient(&row)
    if claim.isOutline { return }
    if ordinary.interchangeControl >= 0 { claim.interchangeControl = row.value(ordinary.interchangeControl) }
    if ordinary.groupControl >= 0 { claim.groupControl = row.value(ordinary.groupControl) }
    if ordinary.transactionControl >= 0 { claim.transactionControl = row.value(ordinary.transactionControl) }
    claim.payerName = row.value(ordinary.payer)
    if claim.payerName.isEmpty { claim.payerName = row.value(ordinary.plan) }
    claim.payerID = row.value(ordinary.payerID)
    row.requireNoDecimals(ordinary.payerID)
    if ordinary.billingTaxonomy >= 0 { claim.billingTaxonomy = row.value(ordinary.billingTaxonomy) }
    if ordinary.filingIndicator >= 0 { claim.filingIndicator = row.coded(ordinary.filingIndicator) }
    claim.totalCharge = row.amount(ordinary.claimTotal)
    if ordinary.admission >= 0 { claim.admission = row.day(ordinary.admission, &lastClaimDay) }
    if ordinary.discharge >= 0 { claim.discharge = row.day(ordinary.discharge, &lastClaimDay) }
    let hasAttachment = row.isThere(ordinary.attachment)
    let hasNote = row.isThere(ordinary.claimNote)
    claim.hasDocumentation = hasAttachment || hasNote
  }

  /// The kind of claim: one letter, else what the type of bill tells.
  @inline(__always)
  private mutating func beginKind(_ row: inout OrdinaryRow) {
    hasType = false
    if ordinary.claimType >= 0 {
      let (start, end) = row.bounds(ordinary.claimType)
      hasType = start != end
      if hasType {
        row.require(end &- start == 1)
        switch row.record.byte(start) | 0x20 {
        case 0x70: claim.kind = .professional
        case 0x69: claim.kind = .institutional
        case 0x64: claim.kind = .dental
        default: row.require(false)
        }
        _ = row.value(ordinary.claimType)
        return
      }
    }
    claim.kind = claim.typeOfBill.isEmpty ? .professional : .institutional
  }

  /// The keyed hash of who the patient is.
  @inline(__always)
  private mutating func patient(_ row: inout OrdinaryRow) -> UInt64 {
    let person = row.value(ordinary.personID)
    let member = row.value(ordinary.memberID)
    if !person.isEmpty { return hash(claim.text.bytes.span.extracting(person.indices)) }
    if member.isEmpty { return 0 }
    let birth = row.value(ordinary.birthDate)
    if birth.isEmpty { return hash(claim.text.bytes.span.extracting(member.indices)) }
    row.require(birth.count == 10)
    let (start, end) = row.bounds(ordinary.birthDate)
    let (low, high) = row.ends(start, end)
    row.require(ExportDates.isPlainDay(low, high))
    return hash(claim.text.bytes.span.extracting(member.indices), claim.text.bytes.span.extracting(birth.indices))
  }

  /// Adds the diagnoses of an ordinary first row: one code of up to eight letters and digits a column, no blank column before
  /// another one, none twice.
  mutating func addDiagnoses(_ row: inout OrdinaryRow) {
    rowIsFirst = true
    // Their positions are just counted.
    firstPositions = .counted
    firstRowDiagnoses = 0
    firstDiagnoses = TextRange(start: 0, count: 0)
    var column = ordinary.firstDiagnosis
    if column < 0 { return }
    let end = row.bounds(ordinary.lastDiagnosis).end
    firstDiagnoses = row.text(row.record.start(column), end)
    if ordinary.hasPrincipal, row.record.isEmpty(column) { column &+= 1 }
    while column <= ordinary.lastDiagnosis {
      let (start, fieldEnd) = row.bounds(column)
      if start == fieldEnd { break }
      let text = row.value(column)
      let code = ExportCodes.plainDiagnosis(row.record.word(start), fieldEnd &- start)
      row.require(!code.isNone)
      column &+= 1
      if let index = claim.diagnoses.firstIndex(where: { $0.code == code }) {
        // The principal diagnosis again, at the head of the list.
        row.require(ordinary.hasPrincipal && index == 0 && claim.diagnoses.count == 1)
        continue
      }
      claim.diagnoses.append(Diagnosis(code: code, text: text, edition: ordinary.edition))
    }
    // Nothing but delimiters.
    row.require(column > ordinary.lastDiagnosis || end &- row.record.start(column) == ordinary.lastDiagnosis &- column)
    firstRowDiagnoses = claim.diagnoses.count
    row.require(firstRowDiagnoses <= 31)
  }
}
