internal import Auditing
internal import Synchronization
internal import Threads

/// The passes over the spools that write a report set, as many as there are threads and work for them.
///
/// Rows that are the same whoever makes them are put together part by part (`PartedRows`). Each other writer is served by one pass,
/// which reads the spools for itself: what is done twice for that, finding a line's findings, is little beside writing them, and
/// nothing has to be put back in order. For these another thread hands full blocks to the system.
final class PublishingPasses: @unchecked Sendable {
  private let jobs: Int
  private let files: [SourceFile]
  private let catalogue: RuleCatalogue
  private let passes: [Party]
  private let parted: PartedRows?
  private let nextThread = Atomic<Int>(0)
  private let nextPass = Atomic<Int>(0)
  private let working = Atomic<Int>(0)

  /// A pass, and what became of it.
  private final class Party {
    var pass: PublishingPass
    var failure: ReportError?

    init(_ pass: consuming PublishingPass) { self.pass = pass }
  }

  /// Deals the writers out to passes.
  ///
  /// Where findings have fingerprints there is one pass: an occurrence of a finding is told from the next by counting, which takes
  /// memory.
  init(
    _ writers: [any ReportWriter], jobs: Int, files: [SourceFile], catalogue: RuleCatalogue, summary: SummaryBuilder,
    runFindings: RunFindingSpool, suppressions: SuppressionList?
  ) throws(ReportError) {
    try runFindings.settle()
    let isOne = jobs == 1 || suppressions != nil || writers.contains(where: \.wantsFingerprints)
    let parted = isOne ? [] : writers.compactMap(\.parted)
    let others = isOne ? writers : writers.filter { $0.parted == nil }
    let shares = others.isEmpty && !parted.isEmpty ? [] : Self.shares(of: others, among: isOne ? 1 : jobs)
    var passes: [Party] = []
    for share in shares.indices {
      // The last has the least to write.
      let isLast = parted.isEmpty && share == shares.count - 1
      passes.append(
        Party(
          PublishingPass(
            files: files, catalogue: catalogue, summary: isLast ? summary : nil, writers: shares[share],
            runFindings: try RunFindingReader(runFindings), suppressions: suppressions)))
    }
    self.jobs = jobs
    self.files = files
    self.catalogue = catalogue
    self.passes = passes
    if parted.isEmpty {
      self.parted = nil
      return
    }
    // Whoever puts parts together writes them, too: to hand each on would wake a thread for each.
    for writer in parted { writer.rowOutput.writer = nil }
    self.parted = PartedRows(parted, threads: jobs, summary: summary) { (summary) throws(ReportError) in
      PublishingPass(
        files: files, catalogue: catalogue, summary: summary, writers: [], parted: parted,
        runFindings: try RunFindingReader(runFindings))
    }
  }

  /// Writers in as many shares as there may be, the heaviest share first.
  private static func shares(of writers: [any ReportWriter], among jobs: Int) -> [[any ReportWriter]] {
    var shares: [(weight: Int, writers: [any ReportWriter])] = []
    for writer in writers.sorted(by: { $0.weight > $1.weight }) {
      if shares.count < jobs {
        shares.append((writer.weight, [writer]))
      } else if let lightest = shares.indices.min(by: { shares[$0].weight < shares[$1].weight }) {
        shares[lightest].weight += writer.weight
        shares[lightest].writers.append(writer)
      }
    }
    if shares.isEmpty { return [[]] }
    return shares.sorted { $0.weight > $1.weight }.map(\.writers)
  }

  /// Writes all lines and issues and gives the summary.
  func run(lines: RecordSpool, issues: RecordSpool, _ blockWriter: BlockWriter?) throws(ReportError) -> Summary {
    let blockWriter = passes.isEmpty ? nil : blockWriter
    let threads = min(jobs, passes.count + (parted == nil ? 0 : lines.partCount + 1))
    // With one that hands blocks to the system.
    WorkerThreads.run(threads + (blockWriter == nil ? 0 : 1)) {
      if self.nextThread.add(1, ordering: .relaxed).oldValue == threads {
        blockWriter?.run()
      } else {
        self.work(lines, issues, blockWriter)
      }
    }
    for party in passes { if let failure = party.failure { throw failure } }
    if let failure = parted?.failure { throw failure }
    return try summary()
  }

  private func summary() throws(ReportError) -> Summary {
    guard let builder = parted?.summary ?? passes.last?.pass.sum() else { return Summary() }
    var summary = builder.summary(files: files, catalogue: catalogue)
    if let failure = builder.failure { throw failure }
    summary.suppressed = passes.last?.pass.accepted?.summary(catalogue)
    return summary
  }

  /// What a thread does: the next pass as long as there is one, then parts of the rows.
  private func work(_ lines: RecordSpool, _ issues: RecordSpool, _ blockWriter: BlockWriter?) {
    working.add(1, ordering: .acquiringAndReleasing)
    while true {
      let next = nextPass.add(1, ordering: .relaxed).oldValue
      if next >= passes.count { break }
      let party = passes[next]
      do throws(ReportError) {
        try party.pass.run(lines: lines)
        try party.pass.run(issues: issues)
      } catch {
        party.failure = error
      }
    }
    parted?.work(lines, issues)
    // Who leaves has found nothing more to do: behind the last one nothing more is written.
    if working.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { blockWriter?.close() }
  }
}
