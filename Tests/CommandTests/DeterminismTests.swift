import Foundation
import TestSupport
import Testing

@Suite("The same input gives the same bytes")
struct DeterminismTests {
  /// Runs over the valid fixtures into a folder of its own and takes the reports that may not differ.
  private func reports(
    _ options: [String] = [], environment: [String: String] = [:], paths: [String] = ["Fixtures/valid"]
  ) throws -> [String: [UInt8]] {
    let scratch = try Scratch()
    let folder = scratch.path + "/out"
    var command = Command(
      ["audit"] + paths + ["-o", folder, "--as-of", "2026-04-30", "-f", "csv,xml,jsonl,html"] + options)
    command.folder = Fixture.repository
    command.environment = environment
    let outcome = try command.run()
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    let reports = ReportSetFiles(folder: folder)
    return Dictionary(
      uniqueKeysWithValues: (ReportSetFiles.deterministic + ["lines.jsonl", "report.html"]).map {
        ($0, reports.bytes($0))
      })
  }

  @Test("for every number of threads, and twice")
  func jobs() throws {
    let first = try reports(["--jobs", "1"])
    #expect(first.values.allSatisfy { !$0.isEmpty })
    for jobs in ["1", "2", "3", "4"] {
      let other = try reports(["--jobs", jobs])
      for (name, bytes) in first { expectSame(other[name] ?? [], bytes, "\(name) with \(jobs)") }
    }
  }

  @Test(
    "in any locale and time zone",
    arguments: [
      ["LC_ALL": "C", "TZ": "UTC"], ["LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati"],
      ["LC_ALL": "de_DE.UTF-8", "TZ": "America/Los_Angeles", "LANG": "ar_SA.UTF-8"],
    ])
  func surroundings(environment: [String: String]) throws {
    let first = try reports()
    let other = try reports(environment: environment)
    for (name, bytes) in first { expectSame(other[name] ?? [], bytes, "\(name)") }
  }

  @Test("in whatever order a folder gives its files, or they are named")
  func order() throws {
    let first = try reports()
    let names = try FileManager.default.contentsOfDirectory(atPath: Fixture.repository + "/Fixtures/valid")
    for seed in 1...2 as ClosedRange<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let other = try reports(paths: names.map { "Fixtures/valid/" + $0 }.shuffled(using: &generator))
      for (name, bytes) in first { expectSame(other[name] ?? [], bytes, "\(name)") }
    }
    // Files made in another order lie in another order in their folder.
    let scratch = try Scratch()
    for (folder, names) in [("up", names.sorted()), ("down", names.sorted(by: >))] {
      for name in names { try scratch.write("\(folder)/in/\(name)", Fixture("valid/" + name).bytes) }
      var command = Command("audit", "in", "-o", "out")
      command.folder = scratch.path + "/" + folder
      #expect(try command.run().exitCode == 0)
    }
    for name in ReportSetFiles.deterministic {
      expectSame(scratch.bytes("up/out/" + name), scratch.bytes("down/out/" + name), name)
    }
  }

  @Test("and nothing of when, where and by whom it ran stands in it")
  func noSurroundings() throws {
    let scratch = try Scratch()
    let host = ProcessInfo.processInfo.hostName
    for (name, bytes) in try reports() {
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(!text.contains(host) && !text.contains(Fixture.repository) && !text.contains(scratch.path), "\(name)")
    }
  }
}

/// The reports of `Fixtures/valid` as they were when somebody last looked at them; `Fixtures/reports/README.md` says how they are
/// made anew.
@Suite("Golden reports")
struct GoldenReportTests {
  /// The reports that are kept for each scope; findings, issues and the summary are the same for both.
  static let names = ["hits": ReportSetFiles.deterministic, "all": ["lines.csv", "report.xml"]]
  static let isUpdating = ProcessInfo.processInfo.environment["CLAIMAUDIT_UPDATE_GOLDEN"] == "1"

  @Test("of the valid fixtures are what they were, byte for byte", arguments: ["hits", "all"])
  func golden(scope: String) throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/out"
    var command = Command(
      "audit", "Fixtures/valid", "-o", folder, "--as-of", "2026-04-30", "--scope", scope, "-f", "csv,xml", "-j", "2")
    command.folder = Fixture.repository
    #expect(try command.run().exitCode == 0)
    let reports = ReportSetFiles(folder: folder)
    #expect(SchemaValidation.complaints(reports.bytes("report.xml")) == [])
    for name in GoldenReportTests.names[scope] ?? [] {
      let golden = Fixture("reports/\(scope)/\(name)")
      if GoldenReportTests.isUpdating {
        try FileManager.default.createDirectory(
          atPath: Fixture.repository + "/Fixtures/reports/\(scope)", withIntermediateDirectories: true)
        try Data(reports.bytes(name)).write(to: URL(fileURLWithPath: golden.path))
      }
      #expect(golden.exists, "CLAIMAUDIT_UPDATE_GOLDEN=1 makes it")
      expectSame(reports.bytes(name), golden.bytes, golden.name)
    }
  }
}
