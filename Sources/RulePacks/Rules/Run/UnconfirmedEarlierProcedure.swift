internal import Auditing
internal import ClaimModel

/// Says of 58, 78 and 79 that the earlier procedure they speak of is not in the run.
///
/// Information only: it may have been billed elsewhere.
struct UnconfirmedEarlierProcedure: RunRule {
  static let grouping = FactGrouping.patient
  static let description = RuleDescription(
    id: "GLOB-001", severity: .info, name: "unconfirmed-earlier-procedure",
    summary: "A line with 58, 78 or 79 follows a procedure of the same clinician that is in the run.",
    rationale: "The modifier speaks of an open global period; whether there is one cannot be seen here.",
    needs: [.patient, .clinician, .serviceDate, .modifiers], applies: .professionalLines, carc: "", rarc: "",
    fix: "Check that an earlier procedure with a 10- or 90-day period is on record.",
    source: "CPT modifiers 58, 78 and 79; Medicare Claims Processing Manual, chapter 12 §40",
    flagged: RuleExample(modifiers: ["79"]),
    clean: RuleExample {
      $0.modifiers = ["79"]
      $0.priors = [RuleExample.Prior("32650", date: "20260201")]
    })

  private var history = GlobalHistory()

  mutating func check(_ group: FactGroup, _ findings: inout RunFindingSink) {
    guard group.traits.contains(.globalModifier) else { return }
    history.forEachLine(group, findings.policies) { line in
      let fact = group.lines[line.position]
      guard fact.traits.contains(.globalModifier), !line.hasEarlier else { return }
      findings.report(fact, .modifier(0), Message.unconfirmed)
    }
  }
}

extension UnconfirmedEarlierProcedure {
  fileprivate enum Message {
    static var unconfirmed: MessageText {
      "the earlier procedure that modifier 58, 78 or 79 speaks of is not among these claims and cannot be confirmed"
    }
  }
}
