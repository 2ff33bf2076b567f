internal import ClaimModel

/// What procedures are to a policy, for those that came before: the lines of one place bill the same few.
struct ProcedureMemory: Sendable {
  /// What a procedure is.
  struct Traits: OptionSet {
    let rawValue: UInt8
    /// The pack pairs it with the watched one.
    static let paired = Traits(rawValue: 1 << 0)
    /// It is a visit.
    static let visit = Traits(rawValue: 1 << 1)
    /// It is an add-on code.
    static let addOn = Traits(rawValue: 1 << 2)
  }

  private var memory = CodeMemory<Traits>()
  private var policyPosition: Int?

  /// Goes to a policy; what is remembered holds for the one that came last.
  mutating func begin(_ policyPosition: Int?) {
    if policyPosition == self.policyPosition { return }
    self.policyPosition = policyPosition
    memory.removeAll()
  }

  /// What a code is.
  mutating func traits(of code: Code, _ policy: ProcedurePolicy) -> Traits {
    memory.traits(of: code) {
      var found: Traits = []
      if policy.companions.contains(code) { found.insert(.paired) }
      if policy.visits.matches(code) { found.insert(.visit) }
      if policy.isAddOn(code) { found.insert(.addOn) }
      return found
    }
  }
}
