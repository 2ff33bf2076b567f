import ClaimModel

/// What the diagnoses and the other lines of a claim are to one policy on one day: worked out once for all lines of the claim that
/// share both, which nearly always are all.
struct ClaimCompany {
  private(set) var day: Day?
  private(set) var policy = ProcedurePolicy.none
  /// One bit a diagnosis, of the first 64: it supports the procedure.
  private(set) var supporting: UInt64 = 0
  /// It speaks against the procedure.
  private(set) var against: UInt64 = 0
  /// It may not stand on a claim of that day.
  private(set) var unbillable: UInt64 = 0
  /// What rules may want to look at.
  private(set) var occasions: Occasions = []

  /// Nothing is known.
  init() {}

  /// The company of a line of that day and policy.
  init(
    _ diagnoses: borrowing [Diagnosis], _ lines: borrowing [ServiceLine], day: Day?, policy: ProcedurePolicy,
    tables: borrowing CodeTables
  ) {
    self.day = day
    self.policy = policy
    let count = diagnoses.count
    for index in 0..<min(count, 64) {
      let code = diagnoses[index].code
      let bit: UInt64 = 1 << UInt64(index)
      if policy.support.matches(code) { supporting |= bit }
      if policy.contradict.matches(code) { against |= bit }
      if !AuditedLine.isBillable(code, on: day, tables, policy) { unbillable |= bit }
    }
    if count > 1 { occasions.insert(.severalDiagnoses) }
    if count > 64 {
      // Beyond the bits every question is asked.
      occasions.formUnion([.diagnosisUnbillable, .diagnosisAgainst, .diagnosisUnsupporting])
    } else {
      let all = count == 64 ? UInt64.max : (1 as UInt64) << UInt64(count) &- 1
      if unbillable != 0 { occasions.insert(.diagnosisUnbillable) }
      if against != 0 { occasions.insert(.diagnosisAgainst) }
      if (supporting | against) != all { occasions.insert(.diagnosisUnsupporting) }
    }
    guard lines.count > 1 else { return }
    occasions.insert(.otherLines)
    for index in lines.indices {
      let code = lines[index].procedure.code
      if policy.companions.contains(code) { occasions.insert(.pairedProcedure) }
      if policy.visits.matches(code) { occasions.insert(.visitBeside) }
      if policy.isAddOn(code) { occasions.insert(.addOnBeside) }
    }
  }
}
