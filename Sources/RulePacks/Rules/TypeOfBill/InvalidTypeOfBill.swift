internal import Auditing
internal import ClaimModel

/// Finds types of bill that are missing, malformed, or begin with digits that no facility has.
struct InvalidTypeOfBill: LineRule {
  static let description = RuleDescription(
    id: "TOB-001", severity: .error, name: "invalid-type-of-bill",
    summary: "An institutional claim has a type of bill whose first two digits exist.",
    rationale:
      "The type of bill says which kind of facility bills and how it is paid; without it the claim is unprocessable.",
    needs: .typeOfBill, applies: .institutionalLines, scope: .general, carc: "16", rarc: "MA30",
    fix: "Enter the type of bill: facility and care (131 is a hospital outpatient original).",
    source: "UB-04 type of bill; X12 837I CLM05",
    flagged: RuleExample(.institutional, typeOfBill: "991"), clean: RuleExample(.institutional, typeOfBill: "0131"))

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard !line.tables.billTypes.isKnown(line.billType) else { return }
    let value = line.claim.typeOfBill
    findings.report(.typeOfBill, value.isEmpty ? Message.missing : Message.invalid(line.quoted(value)))
  }
}

extension InvalidTypeOfBill {
  fileprivate enum Message {
    static var missing: MessageText { "the type of bill is missing" }
    static func invalid(_ value: MessageText) -> MessageText { "\(value) is not a type of bill" }
  }
}
