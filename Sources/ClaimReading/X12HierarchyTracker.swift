internal import ClaimModel
internal import X12

/// Follows the hierarchical levels (HL) of a transaction set: billing provider (20), subscriber (22), patient (23).
///
/// Levels are taken in the order they come, whatever their numbers say; numbers that are odd are noted, the first of each kind in
/// a set. Nothing grows with the number of levels.
struct X12HierarchyTracker: Equatable {
  /// What a level is, from HL03.
  enum Level {
    case none
    case billing
    case subscriber
    case patient
    case other
  }

  private(set) var level = Level.none
  /// The numbers of the billing provider's level and of the subscriber's.
  private(set) var billing: Int?
  private(set) var subscriber: Int?
  private var last = 0
  private var notedOrder = false
  private var notedParent = false

  /// No levels yet, `last` of them numbered.
  init(last: Int = 0) { self.last = last }

  /// What of it matters to a billing provider's level that follows.
  var settledBeforeProvider: X12HierarchyTracker {
    var settled = X12HierarchyTracker(last: last)
    settled.notedOrder = notedOrder
    settled.notedParent = notedParent
    return settled
  }

  /// A new transaction set.
  mutating func reset() { self = X12HierarchyTracker() }

  /// The number that the next level has in good order.
  var next: Int { last + 1 }

  /// Opens a level about which `open` has nothing to say: it has the next number, and names the one it stands below.
  mutating func passOrdinary(isSubscriber: Bool) {
    last += 1
    if isSubscriber {
      level = .subscriber
      subscriber = last
    } else {
      level = .patient
    }
  }

  mutating func open(
    _ segment: Span<UInt8>, _ e: SegmentElements, at place: SourceLocation, _ issues: inout [ReadingIssue]
  ) {
    let number = segment.number(e[1])
    if !notedOrder, number != last + 1 {
      notedOrder = true
      issues.append(
        .hierarchy(
          "HL_ID", at: place, "HL01",
          "HL01 does not number the levels in order; further ones of this set are not listed"))
    }
    if let number { last = max(last, number) }
    let parentText = segment.trimmed(e[2])
    let parent = segment.number(e[2])
    var expected: Int?
    if segment.equals(e[3], "20") {
      level = .billing
      billing = number
      subscriber = nil
    } else if segment.equals(e[3], "22") {
      level = .subscriber
      expected = billing
      subscriber = number
    } else if segment.equals(e[3], "23") {
      level = .patient
      expected = subscriber
    } else {
      level = .other
      return
    }
    let fits = level == .billing ? parentText.isEmpty : parent != nil && parent == expected
    if !notedParent, !fits {
      notedParent = true
      issues.append(
        .hierarchy(
          "HL_PARENT", at: place, "HL02",
          "HL02 does not name the level this one stands below; the order of the segments counts; further ones of this set are not listed"
        ))
    }
  }
}

extension ReadingIssue {
  static func hierarchy(_ code: String, at place: SourceLocation, _ element: String, _ text: String) -> ReadingIssue {
    ReadingIssue(
      code: code, severity: .warning, effect: .none, location: place, segment: "HL", element: element, message: text)
  }
}
