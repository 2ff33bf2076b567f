import ClaimModel

/// What the packs change about the rules over the run.
struct RunOverrides: Sendable {
  private let overrides: [[RuleOverride]]
  private let payers: [UInt32: String]
  private let minimumSeverity: Severity

  /// - Parameters:
  ///   - overrides: the changes of each rule of the catalogue.
  ///   - payers: the keys that facts have the hashes of.
  ///   - minimumSeverity: what is lighter is not wanted.
  init(_ overrides: [[RuleOverride]], payers: [String], minimumSeverity: Severity) {
    self.overrides = overrides
    self.payers = Dictionary(payers.map { (ClaimIdentity.stable($0), $0) }) { first, _ in first }
    self.minimumSeverity = minimumSeverity
  }

  /// Whether something changes a rule.
  func change(_ rule: RuleIndex) -> Bool { !overrides[Int(rule.position)].isEmpty }

  /// A finding on a line as it is after all changes, `nil` where it is not wanted.
  func changed(_ finding: RunFinding, on fact: LineFact) -> RunFinding? {
    var finding = finding
    let day = fact.serviceDay == Int32.min ? nil : Day(ordinal: fact.serviceDay)
    for override in overrides[Int(finding.rule.position)]
    where override.condition == nil
      && override.applies(payer: payers[fact.payer], procedure: fact.procedure, day: day)
    {
      if let severity = override.severity { finding.severity = severity }
      if let carc = override.carc { finding.carc = carc }
      if let rarc = override.rarc { finding.rarc = rarc }
      if let fix = override.fix { finding.fix = fix }
    }
    return finding.severity != .none && finding.severity >= minimumSeverity ? finding : nil
  }
}
