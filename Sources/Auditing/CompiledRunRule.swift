import ClaimModel

/// A rule over the run as a run applies it.
struct CompiledRunRule: Sendable {
  var index: RuleIndex
  var severity: Severity
  var needs: FieldSet
  var applies: AppliesTo
  var scope: RuleScope
  var kind: Kind

  /// What it looks at.
  enum Kind: Sendable {
    /// Groups of lines.
    case groups(FactGrouping, any RunRule)
    /// Charges.
    case peers(any PeerRule)
  }

  /// Whether it says nothing about a line of a patient who is not known.
  var needsPatient: Bool {
    if case .groups(.patient, _) = kind { true } else { false }
  }

  init(_ description: RuleDescription, index: RuleIndex, kind: Kind) {
    self.index = index
    severity = description.severity
    needs = description.needs
    applies = description.applies
    scope = description.scope
    self.kind = kind
  }
}

/// What a rule over the run asks of a line, apart from the rule, which would be copied for every line that is looked at.
struct RunRuleDemand: Sendable {
  let rule: RuleIndex
  let needs: FieldSet
  let applies: AppliesTo
  let scope: RuleScope
  let needsPatient: Bool

  init(_ rule: CompiledRunRule) {
    self.rule = rule.index
    needs = rule.needs
    applies = rule.applies
    scope = rule.scope
    needsPatient = rule.needsPatient
  }
}
