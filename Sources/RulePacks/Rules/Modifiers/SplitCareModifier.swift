internal import Auditing
internal import ClaimModel

/// Finds 54, 55 and 56 on a procedure whose global period is the day itself.
///
/// On other institutional lines the same modifiers are wrong for another reason (`ProfessionalModifierOnFacilityClaim`).
struct SplitCareModifier: LineRule {
  static let description = RuleDescription(
    id: "MOD-010", severity: .error, name: "split-care-modifier",
    summary: "A procedure without aftercare days is not split into care before, during and after.",
    rationale: "The fee schedule gives 0.00 for each share of a code with global days 000: there is nothing to split.",
    needs: .modifiers, applies: .all, carc: "4", rarc: "N823",
    fix: "Remove the modifier and bill the whole procedure.",
    source: "CMS physician fee schedule, global days and shares; Medicare Claims Processing Manual, chapter 12 §40",
    flagged: RuleExample(modifiers: ["54"]), clean: RuleExample())

  static let occasions: Occasions = .modifier(.splitCare)

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.hasModifier(.splitCare), line.billsClinician else { return }
    let (values, field) = line.named(.splitCare)
    findings.report(field, Message.split(values, line))
  }
}

extension SplitCareModifier {
  fileprivate enum Message {
    static func split(_ values: MessageText, _ line: AuditedLine) -> MessageText {
      "modifier \(values) splits the aftercare of \(line.line.procedure.code), whose global period is the day itself"
    }
  }
}
