public import ClaimModel

/// A rule that a pack brings: a condition, and what to say when it holds.
public struct ConditionRule: LineCheck {
  /// The condition.
  public let condition: Condition
  /// The procedures it looks at; empty: every watched one.
  public let procedures: CodeSet
  /// The first service day it looks at.
  public let from: Day?
  /// The last service day it looks at.
  public let to: Day?
  /// The field its findings name.
  public let field: ClaimField
  /// What it says.
  public let message: String

  /// A rule.
  public init(
    condition: Condition, procedures: CodeSet = CodeSet(), from: Day? = nil, to: Day? = nil, field: ClaimField = .whole,
    message: String
  ) {
    self.condition = condition
    self.procedures = procedures
    self.from = from
    self.to = to
    self.field = field
    self.message = message
  }

  /// Reports when the condition holds; a rule with dates is silent on a line without one.
  public func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    if !procedures.isEmpty, !procedures.contains(line.line.procedure.code) { return }
    if from != nil || to != nil {
      guard let day = line.day else { return }
      if let from, day < from { return }
      if let to, day > to { return }
    }
    if condition.holds(for: line) { findings.report(field, words: message) }
  }
}
