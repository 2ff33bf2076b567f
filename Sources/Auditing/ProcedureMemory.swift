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

  private static let capacity = 256
  /// Codes, each where its hash says; the one that came last wins.
  private var codes = [Code](repeating: .none, count: ProcedureMemory.capacity)
  private var traits = [Traits](repeating: [], count: ProcedureMemory.capacity)
  private var policyPosition = -2

  /// Goes to a policy; what is remembered holds for the one that came last.
  mutating func begin(_ policyPosition: Int?) {
    let position = policyPosition ?? -1
    if position == self.policyPosition { return }
    self.policyPosition = position
    for slot in codes.indices { codes[slot] = .none }
  }

  /// What a code is.
  mutating func traits(of code: Code, _ policy: ProcedurePolicy) -> Traits {
    let slot = Int(truncatingIfNeeded: (code.bits &* 0x9E37_79B9_7F4A_7C15) >> 56)
    if codes[slot] == code, !code.isNone { return traits[slot] }
    var found: Traits = []
    if policy.companions.contains(code) { found.insert(.paired) }
    if policy.visits.matches(code) { found.insert(.visit) }
    if policy.isAddOn(code) { found.insert(.addOn) }
    codes[slot] = code
    traits[slot] = found
    return found
  }
}
