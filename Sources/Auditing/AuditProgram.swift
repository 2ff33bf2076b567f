public import ClaimModel

/// Everything a run audits with, before the options choose from it: the rules there are, the policies and changes of
/// the packs, the code tables.
///
/// `RulePacks` makes it.
public struct AuditProgram: Sendable {
  /// A rule over one line.
  public struct Line: Sendable {
    /// What is said about it.
    public var description: RuleDescription
    /// When it is asked.
    public var occasions: Occasions
    /// The rule.
    public var check: any LineCheck

    /// A rule.
    public init(_ description: RuleDescription, _ check: any LineCheck, occasions: Occasions = .always) {
      self.description = description
      self.occasions = occasions
      self.check = check
    }
  }

  /// The rules over one line.
  public var lineRules: [Line]
  /// The rules over the run.
  public var runRules: [any RunRule.Type]
  /// The rules that compare charges.
  public var peerRules: [any PeerRule.Type]
  /// What is said of rules that are found elsewhere: the envelope's, by the reader.
  public var otherDescriptions: [RuleDescription]
  /// The policy of each watched procedure.
  public var policies: [Code: ProcedurePolicy]
  /// The global days of procedures: 0, 10 or 90.
  public var globalDays: [Code: Int32]
  /// What the packs change.
  public var overrides: [RuleOverride]
  /// The code tables.
  public var tables: CodeTables

  /// A program.
  public init(
    lineRules: [Line], runRules: [any RunRule.Type], peerRules: [any PeerRule.Type] = [],
    otherDescriptions: [RuleDescription] = [],
    policies: [Code: ProcedurePolicy], globalDays: [Code: Int32], overrides: [RuleOverride] = [], tables: CodeTables
  ) {
    self.lineRules = lineRules
    self.runRules = runRules
    self.peerRules = peerRules
    self.otherDescriptions = otherDescriptions
    self.policies = policies
    self.globalDays = globalDays
    self.overrides = overrides
    self.tables = tables
  }

  /// What is said of every rule, by id.
  public var descriptions: [RuleDescription] {
    let run = runRules.map { $0.description } + peerRules.map { $0.description }
    return (lineRules.map(\.description) + run + otherDescriptions).sorted { $0.id < $1.id }
  }
}
