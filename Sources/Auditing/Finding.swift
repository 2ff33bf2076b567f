public import ClaimModel

/// What one rule has to say about one line.
///
/// A rule says it at most once a line. Its message is a sentence a biller can act on and never contains `; `, since reports
/// join messages with it.
public struct Finding: Sendable {
  /// The rule's position in the catalogue.
  public var rule: RuleIndex
  /// The severity, the rule's own unless a pack says otherwise.
  public var severity: Severity
  /// The line's position in `Claim.lines`.
  public var line: Int
  /// The field the finding is about.
  public var field: ClaimField
  /// What was found.
  public var message: String
  /// What to do about it.
  public var fix: String
  /// The expected claim adjustment reason codes, `;`-joined; the rule's own unless a pack says otherwise.
  public var carc: String
  /// The expected remark codes, `;`-joined.
  public var rarc: String

  /// A finding.
  public init(
    rule: RuleIndex, severity: Severity, line: Int, field: ClaimField, message: String, fix: String, carc: String,
    rarc: String
  ) {
    self.rule = rule
    self.severity = severity
    self.line = line
    self.field = field
    self.message = message
    self.fix = fix
    self.carc = carc
    self.rarc = rarc
  }
}

/// The position of a rule in the run's `RuleCatalogue`, which is in the order of the rules' ids.
public struct RuleIndex: Hashable, Comparable, Sendable {
  /// The position.
  public let position: UInt16

  /// The rule at a position.
  public init(_ position: Int) { self.position = UInt16(position) }

  /// Catalogue order.
  public static func < (left: RuleIndex, right: RuleIndex) -> Bool { left.position < right.position }
}
