internal import Auditing
internal import ClaimModel
internal import Reporting
internal import Threads

/// Asks the rules over the run, on several threads, each taking the next piece of what there is to look at.
///
/// What is found goes to one spool, a batch for each piece. Which thread looked at what, and when, shows nowhere: whoever reads the
/// spool takes the findings in the order of their lines.
final class RunRuleWork: @unchecked Sendable {
  /// What one thread looks at.
  enum Piece {
    /// The patients in a share of the facts.
    case patients(FactPartition<PatientFact>, share: Int)
    /// The claim numbers in a share of the facts.
    case claimNumbers(FactPartition<ClaimNumberFact>, share: Int)
    /// The lines whose charges are compared with each other.
    case peers(PeerGroups, group: Int)

    /// How many lines there are.
    var count: Int {
      switch self {
      case .patients(let partition, let share): partition.count(of: share)
      case .claimNumbers(let partition, let share): partition.count(of: share)
      case .peers(let peers, let group): peers.count(of: group)
      }
    }
  }

  private let auditor: RunAuditor
  /// Whether each stream's lines say nothing; empty where all say something.
  private let withheld: [Bool]
  /// Whether each stream was read by an earlier run; empty where none was.
  private let history: [Bool]
  private let monitor = Monitor()
  // Behind the monitor.
  /// What nobody has looked at yet; what takes longest comes last and is taken first, so that no thread waits long for another in
  /// the end.
  private var pieces: [Piece]
  private let findings: RunFindingSpool
  private var late: [RunFinding] = []
  private var failure: ReportError?

  /// - Parameters:
  ///   - pieces: what there is to look at.
  ///   - auditor: the rules.
  ///   - files: the streams of the run.
  ///   - findings: where findings go.
  init(_ pieces: [Piece], _ auditor: RunAuditor, files: [SourceFile], findings: RunFindingSpool) {
    self.pieces = pieces.sorted { $0.count < $1.count }
    self.auditor = auditor
    withheld = files.contains(where: \.isWithheld) ? files.map(\.isWithheld) : []
    history = files.contains(where: \.isHistory) ? files.map(\.isHistory) : []
    self.findings = findings
  }

  /// Looks at everything, and tells findings on lines of this run from those on lines of earlier ones.
  func run(jobs: Int) throws(ReportError) -> (reported: RunFindingSpool, late: [RunFinding]) {
    WorkerThreads.run(min(jobs, pieces.count)) { self.work() }
    if let failure { throw failure }
    late.sort { $0.key != $1.key ? $0.key < $1.key : $0.rule < $1.rule }
    return (findings, late)
  }

  private func work() {
    var storage = Storage()
    while let piece = monitor.locked({ pieces.popLast() }) {
      do throws(ReportError) {
        try look(at: piece, &storage)
      } catch {
        return monitor.locked { if failure == nil { failure = error } }
      }
    }
  }

  /// The memory of one thread, used again for every piece.
  private struct Storage {
    var patients: [PatientFact] = []
    var claimNumbers: [ClaimNumberFact] = []
    var findings = RunFindings()
  }

  /// Looks at a piece, part by part.
  private func look(at piece: Piece, _ storage: inout Storage) throws(ReportError) {
    switch piece {
    case .patients(let partition, let share):
      try partition.forEachPart(of: share, reusing: &storage.patients) { (facts) throws(ReportError) in
        leaveOutWithheld(&facts)
        auditor.audit(patients: &facts, into: &storage.findings)
        try keep(&storage.findings)
      }
    case .claimNumbers(let partition, let share):
      try partition.forEachPart(of: share, reusing: &storage.claimNumbers) { (facts) throws(ReportError) in
        leaveOutWithheld(&facts)
        auditor.audit(claimNumbers: &facts, into: &storage.findings)
        try keep(&storage.findings)
      }
    case .peers(let peers, let group):
      try peers.audit(group, auditor, withheld: withheld, into: &storage.findings)
      try keep(&storage.findings)
    }
  }

  private func leaveOutWithheld<Kept: GroupedFact>(_ facts: inout [Kept]) {
    if !withheld.isEmpty { facts.removeAll { withheld[Int($0.key.stream)] } }
  }

  /// Puts away what was found in a part.
  private func keep(_ batch: inout RunFindings) throws(ReportError) {
    let late = history.isEmpty ? [] : batch.remove { history[Int($0.stream)] }
    batch.sort()
    var failure: ReportError?
    monitor.locked {
      self.late += late
      do throws(ReportError) { try findings.append(batch) } catch { failure = error }
    }
    batch.removeAll()
    if let failure { throw failure }
  }
}
