import ClaimModel

/// A rule as a run applies it: what decides whether it is asked at all stands beside the check.
struct CompiledRule: Sendable {
  /// What a finding of the rule takes from it.
  struct Text: Sendable {
    var index: RuleIndex
    var severity: Severity
    var fix: String
    var carc: String
    var rarc: String
  }

  var text: Text
  var needs: FieldSet
  var applies: AppliesTo
  var scope: RuleScope
  /// Whether the rule is silent on claims that void another.
  var skipsVoids: Bool
  var check: any LineCheck

  init(_ description: RuleDescription, index: RuleIndex, check: any LineCheck) {
    text = Text(
      index: index, severity: description.severity, fix: description.fix, carc: description.carc, rarc: description.rarc
    )
    needs = description.needs
    applies = description.applies
    scope = description.scope
    skipsVoids = CompiledRule.isAboutTotals(description.id)
    self.check = check
  }

  /// The families that add up, pair or compare services: what a void takes back is no service.
  static func isAboutTotals(_ id: String) -> Bool {
    ["UNIT-", "DUP-", "PAIR-", "GLOB-"].contains { id.hasPrefix($0) } || id == "CHG-003"
  }
}

/// A rule over the run as a run applies it.
struct CompiledRunRule: Sendable {
  var text: CompiledRule.Text
  var needs: FieldSet
  var applies: AppliesTo
  var scope: RuleScope
  var grouping: FactGrouping
  var rule: any RunRule
}

extension AppliesTo {
  /// Whether a rule with this set looks at such a claim.
  ///
  /// CSV alone (`C`) means exports of either kind; together with a kind it means exports judged as that kind.
  func covers(institutional: Bool, csv: Bool) -> Bool {
    if self == .csv { return csv }
    return contains(institutional ? .institutional : .professional)
  }
}
