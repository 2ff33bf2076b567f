import Foundation
import TestSupport
import Testing

@Suite("audit --suppressions")
struct SuppressionTests {
  private let scratch: Scratch
  private let input: String

  /// Four claims: one with a place of service that is an error, one with a modifier that is, one with a warning, one without fault.
  init() throws {
    scratch = try Scratch()
    var night = Night(sound: 4)
    night.claims[1].place = "10"
    night.claims[2].modifier = "80"
    night.claims[3].diagnosis = "J93.11"
    input = try scratch.write("in/a.csv", night.table)
  }

  private func audit(_ name: String, _ options: String..., code: Int32 = 0) throws -> (ReportSetFiles, CommandOutcome) {
    let folder = scratch.path + "/" + name
    let outcome = try Command(["audit", input, "-o", folder, "--as-of", "2026-04-30"] + options).run()
    #expect(outcome.exitCode == code, "\(outcome.standardError)")
    return (ReportSetFiles(folder: folder), outcome)
  }

  /// The fingerprints of a run by rule and claim.
  private func fingerprints(_ options: String...) throws -> [String: String] {
    let folder = scratch.path + "/fingerprints-" + UUID().uuidString
    _ = try Command(
      ["audit", input, "-o", folder, "--as-of", "2026-04-30", "--format", "jsonl", "-q"] + options
    ).run()
    struct Finding: Decodable { var rule, claim_id, fingerprint: String }
    let lines = ReportSetFiles(folder: folder).bytes("findings.jsonl").split(separator: 0x0A)
    let findings = try lines.map { try JSONDecoder().decode(Finding.self, from: Data($0)) }
    return Dictionary(findings.map { ("\($0.rule) \($0.claim_id)", $0.fingerprint) }) { first, _ in first }
  }

  private func suppressions(_ entries: [String]) throws -> String {
    try scratch.write("accepted.yaml", "version: 1\nsuppressions:\n" + entries.map { "  - {\($0)}\n" }.joined())
  }

  @Test("an accepted finding counts nowhere, and is listed with its reason")
  func accepted() throws {
    let (before, _) = try audit("before")
    let known = try fingerprints()
    let place = try #require(known["POS-006 N1001"])
    let file = try suppressions(["fingerprint: \(place), reason: \"agreed, see ticket\", until: 2026-12-31, owner: jd"])
    let (after, outcome) = try audit("after", "--suppressions", file, "--format", "csv,xml,jsonl,html")

    // What it is gone from.
    #expect(before.findings.count == after.findings.count + 1)
    #expect(!after.findings.contains { $0["rule"] == "POS-006" && $0["claim_id"] == "N1001" })
    let line = try #require(after.lines.first { $0["claim_id"] == "N1001" })
    let full = try #require(before.lines.first { $0["claim_id"] == "N1001" })
    #expect(!line.rules.contains("POS-006") && full.rules.contains("POS-006"))
    #expect(line["at_risk"] == "0.00" && full["at_risk"] == "310.00")
    let (summary, earlier) = try (after.summary(), before.summary())
    #expect(summary.totals.findings == earlier.totals.findings - 1)
    #expect(summary.totals.at_risk_cents == earlier.totals.at_risk_cents - 31_000)
    #expect(
      summary.totals.lines == earlier.totals.lines && summary.totals.reported_lines == earlier.totals.reported_lines)

    // Where it is said.
    let rows = ReportRow.parse(after.bytes("suppressed.csv"))
    #expect(rows.count == 1)
    let row = try #require(rows.first)
    #expect(row["fingerprint"] == place && row["reason"] == "agreed, see ticket" && row["until"] == "2026-12-31")
    #expect(
      row["owner"] == "jd" && row["rule"] == "POS-006" && row["severity"] == "error" && row["at_risk"] == "310.00")
    #expect(
      summary.suppressed == .init(findings: 1, at_risk_cents: 31_000, by_rule: ["POS-006": 1], unused: [], expired: []))
    #expect(earlier.suppressed == nil && !before.names.contains("suppressed.csv"))
    #expect(outcome.standardError.contains("suppressed   1 finding  ($310.00 would be at risk too)"))
    #expect(SchemaValidation.complaints(after.bytes("report.xml")) == [])
    #expect(String(decoding: after.bytes("report.xml"), as: UTF8.self).contains("<suppressed findings=\"1\""))
    let page = String(decoding: after.bytes("report.html"), as: UTF8.self)
    #expect(page.contains("<details id=\"suppressed\"><summary><strong>1 finding suppressed</strong>"))
    #expect(page.contains("agreed, see ticket") && page.contains(place))
    #expect(after.bytes("suppressed.jsonl").split(separator: 0x0A).count == 1)
    // The tables that are given without suppressions have no other columns with them.
    for name in ["lines.csv", "findings.csv", "issues.csv"] {
      #expect(after.bytes(name).prefix { $0 != 0x0A } == before.bytes(name).prefix { $0 != 0x0A }, "\(name)")
    }
  }

  @Test("it does not count against --fail-on; what expired or matches nothing does and is said")
  func expiry() throws {
    let known = try fingerprints()
    let (place, modifier) = try (#require(known["POS-006 N1001"]), #require(known["MOD-012 N1002"]))
    _ = try audit("all", "--fail-on", "error", code: 1)
    let both = try suppressions([
      "fingerprint: \(place), reason: r", "fingerprint: \(modifier), reason: r, until: 2026-04-30",
    ])
    // On its last day it holds, and warnings are left.
    let errors = try fingerprints("--severity", "error")
    try #require(errors.count == 2, "\(errors)")
    _ = try audit("both", "--fail-on", "error", "--suppressions", both)
    _ = try audit("warnings", "--fail-on", "warning", "--suppressions", both, code: 1)
    // Without a folder the count has no other place.
    let table = try Command("audit", input, "--as-of", "2026-04-30", "--suppressions", both).run()
    #expect(table.exitCode == 0 && table.standardError.contains("accepted.yaml: 2 findings are suppressed"))
    #expect(table.rows.count == 4 && !table.rows.contains { $0.rules.contains("POS-006") })
    // The day after it does not.
    let late = try suppressions([
      "fingerprint: \(place), reason: r", "fingerprint: \(modifier), reason: r, until: 2026-04-29",
      "fingerprint: 00000000000000ff, reason: r",
    ])
    let (reports, outcome) = try audit("late", "--fail-on", "error", "--suppressions", late, code: 1)
    #expect(outcome.standardError.contains("accepted.yaml:4:5: \(modifier) has expired on 2026-04-29"))
    #expect(outcome.standardError.contains("accepted.yaml:5:5: 00000000000000ff matches no finding of this run"))
    let suppressed = try #require(reports.summary().suppressed)
    #expect(suppressed.findings == 1 && suppressed.unused == ["00000000000000ff"] && suppressed.expired == [modifier])
  }

  @Test("of copies as many are accepted as are listed; the next one is news")
  func copies() throws {
    var night = Night(sound: 1)
    night.claims[0].place = "10"
    let known = try fingerprints()
    try scratch.write("in/a.csv", night.table)
    try scratch.write("two/a.csv", night.table)
    try scratch.write("two/b.csv", night.table)
    #expect(known["POS-006 N1000"] == nil)
    let first = try #require(try fingerprints()["POS-006 N1000"])
    let file = try suppressions(["fingerprint: \(first), reason: r"])
    let folder = scratch.path + "/out"
    let outcome = try Command(
      "audit", scratch.path + "/two", "-o", folder, "--as-of", "2026-04-30", "--suppressions", file, "--select",
      "POS-006"
    ).run()
    #expect(outcome.exitCode == 0)
    let reports = ReportSetFiles(folder: folder)
    #expect(reports.findings.filter { $0["rule"] == "POS-006" }.count == 1)
    #expect(ReportRow.parse(reports.bytes("suppressed.csv")).count == 1)
  }

  @Test("what claimaudit diff shows can be accepted, and is then no difference any more")
  func fromDiff() throws {
    let empty = scratch.path + "/empty-night"
    let none = try scratch.write("none/a.csv", Night(sound: 1).table)
    _ = try Command("audit", none, "-o", empty, "--as-of", "2026-04-30", "-q").run()
    let (reports, _) = try audit("first")
    let new = try Command("diff", empty, reports.folder, "--format", "csv").run().rows
    #expect(!new.isEmpty && Set(new.map { $0["status"] }) == ["new"])
    let file = try suppressions(new.map { "fingerprint: \($0["fingerprint"]), reason: seen" })
    let (second, _) = try audit("second", "--suppressions", file, "--fail-on", "info")
    #expect(second.findings.isEmpty)
    #expect(ReportRow.parse(second.bytes("suppressed.csv")).count == new.count)
    #expect(try Command("diff", empty, second.folder, "--fail-on", "info").run().exitCode == 0)
  }

  @Test("a wrong file ends the run with 78 and the place, before anything is written; check-pack says the same")
  func wrong() throws {
    let file = try scratch.write(
      "wrong.yaml", "version: 1\nsuppressions:\n  - fingerprint: MOD-012\n    reason: r\n    untill: 2026-01-01\n")
    let folder = scratch.path + "/none"
    let outcome = try Command("audit", input, "-o", folder, "--suppressions", file).run()
    #expect(outcome.exitCode == 78)
    #expect(outcome.standardError.contains("wrong.yaml:3:18: fingerprint is none"))
    #expect(outcome.standardError.contains("wrong.yaml:5:5: unknown key \"untill\""))
    #expect(ReportSetFiles(folder: folder).names.isEmpty)
    let check = try Command("check-pack", file).run()
    #expect(check.exitCode == 78 && check.standardError.contains("wrong.yaml:3:18: fingerprint is none"))
    let sound = try suppressions(["fingerprint: 00000000000000ff, reason: r"])
    let checked = try Command("check-pack", sound).run()
    #expect(checked.exitCode == 0 && checked.text.contains("a sound file of 1 accepted finding\n"))
    #expect(try Command("audit", input, "--suppressions", scratch.path + "/absent").run().exitCode == 78)
    // From a config file too.
    try scratch.write("config.yaml", "suppressions: \(file)\n")
    #expect(try Command("--config", scratch.path + "/config.yaml", input).run().exitCode == 78)
  }

  @Test("fingerprints do not depend on threads, formats or the file's name")
  func stable() throws {
    let known = try fingerprints()
    #expect(known.count >= 3 && Set(known.values).count == known.count)
    #expect(try fingerprints("--jobs", "7", "--scope", "all") == known)
  }
}
