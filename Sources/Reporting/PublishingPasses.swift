internal import Auditing
internal import Synchronization
internal import Threads

/// The passes over the spools that write a report set, as many as there are threads and work for them.
///
/// Each serves some of the writers and reads the spools for itself: what is done twice for that, finding a line's findings, is
/// little beside writing them, and nothing has to be put back in order. Another thread hands full blocks to the system.
final class PublishingPasses: @unchecked Sendable {
  private let passes: [Party]
  private let nextPass = Atomic<Int>(0)
  private let running: Atomic<Int>

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
    let isOne = suppressions != nil || writers.contains(where: \.wantsFingerprints)
    let shares = PublishingPasses.shares(of: writers, among: isOne ? 1 : jobs)
    var passes: [Party] = []
    for share in shares.indices {
      passes.append(
        Party(
          PublishingPass(
            files: files, catalogue: catalogue,
            // The last has the least to write.
            summary: share == shares.count - 1 ? summary : nil, writers: shares[share],
            runFindings: try RunFindingReader(runFindings), suppressions: suppressions)))
    }
    self.passes = passes
    running = Atomic(passes.count)
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
    // With a thread for each pass, and one that hands blocks to the system.
    WorkerThreads.run(passes.count + (blockWriter == nil ? 0 : 1)) {
      let next = self.nextPass.add(1, ordering: .relaxed).oldValue
      self.work(from: next, lines: lines, issues: issues, blockWriter)
    }
    for party in passes { if let failure = party.failure { throw failure } }
    var found: Summary?
    for party in passes { if let summary = try party.pass.finish() { found = summary } }
    return found ?? Summary()
  }

  /// What a thread does: the pass of that number, or writing blocks where there is no such; and then what no thread came for.
  private func work(from first: Int, lines: RecordSpool, issues: RecordSpool, _ blockWriter: BlockWriter?) {
    var next = first
    while next < passes.count {
      let party = passes[next]
      do throws(ReportError) {
        try party.pass.run(lines: lines, issues: issues)
      } catch {
        party.failure = error
      }
      if running.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { blockWriter?.close() }
      next = nextPass.add(1, ordering: .relaxed).oldValue
    }
    // Once all passes have ended this returns when all blocks are written.
    if next == passes.count { blockWriter?.run() }
  }
}
