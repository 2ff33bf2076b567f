internal import Auditing
internal import ClaimModel
internal import Reporting

/// Gathers what the workers found, in input order: spools for lines and issues, facts, counts, the list of streams.
final class RunCollector: @unchecked Sendable {
  private let lines: RecordSpool
  private let issues: RecordSpool
  private let tell: (SourceNotice) -> Void
  private(set) var files: [SourceFile] = []
  private(set) var facts: [LineFact] = []
  private(set) var summary: SummaryBuilder
  private(set) var isDamaged = false
  private(set) var isUnopened = false
  /// The first thing that could not be written: the run ends with it.
  private(set) var failure: ReportError?

  private var waitingNotices: [ReadingIssue] = []
  private var tellable = 0

  init(lines: RecordSpool, issues: RecordSpool, summary: SummaryBuilder, tell: @escaping (SourceNotice) -> Void) {
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
    do {
      if !records.lines.isEmpty { try lines.append(records.lines) }
      if !records.issues.isEmpty { try issues.append(records.issues) }
    } catch {
      if failure == nil { failure = error }
    }
    for var fact in records.facts {
      fact.key.stream = UInt32(stream)
      facts.append(fact)
    }
    for (rule, count) in records.notEvaluated { summary.addNotEvaluated(Array(repeating: rule, count: count)) }
    waitingNotices += records.told
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

  /// Forgets the facts of streams whose lines are withheld.
  func dropWithheldFacts() {
    guard files.contains(where: \.isWithheld) else { return }
    facts.removeAll { files[Int($0.key.stream)].isWithheld }
  }
}
