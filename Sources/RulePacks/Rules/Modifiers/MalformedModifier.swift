internal import Auditing
internal import ClaimModel

/// Finds modifier fields that hold something other than two letters or digits.
///
/// Spreadsheets turn `22` into `22.0` and payers' forms take `022`; neither is repaired, since nobody can say what was meant.
/// Lower case and blanks around a value are not at fault.
struct MalformedModifier: LineRule {
  static let description = RuleDescription(
    id: "MOD-001", severity: .error, name: "malformed-modifier",
    summary: "Each modifier is two letters or digits.",
    rationale: "A payer's front end rejects a modifier of another shape before anyone reads the claim.",
    needs: .modifiers, applies: .all, scope: .general, carc: "4;16", rarc: "N823",
    fix: "Enter the two-character modifier that was meant, or remove the value.",
    source: "X12 837 SV101-3 to -6 and SV202-3 to -6; CPT and HCPCS modifier lists",
    flagged: RuleExample(modifiers: ["7"]), clean: RuleExample(modifiers: ["lt"]))

  static let occasions: Occasions = .modifier(.malformed)

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.modifiers.has(.malformed) else { return }
    let (values, field) = line.values(.malformed)
    findings.report(field, Message.malformed(values))
  }
}

extension MalformedModifier {
  fileprivate enum Message {
    static func malformed(_ values: MessageText) -> MessageText { "modifier \(values) is not two letters or digits" }
  }
}
