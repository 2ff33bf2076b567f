public import ClaimModel

/// A finding that only the whole run could make: a duplicate, a unit too many in a day, an open global period, a claim number
/// used twice, a charge far from its peers.
public struct RunFinding: Sendable, Equatable {
  /// The line it is about.
  public var key: LineKey
  /// The rule's position in the catalogue.
  public var rule: RuleIndex
  /// The severity, the rule's own unless a pack says otherwise.
  public var severity: Severity
  /// The field the finding is about.
  public var field: ClaimField
  /// What was found.
  ///
  /// Where it says `{related}`, the reporter puts the place of `relatedLine`: its file and record.
  public var message: MessageText
  /// What to do about it, `nil` where it is what the catalogue says of the rule; and so for the next two.
  public var fix: String?
  /// The expected claim adjustment reason codes, `;`-joined.
  public var carc: String?
  /// The expected remark codes, `;`-joined.
  public var rarc: String?
  /// The line that the message names, where it names one.
  public var relatedLine: LineKey?

  /// What stands in `message` for the place of `relatedLine`.
  public static let placeholder = "{related}"

  /// A finding.
  public init(
    key: LineKey, rule: RuleIndex, severity: Severity, field: ClaimField, message: MessageText, fix: String? = nil,
    carc: String? = nil, rarc: String? = nil, relatedLine: LineKey? = nil
  ) {
    self.key = key
    self.rule = rule
    self.severity = severity
    self.field = field
    self.message = message
    self.fix = fix
    self.carc = carc
    self.rarc = rarc
    self.relatedLine = relatedLine
  }
}
