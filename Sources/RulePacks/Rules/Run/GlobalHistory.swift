internal import Auditing
internal import ClaimModel

/// What a clinician did for a patient before each line: whether there was a procedure at all, and whether its global period is open.
///
/// A procedure of day p with g global days is open on day d when 0 ≤ d − p ≤ g. Procedures whose global days nobody knows make every
/// answer unsure, and unsure is silence. Lines are told in the order of their days in one pass, however many there are.
struct GlobalHistory {
  /// What came before a line.
  struct Line {
    /// The position in the group of the line that is asked about.
    let position: Int
    /// Whether a procedure of an earlier day, or another one of the same day, is known.
    let hasEarlier: Bool
    /// Whether another procedure of the same day is known: it is open whatever its global days.
    let hasSameDay: Bool
    /// Whether the global days of an earlier procedure are not known.
    let hasUnknown: Bool
    /// The position of the procedure of an earlier day whose period of 10 or 90 days is open, the one that stays open longest.
    let open: Int?
  }

  /// The lines by clinician, then day: their positions in the group.
  private var order: [Int] = []

  /// Whether some procedure of the lines has a period of 10 or 90 days.
  static func hasPeriod(_ group: FactGroup, _ policies: PolicyTable) -> Bool {
    var last = Code.none
    for position in group.lines.indices where group.lines[position].procedure != last {
      last = group.lines[position].procedure
      if (policies.globalDays(of: last) ?? 0) > 0 { return true }
    }
    return false
  }

  /// Goes over the watched lines of a patient's professional claims that a pack describes.
  mutating func forEachLine(_ group: FactGroup, _ policies: PolicyTable, _ body: (Line) -> Void) {
    let lines = group.lines
    let superseded = SupersededClaims(group)
    order.removeAll(keepingCapacity: true)
    for position in lines.indices {
      guard lines[position].clinician != 0, lines[position].serviceDay != Int32.min,
        lines[position].traits.isDisjoint(with: [.institutional, .dental]), !superseded.isGone(lines[position])
      else { continue }
      order.append(position)
    }
    order.sort { left, right in
      if lines[left].clinician != lines[right].clinician { return lines[left].clinician < lines[right].clinician }
      if lines[left].serviceDay != lines[right].serviceDay { return lines[left].serviceDay < lines[right].serviceDay }
      return lines[left].key < lines[right].key
    }
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, lines[order[end]].clinician == lines[order[start]].clinician { end += 1 }
      walk(lines, start..<end, policies, body)
      start = end
    }
  }

  /// One clinician's lines in the order of their days.
  private func walk(
    _ lines: ArraySlice<LineFact>, _ range: Range<Int>, _ policies: PolicyTable, _ body: (Line) -> Void
  ) {
    var days = GlobalDays(policies)
    var hasEarlier = false
    var hasUnknown = false
    var longest: (end: Int32, position: Int)?
    var start = range.lowerBound
    while start < range.upperBound {
      let day = lines[order[start]].serviceDay
      var end = start
      // A duplicate, or the copy for a second payer, is the same service and no other one of the day.
      var service: ServiceKey?
      var hasSameDay = false
      while end < range.upperBound, lines[order[end]].serviceDay == day {
        if let other = ServiceKey(lines[order[end]]) {
          if let service, service != other { hasSameDay = true }
          service = service ?? other
        }
        end += 1
      }
      for position in order[start..<end] where lines[position].traits.contains(.watched) {
        guard let policy = policies.policy(of: lines[position].procedure), !policy.isNone else { continue }
        let open = longest.flatMap { $0.end >= day ? $0.position : nil }
        body(
          Line(
            position: position, hasEarlier: hasEarlier || hasSameDay, hasSameDay: hasSameDay, hasUnknown: hasUnknown,
            open: open))
      }
      for position in order[start..<end] {
        hasEarlier = true
        guard let days = days.of(lines[position].procedure) else {
          hasUnknown = true
          continue
        }
        if days > 0, longest.map({ day + days > $0.end }) ?? true { longest = (day + days, position) }
      }
      start = end
    }
  }

  /// The global days of procedures, looked up once for neighbours with the same.
  private struct GlobalDays {
    private let policies: PolicyTable
    private var last = Code.none
    private var days: Int32?

    init(_ policies: PolicyTable) { self.policies = policies }

    /// The global days of a procedure; `nil` where they are not known.
    mutating func of(_ procedure: Code) -> Int32? {
      if procedure != last {
        last = procedure
        days = policies.globalDays(of: procedure)
      }
      return days
    }
  }
}
