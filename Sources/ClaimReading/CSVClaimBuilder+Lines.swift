internal import CSV
internal import ClaimModel

/// The lines of a row.
extension CSVClaimBuilder {
  /// Adds the line that stands in the columns of the plan's slot at `index`.
  mutating func addLine(_ row: CSVRow, _ index: Int, ordinal: Int, isContinuation: Bool) {
    let slot = plan.slots[index]
    var line = ServiceLine()
    line.location = row.location
    let number = plan.isWide ? ByteView() : row.cell(.lineNumber)
    line.number = number.isEmpty ? keep(ordinal) : keep(number, row)
    line.control = keep(row, .lineControl)
    line.unitBasis = "UN"

    let procedure = ExportCodes.procedure(row.cell(slot.procedure), raw: row.raw(slot.procedure), row.scratch)
    line.procedureQualifier = isOtherSystem(row) ? "ZZ" : procedure.qualifier
    line.procedure = CodedValue(code: procedure.code, text: keep(procedure.text, row))
    addModifiers(row, slot, procedure, to: &line)

    if slot.revenueCode >= 0 {
      let revenue = ExportCodes.revenueCode(row.cell(slot.revenueCode), row.scratch)
      line.revenueCode = CodedValue(code: revenue.code, text: keep(revenue.text, row))
    }
    line.placeOfService = placeOfService(row, slot)
    if isContinuation, line.placeOfService.isEmpty, let first = claim.lines.first {
      line.placeOfService = first.placeOfService
    }
    line.units = ExportAmounts.quantity(row.cell(slot.units), plan.amounts)
    line.charge = ExportAmounts.amount(row.cell(slot.charge), plan.amounts)
    line.allowed = ExportAmounts.amount(row.cell(slot.allowed), plan.amounts)
    line.paid = ExportAmounts.amount(row.cell(slot.paid), plan.amounts)
    addDates(row, slot, to: &line)
    addPointers(row, slot, to: &line)

    // Only what differs from the claim's, as 2420A has it.
    let rendering = keepIdentifier(row, slot.renderingNPI, .renderingNPI)
    if !claim.text.areSame(rendering, claim.renderingNPI) { line.renderingNPI = rendering }
    line.isReversal = isReversal(row)
    claim.lines.append(line)
  }

  mutating func addModifiers(
    _ row: CSVRow, _ slot: ColumnPlan.Slot, _ procedure: ExportCodes.Procedure, to line: inout ServiceLine
  ) {
    func add(_ cell: ByteView) {
      guard !cell.isEmpty else { return }
      ExportCodes.modifiers(cell) { line.modifiers.append(coded($0, row)) }
    }
    add(procedure.modifiers)
    for column in slot.modifiers { add(row.cell(column)) }
  }

  mutating func placeOfService(_ row: CSVRow, _ slot: ColumnPlan.Slot) -> CodedValue {
    let cell = slot.placeOfService >= 0 ? row.cell(slot.placeOfService) : ByteView()
    if cell.isEmpty {
      guard slot.placeOfService < 0, let constant = plan.constants[.placeOfService] else { return .none }
      return CodedValue(code: Code(constant), text: claim.text.append(constant))
    }
    let place = ExportCodes.placeOfService(cell, row.scratch)
    return CodedValue(code: place.code, text: keep(place.text, row))
  }

  mutating func addDates(_ row: CSVRow, _ slot: ColumnPlan.Slot, to line: inout ServiceLine) {
    line.serviceFrom = date(row.cell(slot.serviceFrom))
    line.serviceTo = date(row.cell(slot.serviceTo))
    if line.serviceFrom != .absent || slot.serviceFrom >= 0 && claim.statementFrom == .absent {
      line.dateOrigin = line.serviceFrom == .absent ? .none : .line
      if line.serviceTo == .absent { line.serviceTo = line.serviceFrom }
      return
    }
    guard claim.statementFrom != .absent else { return }
    line.serviceFrom = claim.statementFrom
    line.serviceTo = claim.statementTo
    // A professional claim of one day has that day as its date of service; a longer period is not the date of anything.
    line.dateOrigin = claim.kind == .professional && claim.statementFrom == claim.statementTo ? .claim : .statement
  }

  /// The line's pointers: those of the pointer columns, else its own diagnosis, else those of its row where rows differ.
  mutating func addPointers(_ row: CSVRow, _ slot: ColumnPlan.Slot, to line: inout ServiceLine) {
    // An outline has no diagnoses to point to.
    if claim.isOutline { return }
    if !plan.pointers.isEmpty {
      for column in plan.pointers {
        ExportCodes.pointers(row.cell(column)) { pointer in
          // A pointer counts the diagnoses of its row.
          line.diagnosisPointers.append(pointed(pointer))
        }
      }
      return
    }
    if slot.lineDiagnosis >= 0 {
      ExportCodes.diagnoses(row.cell(slot.lineDiagnosis)) { piece in
        let position = place(piece, .unknown, row)
        if position <= 12 { line.diagnosisPointers.append(position) }
      }
      return
    }
    guard claim.diagnoses.count > firstRowDiagnoses || rowDiagnoses != firstRowPositions, !rowDiagnoses.isEmpty,
      !claim.lines.isEmpty
    else { return }
    // The rows list different diagnoses: from here on each line points to its own, the earlier ones to the first row's.
    for index in claim.lines.indices where claim.lines[index].diagnosisPointers.isEmpty {
      for position in 1...max(1, min(firstRowDiagnoses, 12)) where firstRowDiagnoses > 0 {
        claim.lines[index].diagnosisPointers.append(UInt8(position))
      }
    }
    for position in rowDiagnoses where (1...12).contains(position) { line.diagnosisPointers.append(position) }
  }

  /// The position in the claim's list of what a pointer of the row at hand points to; one beyond the list where that is nothing.
  private func pointed(_ pointer: UInt8) -> UInt8 {
    let beyond = UInt8(min(claim.diagnoses.count + 1, 31))
    guard pointer >= 1, Int(pointer) <= rowDiagnoses.count else { return pointer == 0 ? 0 : max(pointer, beyond) }
    let position = rowDiagnoses[Int(pointer) - 1]
    return position == 0 ? beyond : position
  }

  /// Whether the row says that its procedure is from another code list than CPT and HCPCS (TAF: 02 ICD-9, 07 ICD-10-PCS).
  func isOtherSystem(_ row: CSVRow) -> Bool {
    let system = row.cell(.procedureSystem)
    guard !system.isEmpty else { return false }
    return system.elementsEqual("02".utf8) || system.elementsEqual("07".utf8) || system.elementsEqual("2".utf8)
      || system.elementsEqual("7".utf8)
  }

  /// Whether the row says that it takes another one back.
  ///
  /// CMS writes 1 for a cancellation.
  func isReversal(_ row: CSVRow) -> Bool {
    let cell = row.cell(.reversal)
    guard !cell.isEmpty else { return false }
    switch HeaderName.normalised(cell) {
    case "1", "y", "yes", "t", "true", "v", "void", "voided", "r", "reversal", "reversed", "cancel", "cancelled",
      "canceled":
      return true
    default: return false
    }
  }
}
