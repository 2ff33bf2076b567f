public import Auditing
public import ClaimModel

/// Adds up a run, part by part.
///
/// A commutative sum: parts may be gathered by several threads or runs and merged in any order, and the summary is the same to
/// the byte. Counts and amounts are integers; every benchmark value is kept (eight bytes), so that percentiles are exact.
public struct SummaryBuilder: Sendable {
  /// What a summary has to know that stands on no claim.
  public struct Reference: Sendable {
    /// How fee schedules price each place of service. Institutional claims are of a facility.
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

  /// What holds for one line.
  struct Line {
    var stream: Int
    var payer: String
    var claimType: String
    var placeOfService: String
    var typeOfBill: String
    var modifiers: [String]
    var charge: Int64?
    var allowed: Int64?
    var paid: Int64?
    var atRisk: Int64
  }

  private let reference: Reference
  private var reportedLines = 0
  private var watchedChargeCents: Int64 = 0
  private var atRiskCents: Int64 = 0
  private var byRule: [RuleIndex: Int64] = [:]
  private var bySeverity: [Severity: Int64] = [:]
  private var byPayer: [String: Int64] = [:]
  private var byPlaceOfService: [String: Int64] = [:]
  private var byTypeOfBill: [String: Int64] = [:]
  private var byModifier: [String: Int64] = [:]
  private var atRiskByPayer: [String: Int64] = [:]
  private var groups: [BenchmarkKey: BenchmarkGroup] = [:]
  private var issuesByCode: [String: Int64] = [:]
  private var issuesByEffect: [String: Int64] = [:]
  private var notEvaluated: [RuleIndex: Int64] = [:]
  private var streams: [Int: StreamCounts] = [:]

  /// An empty sum.
  public init(reference: Reference = Reference()) { self.reference = reference }

  /// Counts rules that could not be evaluated on a line, as `ClaimAudit.notEvaluated` lists them.
  public mutating func addNotEvaluated(_ rules: [RuleIndex]) {
    for rule in rules { notEvaluated[rule, default: 0] += 1 }
  }

  /// Adds what another part counted.
  public mutating func merge(_ other: SummaryBuilder) {
    reportedLines += other.reportedLines
    watchedChargeCents &+= other.watchedChargeCents
    atRiskCents &+= other.atRiskCents
    byRule.merge(other.byRule, uniquingKeysWith: +)
    bySeverity.merge(other.bySeverity, uniquingKeysWith: +)
    byPayer.merge(other.byPayer, uniquingKeysWith: +)
    byPlaceOfService.merge(other.byPlaceOfService, uniquingKeysWith: +)
    byTypeOfBill.merge(other.byTypeOfBill, uniquingKeysWith: +)
    byModifier.merge(other.byModifier, uniquingKeysWith: +)
    atRiskByPayer.merge(other.atRiskByPayer, uniquingKeysWith: &+)
    issuesByCode.merge(other.issuesByCode, uniquingKeysWith: +)
    issuesByEffect.merge(other.issuesByEffect, uniquingKeysWith: +)
    notEvaluated.merge(other.notEvaluated, uniquingKeysWith: +)
    for (key, group) in other.groups { groups[key, default: BenchmarkGroup()].merge(group) }
    for (stream, counts) in other.streams {
      streams[stream, default: StreamCounts()].watchedLines += counts.watchedLines
      streams[stream, default: StreamCounts()].findings += counts.findings
      streams[stream, default: StreamCounts()].issues += counts.issues
    }
  }

  // MARK: What the publishing pass adds

  /// Counts a row of `lines.csv`.
  mutating func addReportedLine() { reportedLines += 1 }

  /// Counts a watched line.
  mutating func addWatched(_ line: Line) {
    streams[line.stream, default: StreamCounts()].watchedLines += 1
    watchedChargeCents &+= line.charge ?? 0
    atRiskCents &+= line.atRisk
    byPayer[line.payer, default: 0] += 1
    byPlaceOfService[SummaryBuilder.name(line.placeOfService), default: 0] += 1
    byTypeOfBill[SummaryBuilder.name(line.typeOfBill), default: 0] += 1
    let modifiers = Set(line.modifiers.map(SummaryBuilder.name))
    for modifier in modifiers.isEmpty ? ["none"] : modifiers { byModifier[modifier, default: 0] += 1 }
    if line.atRisk != 0 { atRiskByPayer[line.payer, default: 0] &+= line.atRisk }
    let setting: BenchmarkSetting =
      line.claimType == "I" ? .facility : reference.settings[Code(line.placeOfService)] ?? .unknown
    let key = BenchmarkKey(payer: line.payer, claimType: line.claimType, setting: setting)
    if let charge = line.charge { groups[key, default: BenchmarkGroup()].charge.append(charge) }
    if let allowed = line.allowed { groups[key, default: BenchmarkGroup()].allowed.append(allowed) }
    if let paid = line.paid { groups[key, default: BenchmarkGroup()].paid.append(paid) }
  }

  /// Counts a finding.
  mutating func addFinding(_ rule: RuleIndex, _ severity: Severity, stream: Int) {
    byRule[rule, default: 0] += 1
    bySeverity[severity, default: 0] += 1
    streams[stream, default: StreamCounts()].findings += 1
  }

  /// Counts an issue.
  mutating func addIssue(code: String, effect: String, stream: Int) {
    issuesByCode[code, default: 0] += 1
    issuesByEffect[effect, default: 0] += 1
    streams[stream, default: StreamCounts()].issues += 1
  }

  /// What a value counts under: itself when it has the shape of a code, so that damaged fields do not make names without end.
  private static func name(_ value: String) -> String {
    if value.isEmpty { return "none" }
    return Code(value).isNone ? "invalid" : value
  }

  // MARK: The sum

  /// The summary.
  ///
  /// - Parameters:
  ///   - files: the input, in input order.
  ///   - catalogue: the rules.
  public func summary(files: [SourceFile], catalogue: RuleCatalogue) -> Summary {
    var summary = Summary()
    summary.files = files.enumerated().map { stream, file in
      let counts = streams[stream] ?? StreamCounts()
      return Summary.File(
        path: cleaned(file.path), format: file.format?.word, compression: file.compression, bytes: file.bytes,
        claims: file.claims, lines: file.lines, watchedLines: counts.watchedLines, findings: counts.findings,
        issues: counts.issues, status: file.status.rawValue)
    }
    summary.totals.files = files.count
    for file in files {
      summary.totals.bytes += file.bytes
      summary.totals.claims += file.claims
      summary.totals.lines += file.lines
      summary.totals.chargeCents &+= file.chargeCents
    }
    for counts in streams.values {
      summary.totals.watchedLines += counts.watchedLines
      summary.totals.findings += counts.findings
      summary.totals.issues += counts.issues
    }
    summary.totals.reportedLines = reportedLines
    summary.totals.watchedChargeCents = watchedChargeCents
    summary.totals.atRiskCents = atRiskCents
    summary.byRule = sorted(byRule.map { (catalogue[$0.key], $0.value) })
    summary.bySeverity = [Severity.error, .warning, .info].map {
      Summary.Count(name: $0.name, value: bySeverity[$0] ?? 0)
    }
    summary.byPayer = sorted(byPayer)
    summary.byPlaceOfService = sorted(byPlaceOfService)
    summary.byTypeOfBill = sorted(byTypeOfBill)
    summary.byModifier = sorted(byModifier)
    summary.atRiskByPayer = sorted(atRiskByPayer)
    summary.benchmark = benchmark()
    summary.issuesByCode = sorted(issuesByCode)
    summary.issuesByEffect = sorted(issuesByEffect)
    summary.notEvaluated = sorted(notEvaluated.map { (catalogue[$0.key], $0.value) })
    return summary
  }

  private func sorted(_ counts: some Sequence<(key: String, value: Int64)>) -> Summary.Counts {
    counts.map { Summary.Count(name: $0.key, value: $0.value) }.sorted { byteOrder($0.name, $1.name) }
  }

  private func benchmark() -> [BenchmarkEntry] {
    let keys = groups.keys.sorted { left, right in
      if left.payer != right.payer { return byteOrder(left.payer, right.payer) }
      if left.claimType != right.claimType { return byteOrder(left.claimType, right.claimType) }
      return byteOrder(left.setting.rawValue, right.setting.rawValue)
    }
    var entries: [BenchmarkEntry] = []
    for key in keys {
      guard let group = groups[key] else { continue }
      for measure in BenchmarkMeasure.allCases {
        let values = group[measure].sorted()
        guard let minimum = values.first, let maximum = values.last else { continue }
        let hasPercentiles = values.count >= 10
        entries.append(
          BenchmarkEntry(
            payer: key.payer, claimType: key.claimType, setting: key.setting, measure: measure, count: values.count,
            minimum: minimum, p25: hasPercentiles ? percentile(1, of: 4, in: values) : nil,
            median: values.count >= 5 ? percentile(1, of: 2, in: values) : nil,
            p75: hasPercentiles ? percentile(3, of: 4, in: values) : nil,
            p90: hasPercentiles ? percentile(9, of: 10, in: values) : nil, maximum: maximum,
            // A charge is a free price and is shown beside what Medicare pays without a verdict; a facility's is another thing.
            medicareReference: key.claimType == "P" ? reference.medicare[key.setting] : nil))
      }
    }
    return entries
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
