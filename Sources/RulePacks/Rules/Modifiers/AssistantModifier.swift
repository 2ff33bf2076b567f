internal import Auditing
internal import ClaimModel

/// Finds an assistant at surgery where none is paid.
struct AssistantModifier: LineRule {
  static let description = RuleDescription(
    id: "MOD-012", severity: .error, name: "assistant-modifier",
    summary: "No assistant is billed for a code whose assistant is not paid.",
    rationale: "The fee schedule bars payment of an assistant by statute (assistant indicator 1).",
    needs: .modifiers, applies: .all, carc: "54", rarc: "N646",
    fix: "Do not bill the assistant.",
    source: "CMS physician fee schedule, assistant-at-surgery indicator",
    flagged: RuleExample(modifiers: ["80"]), clean: RuleExample())

  static let occasions: Occasions = .modifier(.assistant)

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.hasModifier(.assistant), line.billsClinician else { return }
    let (values, field) = line.named(.assistant)
    findings.report(field, Message.assistant(values, line))
  }
}

extension AssistantModifier {
  fileprivate enum Message {
    static func assistant(_ values: MessageText, _ line: AuditedLine) -> MessageText {
      "modifier \(values) bills an assistant at surgery, who is not paid for \(line.line.procedure.code)"
    }
  }
}
