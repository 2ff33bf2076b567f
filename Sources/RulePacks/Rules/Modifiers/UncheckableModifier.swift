internal import Auditing
internal import ClaimModel

/// Says of an export without documentation columns that 22 cannot be checked.
///
/// The only rule that speaks about what is missing: 22 without records is so often refused that a person should look.
struct UncheckableModifier: LineRule {
  static let description = RuleDescription(
    id: "MOD-017", severity: .info, name: "uncheckable-modifier",
    summary: "An export with 22 has a column for documentation.",
    rationale: "Whether the records were sent cannot be seen in this export.",
    needs: .modifiers, applies: .csv, carc: "", rarc: "",
    fix: "Look the claim up, or export attachment_control_number or claim_note too.",
    source: "claimaudit",
    flagged: RuleExample(.csv, modifiers: ["22"]), clean: RuleExample(.csv, modifiers: ["22"]).documented)

  static let occasions: Occasions = .modifier(.documentation)

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.hasModifier(.documentation), !line.claim.fields.contains(.documentation) else { return }
    let (values, field) = line.named(.documentation)
    findings.report(field, Message.uncheckable(values))
  }
}

extension UncheckableModifier {
  fileprivate enum Message {
    static func uncheckable(_ values: MessageText) -> MessageText {
      "documentation for modifier \(values) cannot be checked: the export has no column for it"
    }
  }
}
