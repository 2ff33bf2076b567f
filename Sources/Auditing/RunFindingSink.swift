public import ClaimModel

/// Takes what the rules over the run say.
public struct RunFindingSink {
  /// The rule that is asked.
  struct Rule {
    var index: RuleIndex
    var severity: Severity
    /// The fields without which the rule says nothing about a line.
    var needs: FieldSet
    /// Whether a pack changes what it says.
    var isOverridden: Bool
  }

  /// The watched procedures' policies.
  public let policies: PolicyTable
  /// The rule that is asked.
  var rule = Rule(index: RuleIndex(0), severity: .none, needs: [], isOverridden: false)
  private(set) var findings: RunFindings
  private let overrides: RunOverrides

  /// A sink that adds to findings, which it has until it is done.
  init(policies: PolicyTable, _ overrides: RunOverrides, _ findings: inout RunFindings) {
    self.policies = policies
    self.overrides = overrides
    self.findings = RunFindings()
    swap(&self.findings, &findings)
  }

  /// Says what was found on a line.
  ///
  /// Where the message names another line it holds `RunFinding.placeholder`.
  public mutating func report(
    _ fact: borrowing LineFact, _ field: ClaimField, _ message: borrowing MessageText, related: LineKey? = nil
  ) {
    guard rule.needs.isDisjoint(with: fact.missing) else { return }
    if rule.isOverridden {
      let finding = RunFinding(
        key: fact.key, rule: rule.index, severity: rule.severity, field: field, message: copy message,
        relatedLine: related)
      if let changed = overrides.changed(finding, on: copy fact) { findings.append(changed) }
    } else {
      findings.append(rule, fact.key, field, message, related: related)
    }
  }
}
