import Foundation
import TestSupport
import Testing

/// What the page on nightly runs shows for cron and systemd, run with the folders of a test.
@Suite("Commands of cron and systemd")
struct NightlyPageTests {
  private static let page = String(
    decoding: Fixture.bytes(at: Fixture.repository + "/Sources/claimaudit/claimaudit.docc/NightlyRuns.md") ?? [],
    as: UTF8.self)

  /// Lines of the page, the folders of a server replaced by those of the test.
  private func lines(_ scratch: Scratch) -> [String] {
    Self.page.replacingOccurrences(of: "/data/claims/in", with: scratch.path + "/in")
      .replacingOccurrences(of: "/data/claims", with: scratch.path)
      .replacingOccurrences(of: "/var/lib/claimaudit", with: scratch.path)
      .replacingOccurrences(of: "/var/lib/node_exporter/textfile", with: scratch.path)
      .replacingOccurrences(of: "/var/log", with: scratch.path).components(separatedBy: "\n")
  }

  private func run(_ line: String, _ environment: [String: String], _ scratch: Scratch) throws -> Int32 {
    try? FileManager.default.createSymbolicLink(
      atPath: scratch.path + "/claimaudit", withDestinationPath: Command.program)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    process.environment = environment.merging(
      ["PATH": scratch.path + ":/usr/bin:/bin", "HOME": scratch.path, "TMPDIR": scratch.path]
    ) { first, _ in first }
    let errors = scratch.path + "/errors"
    _ = FileManager.default.createFile(atPath: errors, contents: nil)
    process.standardError = FileHandle(forWritingAtPath: errors)
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test("the line for cron audits, with the ledger and the metrics of its environment, and says nothing without need")
  func cron() throws {
    let scratch = try Scratch()
    try scratch.write("in/a.837", try #require(Fixture.bytes(at: Fixture("valid/professional.837").path)))
    let lines = lines(scratch)
    var environment: [String: String] = [:]
    for line in lines where line.hasPrefix("CLAIMAUDIT_") && !line.contains(" ") {
      let parts = line.split(separator: "=", maxSplits: 1)
      environment[String(parts[0])] = String(parts[1])
    }
    #expect(environment.count == 2)
    let entry = try #require(lines.first { $0.hasPrefix("30 2 * * *  claims  ") })
    // cron takes a percent sign for the end of the command.
    let command = entry.dropFirst("30 2 * * *  claims  ".count).replacingOccurrences(of: "\\%", with: "%")
    #expect(!entry.replacingOccurrences(of: "\\%", with: "").contains("%"))
    for _ in 0..<2 { #expect(try run(command, environment, scratch) == 0) }
    #expect(scratch.names().contains("audit.ledger") && scratch.names().contains("claimaudit.prom"))
    #expect(scratch.names(in: "audit").count == 1)
    // What is written is mailed.
    #expect(scratch.text("errors") == "")
  }

  @Test("the command of the service audits")
  func service() throws {
    let scratch = try Scratch()
    try scratch.write("in/a.837", try #require(Fixture.bytes(at: Fixture("valid/professional.837").path)))
    let start = try #require(lines(scratch).first { $0.hasPrefix("ExecStart=") })
    let command = start.dropFirst("ExecStart=".count).replacingOccurrences(of: "%%", with: "%")
    #expect(try run(command, [:], scratch) == 0)
    #expect(scratch.names(in: "audit").count == 1)
  }
}
