internal import Auditing
internal import ClaimModel

/// Finds modifiers that hospitals' outpatient claims do not know.
struct NonHospitalModifier: LineRule {
  static let description = RuleDescription(
    id: "MOD-022", severity: .warning, name: "non-hospital-modifier",
    summary: "A facility claim carries no modifier that is unknown to hospital outpatient billing.",
    rationale: "22, 47, 51 and 63 are not on the list for hospital outpatient claims; the line may be returned.",
    needs: .modifiers, applies: .institutionalLines, carc: "4", rarc: "N519",
    fix: "Remove the modifier.",
    source: "CPT, modifiers approved for hospital outpatient use",
    flagged: RuleExample(.institutional, modifiers: ["22"]), clean: RuleExample(.institutional, modifiers: ["52"]))

  static let occasions: Occasions = .modifier(.notHospital)

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.hasModifier(.notHospital), !line.billsClinician else { return }
    let (values, field) = line.named(.notHospital)
    findings.report(field, Message.notHospital(values))
  }
}

extension NonHospitalModifier {
  fileprivate enum Message {
    static func notHospital(_ values: MessageText) -> MessageText {
      "modifier \(values) is not one of hospital outpatient claims"
    }
  }
}
