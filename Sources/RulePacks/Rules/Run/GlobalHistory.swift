internal import Auditing
internal import ClaimModel

/// What a clinician did for a patient before a line: whether there was a procedure at all, and whether its global period is open.
///
/// A procedure of day p with g global days is open on day d when 0 ≤ d − p ≤ g. Procedures whose global days nobody knows make every
/// answer unsure, and unsure is silence. Lines are told in the order of their days in one pass, however many there are.
struct GlobalHistory {
  /// The line that is asked about.
  let fact: LineFact
  /// Whether a procedure of an earlier day, or another one of the same day, is known.
  let hasEarlier: Bool
  /// Whether another procedure of the same day is known: it is open whatever its global days.
  let hasSameDay: Bool
  /// Whether the global days of an earlier procedure are not known.
  let hasUnknown: Bool
  /// The procedure of an earlier day whose period of 10 or 90 days is open, the one that stays open longest.
  let open: LineFact?

  /// Goes over the watched lines of a patient's professional claims that a pack describes, where one of them may matter.
  static func forEachLine(
    _ group: ArraySlice<LineFact>, _ policies: PolicyTable, where mayMatter: (LineFact) -> Bool,
    _ body: (GlobalHistory) -> Void
  ) {
    guard group.contains(where: mayMatter) else { return }
    let superseded = SupersededClaims(group)
    let facts = group.filter { fact in
      fact.clinician != 0 && fact.serviceDay != Int32.min && !superseded.isGone(fact)
        && fact.traits.isDisjoint(with: [.institutional, .dental])
    }.sorted { left, right in
      if left.clinician != right.clinician { return left.clinician < right.clinician }
      if left.serviceDay != right.serviceDay { return left.serviceDay < right.serviceDay }
      return left.key < right.key
    }
    var start = 0
    while start < facts.count {
      var end = start
      while end < facts.count, facts[end].clinician == facts[start].clinician { end += 1 }
      walk(facts[start..<end], policies, body)
      start = end
    }
  }

  /// One clinician's lines in the order of their days.
  private static func walk(_ facts: ArraySlice<LineFact>, _ policies: PolicyTable, _ body: (GlobalHistory) -> Void) {
    var hasEarlier = false
    var hasUnknown = false
    var longest: (end: Int32, fact: LineFact)?
    var start = facts.startIndex
    while start < facts.endIndex {
      var end = start
      // A duplicate, or the copy for a second payer, is the same service and no other one of the day.
      var service: ServiceKey?
      var hasSameDay = false
      while end < facts.endIndex, facts[end].serviceDay == facts[start].serviceDay {
        if let other = ServiceKey(facts[end]) {
          if let service, service != other { hasSameDay = true }
          service = service ?? other
        }
        end += 1
      }
      for fact in facts[start..<end] where fact.traits.contains(.watched) {
        guard let policy = policies.policy(of: fact.procedure), !policy.isNone else { continue }
        let open = longest.flatMap { $0.end >= fact.serviceDay ? $0.fact : nil }
        body(
          GlobalHistory(
            fact: fact, hasEarlier: hasEarlier || hasSameDay, hasSameDay: hasSameDay, hasUnknown: hasUnknown, open: open
          ))
      }
      for fact in facts[start..<end] {
        hasEarlier = true
        guard let days = policies.globalDays(of: fact.procedure) else {
          hasUnknown = true
          continue
        }
        if days > 0, longest.map({ fact.serviceDay + days > $0.end }) ?? true {
          longest = (fact.serviceDay + days, fact)
        }
      }
      start = end
    }
  }
}
