internal import Auditing
internal import ClaimModel

/// Finds lines without a service date that is one.
///
/// The statement period of an institutional claim is no service date; only inpatient bills (11x) may leave their lines without
/// one.
struct InvalidServiceDate: LineRule {
  static let description = RuleDescription(
    id: "DATE-001", severity: .error, name: "invalid-service-date",
    summary: "The line or the claim has a service date that exists.",
    rationale: "Nothing can be priced or checked without the day of the service.",
    needs: .serviceDate, applies: .all, scope: .general, carc: "16", rarc: "M52;N301",
    fix: "Enter the service date (DTP*472).",
    source: "X12 837 DTP*472",
    flagged: RuleExample { $0.serviceFrom = "20260230" }, clean: RuleExample())

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    switch line.line.serviceFrom {
    case .malformed: findings.report(.serviceFrom, Message.invalid)
    case .absent: findings.report(.serviceFrom, Message.missing)
    case .day:
      guard line.serviceDay != nil else {
        if !line.billType.hasPrefix("011") { findings.report(.serviceFrom, Message.missing) }
        return
      }
      if line.line.serviceTo == .malformed { findings.report(.serviceTo, Message.invalidEnd) }
    }
  }
}

extension InvalidServiceDate {
  fileprivate enum Message {
    static var invalid: MessageText { "the service date is not a date" }
    static var invalidEnd: MessageText { "the day on which the service ends is not a date" }
    static var missing: MessageText { "the service date is missing" }
  }
}
