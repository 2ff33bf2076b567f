import ClaimModel

/// A rule over the run as a run applies it.
struct CompiledRunRule: Sendable {
  /// What it asks of a line.
  let demand: RunRuleDemand
  let severity: Severity
  let kind: Kind

  /// What it looks at.
  enum Kind: Sendable {
    /// Groups of lines.
    case groups(FactGrouping, any RunRule)
    /// Charges.
    case peers(any PeerRule)
  }

  init(_ description: RuleDescription, index: RuleIndex, kind: Kind) {
    let looksAtPatients = if case .groups(.patient, _) = kind { true } else { false }
    demand = RunRuleDemand(
      rule: index, needs: description.needs, applies: description.applies, scope: description.scope,
      needsPatient: looksAtPatients)
    severity = description.severity
    self.kind = kind
  }
}

/// What a rule over the run asks of a line, apart from the rule, which would be copied for every line that is looked at.
struct RunRuleDemand: Sendable {
  let rule: RuleIndex
  let needs: FieldSet
  let applies: AppliesTo
  let scope: RuleScope
  /// Whether it says nothing about a line of a patient who is not known.
  let needsPatient: Bool
}
