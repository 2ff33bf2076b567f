internal import ClaimModel
internal import X12

/// Follows ISA, GS, ST, SE, GE and IEA and says where counts and control numbers disagree (`ENV-001`).
///
/// The envelope never costs a claim: whatever is wrong with it is an issue, and the claims inside are read as if it were right.
struct X12EnvelopeTracker: Equatable {
  /// ISA13 of the open interchange.
  private(set) var interchangeControl: [UInt8] = []
  /// GS06 of the open group.
  private(set) var groupControl: [UInt8] = []
  /// ST02 of the open set.
  private(set) var transactionControl: [UInt8] = []
  /// GS08.
  private(set) var groupVersion: [UInt8] = []
  private(set) var inInterchange = false
  private(set) var inGroup = false
  private(set) var inSet = false

  private var groups = 0
  private var sets = 0
  private var setStart = 0
  private var controlsInGroup: Set<[UInt8]> = []
  private var controlsInStream: Set<[UInt8]> = []

  /// How many control numbers are remembered to notice a second use.
  private static let remembered = 4096

  mutating func openInterchange(control: [UInt8], at place: SourceLocation, _ issues: inout [ReadingIssue]) {
    if inInterchange {
      issues.append(.envelope("MISSING_IEA", at: place, "ISA", "the interchange before this ISA has no IEA"))
      issues.append(
        .envelope("NESTED_ISA", at: place, "ISA", "an ISA stands where the interchange before it is still open"))
      close()
    }
    inInterchange = true
    groups = 0
    interchangeControl = control
    if !controlsInStream.isEmpty, controlsInStream.contains(control) {
      issues.append(
        .envelope(
          "DUPLICATE_ISA13", at: place, "ISA", element: "ISA13", "an earlier interchange has the same control number"))
    } else if controlsInStream.count < X12EnvelopeTracker.remembered {
      controlsInStream.insert(control)
    }
  }

  /// An interchange that begins with its group or its set: the ISA is missing.
  mutating func openWithoutHeader() {
    inInterchange = true
    groups = 0
    interchangeControl = []
  }

  mutating func openGroup(
    _ segment: Span<UInt8>, _ e: SegmentElements, at place: SourceLocation, _ issues: inout [ReadingIssue]
  ) {
    if inSet { closeMissingSet(at: place, before: "GS", &issues) }
    if inGroup {
      issues.append(
        .envelope("MISSING_GE", at: place, "GS", "the functional group before this GS has no GE (NESTED_GS)"))
    }
    inGroup = true
    groups += 1
    sets = 0
    controlsInGroup.removeAll()
    groupControl = segment.copy(segment.trimmed(e[6]))
    groupVersion = segment.copy(segment.trimmed(e[8]))
  }

  mutating func openSet(
    _ segment: Span<UInt8>, _ e: SegmentElements, at place: SourceLocation, _ issues: inout [ReadingIssue]
  ) {
    if inSet {
      issues.append(
        .envelope("NESTED_ST", at: place, "ST", "an ST stands where the transaction set before it is still open"))
      closeMissingSet(at: place, before: "ST", &issues)
    }
    if !inGroup {
      issues.append(.envelope("MISSING_GS", at: place, "ST", "this transaction set stands in no functional group"))
      groupControl = []
      groupVersion = []
      groups += 1
      inGroup = true
    }
    inSet = true
    sets += 1
    setStart = place.record
    transactionControl = segment.copy(segment.trimmed(e[2]))
    if controlsInGroup.contains(transactionControl) {
      issues.append(
        .envelope(
          "DUPLICATE_ST02", at: place, "ST", element: "ST02", "an earlier set of the group has the same control number")
      )
    } else if controlsInGroup.count < X12EnvelopeTracker.remembered {
      controlsInGroup.insert(transactionControl)
    }
  }

  mutating func closeSet(
    _ segment: Span<UInt8>, _ e: SegmentElements, at place: SourceLocation, _ issues: inout [ReadingIssue]
  ) {
    guard inSet else {
      issues.append(.envelope("MISSING_ST", at: place, "SE", "this SE closes no transaction set"))
      return
    }
    let counted = place.record - setStart + 1
    if let stated = segment.number(e[1]) {
      if stated != counted {
        issues.append(
          .envelope(
            "SE_COUNT", at: place, "SE", element: "SE01", "SE01 says \(stated) segments, the set has \(counted)"))
      }
    } else {
      issues.append(
        .envelope("SE_COUNT", at: place, "SE", element: "SE01", "SE01 is not a number, the set has \(counted) segments")
      )
    }
    if segment.copy(segment.trimmed(e[2])) != transactionControl {
      issues.append(.envelope("SE_CONTROL", at: place, "SE", element: "SE02", "SE02 is not the control number of ST02"))
    }
    inSet = false
  }

  mutating func closeGroup(
    _ segment: Span<UInt8>, _ e: SegmentElements, at place: SourceLocation, _ issues: inout [ReadingIssue]
  ) {
    if inSet { closeMissingSet(at: place, before: "GE", &issues) }
    guard inGroup else {
      issues.append(.envelope("MISSING_GS", at: place, "GE", "this GE closes no functional group"))
      return
    }
    let stated = segment.number(e[1])
    if stated != sets {
      let word = stated.map { "says \($0) transaction sets" } ?? "is not a number"
      issues.append(.envelope("GE_COUNT", at: place, "GE", element: "GE01", "GE01 \(word), the group has \(sets)"))
    }
    if segment.copy(segment.trimmed(e[2])) != groupControl {
      issues.append(.envelope("GE_CONTROL", at: place, "GE", element: "GE02", "GE02 is not the control number of GS06"))
    }
    inGroup = false
  }

  mutating func closeInterchange(
    _ segment: Span<UInt8>, _ e: SegmentElements, at place: SourceLocation, _ issues: inout [ReadingIssue]
  ) {
    if inSet { closeMissingSet(at: place, before: "IEA", &issues) }
    if inGroup {
      issues.append(.envelope("MISSING_GE", at: place, "IEA", "the functional group before this IEA has no GE"))
    }
    let stated = segment.number(e[1])
    if stated != groups {
      let word = stated.map { "says \($0) functional groups" } ?? "is not a number"
      issues.append(
        .envelope("IEA_COUNT", at: place, "IEA", element: "IEA01", "IEA01 \(word), the interchange has \(groups)"))
    }
    if !interchangeControl.isEmpty, segment.copy(segment.trimmed(e[2])) != interchangeControl {
      issues.append(
        .envelope("IEA_CONTROL", at: place, "IEA", element: "IEA02", "IEA02 is not the control number of ISA13"))
    }
    close()
  }

  private mutating func closeMissingSet(at place: SourceLocation, before id: String, _ issues: inout [ReadingIssue]) {
    issues.append(.envelope("MISSING_SE", at: place, id, "the transaction set before this \(id) has no SE"))
    inSet = false
  }

  /// Forgets what is open, without a word.
  mutating func close() {
    inInterchange = false
    inGroup = false
    inSet = false
  }
}

extension ReadingIssue {
  /// A fault of the envelope: the claims inside are kept.
  static func envelope(
    _ kind: String, at place: SourceLocation, _ segment: String, element: String = "", _ text: String
  ) -> ReadingIssue {
    ReadingIssue(
      code: "ENV-001", severity: .warning, effect: .none, location: place, segment: segment, element: element,
      message: "\(kind): \(text); the claims inside are read as if it were right")
  }
}
