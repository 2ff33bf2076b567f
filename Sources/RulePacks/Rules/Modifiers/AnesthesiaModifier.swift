internal import Auditing
internal import ClaimModel

/// Finds modifiers of anaesthesia services on a surgical code.
struct AnesthesiaModifier: LineRule {
  static let description = RuleDescription(
    id: "MOD-009", severity: .error, name: "anesthesia-modifier",
    summary: "A surgical code carries no anaesthesia modifier.",
    rationale:
      "The modifiers name who gave the anaesthesia and how ill the patient was; they belong on the anaesthesia code.",
    needs: .modifiers, applies: .all, carc: "4", rarc: "N823",
    fix: "Move the modifier to the anaesthesia line, or remove it.",
    source: "Medicare Claims Processing Manual, chapter 12, anaesthesia services",
    flagged: RuleExample(modifiers: ["QZ"]), clean: RuleExample(modifiers: ["GC"]))

  static let occasions: Occasions = .modifier(.anesthesia)

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.hasModifier(.anesthesia) else { return }
    let (values, field) = line.named(.anesthesia)
    findings.report(field, Message.anesthesia(values, line))
  }
}

extension AnesthesiaModifier {
  fileprivate enum Message {
    static func anesthesia(_ values: MessageText, _ line: AuditedLine) -> MessageText {
      "modifier \(values) is for anaesthesia services, not for surgical code \(line.line.procedure.code)"
    }
  }
}
