public import Auditing
internal import ClaimModel
public import Reporting

/// What a claim must be to be selected: all that is asked for must hold.
public struct ClaimCriteria: Sendable {
  /// The claim ids, as they stand in the input; empty: any.
  public var claimIDs: Set<[UInt8]> = []
  /// The payer keys; empty: any.
  public var payers: Set<String> = []
  /// Whether a line must be watched.
  public var needsWatchedLine = false
  /// What one finding of the claim must be; `nil`: none is needed.
  public var finding: FindingCriteria?

  /// What a finding must be.
  public struct FindingCriteria: Sendable {
    /// The rules; empty: any.
    public var rules: Set<RuleIndex> = []
    /// The lowest severity.
    public var severity = Severity.info

    /// Any finding.
    public init() {}

    /// Whether a finding of that rule and severity is one.
    public func includes(_ rule: RuleIndex, _ severity: Severity) -> Bool {
      severity >= self.severity && (rules.isEmpty || rules.contains(rule))
    }
  }

  /// Every claim.
  public init() {}

  /// Whether claims without a watched line can be selected.
  public var takesUnwatchedClaims: Bool { !needsWatchedLine && finding == nil }

  /// What can be said of a claim before the end of the run.
  func traits(_ claim: Claim, _ audit: ClaimAudit) -> ClaimMark.Traits {
    var traits: ClaimMark.Traits = []
    let isOfID = claimIDs.isEmpty || claimIDs.contains(Array(claim.text[claim.id]))
    let isOfPayer = payers.isEmpty || payers.contains(audit.payer)
    if isOfID, isOfPayer { traits.insert(.fits) }
    if audit.hasWatchedLine { traits.insert(.watched) }
    if let finding, audit.findings.contains(where: { finding.includes($0.rule, $0.severity) }) {
      traits.insert(.found)
    }
    return traits
  }
}

/// Where a claim stands in its stream, and what is known of it; of a claim of an export a mark for each run of its records.
public struct ClaimMark: BitwiseCopyable, Sendable {
  /// What is known of a claim.
  public struct Traits: OptionSet, BitwiseCopyable, Sendable {
    public let rawValue: UInt8

    /// Traits of a raw value.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// It has one of the claim ids and one of the payers.
    public static let fits = Traits(rawValue: 1 << 0)
    /// A line of it is watched.
    public static let watched = Traits(rawValue: 1 << 1)
    /// It has one of the findings.
    public static let found = Traits(rawValue: 1 << 2)
    /// The mark is of the same claim as the one before it.
    public static let goesOn = Traits(rawValue: 1 << 3)
    /// It was read from an export.
    public static let export = Traits(rawValue: 1 << 4)
  }

  /// The ordinal of the stream in the run.
  public var stream: UInt32 = 0
  /// What is known.
  public var traits: Traits
  /// The record of the CLM, or the first of the run.
  public var record: Int
  /// How many records the run has; 0 for an 837.
  public var count: Int
  /// Where the CLM, or the first record, begins.
  public var byteOffset: Int
  /// Where the last record ends, its line break not counted; for an 837 the same as `byteOffset`.
  public var end: Int

  /// The marks of a claim.
  static func append(_ claim: Claim, _ traits: Traits, to marks: inout [ClaimMark]) {
    if claim.format == .x12 {
      let place = claim.location
      marks.append(
        ClaimMark(
          traits: traits, record: place.record, count: 0, byteOffset: place.byteOffset, end: place.byteOffset))
      return
    }
    var traits = traits.union(.export)
    if claim.isContinued { traits.insert(.goesOn) }
    for run in claim.rows {
      marks.append(
        ClaimMark(traits: traits, record: run.record, count: run.count, byteOffset: run.byteOffset, end: run.end))
      traits.insert(.goesOn)
    }
  }
}

/// The marks of a run's claims, in input order.
public final class ClaimMarks {
  /// What was asked.
  public let criteria: ClaimCriteria
  /// How many claims there are in each stream, and how many are selected.
  public private(set) var counts: [Int: (claims: Int, selected: Int)] = [:]

  private let marks: Spill<ClaimMark>
  private let selected: Spill<ClaimMark>

  /// No marks yet; what does not fit into memory goes into `folder`.
  public convenience init(_ criteria: ClaimCriteria, folder: String) {
    self.init(criteria, folder: folder, held: 1 << 16)
  }

  /// The same with `held` marks in memory.
  init(_ criteria: ClaimCriteria, folder: String, held: Int) {
    self.criteria = criteria
    marks = Spill(folder: folder, held: held)
    selected = Spill(folder: folder, held: held)
  }

  /// Takes marks of the stream that is read.
  func append(_ new: [ClaimMark], stream: Int) throws(ReportError) {
    for var mark in new {
      mark.stream = UInt32(stream)
      try marks.append(mark)
    }
  }

  /// Says which claims are selected, now that all findings are known; `inverted` selects the others.
  public func select(_ runFindings: RunFindingSpool, inverted: Bool) throws(ReportError) {
    let walk = try RunFindingWalk(runFindings)
    var claim: [ClaimMark] = []
    /// Decides about the claim; what follows it begins at `end`.
    func close(before end: LineKey) throws(ReportError) {
      guard let first = claim.first else { return }
      var traits = claim.reduce(into: ClaimMark.Traits()) { $0.formUnion($1.traits) }
      while let finding = walk.next, finding.key < end {
        try walk.advance()
        guard finding.key.stream == first.stream, criteria.finding?.includes(finding.rule, finding.severity) == true
        else { continue }
        let record = Int(finding.key.record)
        let isOfClaim =
          first.count == 0
          ? record > first.record : claim.contains { $0.record <= record && record < $0.record + $0.count }
        if isOfClaim { traits.insert(.found) }
      }
      let holds =
        traits.contains(.fits) && (!criteria.needsWatchedLine || traits.contains(.watched))
        && (criteria.finding == nil || traits.contains(.found))
      counts[Int(first.stream), default: (0, 0)].claims += 1
      if holds != inverted {
        counts[Int(first.stream), default: (0, 0)].selected += 1
        for mark in claim { try selected.append(mark) }
      }
      claim.removeAll(keepingCapacity: true)
    }
    for index in 0..<marks.count {
      let mark = try marks.element(index)
      if let first = claim.first, first.stream == mark.stream {
        if mark.traits.contains(.goesOn) {
          claim.append(mark)
          continue
        }
        // A part of an 837's claim that was handed out in pieces.
        if first.count == 0, first.byteOffset == mark.byteOffset {
          claim[0].traits.formUnion(mark.traits)
          continue
        }
      }
      try close(before: LineKey(stream: Int(mark.stream), record: mark.record))
      claim.append(mark)
    }
    try close(before: LineKey(stream: Int(UInt32.max), record: 0))
  }

  /// The selected claims' marks in input order, from the first one of `stream` on.
  public func selected(in stream: Int) throws(ReportError) -> Selected {
    // Halving: the marks are in the order of their streams.
    var low = 0
    var high = selected.count
    while low < high {
      let middle = (low + high) / 2
      if try selected.element(middle).stream < UInt32(stream) { low = middle + 1 } else { high = middle }
    }
    return Selected(marks: selected, stream: UInt32(stream), index: low)
  }

  /// A walk over the marks of one stream.
  public struct Selected {
    fileprivate let marks: Spill<ClaimMark>
    fileprivate let stream: UInt32
    fileprivate var index: Int

    /// The next mark, not taken.
    public func peek() throws(ReportError) -> ClaimMark? {
      guard index < marks.count else { return nil }
      let mark = try marks.element(index)
      return mark.stream == stream ? mark : nil
    }

    /// Takes the next mark.
    public mutating func advance() { index += 1 }
  }
}
