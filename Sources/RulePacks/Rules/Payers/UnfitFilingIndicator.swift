internal import Auditing
internal import ClaimModel

/// Finds claim filing indicators that are missing, do not exist, or do not fit the payer.
struct UnfitFilingIndicator: LineRule {
  static let description = RuleDescription(
    id: "PAYER-002", severity: .warning, name: "unfit-filing-indicator",
    summary: "The claim filing indicator (SBR09) exists and fits the payer.",
    rationale: "Clearinghouses route claims by it, and payers return claims of another line of business.",
    needs: [.payer, .filingIndicator], applies: .all, scope: .general, carc: "16;109", rarc: "M56",
    fix:
      "Enter the indicator of the patient's plan: MB or MA for Medicare, CI for commercial insurance, BL for Blue Cross.",
    source: "X12 837 SBR09, values of 5010",
    flagged: RuleExample { $0.filingIndicator = "09" }, clean: RuleExample { $0.filingIndicator = "HM" })

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    let value = line.claim.filingIndicator
    if value.isEmpty {
      findings.report(.filingIndicator, Message.missing)
      return
    }
    guard line.tables.payers.filingIndicators.contains(value.code) else {
      findings.report(.filingIndicator, Message.unknown(line.quoted(value)))
      return
    }
    guard let payer = line.payer,
      !line.tables.payers.takes(value.code, payer: payer, institutional: line.isInstitutional)
    else { return }
    let entry = line.tables.payers.payers[payer]
    let expected = line.isInstitutional ? entry.filingInstitutional : entry.filingProfessional
    findings.report(.filingIndicator, Message.unfit(value.code, entry.key, expected))
  }
}

extension UnfitFilingIndicator {
  fileprivate enum Message {
    static var missing: MessageText { "the claim filing indicator is missing" }
    static func unknown(_ value: MessageText) -> MessageText { "claim filing indicator \(value) does not exist" }
    static func unfit(_ value: Code, _ payer: String, _ expected: [Code]) -> MessageText {
      var text: MessageText = "claim filing indicator \(value) does not fit payer \(payer), which takes "
      for (position, code) in expected.enumerated() {
        if position > 0 { text.append(", ") }
        text.append(code)
      }
      return text
    }
  }
}
