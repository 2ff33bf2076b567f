internal import Auditing
internal import ClaimModel

/// Finds modifiers of quite another kind of service: therapy, equipment, drugs, ambulance, laboratory, telehealth, dialysis, fingers.
struct UnrelatedModifier: LineRule {
  static let description = RuleDescription(
    id: "MOD-018", severity: .error, name: "unrelated-modifier",
    summary: "Each modifier belongs to the kind of service that is billed.",
    rationale: "A modifier of another kind of service contradicts the code, and the line is denied as inconsistent.",
    needs: .modifiers, applies: .all, carc: "4", rarc: "N519;N823",
    fix: "Remove the modifier, or enter the one that was meant.",
    source: "CPT and HCPCS modifier definitions",
    flagged: RuleExample(modifiers: ["GP"]), clean: RuleExample(modifiers: ["GC"]))

  static let occasions: Occasions = .modifier(.unrelated)

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.hasModifier(.unrelated) else { return }
    let (values, field) = line.named(.unrelated)
    let isTelehealth = line.hasModifier(.telehealth)
    findings.report(field, Message.unrelated(values, line), rarc: isTelehealth ? "N776" : nil)
  }
}

extension UnrelatedModifier {
  fileprivate enum Message {
    static func unrelated(_ values: MessageText, _ line: AuditedLine) -> MessageText {
      "modifier \(values) belongs to another kind of service than \(line.line.procedure.code)"
    }
  }
}
