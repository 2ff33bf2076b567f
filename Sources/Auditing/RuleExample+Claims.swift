public import ClaimModel

extension RuleExample {
  /// The claims of the example in input order; the audited line is the last line of the last claim.
  ///
  /// What an export of the example has no value for, it has no column for, save the place of service, the diagnoses and the
  /// other fields that every export has.
  public func claims() -> [Claim] {
    var claims: [Claim] = []
    for prior in priors {
      var other = self
      other.procedure = prior.procedure
      other.modifiers = prior.modifiers
      other.serviceFrom = prior.date
      other.serviceTo = ""
      other.charge = prior.charge
      other.totalCharge = ""
      other.claimID = prior.claimID
      other.frequency = prior.frequency
      other.originalClaimID = prior.originalClaimID
      other.units = prior.units
      other.payerSequence = prior.payerSequence
      other.companions = []
      other.statement = statement.isEmpty ? "" : "\(prior.date)-\(prior.date)"
      claims.append(other.claim(record: claims.count * 100 + 1, clinician: prior.clinician, patient: prior.patient))
    }
    claims.append(claim(record: claims.count * 100 + 1, clinician: "R1", patient: 1))
    return claims
  }

  private func claim(record: Int, clinician: String, patient: UInt64) -> Claim {
    var claim = Claim()
    claim.location = SourceLocation(record: record)
    claim.format = form == .csv ? .csv : .x12
    claim.kind = form == .institutional || (form == .csv && !typeOfBill.isEmpty) ? .institutional : .professional
    claim.transactionDate = Self.date(asOf)
    claim.id = claim.text.append(Array(claimID.utf8))
    claim.billingNPI = claim.text.append(Array("1234567893".utf8))
    claim.renderingNPI = claim.text.append(Array(Self.npi(clinician).utf8))
    claim.payerName = claim.text.append(Array(payerName.utf8))
    claim.payerID = claim.text.append(Array(payerID.utf8))
    claim.filingIndicator = Self.value(filingIndicator, in: &claim.text)
    claim.originalClaimID = claim.text.append(Array(originalClaimID.utf8))
    claim.billingTaxonomy = claim.text.append(Array(billingTaxonomy.utf8))
    claim.payerSequence = Code(payerSequence)
    claim.admission = Self.date(admission)
    claim.discharge = Self.date(discharge)
    if !statement.isEmpty {
      let halves = statement.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
      claim.statementFrom = Self.date(halves.first ?? "")
      claim.statementTo = Self.date(halves.last ?? "")
    }
    claim.inpatientProcedureCount = inpatientProcedures
    claim.hasDocumentation = documentation == .present
    claim.patient = patient
    if claim.kind == .institutional {
      // A type of bill that cannot be brought to four characters has a text and no code.
      let padded = typeOfBill.utf8.count == 3 ? "0" + typeOfBill : typeOfBill
      var bill = Self.value(typeOfBill, in: &claim.text)
      bill.code = padded.utf8.count == 4 && padded.hasPrefix("0") ? Code(padded) : .none
      claim.typeOfBill = bill
      claim.frequency = bill.code.isNone ? .none : CodedValue(code: bill.code.dropFirst(3), text: bill.text)
    } else {
      claim.placeOfService = Self.value(placeOfService, in: &claim.text)
    }
    if !frequency.isEmpty { claim.frequency = Self.value(frequency, in: &claim.text) }
    for diagnosis in diagnoses {
      let text = claim.text.append(Array(diagnosis.utf8))
      claim.diagnoses.append(Diagnosis(code: Code(diagnosis.utf8.filter { $0 != 0x2E }), text: text, edition: edition))
    }
    var sum: Int64 = 0
    for companion in companions {
      var line = base(record: record + claim.lines.count + 1, number: claim.lines.count + 1, in: &claim)
      line.procedure = Self.value(companion.procedure, in: &claim.text)
      for modifier in companion.modifiers { line.modifiers.append(Self.value(modifier, in: &claim.text)) }
      line.units = Self.quantity(companion.units)
      line.charge = Self.amount(companion.charge)
      if companion.clinician != "R1" {
        line.renderingNPI = claim.text.append(Array(Self.npi(companion.clinician).utf8))
      }
      sum += line.charge.cents ?? 0
      claim.lines.append(line)
    }
    var line = base(record: record + claim.lines.count + 1, number: claim.lines.count + 1, in: &claim)
    line.procedure = Self.value(procedure, in: &claim.text)
    for modifier in modifiers { line.modifiers.append(Self.value(modifier, in: &claim.text)) }
    for pointer in pointers { line.diagnosisPointers.append(pointer) }
    line.units = Self.quantity(units)
    line.unitBasis = Code(unitBasis)
    line.charge = Self.amount(charge)
    line.isReversal = isReversal
    if form == .csv { line.placeOfService = Self.value(placeOfService, in: &claim.text) }
    sum += line.charge.cents ?? 0
    claim.lines.append(line)
    claim.totalCharge = totalCharge.isEmpty ? .cents(sum) : Self.amount(totalCharge)
    claim.fields = columns
    return claim
  }

  private func base(record: Int, number: Int, in claim: inout Claim) -> ServiceLine {
    var line = ServiceLine()
    line.location = SourceLocation(record: record)
    line.number = claim.text.append(Array(String(number).utf8))
    line.procedureQualifier = "HC"
    line.unitBasis = "UN"
    line.revenueCode = Self.value(revenueCode, in: &claim.text)
    line.serviceFrom = Self.date(serviceFrom)
    line.serviceTo = serviceTo.isEmpty ? line.serviceFrom : Self.date(serviceTo)
    line.dateOrigin = serviceFrom.isEmpty ? .none : .line
    if serviceFrom.isEmpty, let day = claim.statementFrom.day {
      line.serviceFrom = .day(day)
      line.serviceTo = claim.statementTo
      line.dateOrigin = .statement
    }
    return line
  }

  private var columns: FieldSet {
    guard form == .csv else { return .all }
    var columns = FieldSet.all.subtracting(withoutColumns)
    let optional: [(FieldSet, String)] = [
      (.filingIndicator, filingIndicator), (.typeOfBill, typeOfBill), (.revenueCode, revenueCode),
      (.admission, admission),
      (.discharge, discharge), (.statementPeriod, statement),
    ]
    for (field, value) in optional where value.isEmpty && !withColumns.contains(field) { columns.remove(field) }
    if documentation == .noColumn { columns.remove(.documentation) }
    if inpatientProcedures == 0, !withColumns.contains(.inpatientProcedures) { columns.remove(.inpatientProcedures) }
    return columns
  }

  private static func npi(_ clinician: String) -> String {
    clinician == "R1" ? "1000000004" : "10000000" + clinician
  }

  private static func value(_ text: String, in arena: inout TextArena) -> CodedValue {
    text.isEmpty ? .none : CodedValue(code: Code(text), text: arena.append(Array(text.utf8)))
  }

  private static func date(_ text: String) -> DateValue {
    text.isEmpty ? .absent : Day(digits: Array(text.utf8)).map { .day($0) } ?? .malformed
  }

  private static func amount(_ text: String) -> Amount {
    text.isEmpty ? .absent : DecimalNumber.parse(Array(text.utf8), decimals: 2).map { .cents($0) } ?? .malformed
  }

  private static func quantity(_ text: String) -> Quantity {
    text.isEmpty
      ? .absent : DecimalNumber.parse(Array(text.utf8), decimals: 4).map { .tenThousandths($0) } ?? .malformed
  }
}
