internal import ClaimModel

/// What diagnoses are to a policy by a list of codes, for those that came before: claims of one place have the same few.
struct DiagnosisMemory: Sendable {
  /// What a diagnosis is.
  struct Traits: OptionSet {
    let rawValue: UInt8
    /// The list has it as a code that may stand on a claim.
    static let listed = Traits(rawValue: 1 << 0)
    /// It supports the procedure.
    static let supporting = Traits(rawValue: 1 << 1)
    /// It speaks against it.
    static let against = Traits(rawValue: 1 << 2)
  }

  private var memory = CodeMemory<Traits>()
  private var list = -2
  private var policyPosition: Int?

  /// Goes to a list (`CodeTables.diagnosisList`) and a policy; what is remembered holds for those that came last.
  mutating func begin(_ list: Int, _ policyPosition: Int?) {
    if list == self.list, policyPosition == self.policyPosition { return }
    self.list = list
    self.policyPosition = policyPosition
    memory.removeAll()
  }

  /// What a code is.
  mutating func traits(of code: Code, _ tables: CodeTables, _ policy: ProcedurePolicy) -> Traits {
    let list = list
    return memory.traits(of: code) {
      var found: Traits = []
      let isListed =
        list < 0 ? tables.diagnoses.isBillable(code) : tables.furtherDiagnoses[list].isBillable(code)
      if isListed { found.insert(.listed) }
      if policy.support.matches(code) { found.insert(.supporting) }
      if policy.contradict.matches(code) { found.insert(.against) }
      return found
    }
  }
}
