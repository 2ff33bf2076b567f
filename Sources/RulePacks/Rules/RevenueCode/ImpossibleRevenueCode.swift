internal import Auditing
internal import ClaimModel

/// Finds revenue codes that cannot carry a procedure: room and board, drugs, laboratory, observation hours.
struct ImpossibleRevenueCode: LineRule {
  static let description = RuleDescription(
    id: "REV-003", severity: .error, name: "impossible-revenue-code",
    summary: "The revenue code is not one that cannot carry a procedure.",
    rationale: "Such a line does not match its procedure code and is denied.",
    needs: .revenueCode, applies: .institutionalLines, carc: "199", rarc: "M50",
    fix: "Enter the revenue code of the department that did the procedure, as 0361.",
    source: "UB-04 revenue codes",
    flagged: RuleExample(.institutional, revenueCode: "0762"), clean: RuleExample(.institutional, revenueCode: "0761"))

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    let code = line.line.revenueCode.code
    guard line.policy.verdict(revenue: code) == .impossible else { return }
    findings.report(.revenueCode, Message.impossible(code))
  }
}

extension ImpossibleRevenueCode {
  fileprivate enum Message {
    static func impossible(_ code: Code) -> MessageText { "revenue code \(code) cannot carry a procedure" }
  }
}
