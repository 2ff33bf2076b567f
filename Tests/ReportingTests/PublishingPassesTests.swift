import Auditing
import ClaimModel
import Glibc
import Testing

@testable import Reporting

/// Reports that several threads write.
@Suite struct PublishingPassesTests {
  /// Claims of which each line has as many findings as its place says, some of them with texts that have to be quoted.
  private static let claims: [(Claim, ClaimAudit)] = (0..<300).map { number in
    var claim = TestClaim(id: "C\(number)")
    claim.envelope("1", "2", "\(number / 50)")
    claim.diagnoses("J90")
    for line in 0..<3 { claim.line(record: 10 * number + line, modifiers: line == 1 ? ["RT", "59"] : []) }
    let findings = (0..<number % 4).map { index in
      finding(
        catalogue.ids[index], [.info, .warning, .error][index % 3], line: number % 3,
        message: index == 1 ? "says \"\(number)\", and more" : "message \(index)", carc: index == 2 ? "4;x y" : "4;16")
    }
    return (claim.claim, audit(claim.claim, findings: findings))
  }

  private static let runFindings = (0..<200).map { number in
    RunFinding(
      key: LineKey(stream: 0, record: 15 * number), rule: rule("DUP-001"), severity: .error, field: .claimID,
      message: "again at \(RunFinding.placeholder)", relatedLine: LineKey(stream: 0, record: number))
  }

  @Test(arguments: [[.csv], [.csv, .xml, .html], [.xml], [.csv, .jsonl]] as [[ReportFormat]])
  func theBytesAreTheSameForAnyNumberOfThreads(formats: [ReportFormat]) throws {
    func publish(jobs: Int, spilled: Bool) throws -> Published {
      try Published(
        lines: spool(Self.claims, memory: spilled ? 4096 : 1 << 24), formats: formats,
        issues: [ReadingIssue(code: "X", severity: .warning, effect: .none, location: SourceLocation(), message: "m")],
        runFindings: Self.runFindings, jobs: jobs)
    }
    let one = try publish(jobs: 1, spilled: false)
    #expect(one.summary.totals.findings == one.summary.bySeverity.reduce(0) { $0 + Int($1.value) })
    #expect(one.summary.totals.findings > 400)
    for jobs in [2, 3, 8] {
      let several = try publish(jobs: jobs, spilled: jobs != 3)
      #expect(several.folder.names == one.folder.names)
      for name in one.folder.names where name != "run.json" {
        #expect(several.folder.text(name) == one.folder.text(name), "\(name), \(jobs) threads")
      }
    }
  }

  /// Each write of a run with several threads, failed in turn: it is told, and nobody waits for what never comes.
  @Test(.timeLimit(.minutes(2)), arguments: [2, 5]) func aWriteThatFailsEndsTheRun(jobs: Int) throws {
    let lines = try spool(Self.claims, memory: 4096)
    func publish(_ recorder: Recorder, _ folder: TestFolder) throws {
      var options = ReportOptions(destination: .folder(folder.path), formats: [.csv], version: "1.0")
      options.jobs = jobs
      let set = ReportSet(options, folder: try OutputFolder(path: folder.path, calls: .failing(recorder)))
      // Given back at the end of each, so made anew.
      _ = try set.publish(
        lines: spool(Self.claims, memory: 4096), issues: spool(issues: []), runFindings: spool(Self.runFindings),
        files: [SourceFile(path: "a.837", format: .x12)], catalogue: catalogue, summary: SummaryBuilder()
      ) { _ in facts }
    }
    let counting = Recorder()
    try publish(counting, TestFolder())
    #expect(lines.partCount > 5)
    #expect(counting.count("write") > 2 * lines.partCount)
    for position in 1...counting.count("write") {
      let folder = TestFolder()
      let error = #expect(throws: ReportError.self, "write \(position)") {
        try publish(Recorder(failing: "write", position: position, code: ENOSPC), folder)
      }
      #expect(error?.code == ENOSPC)
      #expect(folder.names == [])
    }
  }

  @Test func aSumOfPartsThatCannotBeKeptIsNotGivenOut() throws {
    var whole = SummaryBuilder(folder: "/nonexistent")
    var part = whole.emptied
    let group = part.group(payer: "aetna", claimType: .professional, placeOfService: .none)
    // More than stays in memory.
    for value in 0..<100_000 {
      part.addWatched(
        SummaryBuilder.Line(stream: 0, group: group, charge: Int64(value), allowed: nil, paid: nil, atRisk: 0))
    }
    #expect(part.failure != nil)
    whole.merge(part)
    #expect(whole.failure?.kind == .cannotCreate)
  }
}
