internal import Auditing
internal import ClaimModel

/// Finds revenue codes that are missing or not four digits.
struct InvalidRevenueCode: LineRule {
  static let description = RuleDescription(
    id: "REV-001", severity: .error, name: "invalid-revenue-code",
    summary: "An institutional line has a revenue code of four digits.",
    rationale: "A facility's line without a revenue code is unprocessable.",
    needs: .revenueCode, applies: .institutionalLines, scope: .general, carc: "16", rarc: "M50",
    fix: "Enter the four-digit revenue code.",
    source: "UB-04 revenue codes; X12 837I SV201",
    flagged: RuleExample(.institutional, revenueCode: "36X"), clean: RuleExample(.institutional, revenueCode: "0361"))

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    let value = line.line.revenueCode
    if value.code.count == 4, value.code.isDigits { return }
    findings.report(.revenueCode, value.isEmpty ? Message.missing : Message.malformed(line.quoted(value)))
  }
}

extension InvalidRevenueCode {
  fileprivate enum Message {
    static var missing: MessageText { "the revenue code is missing" }
    static func malformed(_ value: MessageText) -> MessageText { "revenue code \(value) is not four digits" }
  }
}
