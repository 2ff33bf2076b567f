internal import ClaimModel

extension ColumnPlan {
  /// Fills in what the file can carry and what it calls it.
  mutating func describe() {
    func has(_ fields: ColumnField...) -> Bool { fields.contains { self[$0] >= 0 || constants[$0] != nil } }
    fields = namesNoClaim ? [] : .claimID
    if has(.personID, .memberID) { fields.insert(.patient) }
    if has(.payer, .payerID, .plan) { fields.insert(.payer) }
    if has(.filingIndicator) { fields.insert(.filingIndicator) }
    if has(.placeOfService) { fields.insert(.placeOfService) }
    if has(.billType) || has(.billFacility) && has(.billClass) { fields.insert(.typeOfBill) }
    if has(.revenueCode) { fields.insert(.revenueCode) }
    if has(.modifier) { fields.insert(.modifiers) }
    if has(.diagnosis, .lineDiagnosis) { fields.insert(.diagnoses) }
    if has(.diagnosisType) || diagnoses.contains(where: { $0.edition != .unknown || $0.versionColumn >= 0 }) {
      fields.insert(.diagnosisEdition)
    }
    if !pointers.isEmpty { fields.insert(.diagnosisPointers) }
    if has(.serviceFrom, .claimStart) { fields.insert(.serviceDate) }
    if has(.units) { fields.insert(.units) }
    if has(.charge) { fields.insert(.charge) }
    if has(.claimTotal) { fields.insert(.totalCharge) }
    if has(.renderingNPI, .billingNPI) { fields.insert(.clinician) }
    if has(.admission) { fields.insert(.admission) }
    if has(.discharge) { fields.insert(.discharge) }
    if has(.frequency, .billType) { fields.insert(.frequency) }
    if has(.originalClaimID) { fields.insert(.originalClaimID) }
    if !inpatientProcedures.isEmpty { fields.insert(.inpatientProcedures) }
    if has(.attachment, .claimNote) { fields.insert(.documentation) }
    if has(.billingTaxonomy) { fields.insert(.billingTaxonomy) }
    if has(.billingNPI) { fields.insert(.billingNPI) }
    if has(.claimStart, .claimEnd) { fields.insert(.statementPeriod) }

    func name(_ field: ClaimField, _ columns: ColumnField...) {
      if let column = columns.map({ self[$0] }).first(where: { $0 >= 0 }) { names[field] = headers[column] }
    }
    name(.claimID, .claimID)
    name(.totalCharge, .claimTotal)
    name(.frequency, .frequency, .billType)
    name(.originalClaimID, .originalClaimID)
    name(.typeOfBill, .billType, .billFacility)
    name(.placeOfService, .placeOfService)
    name(.procedure, .procedure)
    name(.whole, .procedure)
    name(.revenueCode, .revenueCode)
    name(.charge, .charge)
    name(.units, .units)
    name(.diagnosisPointers, .diagnosisPointer)
    name(.serviceFrom, .serviceFrom, .claimStart)
    name(.serviceTo, .serviceTo, .claimEnd, .serviceFrom)
    name(.statementPeriod, .claimStart, .claimEnd)
    name(.admission, .admission)
    name(.discharge, .discharge)
    name(.payer, .payer, .payerID, .plan)
    name(.filingIndicator, .filingIndicator)
    name(.clinician, .renderingNPI, .billingNPI)
    name(.inpatientProcedures, .inpatientProcedure)
    name(.documentation, .attachment, .claimNote)
    name(.patient, .personID, .memberID)
    for (index, diagnosis) in diagnoses.enumerated() { names[.diagnosis(index)] = headers[diagnosis.column] }
    // One column may hold all modifiers.
    let modifiers = slots.first?.modifiers ?? []
    if let last = modifiers.last {
      for index in 0..<Modifiers.capacity {
        names[.modifier(index)] = headers[index < modifiers.count ? modifiers[index] : last]
      }
    }
  }
}
