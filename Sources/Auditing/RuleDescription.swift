public import ClaimModel

/// Everything that is said about a rule: what `rules` lists, `explain` prints and a finding takes its codes from.
///
/// An object, since a run hands all of them about and a copy of one is two dozen references to texts.
public final class RuleDescription: Sendable {
  /// The stable id, `MOD-003`: a family and a number, never given to another rule.
  public let id: String
  /// How its findings weigh.
  public let severity: Severity
  /// What is found, in words joined by hyphens.
  public let name: String
  /// What is checked, in one sentence.
  public let summary: String
  /// Why anyone should care.
  public let rationale: String
  /// The fields without which the rule cannot be evaluated.
  public let needs: FieldSet
  /// The kinds of claim it looks at.
  public let applies: AppliesTo
  /// Whether it holds for every watched code or only for one whose pack says what to expect.
  public let scope: RuleScope
  /// The claim adjustment reason codes a payer is likely to answer with, `;`-joined.
  public let carc: String
  /// The remark codes beside them, `;`-joined.
  public let rarc: String
  /// What to do about a finding.
  public let fix: String
  /// Where the rule comes from.
  public let source: String
  /// A claim the rule speaks up about.
  public let flagged: RuleExample?
  /// A claim much like it that the rule leaves alone.
  public let clean: RuleExample?

  /// A description.
  public init(
    id: String, severity: Severity, name: String, summary: String, rationale: String, needs: FieldSet = [],
    applies: AppliesTo, scope: RuleScope = .procedure, carc: String, rarc: String, fix: String, source: String,
    flagged: RuleExample? = nil, clean: RuleExample? = nil
  ) {
    self.id = id
    self.severity = severity
    self.name = name
    self.summary = summary
    self.rationale = rationale
    self.needs = needs
    self.applies = applies
    self.scope = scope
    self.carc = carc
    self.rarc = rarc
    self.fix = fix
    self.source = source
    self.flagged = flagged
    self.clean = clean
  }
}

/// The kinds of claim a rule looks at.
///
/// A row of an export is judged as an institutional line when it has a type of bill, else as a professional one; `csv` stands
/// for rules that look at exports only, and tells the reader of the reference that exports are looked at too.
public struct AppliesTo: OptionSet, Sendable, Hashable {
  /// One bit a kind.
  public let rawValue: UInt8
  /// A set from its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// 837P, 837D, and rows without a type of bill.
  public static let professional = AppliesTo(rawValue: 1)
  /// 837I, and rows with a type of bill.
  public static let institutional = AppliesTo(rawValue: 2)
  /// Exports.
  public static let csv = AppliesTo(rawValue: 4)
  /// The envelope of an 837: the reader finds these, not the auditor.
  public static let envelope = AppliesTo(rawValue: 8)

  /// Every line.
  public static let all: AppliesTo = [.professional, .institutional, .csv]
  /// Professional lines, of 837 files and of exports.
  public static let professionalLines: AppliesTo = [.professional, .csv]
  /// Institutional lines, of 837 files and of exports.
  public static let institutionalLines: AppliesTo = [.institutional, .csv]

  /// The letters of the reference: `P I C`.
  public var letters: String {
    var parts: [String] = []
    if contains(.professional) { parts.append("P") }
    if contains(.institutional) { parts.append("I") }
    if contains(.csv) { parts.append("C") }
    if contains(.envelope) { parts.append("X12") }
    return parts.joined(separator: " ")
  }
}

/// For which watched codes a rule is run.
public enum RuleScope: UInt8, Sendable {
  /// For every watched code: syntax, code validity, dates, units, charges, duplicates, payers.
  case general
  /// For the codes a pack describes: what fits the procedure and what does not.
  case procedure
}
