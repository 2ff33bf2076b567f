internal import Auditing
internal import ClaimModel

/// Finds claims whose total is not the sum of their lines.
///
/// Nothing is said where a line has no readable charge, where a claim was too long to be kept whole, or of an export's rows for a
/// second payer, which may hold part of the claim only.
struct TotalDiffers: LineRule {
  static let description = RuleDescription(
    id: "CHG-002", severity: .error, name: "total-differs",
    summary: "The charges of the lines add up to the claim's total (CLM02).",
    rationale: "A claim out of balance is rejected whole.",
    needs: [.charge, .totalCharge], applies: .all, scope: .general, carc: "16", rarc: "M54",
    fix: "Correct the total or the line that is wrong or missing.",
    source: "X12 837 CLM02 and SV102, SV203",
    flagged: RuleExample { $0.totalCharge = "500.00" }, clean: RuleExample { $0.totalCharge = "450.00" })

  static let occasions: Occasions = .totalDoubtful

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard let total = line.claim.totalCharge.cents, !line.claim.isPartial else { return }
    if line.isCSV, line.claim.payerSequence == "S" || line.claim.payerSequence == "T" { return }
    guard let sum = line.sumOfCharges else { return }
    if sum != total { findings.report(.totalCharge, Message.differs(sum, total)) }
  }
}

extension TotalDiffers {
  fileprivate enum Message {
    static func differs(_ sum: Int64, _ total: Int64) -> MessageText {
      "the lines add up to \(dollars(sum)) and the claim's total is \(dollars(total))"
    }
  }
}

/// An amount as text with two decimals.
func dollars(_ cents: Int64) -> MessageText {
  let whole = cents.magnitude / 100
  let rest = cents.magnitude % 100
  return "\(cents < 0 ? "-" : "")\(whole).\(rest < 10 ? "0" : "")\(rest)"
}
