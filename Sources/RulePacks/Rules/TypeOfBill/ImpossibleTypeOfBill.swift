internal import Auditing
internal import ClaimModel

/// Finds facilities that do not bill such a procedure at all.
struct ImpossibleTypeOfBill: LineRule {
  static let description = RuleDescription(
    id: "TOB-003", severity: .error, name: "impossible-type-of-bill",
    summary: "The type of bill is not of a facility that cannot bill the procedure.",
    rationale:
      "Home health, hospice, dialysis and non-patient laboratory bills do not carry it; it is denied for the provider type.",
    needs: .typeOfBill, applies: .institutionalLines, carc: "5;170", rarc: "MA30",
    fix: "Enter the type of bill of the facility where the procedure was done.",
    source: "UB-04 type of bill",
    flagged: RuleExample(.institutional, typeOfBill: "141"), clean: RuleExample(.institutional, typeOfBill: "131"))

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.tables.billTypes.isKnown(line.billType), line.policy.verdict(billType: line.billType) == .impossible
    else { return }
    findings.report(.typeOfBill, Message.impossible(line.billType, line.line.procedure.code))
  }
}

extension ImpossibleTypeOfBill {
  fileprivate enum Message {
    static func impossible(_ billType: Code, _ procedure: Code) -> MessageText {
      "a provider with type of bill \(billType) does not bill \(procedure)"
    }
  }
}
