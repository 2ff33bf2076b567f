internal import CSV
internal import ClaimModel

/// Rows whose values are all written as nearly all values are: read by words, without a look at what they might be.
///
/// What it makes is what `add` makes of the same row; a row in which anything is written otherwise it leaves alone.
extension CSVClaimBuilder {
  /// Adds a row of the claim, whose bytes stand among the claim's texts `shift` behind where they do in the input.
  ///
  /// That the claim has the row is for the caller to write down. The answer is `false` where the row is not ordinary, and then
  /// nothing was added.
  mutating func addOrdinary(
    _ plain: PlainRecord, _ record: Record, _ shared: SharedColumnPlan, at location: SourceLocation, ordinal: Int,
    shift: Int
  ) -> Bool {
    guard ordinary.isUseful else { return false }
    var row = OrdinaryRow(plain, ordinary, shared, quote: record.quote, shift: shift)
    if claim.lines.isEmpty {
      guard ordinary.beginsClaims, claim.rows.isEmpty else { return false }
      beginClaim(&row, at: location)
      addDiagnoses(&row)
      guard row.isOrdinary else {
        startAgain()
        return false
      }
      noteOpenColumns()
    } else {
      guard tellsNothingNew(row) else { return false }
    }
    guard addLine(from: &row, at: location) else {
      if claim.lines.isEmpty { startAgain() }
      return false
    }
    number(ordinal)
    return true
  }

  /// Adds the line of a row whose values for the claim were read otherwise; `false` where the line is not ordinary, and then
  /// nothing was added.
  mutating func addOrdinaryLine(_ plain: PlainRecord, _ row: CSVRow, ordinal: Int) -> Bool {
    guard ordinary.isUseful, !rowText.isEmpty else { return false }
    var values = OrdinaryRow(
      plain, ordinary, row.shared, quote: row.record.quote, shift: Int(rowText.start) - row.record.start)
    guard addLine(from: &values, at: row.location) else { return false }
    number(ordinal)
    return true
  }

  /// Adds the line of a row; `false` where it is not ordinary, and then nothing was added.
  @inline(never)
  mutating func addLine(from row: inout OrdinaryRow, at location: SourceLocation) -> Bool {
    // Filled where it stands: a line is large.
    claim.lines.append(blankLine)
    ordinary.fill(&claim.lines[claim.lines.count &- 1], from: &row, at: location, claimRendering, &lastDay)
    if row.isOrdinary { return true }
    claim.lines.removeLast()
    return false
  }

  /// Gives the last line its ordinal where it has no number.
  @inline(__always)
  private mutating func number(_ ordinal: Int) {
    let index = claim.lines.count &- 1
    if claim.lines[index].number.isEmpty { claim.lines[index].number = keep(ordinal) }
  }

  /// Whether a further row tells nothing of the claim that its first row did not tell, and lists the same diagnoses.
  ///
  /// It changes nothing: as `mutating` it is asked where the builder stands, which would be copied otherwise.
  @inline(__always)
  private mutating func tellsNothingNew(_ row: OrdinaryRow) -> Bool {
    var index = 0
    while index < openCount {
      if !row.record.isEmpty(openColumns[index]) { return false }
      index &+= 1
    }
    if ordinary.firstDiagnosis < 0 { return true }
    let start = row.record.start(ordinary.firstDiagnosis)
    let end = row.bounds(ordinary.lastDiagnosis).end
    return rowIsFirst && end > start && claim.text.areSame(firstDiagnoses, row.text(start, end))
  }
}

extension OrdinaryColumns {
  /// Fills a line with what a row tells of it; it counts only where the row is ordinary.
  ///
  /// - Parameters:
  ///   - rendering: the claim's rendering clinician.
  ///   - lastDay: the day that was read before.
  @inline(__always)
  fileprivate func fill(
    _ line: inout ServiceLine, from row: inout OrdinaryRow, at location: SourceLocation, _ rendering: IdentifierWords,
    _ lastDay: inout ReadDay
  ) {
    line.location = location
    line.number = row.value(number)
    if control >= 0 { line.control = row.value(control) }
    let code = row.record.start(procedure)
    let codeBits = row.record.word(code) & 0xFF_FFFF_FFFF
    row.require(row.record.end(procedure) &- code == 5)
    row.require(CSVQuickCheck.isCode(codeBits))
    line.procedure = CodedValue(code: Code(bits: codeBits.byteSwapped), text: row.text(code, code &+ 5))
    row.addModifiers(firstModifier, lastModifier, to: &line)
    if revenueCode >= 0 { line.revenueCode = row.digits(revenueCode, 4) }
    if placeOfService >= 0 { line.placeOfService = row.digits(placeOfService, 2) }
    line.charge = row.amount(charge)
    line.allowed = row.amount(allowed)
    line.paid = row.amount(paid)
    if units >= 0 {
      let start = row.record.start(units)
      let digit = row.record.byte(start) &- 0x30
      row.require(row.record.end(units) &- start == 1)
      row.require(digit <= 9)
      line.units = .tenThousandths(Int64(digit) &* 10_000)
    }
    let from = row.day(serviceFrom, &lastDay)
    let to = row.day(serviceTo, &lastDay)
    row.require(from != .absent)
    line.serviceFrom = from
    line.serviceTo = to == .absent ? from : to
    line.dateOrigin = .line
    // Only what differs from the claim's.
    let clinician = row.identifier(renderingNPI)
    if !clinician.text.isEmpty, clinician.words != rendering { line.renderingNPI = clinician.text }
  }
}
