public import Auditing
public import ClaimModel

/// What a rule over the whole run has to say about one line: a duplicate, a day over its unit limit, an open global period.
///
/// Such findings are known only when all input is read; `ReportSet.publish` puts each of them on its line.
public struct RunWideFinding: Sendable {
  /// The line.
  public var line: LineKey
  /// The rule.
  public var rule: RuleIndex
  /// The severity.
  public var severity: Severity
  /// The field it is about.
  public var field: ClaimField
  /// What was found; `{related}` in it becomes the place of `relatedLine`: `a.837 record 17`.
  public var message: String
  /// What to do about it.
  public var fix: String
  /// The expected claim adjustment reason codes, `;`-joined.
  public var carc: String
  /// The expected remark codes, `;`-joined.
  public var rarc: String
  /// The other line that the message names.
  public var relatedLine: LineKey?

  /// A finding.
  public init(
    line: LineKey, rule: RuleIndex, severity: Severity, field: ClaimField, message: String, fix: String, carc: String,
    rarc: String, relatedLine: LineKey? = nil
  ) {
    self.line = line
    self.rule = rule
    self.severity = severity
    self.field = field
    self.message = message
    self.fix = fix
    self.carc = carc
    self.rarc = rarc
    self.relatedLine = relatedLine
  }

  /// The message with the other line's place in it.
  func message(in files: [SourceFile]) -> String {
    guard let relatedLine else { return message }
    let stream = Int(relatedLine.stream)
    let path = stream < files.count ? files[stream].path : ""
    return message.replacing("{related}", with: "\(path) record \(relatedLine.record)")
  }
}
