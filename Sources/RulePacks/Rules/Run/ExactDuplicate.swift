internal import Auditing
internal import ClaimModel

/// Finds lines that bill the same service again: patient, provider, day, code, modifiers, units and charge are the same.
///
/// Copies for a second payer, replacements and voids, and what they took back, are no duplicates; nor is the facility's line one of
/// the clinician's. The first in input order is left alone, the others name it.
struct ExactDuplicate: RunRule {
  static let grouping = FactGrouping.patient
  static let description = RuleDescription(
    id: "DUP-001", severity: .error, name: "exact-duplicate",
    summary: "No other original line bills the same service of the same patient, provider and day in the same way.",
    rationale: "Payers deny the second one as an exact duplicate, and many such denials draw audits.",
    needs: [.patient, .clinician, .serviceDate, .modifiers, .units, .charge], applies: .all, scope: .general,
    carc: "18", rarc: "",
    fix: "Bill it once. If it was done twice, say so with 76 or 77; if the first was wrong, bill a replacement.",
    source: "Medicare Claims Processing Manual, chapter 1 §120",
    flagged: RuleExample { $0.companions = [RuleExample.Companion("32960", charge: "450.00")] },
    clean: RuleExample { $0.priors = [RuleExample.Prior("32960", date: "20260310", payerSequence: "S")] })

  /// The first line of each service.
  private var first = ShortList<ServiceKey, LineKey>()

  mutating func check(_ group: FactGroup, _ findings: inout RunFindingSink) {
    guard group.lines.count > 1 else { return }
    let superseded = SupersededClaims(group)
    first.removeAll()
    for fact in group.lines {
      guard fact.traits.contains(.original), !fact.traits.contains(.notPrimary), !superseded.isGone(fact),
        let key = ServiceKey(fact)
      else { continue }
      if let position = first.position(of: key) {
        if fact.traits.contains(.watched) {
          findings.report(fact, .whole, Message.duplicate(fact.procedure), related: first[position])
        }
      } else {
        first.append(fact.key, for: key)
      }
    }
  }
}

extension ExactDuplicate {
  fileprivate enum Message {
    static func duplicate(_ procedure: Code) -> MessageText {
      "exact duplicate of the line of \(procedure) at \(RunFinding.placeholder)"
    }
  }
}
