internal import Auditing
internal import ClaimModel

/// Finds 26 and TC on a code that has no professional and technical share.
struct ComponentModifier: LineRule {
  static let description = RuleDescription(
    id: "MOD-007", severity: .error, name: "component-modifier",
    summary: "A code without a professional and technical share carries neither 26 nor TC.",
    rationale: "The fee schedule marks the code as a physician's service that is not split (PC/TC indicator 0).",
    needs: .modifiers, applies: .all, carc: "4", rarc: "N823",
    fix: "Remove the modifier and bill the whole service.",
    source: "CMS physician fee schedule, PC/TC indicator",
    flagged: RuleExample(modifiers: ["26"]), clean: RuleExample())

  static let occasions: Occasions = .modifier(.component)

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.hasModifier(.component) else { return }
    let (values, field) = line.named(.component)
    findings.report(field, Message.component(values, line))
  }
}

extension ComponentModifier {
  fileprivate enum Message {
    static func component(_ values: MessageText, _ line: AuditedLine) -> MessageText {
      "modifier \(values) splits a service that has no professional and technical share: \(line.line.procedure.code) has PC/TC indicator 0"
    }
  }
}
