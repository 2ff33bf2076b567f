internal import Auditing
internal import ClaimModel

/// Finds 22 without a word of explanation.
///
/// An attachment number or a note is enough: nobody here judges what it says. Where an export has no column for either the rule
/// is not evaluated, and `UncheckableModifier` says so.
struct UndocumentedModifier: LineRule {
  static let description = RuleDescription(
    id: "MOD-016", severity: .warning, name: "undocumented-modifier",
    summary: "A claim with 22 carries an attachment or a note.",
    rationale:
      "Payers raise the price for unusual work only on records; without them the extra is refused or the line is held.",
    needs: [.modifiers, .documentation], applies: .professionalLines, carc: "252;226", rarc: "M69;N706;M29",
    fix: "Send the operative report (PWK) or a note that says what was unusual, or remove the modifier.",
    source: "Medicare Claims Processing Manual, chapter 12; UnitedHealthcare policy on increased procedural services",
    flagged: RuleExample(modifiers: ["22"]), clean: RuleExample(modifiers: ["22"]).documented)

  static let occasions: Occasions = .modifier(.documentation)

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.hasModifier(.documentation), !line.claim.hasDocumentation, !line.line.hasDocumentation else { return }
    let (values, field) = line.named(.documentation)
    findings.report(field, Message.undocumented(values))
  }
}

extension UndocumentedModifier {
  fileprivate enum Message {
    static func undocumented(_ values: MessageText) -> MessageText {
      "modifier \(values) needs documentation, and the claim has neither an attachment nor a note"
    }
  }
}

extension RuleExample {
  /// The example with an attachment.
  var documented: RuleExample {
    var example = self
    example.documentation = .present
    return example
  }
}
