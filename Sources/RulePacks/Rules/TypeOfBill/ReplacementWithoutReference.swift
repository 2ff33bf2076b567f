internal import Auditing
internal import ClaimModel

/// Finds replacements and voids that do not say which claim they mean.
struct ReplacementWithoutReference: LineRule {
  static let description = RuleDescription(
    id: "TOB-006", severity: .error, name: "replacement-without-reference",
    summary: "A replacement or a void (frequency 7 or 8) carries the payer's number of the claim.",
    rationale: "The payer cannot tell which claim is meant and rejects the new one, or pays it twice.",
    needs: [.frequency, .originalClaimID], applies: .all, scope: .general, carc: "16;129", rarc: "M47;N152",
    fix: "Enter the payer's claim control number (REF*F8), or bill an original.",
    source: "X12 837 CLM05-3 and REF*F8",
    flagged: RuleExample { $0.frequency = "7" },
    clean: RuleExample {
      $0.frequency = "7"
      $0.originalClaimID = "PAYER123"
    })

  static let occasions: Occasions = .correction

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.isReplacement || line.isVoid, line.claim.originalClaimID.isEmpty else { return }
    findings.report(.originalClaimID, line.isVoid ? Message.void : Message.replacement)
  }
}

extension ReplacementWithoutReference {
  fileprivate enum Message {
    static var replacement: MessageText {
      "the claim replaces another (frequency 7) and lacks the payer's number of it"
    }
    static var void: MessageText { "the claim voids another (frequency 8) and lacks the payer's number of it" }
  }
}
