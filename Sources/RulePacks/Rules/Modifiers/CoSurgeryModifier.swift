internal import Auditing
internal import ClaimModel

/// Finds two surgeons or a team where neither is permitted.
struct CoSurgeryModifier: LineRule {
  static let description = RuleDescription(
    id: "MOD-013", severity: .error, name: "co-surgery-modifier",
    summary: "No co-surgeon or team is billed for a code that permits neither.",
    rationale: "The fee schedule permits neither two surgeons nor a team for the code (indicators 0).",
    needs: .modifiers, applies: .all, carc: "54", rarc: "",
    fix: "Bill the one surgeon who did the procedure, without the modifier.",
    source: "CMS physician fee schedule, co-surgeon and team indicators",
    flagged: RuleExample(modifiers: ["62"]), clean: RuleExample())

  static let occasions: Occasions = .modifier(.coSurgery)

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.hasModifier(.coSurgery), line.billsClinician else { return }
    let (values, field) = line.named(.coSurgery)
    findings.report(field, Message.coSurgery(values, line))
  }
}

extension CoSurgeryModifier {
  fileprivate enum Message {
    static func coSurgery(_ values: MessageText, _ line: AuditedLine) -> MessageText {
      "modifier \(values) bills two surgeons or a team, which \(line.line.procedure.code) does not permit"
    }
  }
}
