internal import Auditing
internal import ClaimModel

/// Finds claims that carry the number of another claim of the same provider and bill something else.
///
/// The first in input order is left alone. Claims of equal content are duplicates and not meant; nor are copies for a second
/// payer, and claims too long to be read whole.
struct ReusedClaimNumber: RunRule {
  static let grouping = FactGrouping.claimNumber
  static let description = RuleDescription(
    id: "DUP-002", severity: .warning, name: "reused-claim-number",
    summary: "A provider's claim number stands on one original claim.",
    rationale: "Answers of the payer are matched by the number: two claims with one number cannot be told apart.",
    needs: [.claimID, .billingNPI, .frequency], applies: .all, scope: .general, carc: "18;129", rarc: "",
    fix: "Give the claim a number of its own; if it corrects the other, bill it as a replacement.",
    source: "X12 837 CLM01",
    flagged: RuleExample { $0.priors = [RuleExample.Prior("32960", date: "20260201", claimID: "AUDITED")] },
    clean: RuleExample { $0.priors = [RuleExample.Prior("32960", date: "20260201")] })

  func check(_ group: FactGroup, _ findings: inout RunFindingSink) {
    guard group.lines.count > 1 else { return }
    let lines = group.lines
    var first: Int?
    for position in lines.indices
    where lines[position].traits.isDisjoint(with: [.notPrimary, .reversal, .partial])
      && lines[position].traits.contains(.original)
    {
      guard let first else {
        first = position
        continue
      }
      if lines[position].claimContent != lines[first].claimContent, lines[position].traits.contains(.watched) {
        findings.report(lines[position], .claimID, Message.reused, related: lines[first].key)
      }
    }
  }
}

extension ReusedClaimNumber {
  fileprivate enum Message {
    static var reused: MessageText {
      "the claim number is that of another claim with different content at \(RunFinding.placeholder)"
    }
  }
}
