public import Auditing
public import ClaimModel

/// A rule pack: what is known about one or several procedures, as data.
///
/// A pack is a YAML file that an analyst can read, change and date. Its keys are described by `Schemas/rulepack.schema.json`;
/// `cpt-32960.yaml` among the code tables is the built-in one and the best example.
public struct RulePack: Sendable {
  /// The pack's id.
  public var id = ""
  /// What the pack is about.
  public var name = ""
  /// The day of its last change.
  public var updated: Day?
  /// Where its contents come from.
  public var sources: [String] = []
  /// The procedures it watches.
  public var watch: [Code] = []
  /// What it says about them.
  public var contents = ProcedurePolicy.Contents()
  /// Global days of procedures: 0, 10 or 90.
  public var globalDays: [Code: Int32] = [:]
  /// Payers it adds; asked before the common ones.
  public var payers: [PayerTable.Payer] = []
  /// The filing indicators there are; only the common pack says it.
  public var filingIndicators: [Code] = []
  /// What it changes about rules.
  public var overrides: [RuleOverride] = []
  /// The rules it brings.
  public var rules: [PackRule] = []
  /// The indicators of the fee schedule, by name.
  public var indicators: [String: String] = [:]
  /// The rows of the fee schedule.
  public var feeSchedule: [MedicareReference.Row] = []

  /// A pack that says nothing.
  public init() {}

  /// The pack in a file's bytes; what cannot be followed is an error with line and column.
  public init(yaml bytes: [UInt8], file: String) throws(PackErrors) {
    self = try PackReading(file: file).pack(YAMLReading.node(of: bytes, file: file))
  }
}

/// A rule that a pack brings.
public struct PackRule: Sendable {
  /// What is said about it.
  public var description: RuleDescription
  /// What it checks.
  public var check: ConditionRule
}
