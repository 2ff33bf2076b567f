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
  /// How many inputs have been read to their end.
  private(set) var inputsRead = 0
  // What is kept of the lines for each kind of rule over the run.
  private var patients: FactPartition<PatientFact>
  private var claimNumbers: FactPartition<ClaimNumberFact>
  private var peers: PeerGroups
  private let spoolFolder: String
  private(set) var summary: SummaryBuilder
  private(set) var isDamaged = false
  private(set) var isUnopened = false
  /// The first thing that could not be written: the run ends with it.
  private(set) var failure: ReportError?

  /// What there is to tell of the stream that is being read.
  private var told = ToldIssues()

  init(
    lines: RecordSpool, issues: RecordSpool, spoolFolder: String, summary: SummaryBuilder,
    marks: ClaimMarks? = nil, journal: (any RunJournal)? = nil, tell: @escaping (SourceNotice) -> Void
  ) {
    self.journal = journal
    self.spoolFolder = spoolFolder
    patients = FactPartition(folder: spoolFolder)
    claimNumbers = FactPartition(folder: spoolFolder)
    peers = PeerGroups(folder: spoolFolder)
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
        told.add(records.told)
      case .end(let end):
        try journal?.end(end)
        take(end)
      case .inputEnd(let input):
        inputsRead += 1
        try journal?.endInput(input)
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
    records.pool?.giveBack(records.lines)
    if !records.issues.isEmpty { try issues.append(records.issues) }
    try patients.append(records.facts, stream: UInt32(stream))
    try claimNumbers.append(records.facts, stream: UInt32(stream))
    try peers.append(records.facts, stream: UInt32(stream))
    for (rule, count) in records.notEvaluated { summary.addNotEvaluated(rule, lines: count) }
  }

  private func take(_ end: StreamEnd) {
    files.append(end.file)
    if end.isDamaged { isDamaged = true }
    if end.isUnopened { isUnopened = true }
    for issue in told.issues { tell(.issue(issue, path: end.file.path)) }
    if told.untold > 0 { tell(.more(told.untold, path: end.file.path)) }
    if let recognition = end.recognition { tell(.recognised(recognition)) }
    tell(.read(end.file))
    told = ToldIssues()
  }

  /// What the rules over the run find, and what of it is about lines that stand in no report of this run.
  ///
  /// Facts are looked at part by part, each holding its groups (a patient's lines, a claim number's) whole, so that memory does not
  /// grow with the run; charges are gone over group by group; each thread takes the next of either. Streams whose lines are withheld
  /// say nothing.
  func findings(_ auditor: RunAuditor, jobs: Int) throws(ReportError) -> (reported: RunFindingSpool, late: [RunFinding])
  {
    let rules = RunRuleWork(
      takeWork(auditor), auditor, files: files, findings: RunFindingSpool(folder: spoolFolder))
    return try rules.run(jobs: jobs)
  }

  /// Gives away what was kept, in pieces for one thread each: the file of each kind goes when its last piece is done, and not all of
  /// them one after the other when everything is.
  private func takeWork(_ auditor: RunAuditor) -> [RunRuleWork.Piece] {
    var work: [RunRuleWork.Piece] = []
    if auditor.asks(.patient) { work += (0..<patients.shareCount).map { .patients(patients, share: $0) } }
    if auditor.asks(.claimNumber) {
      work += (0..<claimNumbers.shareCount).map { .claimNumbers(claimNumbers, share: $0) }
    }
    for group in 0..<peers.count { work.append(.peers(peers, group: group)) }
    patients = FactPartition(folder: spoolFolder)
    claimNumbers = FactPartition(folder: spoolFolder)
    peers = PeerGroups(folder: spoolFolder)
    return work
  }
}
