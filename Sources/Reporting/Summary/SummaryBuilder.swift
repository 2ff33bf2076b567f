public import Auditing
public import ClaimModel

/// Adds up a run, part by part.
///
/// A commutative sum: parts may be gathered by several threads or runs and merged in any order, and the summary is the same to
/// the byte. Counts and amounts are integers; every benchmark value is kept, in a temporary file where they are many, so that
/// percentiles are exact.
public struct SummaryBuilder: Sendable {
  /// What a summary has to know that stands on no claim.
  public struct Reference: Sendable {
    /// How fee schedules price each place of service; institutional claims are of a facility.
    public var settings: [Code: BenchmarkSetting]
    /// What Medicare pays for the watched procedure in each setting, in cents.
    public var medicare: [BenchmarkSetting: Int64]

    /// Reference data; without it every professional line's setting is unknown.
    public init(settings: [Code: BenchmarkSetting] = [:], medicare: [BenchmarkSetting: Int64] = [:]) {
      self.settings = settings
      self.medicare = medicare
    }
  }

  /// What is counted of a stream while its lines are written.
  struct StreamCounts: Sendable {
    var watchedLines = 0
    var findings = 0
    var issues = 0
  }

  /// What holds for one watched line.
  struct Line {
    var stream: Int
    /// The group it is of, as `group(payer:claimType:placeOfService:)` says.
    var group: Int
    var charge: Int64?
    var allowed: Int64?
    var paid: Int64?
    var atRisk: Int64
  }

  /// The codes that watched lines are counted by.
  struct LineCodes: Sendable {
    var placeOfService = Tally.none
    var typeOfBill = Tally.none
    var modifiers = Modifiers()
  }

  /// The modifiers of a line, each once; `Tally.none` alone where there is none.
  struct Modifiers: Sendable {
    private var tallies: [5 of Tally] = .init(repeating: .none)
    private var count = 0

    /// Adds a modifier, if it is one and is new.
    @inline(__always)
    mutating func add(_ tally: Tally) {
      if tally == .none || count == 5 { return }
      for index in 0..<count where tallies[index] == tally { return }
      tallies[count] = tally
      count += 1
    }

    /// How many values count.
    var valueCount: Int { max(count, 1) }

    /// A value.
    subscript(index: Int) -> Tally { tallies[index] }
  }

  /// What a value counts under: itself when it has the shape of a code, so that damaged fields do not make names without end.
  struct Tally: Hashable, Sendable {
    let bits: UInt64

    /// There is no value.
    static let none = Tally(bits: 0)
    private static let invalid = Tally(bits: .max)

    private init(bits: UInt64) { self.bits = bits }

    /// A value as a cell has it.
    @inline(__always)
    init(_ cell: Range<Int>, in bytes: borrowing ByteBuffer) {
      if cell.isEmpty {
        self = .none
        return
      }
      // Codes come as they were packed when read: at most eight printable bytes.
      guard cell.count <= 8 else {
        self = .invalid
        return
      }
      let packed = bytes.packed(at: cell.lowerBound, count: cell.count)
      let every: UInt64 = 0x0101_0101_0101_0101
      // What is behind the last byte is taken for the first that is allowed.
      let filled = packed | (0x21 &* every) & ((~0 &>> 1) >> UInt64(8 &* cell.count &- 1))
      // High bits of those that are no ASCII, below 0x21, or 0x7F.
      let isInvalid = (filled | (filled &- 0x21 &* every) | (filled &+ every)) & (0x80 &* every) != 0
      bits = isInvalid ? .max : packed
    }

    /// The code.
    var code: Code { self == .invalid ? .none : Code(bits: bits) }

    /// The name in the summary.
    var name: String { self == .none ? "none" : self == .invalid ? "invalid" : code.description }
  }

  /// What of the input the reports hold; `nil`: all of it.
  public var coverage: Summary.Coverage?
  private let reference: Reference
  private var reportedLines = 0
  private var watchedChargeCents: Int64 = 0
  private var atRiskCents: Int64 = 0
  /// Findings by position of the rule in the catalogue.
  private var byRule: [Int64] = []
  /// Findings by raw value of the severity.
  private var bySeverity: [4 of Int64] = .init(repeating: 0)
  private var byPlaceOfService = TallyCounts()
  private var byTypeOfBill = TallyCounts()
  private var byModifier = TallyCounts()
  private var groups: [BenchmarkGroup] = []
  private let values: BenchmarkValues
  private let folder: String
  private var groupPositions: [BenchmarkKey: Int] = [:]
  private var issuesByCode: [String: Int64] = [:]
  private var issuesByEffect: [String: Int64] = [:]
  /// Lines by position of the rule in the catalogue.
  private var notEvaluated: [Int64] = []
  private var streams: [StreamCounts] = []

  /// An empty sum.
  ///
  /// - Parameters:
  ///   - reference: what it has to know that stands on no claim.
  ///   - folder: where its temporary file goes.
  public init(reference: Reference = Reference(), folder: String = TemporaryFolder.path) {
    self.reference = reference
    self.folder = folder
    values = BenchmarkValues(folder: folder)
  }

  /// An empty sum with the same reference and folder, to be merged with this one.
  var emptied: SummaryBuilder { SummaryBuilder(reference: reference, folder: folder) }

  /// What could not be written to the temporary file: then the benchmark is not whole.
  var failure: ReportError? { values.failure }

  /// Counts rules that could not be evaluated on a line, as `ClaimAudit.notEvaluated` lists them.
  public mutating func addNotEvaluated(_ rules: [RuleIndex]) {
    for rule in rules { notEvaluated.add(1, at: Int(rule.position)) }
  }

  /// Counts a rule that could not be evaluated on that many lines.
  public mutating func addNotEvaluated(_ rule: RuleIndex, lines: Int) {
    notEvaluated.add(Int64(lines), at: Int(rule.position))
  }

  /// Adds what another part counted.
  public mutating func merge(_ other: SummaryBuilder) {
    reportedLines += other.reportedLines
    watchedChargeCents &+= other.watchedChargeCents
    atRiskCents &+= other.atRiskCents
    byRule.add(other.byRule)
    for severity in bySeverity.indices { bySeverity[severity] += other.bySeverity[severity] }
    notEvaluated.add(other.notEvaluated)
    byPlaceOfService.merge(other.byPlaceOfService)
    byTypeOfBill.merge(other.byTypeOfBill)
    byModifier.merge(other.byModifier)
    issuesByCode.merge(other.issuesByCode, uniquingKeysWith: +)
    issuesByEffect.merge(other.issuesByEffect, uniquingKeysWith: +)
    for (key, position) in other.groupPositions {
      let mine = self.position(of: key)
      groups[mine].lines += other.groups[position].lines
      groups[mine].atRiskCents &+= other.groups[position].atRiskCents
      for measure in BenchmarkMeasure.allCases {
        values.add(other.values, measure, of: position, to: mine)
      }
    }
    for (stream, counts) in other.streams.enumerated() {
      withStream(stream) { mine in
        mine.watchedLines += counts.watchedLines
        mine.findings += counts.findings
        mine.issues += counts.issues
      }
    }
    values.takeFailure(of: other.values)
  }

  // MARK: What the publishing pass adds

  /// Counts a row of `lines.csv`.
  mutating func addReportedLine() { reportedLines += 1 }

  /// Counts a watched line, but for its codes.
  mutating func addWatched(_ line: Line) {
    withStream(line.stream) { $0.watchedLines += 1 }
    watchedChargeCents &+= line.charge ?? 0
    atRiskCents &+= line.atRisk
    groups[line.group].lines += 1
    groups[line.group].atRiskCents &+= line.atRisk
    values.append(charge: line.charge, allowed: line.allowed, paid: line.paid, of: line.group)
  }

  /// Counts the codes of that many watched lines.
  mutating func add(_ codes: LineCodes, lines: Int64) {
    byPlaceOfService.add(lines, to: codes.placeOfService)
    byTypeOfBill.add(lines, to: codes.typeOfBill)
    for index in 0..<codes.modifiers.valueCount { byModifier.add(lines, to: codes.modifiers[index]) }
  }

  /// The group of the lines of a payer and claim type at a place of service.
  mutating func group(payer: String, claimType: ClaimKind, placeOfService: Tally) -> Int {
    let setting: BenchmarkSetting =
      claimType == .institutional ? .facility : reference.settings[placeOfService.code] ?? .unknown
    return position(of: BenchmarkKey(payer: payer, claimType: claimType, setting: setting))
  }

  private mutating func position(of key: BenchmarkKey) -> Int {
    let position = groupPositions[key] ?? groups.count
    if position == groups.count {
      groupPositions[key] = position
      groups.append(BenchmarkGroup())
    }
    return position
  }

  /// Counts the findings of a line.
  mutating func add(_ findings: borrowing LineFindings, stream: Int) {
    if findings.isEmpty { return }
    let entries = findings.entries.span
    var last = 0
    for index in entries.indices {
      last = max(last, Int(entries[index].record.rule.position))
      bySeverity[Int(entries[index].record.severity.rawValue)] += 1
    }
    while byRule.count <= last { byRule.append(0) }
    var counts = byRule.mutableSpan
    for index in entries.indices { counts[Int(entries[index].record.rule.position)] += 1 }
    withStream(stream) { $0.findings += findings.count }
  }

  /// Counts an issue.
  mutating func addIssue(code: String, effect: String, stream: Int) {
    issuesByCode[code, default: 0] += 1
    issuesByEffect[effect, default: 0] += 1
    withStream(stream) { $0.issues += 1 }
  }

  private mutating func withStream(_ stream: Int, _ change: (inout StreamCounts) -> Void) {
    while streams.count <= stream { streams.append(StreamCounts()) }
    change(&streams[stream])
  }

  // MARK: The sum

  /// The summary.
  ///
  /// - Parameters:
  ///   - files: the input, in input order.
  ///   - catalogue: the rules.
  public func summary(files: [SourceFile], catalogue: RuleCatalogue) -> Summary {
    var summary = Summary()
    summary.coverage = coverage
    summary.files = files.enumerated().filter { !$0.element.isHistory }.map { stream, file in
      let counts = stream < streams.count ? streams[stream] : StreamCounts()
      return Summary.File(
        path: cleaned(file.path), format: file.format?.word, compression: file.compression, bytes: file.bytes,
        claims: file.claims, lines: file.lines, watchedLines: counts.watchedLines, findings: counts.findings,
        issues: counts.issues, status: file.status.rawValue)
    }
    summary.totals.files = summary.files.count
    for file in files where !file.isHistory {
      summary.totals.bytes += file.bytes
      summary.totals.claims += file.claims
      summary.totals.lines += file.lines
      summary.totals.chargeCents &+= file.chargeCents
    }
    for counts in streams {
      summary.totals.watchedLines += counts.watchedLines
      summary.totals.findings += counts.findings
      summary.totals.issues += counts.issues
    }
    summary.totals.reportedLines = reportedLines
    summary.totals.watchedChargeCents = watchedChargeCents
    summary.totals.atRiskCents = atRiskCents
    summary.byRule = named(byRule, catalogue)
    summary.bySeverity = [Severity.error, .warning, .info].map { severity in
      Summary.Count(name: severity.name, value: bySeverity[Int(severity.rawValue)])
    }
    summary.byPlaceOfService = sorted(byPlaceOfService.named)
    summary.byTypeOfBill = sorted(byTypeOfBill.named)
    summary.byModifier = sorted(byModifier.named)
    var lines: [String: Int64] = [:]
    var atRisk: [String: Int64] = [:]
    for (key, position) in groupPositions {
      let group = groups[position]
      lines[key.payer, default: 0] += group.lines
      if group.atRiskCents != 0 { atRisk[key.payer, default: 0] &+= group.atRiskCents }
    }
    summary.byPayer = sorted(lines)
    summary.atRiskByPayer = sorted(atRisk)
    summary.benchmark = benchmark()
    summary.issuesByCode = sorted(issuesByCode)
    summary.issuesByEffect = sorted(issuesByEffect)
    summary.notEvaluated = named(notEvaluated, catalogue)
    return summary
  }

  private func sorted(_ counts: some Sequence<(key: String, value: Int64)>) -> Summary.Counts {
    counts.map { Summary.Count(name: $0.key, value: $0.value) }.sorted { byteOrder($0.name, $1.name) }
  }

  /// The rules that were counted, in the order of the catalogue, which is that of their ids.
  private func named(_ counts: [Int64], _ catalogue: RuleCatalogue) -> Summary.Counts {
    counts.enumerated().filter { $0.element != 0 }.map {
      Summary.Count(name: catalogue[RuleIndex($0.offset)], value: $0.element)
    }
  }

  private func benchmark() -> [BenchmarkEntry] {
    let keys = groupPositions.keys.sorted { left, right in
      if left.payer != right.payer { return byteOrder(left.payer, right.payer) }
      if left.claimType != right.claimType { return left.claimType.letter < right.claimType.letter }
      return byteOrder(left.setting.rawValue, right.setting.rawValue)
    }
    var entries: [BenchmarkEntry] = []
    for key in keys {
      guard let group = groupPositions[key] else { continue }
      for measure in BenchmarkMeasure.allCases {
        if let entry = entry(key, measure, group) { entries.append(entry) }
      }
    }
    return entries
  }

  /// The benchmark of one measure of a group, `nil` where it has no value.
  private func entry(_ key: BenchmarkKey, _ measure: BenchmarkMeasure, _ group: Int) -> BenchmarkEntry? {
    let count = values.count(measure, of: group)
    guard count > 0 else { return nil }
    let shares = [(1, 4), (1, 2), (3, 4), (9, 10)]
    let places = shares.map { percentilePlace($0.0, of: $0.1, among: count) }
    let found = values.values(
      at: [0, count - 1] + places.flatMap { [$0.place, min($0.place + 1, count - 1)] }, measure, of: group)
    func share(_ index: Int) -> Int64 {
      percentile(between: found[2 + 2 * index], and: found[3 + 2 * index], places[index].rest, of: shares[index].1)
    }
    let hasPercentiles = count >= 10
    return BenchmarkEntry(
      payer: key.payer, claimType: String(key.claimType.letter), setting: key.setting, measure: measure, count: count,
      minimum: found[0], p25: hasPercentiles ? share(0) : nil, median: count >= 5 ? share(1) : nil,
      p75: hasPercentiles ? share(2) : nil, p90: hasPercentiles ? share(3) : nil, maximum: found[1],
      // A charge is a free price and is shown beside what Medicare pays without a verdict; a facility's is another thing.
      medicareReference: key.claimType == .professional ? reference.medicare[key.setting] : nil)
  }
}

/// Counts by value, added to for every line: open addressing over the values' bits, half full at most.
private struct TallyCounts: Sendable {
  /// Free where the count is 0.
  private var slots: [(tally: SummaryBuilder.Tally, count: Int64)] = TallyCounts.free(64)
  private var taken = 0

  private static func free(_ count: Int) -> [(tally: SummaryBuilder.Tally, count: Int64)] {
    Array(repeating: (.none, 0), count: count)
  }

  /// Adds to the count of a value.
  mutating func add(_ count: Int64, to tally: SummaryBuilder.Tally) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: (tally.bits &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while slots[slot].count != 0, slots[slot].tally != tally { slot = (slot + 1) & mask }
    if slots[slot].count == 0 {
      slots[slot].tally = tally
      taken += 1
    }
    slots[slot].count += count
    if taken * 2 > slots.count { grow() }
  }

  private mutating func grow() {
    let old = slots
    slots = TallyCounts.free(old.count * 4)
    taken = 0
    for entry in old where entry.count != 0 { add(entry.count, to: entry.tally) }
  }

  mutating func merge(_ other: TallyCounts) {
    for entry in other.slots where entry.count != 0 { add(entry.count, to: entry.tally) }
  }

  /// The counts by name.
  var named: [(key: String, value: Int64)] {
    slots.filter { $0.count != 0 }.map { ($0.tally.name, $0.count) }
  }
}

extension [Int64] {
  /// Adds to the count at `position`; counts that were never added to are 0.
  fileprivate mutating func add(_ amount: Int64, at position: Int) {
    while count <= position { append(0) }
    self[position] += amount
  }

  fileprivate mutating func add(_ other: [Int64]) {
    for (position, amount) in other.enumerated() { add(amount, at: position) }
  }
}

/// Whether the UTF-8 of `left` comes before that of `right`: an order that no locale changes.
func byteOrder(_ left: String, _ right: String) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }

/// A text as the reports write it.
func cleaned(_ text: String) -> String {
  var bytes = ByteBuffer()
  _ = bytes.append(clean: text)
  return bytes.string(0..<bytes.count)
}
