internal import Auditing
internal import ClaimModel

/// Finds lines inside the open 10- or 90-day period of an earlier procedure that carry none of 58, 78 and 79.
struct InsideGlobalPeriod: RunRule {
  static let grouping = FactGrouping.patient
  static let description = RuleDescription(
    id: "GLOB-002", severity: .warning, name: "inside-global-period",
    summary: "A line inside an open 10- or 90-day period says how it relates to the earlier procedure.",
    rationale: "Without 58, 78 or 79 the service counts as aftercare and is not paid.",
    needs: [.patient, .clinician, .serviceDate, .modifiers], applies: .professionalLines, carc: "97", rarc: "N525;M144",
    fix: "Add 58 (staged), 78 (unplanned return) or 79 (unrelated), as the record shows.",
    source: "Medicare Claims Processing Manual, chapter 12 §40; CMS physician fee schedule, global days",
    flagged: RuleExample { $0.priors = [RuleExample.Prior("32650", date: "20260201")] },
    clean: RuleExample { $0.priors = [RuleExample.Prior("32960", date: "20260303")] })

  private var history = GlobalHistory()

  mutating func check(_ group: FactGroup, _ findings: inout RunFindingSink) {
    guard group.lines.count > 1, GlobalHistory.hasPeriod(group, findings.policies) else { return }
    history.forEachLine(group, findings.policies) { line in
      let fact = group.lines[line.position]
      guard !fact.traits.contains(.globalModifier), let position = line.open else { return }
      let open = group.lines[position]
      let days = findings.policies.globalDays(of: open.procedure) ?? 0
      findings.report(
        fact, .modifier(0), Message.inside(days, open.procedure, Day(ordinal: open.serviceDay)), related: open.key)
    }
  }
}

extension InsideGlobalPeriod {
  fileprivate enum Message {
    static func inside(_ days: Int32, _ procedure: Code, _ day: Day) -> MessageText {
      "inside the \(days)-day global period of \(procedure) on \(day) (\(RunFinding.placeholder)) without 58, 78 or 79"
    }
  }
}
