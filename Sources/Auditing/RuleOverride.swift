public import ClaimModel

/// What a pack changes about a rule, for some payers, procedures and days.
public struct RuleOverride: Sendable {
  /// The rule.
  public var rule: String
  /// The payer keys; empty: all.
  public var payers: [String]
  /// The procedures; empty: all.
  public var procedures: CodeSet
  /// The first service day.
  public var from: Day?
  /// The last service day.
  public var to: Day?
  /// What else must hold; not asked of rules over the run.
  public var condition: Condition?
  /// The severity instead; `none`: the finding is not made.
  public var severity: Severity?
  /// The adjustment reason codes instead.
  public var carc: String?
  /// The remark codes instead.
  public var rarc: String?
  /// The fix instead.
  public var fix: String?

  /// A change.
  public init(
    rule: String, payers: [String] = [], procedures: CodeSet = CodeSet(), from: Day? = nil, to: Day? = nil,
    condition: Condition? = nil, severity: Severity? = nil, carc: String? = nil, rarc: String? = nil, fix: String? = nil
  ) {
    self.rule = rule
    self.payers = payers
    self.procedures = procedures
    self.from = from
    self.to = to
    self.condition = condition
    self.severity = severity
    self.carc = carc
    self.rarc = rarc
    self.fix = fix
  }

  func applies(payer: String?, procedure: Code, day: Day?) -> Bool {
    if !payers.isEmpty {
      guard let payer, payers.contains(payer) else { return false }
    }
    if !procedures.isEmpty, !procedures.contains(procedure) { return false }
    if from != nil || to != nil {
      guard let day else { return false }
      if let from, day < from { return false }
      if let to, day > to { return false }
    }
    return true
  }
}
