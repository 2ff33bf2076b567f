internal import Auditing
internal import ClaimModel

/// Finds replacements and voids sent to Medicare Part B, which takes originals only.
///
/// Plans of other payers that call themselves Medicare are not meant.
struct ReplacementToPartB: LineRule {
  static let description = RuleDescription(
    id: "PAYER-003", severity: .warning, name: "replacement-to-part-b",
    summary: "A professional claim to Medicare is an original.",
    rationale: "Part B corrects claims by reopening and rejects frequency 7 and 8.",
    needs: [.payer, .frequency], applies: .professionalLines, scope: .general, carc: "16", rarc: "MA130;N142",
    fix: "Ask for a reopening, or bill a new original after a rejection.",
    source: "Practice of Medicare contractors; Medicare Claims Processing Manual, chapter 34",
    flagged: RuleExample {
      $0.payerName = "MEDICARE PART B"
      $0.payerID = "MEDICARE"
      $0.filingIndicator = "MB"
      $0.frequency = "7"
      $0.originalClaimID = "123"
    },
    clean: RuleExample {
      $0.payerName = "AETNA MEDICARE"
      $0.payerID = ""
      $0.frequency = "7"
      $0.originalClaimID = "123"
    })

  static let occasions: Occasions = .correction

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.isReplacement || line.isVoid, let payer = line.payer,
      line.tables.payers.payers[payer].isOriginalMedicare
    else { return }
    findings.report(.frequency, Message.replacement(line.frequency))
  }
}

extension ReplacementToPartB {
  fileprivate enum Message {
    static func replacement(_ frequency: Code) -> MessageText {
      "Medicare Part B takes original claims only, this one has frequency \(frequency)"
    }
  }
}
