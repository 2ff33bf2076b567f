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

  func check(_ group: ArraySlice<LineFact>, _ findings: inout RunFindingSink) {
    let policies = findings.policies
    let opens: (LineFact) -> Bool = { (policies.globalDays(of: $0.procedure) ?? 0) > 0 }
    GlobalHistory.forEachLine(group, policies, where: opens) { history in
      guard !history.fact.traits.contains(.globalModifier), let open = history.open else { return }
      let days = findings.policies.globalDays(of: open.procedure) ?? 0
      findings.report(
        history.fact, .modifier(0), Message.inside(days, open.procedure, Day(ordinal: open.serviceDay)),
        related: open.key)
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
