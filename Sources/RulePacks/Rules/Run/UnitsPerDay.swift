internal import Auditing
internal import ClaimModel

/// Finds units beyond what a day allows (MUE with MAI 2: by policy, no modifier clears it).
///
/// The units of a patient's day are added over all lines of one clinician, or of one facility; professional and facility lines,
/// and copies for a second and for a third payer, are counted apart. The lines past the limit carry the finding, not those within.
/// Exact duplicates, and claims that were replaced or voided, are not counted. A replacement whose original is not in the run is counted
/// alone.
struct UnitsPerDay: RunRule {
  static let grouping = FactGrouping.patient
  static let description = RuleDescription(
    id: "UNIT-002", severity: .error, name: "units-per-day",
    summary: "The units of a patient's day do not exceed the medically unlikely edit.",
    rationale: "The limit is absolute by policy (MAI 2): units beyond it are denied whatever the modifiers say.",
    needs: [.patient, .clinician, .serviceDate, .units], applies: .all, carc: "151", rarc: "N362",
    fix: "Bill no more than the limit a day.",
    source: "CMS NCCI medically unlikely edits, practitioner and outpatient hospital, effective 2024-04-01",
    flagged: RuleExample { $0.units = "2" },
    clean: RuleExample { $0.priors = [RuleExample.Prior("32960", date: "20260309")] })

  private struct DayKey: Hashable {
    var day: Int32
    var procedure: Code
    var provider: UInt64
    var isInstitutional: Bool
    /// The payer's turn: a claim's copies for the payers behind the first are no further services.
    var turn: UInt16
    /// The claim, for a replacement of nobody knows what.
    var alone: UInt64
  }

  private var totals = ShortList<DayKey, Int64>()
  /// The services that were counted.
  private var seen = ShortList<ServiceKey, Void>()

  mutating func check(_ group: FactGroup, _ findings: inout RunFindingSink) {
    // One unit is within any limit.
    if group.lines.count == 1, let fact = group.lines.first, fact.units <= 1 { return }
    let superseded = SupersededClaims(group)
    totals.removeAll()
    seen.removeAll()
    for fact in group.lines {
      guard fact.units > 0, let policy = findings.policies.policy(of: fact.procedure), !superseded.isGone(fact),
        let service = ServiceKey(fact)
      else { continue }
      let limit = Int64(policy.units(isHospital: service.isInstitutional, on: Day(ordinal: fact.serviceDay)))
      guard limit > 0 else { continue }
      if fact.traits.contains(.original), !fact.traits.contains(.notPrimary) {
        if seen.position(of: service) != nil { continue }
        seen.append((), for: service)
      }
      let isUnresolved = fact.traits.contains(.replacement) && !superseded.isResolved(fact)
      let turn = fact.traits.intersection([.notPrimary, .tertiary]).rawValue
      let key = DayKey(
        day: fact.serviceDay, procedure: fact.procedure, provider: service.provider,
        isInstitutional: service.isInstitutional, turn: turn, alone: isUnresolved ? fact.claimID : 0)
      let total = add(Int64(fact.units), to: key)
      if total > limit, fact.traits.contains(.watched) {
        findings.report(fact, .units, Message.exceeds(fact.procedure, total, limit))
      }
    }
  }

  /// Adds units to those of a day and says how many they are then.
  private mutating func add(_ units: Int64, to key: DayKey) -> Int64 {
    guard let position = totals.position(of: key) else {
      totals.append(units, for: key)
      return units
    }
    totals[position] += units
    return totals[position]
  }
}

extension UnitsPerDay {
  fileprivate enum Message {
    static func exceeds(_ procedure: Code, _ total: Int64, _ limit: Int64) -> MessageText {
      "\(total) units of \(procedure) on one day exceed \(limit) per day (MUE, policy)"
    }
  }
}
