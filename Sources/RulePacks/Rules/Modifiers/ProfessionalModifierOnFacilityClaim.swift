internal import Auditing
internal import ClaimModel

/// Finds modifiers of a clinician's work on a facility's claim.
///
/// A critical access hospital that bills its clinicians (85x with revenue code 096x to 098x) may use them.
struct ProfessionalModifierOnFacilityClaim: LineRule {
  static let description = RuleDescription(
    id: "MOD-015", severity: .error, name: "professional-modifier-on-facility-claim",
    summary: "A facility claim carries no modifier that is for clinicians.",
    rationale:
      "53 to 56, 62, 66, 80 to 82 and AS describe a clinician's work; a facility uses 73 and 74 for a stopped procedure.",
    needs: .modifiers, applies: .institutionalLines, carc: "4", rarc: "N519",
    fix: "Remove the modifier. For a procedure that was stopped use 73 (before anaesthesia) or 74 (after).",
    source: "Medicare Claims Processing Manual, chapter 4 §20.6.4",
    flagged: RuleExample(.institutional, modifiers: ["53"]), clean: RuleExample(.institutional, modifiers: ["73"]))

  static let occasions: Occasions = .modifier(.professionalOnly)

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.hasModifier(.professionalOnly), !line.billsClinician else { return }
    let (values, field) = line.named(.professionalOnly)
    findings.report(field, Message.professional(values))
  }
}

extension ProfessionalModifierOnFacilityClaim {
  fileprivate enum Message {
    static func professional(_ values: MessageText) -> MessageText {
      "modifier \(values) is for clinicians, this is a facility claim"
    }
  }
}
