import TestSupport
import Testing

@Suite("Large files, read by several threads")
struct LargeFileTests {
  @Test("give the same reports as with one thread", arguments: LargeFile.Shape.allCases)
  func sameReports(shape: LargeFile.Shape) throws {
    let file = LargeFile(shape)
    #expect(file.bytes.count > 5_500_000)
    let scratch = try Scratch()
    try scratch.write("large.837", file.bytes)
    var first: [String: [UInt8]] = [:]
    for jobs in ["1", "2", "4"] {
      var command = Command(
        "audit", "large.837", "-o", "out-" + jobs, "-j", jobs, "-f", "csv,xml", "--as-of", "2026-04-30")
      command.folder = scratch.path
      let outcome = try command.run()
      #expect(outcome.exitCode == (shape == .badSegment ? 65 : 0), "\(outcome.standardError)")
      let reports = ReportSetFiles(folder: scratch.path + "/out-" + jobs)
      for name in ReportSetFiles.deterministic {
        let bytes = reports.bytes(name)
        #expect(!bytes.isEmpty)
        if let one = first[name] { expectSame(bytes, one, "\(name) with \(jobs) threads") }
        first[name] = first[name] ?? bytes
      }
      guard jobs == "1" else { continue }
      let totals = try reports.summary().totals
      #expect(totals.bytes == file.bytes.count)
      if shape == .badSegment {
        // The claim with two segments run together may be lost, and is named when it is.
        #expect(totals.claims >= file.claims - 1)
        #expect(reports.issues.contains { $0["claim_id"] == "EX7001" })
        #expect(reports.issues.contains { $0["code"] == "ENV-001" })
      } else {
        #expect(totals.claims == file.claims)
        #expect(totals.lines == 2 * file.claims)
        #expect(totals.watched_lines == file.watched)
        #expect(reports.lines.count == file.watched)
        #expect(reports.issues.isEmpty == (shape != .oddLevels), "\(reports.issues)")
      }
    }
  }

  @Test("with every line reported")
  func everyLine() throws {
    let file = LargeFile(.manySets)
    let scratch = try Scratch()
    let path = try scratch.write("large.837", file.bytes)
    let one = try Command("audit", path, "--scope", "all", "-j", "1").run()
    let four = try Command("audit", path, "--scope", "all", "-j", "4").run()
    expectSame(four.standardOutput, one.standardOutput, "lines")
    #expect(one.standardOutput.count { $0 == 0x0A } == 2 * file.claims + 1)
  }

  @Test("cut anywhere")
  func cut() throws {
    let whole = LargeFile(.oneSet).bytes
    var generator = SeededGenerator(seed: RandomRuns.seed)
    for _ in 1...2 {
      let scratch = try Scratch()
      let count = generator.number(4_500_000...whole.count - 1)
      try scratch.write("cut.837", whole.prefix(count))
      for jobs in ["1", "4"] {
        var command = Command("audit", "cut.837", "-o", "out-" + jobs, "-j", jobs)
        command.folder = scratch.path
        #expect(try command.run().exitCode == 65, "cut at \(count)")
      }
      for name in ReportSetFiles.deterministic {
        expectSame(scratch.bytes("out-4/" + name), scratch.bytes("out-1/" + name), "\(name), cut at \(count)")
      }
    }
  }
}
