internal import Auditing
internal import ClaimModel

/// Finds facilities that rarely bill the procedure.
struct UnusualTypeOfBill: LineRule {
  static let description = RuleDescription(
    id: "TOB-002", severity: .warning, name: "unusual-type-of-bill",
    summary: "The type of bill is of a facility that usually does the procedure.",
    rationale: "A facility that rarely does the procedure is often a wrong type of bill.",
    needs: .typeOfBill, applies: .institutionalLines, carc: "5", rarc: "MA30",
    fix: "Check the type of bill; keep it if the facility did the procedure.",
    source: "UB-04 type of bill",
    flagged: RuleExample(.institutional, typeOfBill: "211"), clean: RuleExample(.institutional, typeOfBill: "131"))

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.tables.billTypes.isKnown(line.billType), line.policy.verdict(billType: line.billType) == .unusual else {
      return
    }
    findings.report(.typeOfBill, Message.unusual(line.billType, line.line.procedure.code))
  }
}

extension UnusualTypeOfBill {
  fileprivate enum Message {
    static func unusual(_ billType: Code, _ procedure: Code) -> MessageText {
      "type of bill \(billType) is unusual for \(procedure)"
    }
  }
}
