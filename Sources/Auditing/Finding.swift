public import ClaimModel

/// What one rule has to say about one line: plain values, its text in the `ClaimAudit` that holds it.
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
  /// What was found, in `ClaimAudit.text`.
  public var message: TextRange
  /// What to do about it, `nil` where it is what the catalogue says of the rule; and so for the next two.
  public var fix: TextRange?
  /// The expected claim adjustment reason codes, `;`-joined.
  public var carc: TextRange?
  /// The expected remark codes, `;`-joined.
  public var rarc: TextRange?

  /// Whether fix and codes are what the catalogue says of the rule.
  public var isOfRule: Bool { fix == nil && carc == nil && rarc == nil }
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
