internal import ClaimModel

/// What the diagnoses and the other lines of a claim are to one policy on one day: worked out once for all lines of the claim that
/// share both, which nearly always are all.
struct ClaimCompany {
  /// How many diagnoses and lines have a bit; beyond them every question is asked anew.
  static let bits = 64

  private(set) var day: Day?
  /// The position of the policy in the run's table.
  private(set) var policyPosition: Int?
  /// One bit a diagnosis: it supports the procedure.
  private(set) var supporting: UInt64 = 0
  /// It speaks against the procedure.
  private(set) var against: UInt64 = 0
  /// It may not stand on a claim of that day.
  private(set) var unbillable: UInt64 = 0
  /// One bit a line: the pack pairs its procedure with the watched one.
  private(set) var paired: UInt64 = 0
  /// Its procedure is a visit.
  private(set) var visits: UInt64 = 0
  /// What rules may want to look at.
  private(set) var occasions: Occasions = []

  /// Nothing is known.
  init() {}

  /// The company of a line of that day and policy.
  init(
    _ diagnoses: borrowing [Diagnosis], _ lines: borrowing [ServiceLine], day: Day?, policy: borrowing ProcedurePolicy,
    at policyPosition: Int?, tables: borrowing CodeTables, _ memory: inout AuditMemory
  ) {
    self.day = day
    self.policyPosition = policyPosition
    let count = diagnoses.count
    memory.diagnoses.begin(tables.diagnosisList(on: day), policyPosition)
    for index in 0..<min(count, Self.bits) {
      let code = diagnoses[index].code
      let bit: UInt64 = 1 << UInt64(index)
      let traits = memory.diagnoses.traits(of: code, tables, policy)
      if traits.contains(.supporting) { supporting |= bit }
      if traits.contains(.against) { against |= bit }
      if !traits.contains(.listed), !AuditedLine.isBillable(code, on: day, tables, policy) { unbillable |= bit }
    }
    if count > 1 { occasions.insert(.severalDiagnoses) }
    if count > Self.bits {
      occasions.formUnion([.diagnosisUnbillable, .diagnosisAgainst, .diagnosisUnsupporting])
    } else {
      let all = count == Self.bits ? UInt64.max : (1 as UInt64) << UInt64(count) &- 1
      if unbillable != 0 { occasions.insert(.diagnosisUnbillable) }
      if against != 0 { occasions.insert(.diagnosisAgainst) }
      if (supporting | against) != all { occasions.insert(.diagnosisUnsupporting) }
    }
    guard lines.count > 1 else { return }
    occasions.insert(.otherLines)
    memory.procedures.begin(policyPosition)
    for index in lines.indices {
      let traits = memory.procedures.traits(of: lines[index].procedure.code, policy)
      if traits.isEmpty { continue }
      let bit: UInt64 = index < Self.bits ? 1 << UInt64(index) : 0
      if traits.contains(.paired) {
        paired |= bit
        occasions.insert(.pairedProcedure)
      }
      if traits.contains(.visit) {
        visits |= bit
        occasions.insert(.visitBeside)
      }
      if traits.contains(.addOn) { occasions.insert(.addOnBeside) }
    }
  }
}
