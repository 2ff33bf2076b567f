/// Looks at one watched line and says what it sees.
///
/// A check holds settings only. It says something at most once a line, and makes no text unless it does: it is asked for every
/// watched line of every claim.
public protocol LineCheck: Sendable {
  /// Looks at `line` and reports to `findings`.
  func check(_ line: AuditedLine, _ findings: inout FindingSink)
}

/// A built-in rule over one line and the claim it stands on.
public protocol LineRule: LineCheck {
  /// What is said about the rule.
  static var description: RuleDescription { get }
  /// When the rule is asked; where nothing is said, for every line.
  static var occasions: Occasions { get }
  /// The rule.
  init()
}

extension LineRule {
  /// Every line.
  public static var occasions: Occasions { .always }
}
