import ClaimModel

/// What a finding takes from its rule.
struct RuleText: Sendable {
  var index: RuleIndex
  var severity: Severity
  var fix: String
  var carc: String
  var rarc: String

  init(_ description: RuleDescription, index: RuleIndex) {
    self.index = index
    severity = description.severity
    fix = description.fix
    carc = description.carc
    rarc = description.rarc
  }
}

/// The rules over one line that a run applies, in catalogue order, parted so that the loop over them touches small plain values.
struct CompiledRules: Sendable {
  /// The checks.
  let checks: [any LineCheck]
  /// What their findings take from them.
  let texts: [RuleText]
  /// The fields without which each cannot be evaluated.
  let needs: [FieldSet]
  /// The positions of the rules that look at each kind of line, by `kind`.
  let plans: [[Int]]

  init(_ rules: [(description: RuleDescription, index: RuleIndex, check: any LineCheck)]) {
    let rules = rules.sorted { $0.index < $1.index }
    checks = rules.map(\.check)
    texts = rules.map { RuleText($0.description, index: $0.index) }
    needs = rules.map(\.description.needs)
    plans = (0..<16).map { kind in
      rules.indices.filter { position in
        let rule = rules[position].description
        if !rule.applies.covers(institutional: kind & 1 != 0, csv: kind & 2 != 0) { return false }
        if kind & 4 != 0, rule.scope == .procedure { return false }
        return kind & 8 == 0 || !Self.isAboutTotals(rule.id)
      }
    }
  }

  /// The kind of a line: how it is judged, where it is from, whether a pack speaks of it, whether it voids another.
  static func kind(institutional: Bool, csv: Bool, general: Bool, void: Bool) -> Int {
    (institutional ? 1 : 0) | (csv ? 2 : 0) | (general ? 4 : 0) | (void ? 8 : 0)
  }

  /// The families that add up, pair or compare services: what a void takes back is no service.
  private static func isAboutTotals(_ id: String) -> Bool {
    ["UNIT-", "DUP-", "PAIR-", "GLOB-"].contains { id.hasPrefix($0) }
  }
}

/// A rule over the run as a run applies it.
struct CompiledRunRule: Sendable {
  var text: RuleText
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
