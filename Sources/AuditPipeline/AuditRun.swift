public import Auditing
internal import ByteInput
internal import ClaimModel
public import Reporting
internal import Synchronization
internal import Threads

/// One run over the inputs of a plan, from opening them to what is to be published.
public enum AuditRun {
  /// What a run found, ready to be published.
  public struct Result {
    /// The input streams, in input order.
    public var files: [SourceFile]
    /// How many inputs were read to their end: all, unless the run was cancelled.
    public var inputsRead: Int
    /// What the rules over the whole run found.
    public var runFindings: RunFindingSpool
    /// What of it is about lines that an earlier run has reported, by line.
    public var lateFindings: [RunFinding]
    /// What was counted while reading.
    public var summary: SummaryBuilder
    /// Whether some input was damaged or refused.
    public var isDamaged: Bool
    /// Whether some input could not be opened.
    public var isUnopened: Bool
  }

  /// Reads every input of `plan` and audits its claims.
  ///
  /// - Parameters:
  ///   - plan: what to read and how.
  ///   - auditor: the rules.
  ///   - lines: where the records of reported lines go.
  ///   - issues: where the records of issues go.
  ///   - marks: where the marks of claims go, in a run whose plan has criteria.
  ///   - summary: the empty sum, with the reference data of the benchmark.
  ///   - journal: what earlier runs left and what this one leaves, where there is a ledger.
  ///   - isCancelled: asked between blocks; the run ends early when it says so.
  ///   - tell: takes what the user may want to read, in input order.
  /// - Throws: what could not be written to a spool.
  public static func run(
    _ plan: AuditPlan, auditor: Auditor, lines: RecordSpool, issues: RecordSpool, summary: SummaryBuilder,
    marks: ClaimMarks? = nil, journal: (any RunJournal)? = nil, isCancelled: @escaping @Sendable () -> Bool,
    tell: @escaping (SourceNotice) -> Void
  ) throws(ReportError) -> Result {
    try run(
      plan, auditor: auditor, lines: lines, issues: issues, summary: summary, marks: marks, journal: journal,
      spare: SpareThreads(plan.jobs - workers(of: plan)), isCancelled: isCancelled, tell: tell)
  }

  /// How many threads read inputs side by side.
  private static func workers(of plan: AuditPlan) -> Int { max(1, min(plan.jobs, plan.inputs.count)) }

  /// The same with threads to spare that are told apart from the plan, for tests.
  static func run(
    _ plan: AuditPlan, auditor: Auditor, lines: RecordSpool, issues: RecordSpool, summary: SummaryBuilder,
    marks: ClaimMarks? = nil, journal: (any RunJournal)? = nil, spare: SpareThreads,
    isCancelled: @escaping @Sendable () -> Bool, tell: @escaping (SourceNotice) -> Void
  ) throws(ReportError) -> Result {
    let collector = RunCollector(
      lines: lines, issues: issues, spoolFolder: plan.spoolFolder, summary: summary, marks: marks, journal: journal,
      tell: tell)
    try collector.replay()
    let parts = OrderedParts<StreamPart>(limit: 8 << 20) { collector.take($0) }
    let stops: @Sendable () -> Bool = { isCancelled() || collector.failure != nil }
    let next = Atomic<Int>(0)
    WorkerThreads.run(workers(of: plan)) {
      let worker = InputWorker(plan: plan, auditor: auditor, spare: spare, isCancelled: stops)
      while true {
        let unit = next.add(1, ordering: .relaxed).oldValue
        guard unit < plan.inputs.count else { break }
        if !stops() {
          worker.read(plan.inputs[unit]) { parts.add($0, weight: $0.weight, of: unit) }
          // One that was stopped in the middle has not been read.
          if !stops() { parts.add(.inputEnd(unit), weight: 0, of: unit) }
        }
        parts.finish(unit)
      }
      spare.give()
    }
    if let failure = collector.failure { throw failure }
    let found = try collector.findings(auditor.runAuditor, jobs: plan.jobs)
    return Result(
      files: collector.files, inputsRead: collector.inputsRead, runFindings: found.reported, lateFindings: found.late,
      summary: collector.summary,
      isDamaged: collector.isDamaged, isUnopened: collector.isUnopened)
  }
}
