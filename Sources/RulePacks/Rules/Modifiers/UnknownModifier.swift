internal import Auditing
internal import ClaimModel

/// Finds well-formed modifiers that stand on no list.
///
/// A value that is a place-of-service code is told apart (`PlaceOfServiceAsModifier`), and so is one that once was a modifier
/// (`ModifierNotInEffect`).
struct UnknownModifier: LineRule {
  static let description = RuleDescription(
    id: "MOD-002", severity: .error, name: "unknown-modifier",
    summary: "Each modifier stands on the CPT or HCPCS list.",
    rationale: "A line with a modifier that does not exist is denied as invalid.",
    needs: .modifiers, applies: .all, scope: .general, carc: "182", rarc: "N823",
    fix: "Enter the modifier that was meant, or remove the value.",
    source: "CPT and HCPCS modifier lists, mid-2024",
    flagged: RuleExample(modifiers: ["ZZ"]), clean: RuleExample(modifiers: ["RT"]))

  static let occasions: Occasions = .modifier(.unknown)

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.modifiers.has(.unknown) else { return }
    let (values, field) = line.values(.unknown)
    findings.report(field, Message.unknown(values))
  }
}

extension UnknownModifier {
  fileprivate enum Message {
    static func unknown(_ values: MessageText) -> MessageText { "modifier \(values) does not exist" }
  }
}
