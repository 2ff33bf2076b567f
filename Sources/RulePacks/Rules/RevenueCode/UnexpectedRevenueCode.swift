internal import Auditing
internal import ClaimModel

/// Finds revenue codes under which the procedure is not usually billed.
struct UnexpectedRevenueCode: LineRule {
  static let description = RuleDescription(
    id: "REV-002", severity: .warning, name: "unexpected-revenue-code",
    summary: "The revenue code is one under which the procedure is usually billed.",
    rationale:
      "A revenue code of another department is often a charge-master error and may be denied with the procedure.",
    needs: .revenueCode, applies: .institutionalLines, carc: "199", rarc: "M50",
    fix: "Check the revenue code against the department that did the procedure.",
    source: "UB-04 revenue codes",
    flagged: RuleExample(.institutional, revenueCode: "0420"), clean: RuleExample(.institutional, revenueCode: "0361"))

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    let code = line.line.revenueCode.code
    guard line.policy.verdict(revenue: code) == .unexpected else { return }
    findings.report(.revenueCode, Message.unexpected(code, line.line.procedure.code))
  }
}

extension UnexpectedRevenueCode {
  fileprivate enum Message {
    static func unexpected(_ code: Code, _ procedure: Code) -> MessageText {
      "revenue code \(code) is not one under which \(procedure) is usually billed"
    }
  }
}
