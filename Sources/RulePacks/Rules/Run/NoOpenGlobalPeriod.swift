internal import Auditing
internal import ClaimModel

/// Finds 58, 78 and 79 where all earlier procedures are known and none has an open period.
///
/// An earlier procedure of the same day is always open.
struct NoOpenGlobalPeriod: RunRule {
  static let grouping = FactGrouping.patient
  static let description = RuleDescription(
    id: "GLOB-003", severity: .warning, name: "no-open-global-period",
    summary: "A line with 58, 78 or 79 stands inside an open global period.",
    rationale: "The modifiers hold only inside an open period; a code with global days 000 opens none beyond its day.",
    needs: [.patient, .clinician, .serviceDate, .modifiers], applies: .professionalLines, carc: "4", rarc: "N519",
    fix: "Remove the modifier: a series of such procedures on different days needs none.",
    source: "CPT modifiers 58, 78 and 79; Medicare Claims Processing Manual, chapter 12 §40",
    flagged: RuleExample {
      $0.modifiers = ["78"]
      $0.priors = [RuleExample.Prior("32960", date: "20260303")]
    },
    clean: RuleExample {
      $0.modifiers = ["78"]
      $0.priors = [RuleExample.Prior("32650", date: "20260301")]
    })

  private var history = GlobalHistory()

  mutating func check(_ group: FactGroup, _ findings: inout RunFindingSink) {
    guard group.lines.count > 1, group.traits.contains(.globalModifier) else { return }
    history.forEachLine(group, findings.policies) { line in
      let fact = group.lines[line.position]
      guard fact.traits.contains(.globalModifier), line.hasEarlier, !line.hasSameDay, !line.hasUnknown,
        line.open == nil
      else { return }
      findings.report(fact, .modifier(0), Message.closed)
    }
  }
}

extension NoOpenGlobalPeriod {
  fileprivate enum Message {
    static var closed: MessageText {
      "modifier 58, 78 or 79 needs an open global period, and no earlier procedure of the clinician has one"
    }
  }
}
