internal import Auditing
internal import ClaimModel
internal import Reporting

/// Gathers what the workers found, in input order: spools for lines and issues, facts, counts, the list of streams.
final class RunCollector: @unchecked Sendable {
  private let lines: RecordSpool
  private let issues: RecordSpool
  private let tell: (SourceNotice) -> Void
  private(set) var files: [SourceFile] = []
  /// The facts of watched lines.
  private var watched: [LineFact] = []
  /// The facts of lines that may only tell of an earlier procedure.
  private let earlier: FactSpill
  private(set) var summary: SummaryBuilder
  private(set) var isDamaged = false
  private(set) var isUnopened = false
  /// The first thing that could not be written: the run ends with it.
  private(set) var failure: ReportError?

  private var waitingNotices: [ReadingIssue] = []
  private var tellable = 0

  /// How many issues of a stream are told.
  private static let told = 20

  init(
    lines: RecordSpool, issues: RecordSpool, spoolFolder: String, summary: SummaryBuilder,
    tell: @escaping (SourceNotice) -> Void
  ) {
    earlier = FactSpill(folder: spoolFolder)
    self.lines = lines
    self.issues = issues
    self.summary = summary
    self.tell = tell
  }

  /// Takes the next part of the run.
  func take(_ part: StreamPart) {
    switch part {
    case .records(let records): take(records)
    case .end(let end): take(end)
    }
  }

  private func take(_ records: StreamRecords) {
    let stream = files.count
    records.lines.rebase(stream: stream)
    records.issues.rebase(stream: stream)
    do throws(ReportError) {
      if !records.lines.isEmpty { try lines.append(records.lines) }
      if !records.issues.isEmpty { try issues.append(records.issues) }
      for var fact in records.facts {
        fact.key.stream = UInt32(stream)
        if fact.traits.contains(.watched) { watched.append(fact) } else { try earlier.append(fact) }
      }
    } catch {
      if failure == nil { failure = error }
    }
    for (rule, count) in records.notEvaluated { summary.addNotEvaluated(Array(repeating: rule, count: count)) }
    waitingNotices += records.told.prefix(max(0, RunCollector.told - waitingNotices.count))
    tellable += records.tellable
  }

  private func take(_ end: StreamEnd) {
    files.append(end.file)
    if end.isDamaged { isDamaged = true }
    if end.isUnopened { isUnopened = true }
    let shown = waitingNotices.count { $0.severity != .info }
    for notice in waitingNotices { tell(.issue(notice, path: end.file.path)) }
    if tellable > shown { tell(.more(tellable - shown, path: end.file.path)) }
    tell(.read(end.file))
    waitingNotices = []
    tellable = 0
  }

  /// The facts that the rules over the run have to see: watched lines, and earlier procedures of their patients; not of streams
  /// whose lines are withheld.
  func facts() throws(ReportError) -> [LineFact] {
    if files.contains(where: \.isWithheld) { watched.removeAll { files[Int($0.key.stream)].isWithheld } }
    let patients = Set(watched.map(\.patient))
    let numbers = Set(watched.map { FactGrouping.claimNumber.key(of: $0) })
    let known = try earlier.filtered { fact in
      let number = FactGrouping.claimNumber.key(of: fact)
      return (fact.patient != 0 && patients.contains(fact.patient) || number != 0 && numbers.contains(number))
        && !files[Int(fact.key.stream)].isWithheld
    }
    return watched + known
  }
}
