internal import Auditing
internal import ClaimModel
internal import Reporting

/// Gathers what the workers found, in input order: spools for lines and issues, facts, counts, the list of streams.
final class RunCollector: @unchecked Sendable {
  private let lines: RecordSpool
  private let issues: RecordSpool
  private let marks: ClaimMarks?
  private let tell: (SourceNotice) -> Void
  private let journal: (any RunJournal)?
  private(set) var files: [SourceFile] = []
  /// The facts of watched lines.
  private let watched: FactSpill
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
    marks: ClaimMarks? = nil, journal: (any RunJournal)? = nil, tell: @escaping (SourceNotice) -> Void
  ) {
    self.journal = journal
    watched = FactSpill(folder: spoolFolder)
    earlier = FactSpill(folder: spoolFolder)
    self.lines = lines
    self.issues = issues
    self.summary = summary
    self.marks = marks
    self.tell = tell
  }

  /// Takes what earlier runs have read, before anything else.
  func replay() throws(ReportError) {
    try journal?.replay(
      records: { (records) throws(ReportError) in try keep(records) },
      end: { (end) throws(ReportError) in
        files.append(end.file)
        if end.isDamaged, !end.file.isHistory { isDamaged = true }
      })
  }

  /// Takes the next part of the run.
  func take(_ part: StreamPart) {
    do throws(ReportError) {
      switch part {
      case .records(let records):
        try journal?.add(records)
        try marks?.append(records.marks, stream: files.count)
        try keep(records)
        waitingNotices += records.told.prefix(max(0, RunCollector.told - waitingNotices.count))
        tellable += records.tellable
      case .end(let end):
        try journal?.end(end)
        take(end)
      case .inputEnd(let input): try journal?.endInput(input)
      }
    } catch {
      if failure == nil { failure = error }
    }
  }

  private func keep(_ records: StreamRecords) throws(ReportError) {
    let stream = files.count
    records.lines.rebase(stream: stream)
    records.issues.rebase(stream: stream)
    if !records.lines.isEmpty { try lines.append(records.lines) }
    if !records.issues.isEmpty { try issues.append(records.issues) }
    for var fact in records.facts {
      fact.key.stream = UInt32(stream)
      try (fact.traits.contains(.watched) ? watched : earlier).append(fact)
    }
    for (rule, count) in records.notEvaluated { summary.addNotEvaluated(Array(repeating: rule, count: count)) }
  }

  private func take(_ end: StreamEnd) {
    files.append(end.file)
    if end.isDamaged { isDamaged = true }
    if end.isUnopened { isUnopened = true }
    let shown = waitingNotices.count { $0.severity != .info }
    for notice in waitingNotices { tell(.issue(notice, path: end.file.path)) }
    if tellable > shown { tell(.more(tellable - shown, path: end.file.path)) }
    if let recognition = end.recognition { tell(.recognised(recognition)) }
    tell(.read(end.file))
    waitingNotices = []
    tellable = 0
  }

  /// How many watched lines are looked at together: a part of the run that is sure to fit into memory.
  private static let part = 40_000

  /// What the rules over the run find, by line, then by rule.
  ///
  /// Facts are looked at part by part, each holding its groups (a patient's lines, a claim number's, a peer group's) whole, so that
  /// memory does not grow with the run. Of lines that are not watched only those of a group with a watched one are taken; streams
  /// whose lines are withheld say nothing.
  func findings(_ auditor: RunAuditor) throws(ReportError) -> [RunFinding] {
    let isWithheld = files.map(\.isWithheld)
    let parts = UInt64(max(1, (watched.count + RunCollector.part - 1) / RunCollector.part))
    var findings: [RunFinding] = []
    for grouping in FactGrouping.allCases {
      for part in 0..<parts {
        func isOfPart(_ fact: LineFact) -> Bool {
          let key = grouping.key(of: fact)
          return key != 0 && key % parts == part && !isWithheld[Int(fact.key.stream)]
        }
        let lines = try watched.filtered(isOfPart)
        let keys = Set(lines.map { grouping.key(of: $0) })
        let others = try earlier.filtered { keys.contains(grouping.key(of: $0)) && isOfPart($0) }
        findings += auditor.findings(in: lines + others, grouping: grouping)
      }
    }
    findings.sort { $0.key != $1.key ? $0.key < $1.key : $0.rule < $1.rule }
    return findings
  }
}
