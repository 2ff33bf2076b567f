import Foundation
import TestSupport
import Testing

/// The file for Prometheus that `--metrics` writes.
@Suite("Metrics")
struct MetricsTests {
  /// The samples of a metrics file, by name with labels, after its form has been checked line by line.
  static func samples(_ text: String) throws -> [String: Double] {
    #expect(text.hasSuffix("\n"))
    var samples: [String: Double] = [:]
    var family = ""
    var wasHelp = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      if let help = line.wholeMatch(of: /# HELP (claimaudit_[a-z_]+) \S.*/) {
        family = String(help.1)
        wasHelp = true
      } else if let type = line.wholeMatch(of: /# TYPE (claimaudit_[a-z_]+) gauge/) {
        #expect(wasHelp && type.1 == family, "\(line)")
        wasHelp = false
      } else {
        let sample = try #require(
          line.wholeMatch(of: /(claimaudit_[a-z_]+)(\{[a-z]+="[A-Za-z0-9. ]*"\})? (-?[0-9]+(?:\.[0-9]+)?)/), "\(line)")
        #expect(sample.1 == family, "\(line)")
        let name = String(sample.1) + String(sample.2 ?? "")
        #expect(samples[name] == nil, "\(name) twice")
        samples[name] = Double(sample.3)
      }
    }
    return samples
  }

  private static let damaged = Fixture("x12/invalid/cut-behind-whole-claim.837").path
  private static let sound = Fixture("valid/professional.837").path

  @Test("the counts are those of summary.json, and whoever collects them may read them")
  func counts() throws {
    let scratch = try Scratch()
    let file = scratch.path + "/claimaudit.prom"
    let before = Date.now.timeIntervalSince1970
    let outcome = try Command(
      "audit", Self.sound, Self.damaged, "-o", scratch.path + "/out", "--metrics", file, "--fail-on", "error"
    ).run()
    #expect(outcome.exitCode == 65)
    let text = scratch.text("claimaudit.prom")
    let samples = try Self.samples(text)
    let summary = try ReportSetFiles(folder: scratch.path + "/out").summary()
    #expect(samples["claimaudit_claims"] == Double(summary.totals.claims))
    #expect(samples["claimaudit_lines"] == Double(summary.totals.lines))
    #expect(samples["claimaudit_watched_lines"] == Double(summary.totals.watched_lines))
    #expect(samples["claimaudit_input_bytes"] == Double(summary.totals.bytes))
    #expect(samples["claimaudit_at_risk_dollars"] == Double(summary.totals.at_risk_cents) / 100)
    #expect(samples["claimaudit_files{status=\"ok\"}"] == 1)
    #expect(samples["claimaudit_files{status=\"partial\"}"] == 1)
    #expect(samples["claimaudit_files{status=\"refused\"}"] == 0)
    #expect(samples["claimaudit_issues{effect=\"file cut\"}"] == 1)
    let findings = ["error", "warning", "info"].compactMap { samples["claimaudit_findings{severity=\"\($0)\"}"] }
    #expect(findings.count == 3 && Int(findings.reduce(0, +)) == summary.totals.findings)
    #expect(samples["claimaudit_last_run_exit_code"] == 65)
    #expect(try #require(samples["claimaudit_last_run_timestamp_seconds"]) >= before.rounded(.down))
    #expect(try #require(samples["claimaudit_last_run_duration_seconds"]) > 0)
    let attributes = try FileManager.default.attributesOfItem(atPath: file)
    #expect(attributes[.posixPermissions] as? Int == 0o644)
    // Neither a path nor a claim of the input stands in it.
    #expect(!text.contains("EX0") && !text.contains("/") && scratch.names() == ["claimaudit.prom", "out"])
  }

  @Test("a run without a summary leaves when it ended and its exit code")
  func failedRun() throws {
    let scratch = try Scratch()
    let file = scratch.path + "/claimaudit.prom"
    try scratch.write("out", "not a folder")
    let outcome = try Command("audit", Self.sound, "-o", scratch.path + "/out", "--metrics", file).run()
    #expect(outcome.exitCode == 73)
    let samples = try Self.samples(scratch.text("claimaudit.prom"))
    #expect(samples["claimaudit_last_run_exit_code"] == 73)
    #expect(samples["claimaudit_claims"] == nil)
  }

  @Test("metrics that cannot be written are said and make exit code 73, the reports stand")
  func unwritable() throws {
    let scratch = try Scratch()
    let outcome = try Command(
      "audit", Self.sound, "-o", scratch.path + "/out", "--metrics", scratch.path + "/no/such/folder/x.prom"
    ).run()
    #expect(outcome.exitCode == 73)
    #expect(outcome.standardError.contains("/no/such/folder/x.prom: cannot be created"))
    #expect(ReportSetFiles(folder: scratch.path + "/out").names.contains("run.json"))
  }

  @Test("metrics never take the place of what a run reads or writes, nor of what is no file")
  func others() throws {
    let scratch = try Scratch()
    let claims = try scratch.write("in/p.837", Fixture("valid/professional.837").bytes)
    let before = scratch.bytes("in/p.837")
    let pack = try scratch.write("pack.yaml", Fixture("packs/house-rules.yaml").bytes)
    let out = scratch.path + "/out"
    for (arguments, metrics) in [
      ([claims], claims), ([scratch.path + "/in"], scratch.path + "/in/../in/p.837"), ([claims, "--pack", pack], pack),
      ([claims, "-o", out], out + "/lines.csv"),
      ([claims, "-o", out, "--ledger", scratch.path + "/l.db"], scratch.path + "/l.db"),
    ] {
      // In one word, or what is there, claims, would be looked through for patients.
      let outcome = try Command(["audit"] + arguments + ["--metrics=\(metrics)"]).run()
      #expect(outcome.exitCode == 64 && outcome.standardError.contains(metrics), "\(arguments)")
    }
    #expect(
      scratch.bytes("in/p.837") == before && scratch.bytes("pack.yaml") == Fixture("packs/house-rules.yaml").bytes)
    #expect(!scratch.names(in: "out").contains("lines.csv"))
    try FileManager.default.createSymbolicLink(atPath: scratch.path + "/link.prom", withDestinationPath: "elsewhere")
    #expect(try Command("audit", claims, "--metrics", scratch.path + "/link.prom").run().exitCode == 73)
    #expect(!scratch.names().contains("elsewhere"))
  }
}
