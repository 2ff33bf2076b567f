internal import Auditing
internal import ClaimModel

/// Finds charges that are missing, no amount, or below zero.
///
/// Rows that an export marks as reversals may be.
struct InvalidCharge: LineRule {
  static let description = RuleDescription(
    id: "CHG-001", severity: .error, name: "invalid-charge",
    summary: "The line has a charge that is an amount of zero or more.",
    rationale: "A line without a charge is unprocessable.",
    needs: .charge, applies: .all, scope: .general, carc: "16", rarc: "M79",
    fix: "Enter the line's charge.",
    source: "X12 837 SV102, SV203",
    flagged: RuleExample { $0.charge = "" }, clean: RuleExample { $0.charge = "0.00" })

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    switch line.line.charge {
    case .absent: findings.report(.charge, Message.missing)
    case .malformed: findings.report(.charge, Message.malformed)
    case .cents(let cents):
      if cents < 0, !line.line.isReversal { findings.report(.charge, Message.negative) }
    }
  }
}

extension InvalidCharge {
  fileprivate enum Message {
    static var missing: MessageText { "the charge is missing" }
    static var malformed: MessageText { "the charge is not an amount" }
    static var negative: MessageText { "the charge is below zero" }
  }
}
