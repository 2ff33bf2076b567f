import Foundation
import Glibc
import TestSupport
import Testing

/// Runs night after night with `--ledger`.
@Suite("Nightly runs with a ledger")
struct LedgerTests {
  /// A folder of dumps, a ledger, and a report folder for each night.
  struct Nights {
    let scratch: Scratch
    var ledger: String { scratch.path + "/audit.ledger" }
    var dumps: String { scratch.path + "/in" }

    init() throws {
      scratch = try Scratch()
      try FileManager.default.createDirectory(atPath: dumps, withIntermediateDirectories: true)
    }

    /// Puts a fixture among the dumps.
    func deliver(_ fixture: String, as name: String) throws {
      try deliver(#require(Fixture.bytes(at: Fixture("valid/" + fixture).path)), as: name)
    }

    func deliver(_ bytes: [UInt8], as name: String) throws { try scratch.write("in/" + name, bytes) }

    func move(_ name: String, to other: String) throws {
      try FileManager.default.moveItem(atPath: dumps + "/" + name, toPath: dumps + "/" + other)
    }

    /// Audits the dumps into the folder of a night.
    @discardableResult
    func audit(_ night: String, _ options: String..., exits code: Int32 = 0) throws -> ReportSetFiles {
      let outcome = try Command(
        ["audit", dumps, "--ledger", ledger, "--as-of", "2026-11-01", "-o", scratch.path + "/" + night] + options
      ).run()
      #expect(outcome.exitCode == code, "\(outcome.standardError)")
      return ReportSetFiles(folder: scratch.path + "/" + night)
    }

    /// What `ledger list` says, one object a run.
    func runs() throws -> [[String: Any]] {
      let outcome = try Command("ledger", "list", ledger, "--format", "json").run()
      #expect(outcome.exitCode == 0)
      return try #require(JSONSerialization.jsonObject(with: Data(outcome.standardOutput)) as? [[String: Any]])
    }

    /// The paths and actions of a run's files, as `ledger show` has them.
    func files(of run: Int) throws -> [String: String] {
      let outcome = try Command("ledger", "show", ledger, "\(run)", "--format", "json").run()
      #expect(outcome.exitCode == 0)
      let object = try #require(JSONSerialization.jsonObject(with: Data(outcome.standardOutput)) as? [String: Any])
      let files = try #require(object["files"] as? [[String: Any]])
      return Dictionary(
        uniqueKeysWithValues: files.map { file in
          (String((file["path"] as? String ?? "").dropFirst(dumps.count + 1)), file["action"] as? String ?? "")
        })
    }

    /// What `ledger diff` finds new between two runs.
    func newFindings(_ old: Int, _ new: Int) throws -> [ReportRow] {
      let outcome = try Command("diff", "--ledger", ledger, "\(old)", "\(new)", "--format", "csv").run()
      #expect(outcome.exitCode == 0)
      return outcome.rows.filter { $0["status"] == "new" }
    }

    /// The first value that SQLite itself gives for a question.
    func answer(_ sql: String) -> String? { SQLiteFile(path: ledger).answer(sql) }

    /// What SQLite itself says of the file.
    func integrity() -> String? { answer("PRAGMA integrity_check") }
  }

  /// The professional fixture as another clearinghouse sends it: other control numbers, and so other bytes.
  static func redelivered() throws -> [UInt8] {
    let text = String(decoding: try #require(Fixture.bytes(at: Fixture("valid/professional.837").path)), as: UTF8.self)
    let control = try #require(text.components(separatedBy: "*").first { $0.count == 9 && $0.allSatisfy(\.isNumber) })
    return Array(text.replacingOccurrences(of: control, with: "990000099").utf8)
  }

  @Test(
    "three nights: new, touched, renamed, changed and copied files, and a claim of the first night billed again in the third"
  )
  func threeNights() throws {
    let nights = try Nights()
    try nights.deliver("professional.837", as: "a.837")
    try nights.deliver("professional-export.csv", as: "b.csv")
    let first = try nights.audit("1")
    let plain = try Command("audit", nights.dumps, "--as-of", "2026-11-01", "-o", nights.scratch.path + "/plain").run()
    #expect(plain.exitCode == 0)
    for name in ["lines.csv", "findings.csv", "issues.csv"] {
      expectSame(first.bytes(name), nights.scratch.bytes("plain/" + name), name)
    }

    // The second night: one file was touched, one renamed, one is new.
    try FileManager.default.setAttributes([.modificationDate: Date.now], ofItemAtPath: nights.dumps + "/a.837")
    try nights.move("b.csv", to: "b-old.csv")
    try nights.deliver("institutional.837", as: "c.837")
    let second = try nights.audit("2")
    #expect(Set(second.lines.map { $0["source_file"] }) == [nights.dumps + "/c.837"])
    #expect(try nights.files(of: 2) == ["a.837": "unchanged", "b-old.csv": "unchanged", "c.837": "read"])
    let summary = String(decoding: second.bytes("summary.json"), as: UTF8.self)
    #expect(summary.contains("\"coverage\": \"new\"") && summary.contains("\"unchanged_files\": 2"))
    #expect(try second.summary().files.map(\.path) == [nights.dumps + "/c.837"])
    #expect(SchemaValidation.complaints(second.bytes("report.xml")) == [])
    let new = try nights.newFindings(1, 2)
    #expect(new.count == second.findings.count && !new.isEmpty)

    // The third night: the export has changed, and the claims of the first night come again from elsewhere.
    let changed = (Fixture.bytes(at: Fixture("valid/professional-export.csv").path) ?? []) + Array("\n".utf8)
    try nights.deliver(changed, as: "b-old.csv")
    try nights.deliver(Self.redelivered(), as: "0-first-by-name.837")
    let third = try nights.audit("3")
    #expect(
      try nights.files(of: 3) == [
        "a.837": "unchanged", "c.837": "unchanged", "b-old.csv": "read", "0-first-by-name.837": "read",
      ])
    let again = third.findings.filter { $0["source_file"].hasSuffix("0-first-by-name.837") && $0["rule"] == "DUP-001" }
    #expect(again.count > 20)
    // Known through history alone: the file of the first night was not read, and is named.
    #expect(again.allSatisfy { $0["message"].contains(nights.dumps + "/a.837 record ") })
    let alone = try Command("audit", nights.dumps + "/0-first-by-name.837", "--as-of", "2026-11-01", "-f", "jsonl")
      .run()
    #expect(alone.text.components(separatedBy: "DUP-001").count < 5)
    // A changed file takes the place of what it was: it is no duplicate of itself.
    let export = third.findings.filter { $0["source_file"].hasSuffix("b-old.csv") }
    let before = first.findings.filter { $0["source_file"].hasSuffix("b.csv") }
    #expect(export.map { $0["rule"] }.filter { $0 != "CHG-003" } == before.map { $0["rule"] })

    // All files, and none of them read again.
    let all = try nights.audit("4", "--coverage", "all")
    #expect(try nights.files(of: 4).values.allSatisfy { $0 == "unchanged" })
    #expect(try all.summary().files.count == 4)
    #expect(SchemaValidation.complaints(all.bytes("report.xml")) == [])
    let paths = ["a.837", "c.837", "0-first-by-name.837", "b-old.csv"].map { nights.dumps + "/" + $0 }
    #expect(Set(all.lines.map { $0["source_file"] }) == Set(paths))
    #expect(try nights.runs().last?["findings"] as? Int == all.findings.count)
    #expect(all.findings.count >= first.findings.count + second.findings.count + third.findings.count - before.count)
    Canary.expectNone(in: nights.scratch.bytes("audit.ledger"), "the ledger", #_sourceLocation)
  }

  @Test("other rules, and --force, read unchanged files again; a copy is not taken for the file it was copied from")
  func readAgain() throws {
    let nights = try Nights()
    try nights.deliver("professional.837", as: "a.837")
    let first = try nights.audit("1")
    #expect(try nights.audit("2").lines.isEmpty)
    expectSame(try nights.audit("3", "--force").bytes("findings.csv"), first.bytes("findings.csv"), "--force")
    let fewer = try nights.audit("4", "--ignore", "MOD")
    #expect(fewer.lines.count == first.lines.count && fewer.findings.count < first.findings.count)
    #expect(try nights.audit("5", "--ignore", "MOD", "--fail-on", "error", "-j", "1").lines.isEmpty)
    try nights.deliver("professional.837", as: "copy.837")
    let copied = try nights.audit("6", "--ignore", "MOD")
    #expect(Set(copied.lines.map { $0["source_file"] }) == [nights.dumps + "/copy.837"])
    #expect(copied.findings.contains { $0["rule"] == "DUP-001" })
    #expect(try nights.runs().map { $0["files_read"] as? Int } == [1, 0, 1, 1, 0, 1])
  }

  @Test("damaged files are known as they are; what could not be opened is tried again; standard input is never known")
  func damaged() throws {
    let nights = try Nights()
    let cut = try #require(Fixture.bytes(at: Fixture("x12/invalid/cut-behind-whole-claim.837").path))
    try nights.deliver(cut, as: "cut.837")
    try nights.audit("1", exits: 65)
    #expect(try nights.audit("2").issues.isEmpty)
    #expect(try !nights.audit("3", "--coverage", "all", exits: 65).issues.isEmpty)
    try nights.audit("4", nights.dumps + "/missing.837", exits: 66)
    try nights.audit("5", nights.dumps + "/missing.837", exits: 66)
    for _ in 0..<2 {
      let piped = try Command(
        "audit", "-", "--ledger", nights.ledger,
        input: .bytes(Fixture.bytes(at: Fixture("valid/dental.837").path) ?? [])
      ).run()
      #expect(piped.exitCode == 0 && piped.text.split(separator: "\n").count > 1)
    }
  }

  @Test("a second run that wants the ledger ends with 75; looking into it is possible meanwhile")
  func twoProcesses() throws {
    let nights = try Nights()
    try nights.deliver("professional.837", as: "a.837")
    try nights.audit("1")
    let waiting = try WaitingRun(["audit", "-", "--ledger", nights.ledger, "-o", nights.scratch.path + "/waiting"])
    var second = ""
    // The run holds its output folder a moment before the ledger.
    for _ in 0..<200 where !second.contains("holds the ledger") {
      let outcome = try Command("audit", nights.dumps, "--ledger", nights.ledger).run()
      second = outcome.standardError
      if second.contains("holds the ledger") { #expect(outcome.exitCode == 75) }
    }
    #expect(second.contains("\(nights.ledger): another run of claimaudit holds the ledger"))
    #expect(try nights.runs().last?["outcome"] as? String == "running")
    #expect(try Command("ledger", "prune", nights.ledger, "--keep", "0").run().exitCode == 75)
    waiting.running.send(SIGTERM)
    #expect(try waiting.running.wait().exitCode == 143)
    #expect(try nights.audit("2").lines.isEmpty)
  }

  @Test("killed again and again, the ledger is sound, and in the end the reports are those of an undisturbed run")
  func killed() throws {
    let nights = try Nights()
    for part in 0..<6 { try nights.deliver(LargeFile(.manySets, claims: 800 + part).bytes, as: "part-\(part).837") }
    let plain = nights.scratch.path + "/plain"
    #expect(try Command("audit", nights.dumps, "-j", "1", "--as-of", "2026-11-01", "-o", plain).run().exitCode == 0)
    var generator = SeededGenerator(seed: 20)
    var killed = 0
    // The first four come to a pipe that nobody writes to, so that none ends by itself, however fast the machine is; the others
    // may be struck while they write their reports.
    let pipe = nights.dumps + "/z.fifo"
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    for round in 1...7 {
      let waits = round <= 4
      let running = try Command(
        ["audit", nights.dumps] + (waits ? [pipe] : []) + [
          "-j", "1", "--as-of", "2026-11-01", "--ledger", nights.ledger, "-o", nights.scratch.path + "/out",
        ]
      ).start()
      // Once it has begun, at any moment from then on.
      for _ in 0..<10_000 where nights.answer("SELECT count(*) FROM run") != "\(round)" { usleep(2_000) }
      usleep(UInt32.random(in: 0..<400_000, using: &generator))
      running.send(SIGKILL)
      let wasKilled = try running.wait().wasKilled
      #expect(nights.integrity() == "ok")
      // One that had written down its end was killed too late to have died of it.
      guard wasKilled, nights.answer("SELECT outcome FROM run WHERE id = \(round)") == "running" else {
        #expect(!waits)
        break
      }
      killed += 1
    }
    #expect(killed >= 4)
    try FileManager.default.removeItem(atPath: pipe)
    let end = try nights.audit("end", "-j", "1", "--coverage", "all")
    for name in ["lines.csv", "findings.csv", "issues.csv"] {
      expectSame(end.bytes(name), nights.scratch.bytes("plain/" + name), name)
    }
    let runs = try nights.runs()
    #expect(runs.filter { $0["outcome"] as? String == "died" }.count == killed)
    // Each file was read to its end by one run, and by none after that.
    let read = runs.reduce(0) { $0 + ($1["files_read"] as? Int ?? 0) }
    #expect(read == 6)
    #expect(try nights.audit("after").lines.isEmpty)
  }

  @Test("what an interrupted run had read is in the next reports without being read again")
  func resumed() throws {
    let nights = try Nights()
    // Large enough to take longer than a tenth of a second each, which is how often a run writes down what it has read.
    for part in 0..<2 { try nights.deliver(LargeFile(.manySets, claims: 10_000).bytes, as: "part-\(part).837") }
    let plain = nights.scratch.path + "/plain"
    #expect(try Command("audit", nights.dumps, "--as-of", "2026-11-01", "-o", plain).run().exitCode == 0)
    // The run comes to a pipe that nobody writes to, behind the two files.
    let pipe = nights.dumps + "/z.fifo"
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    let running = try Command(
      "audit", nights.dumps, pipe, "-j", "1", "--as-of", "2026-11-01", "--ledger", nights.ledger, "-o",
      nights.scratch.path + "/out"
    ).start()
    func filesRead() -> String? { nights.answer("SELECT count(*) FROM run_file") }
    for _ in 0..<6000 where filesRead() != "2" { usleep(20_000) }
    #expect(filesRead() == "2")
    running.send(SIGKILL)
    _ = try running.wait()
    try FileManager.default.removeItem(atPath: pipe)
    let outcome = try Command(
      "audit", nights.dumps, "--as-of", "2026-11-01", "--ledger", nights.ledger, "-o", nights.scratch.path + "/out"
    ).run()
    #expect(outcome.standardError.contains("an earlier run was interrupted: the 2 files it had read are reported now"))
    #expect(try nights.files(of: 2) == ["part-0.837": "resumed", "part-1.837": "resumed"])
    let reports = ReportSetFiles(folder: nights.scratch.path + "/out")
    for name in ["lines.csv", "findings.csv", "issues.csv"] {
      expectSame(reports.bytes(name), nights.scratch.bytes("plain/" + name), name)
    }
    #expect(try nights.runs().map { $0["outcome"] as? String } == ["died", "finished"])
  }

  @Test("a claim of tonight that shows an older one to be wrong is told, and kept in the ledger")
  func lateFinding() throws {
    let nights = try Nights()
    /// One claim a day of one patient, with what is billed.
    func file(_ claim: String, _ procedure: String, _ day: String) -> [UInt8] {
      Array(
        """
        claim_id,claim_line_number,claim_type,person_id,payer,service_date,place_of_service_code,hcpcs_code,service_unit_quantity,\
        charge_amount,diagnosis_code_1,diagnosis_pointer,hcpcs_modifier_1,rendering_npi,billing_npi,claim_frequency_code
        \(claim),1,professional,P77,AETNA,\(day),21,\(procedure),1,310.00,J90,1,LT,1900000112,1900000013,1

        """.utf8)
    }
    try nights.deliver(file("EXL1", "32960", "2026-04-20"), as: "1.csv")
    let first = try nights.audit("1")
    #expect(first.lines.count == 1 && !first.findings.contains { $0["rule"].hasPrefix("GLOB") })
    // A surgery ten days before, with 90 days in which the line above is part of it, is delivered later.
    try nights.deliver(file("EXL2", "32650", "2026-04-10"), as: "2.csv")
    let outcome = try Command(
      "audit", nights.dumps, "--ledger", nights.ledger, "--as-of", "2026-11-01", "-o", nights.scratch.path + "/2"
    ).run()
    #expect(
      outcome.standardError.contains("1 new finding on lines of files that were read before"),
      "\(outcome.standardError)")
    let new = try nights.newFindings(1, 2)
    #expect(new.count == 1 && new.first?["claim_id"] == "EXL1", "\(new)")
    #expect(new.first?["at_risk"] == "310.00" && new.first?["source_file"] == nights.dumps + "/1.csv")
    let expected = try Command("audit", nights.dumps, "--as-of", "2026-11-01", "-o", nights.scratch.path + "/plain")
      .run()
    #expect(expected.exitCode == 0)
    let plain = ReportSetFiles(folder: nights.scratch.path + "/plain").findings.filter {
      $0["rule"] == new.first?["rule"]
    }
    #expect(plain.count == 1)
    for column in ["format", "record", "byte_offset", "line_number", "element", "message", "fix", "carc", "rarc"] {
      #expect(new.first?[column] == plain.first?[column], "\(column)")
    }
    // Once.
    #expect(try nights.audit("3").findings.isEmpty)
    #expect(try nights.runs().map { $0["new_findings"] as? Int } == [first.findings.count, 1, 0])
  }

  @Test("the ledger keeps one key: of its own, or that of a key file")
  func keys() throws {
    let own = try Nights()
    try own.deliver("professional.837", as: "a.837")
    try own.audit("1")
    let key = try own.scratch.write("key", "0123456789abcdef")
    let other = try own.scratch.write("other", "fedcba9876543210")
    #expect(try Command("audit", own.dumps, "--ledger", own.ledger, "--key-file", key).run().exitCode == 78)
    let kept = own.scratch.path + "/kept.ledger"
    #expect(try Command("audit", own.dumps, "--ledger", kept, "--key-file", key).run().exitCode == 0)
    #expect(try Command("audit", own.dumps, "--ledger", kept, "--key-file", key).run().exitCode == 0)
    #expect(try Command("audit", own.dumps, "--ledger", kept, "--key-file", other).run().exitCode == 78)
    #expect(try Command("audit", own.dumps, "--ledger", kept).run().exitCode == 78)
    for name in own.scratch.names() where name.contains(".ledger") {
      let attributes = try FileManager.default.attributesOfItem(atPath: own.scratch.path + "/" + name)
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
    }
    #expect(own.scratch.bytes("kept.ledger").count > 4096)
    #expect(Data(own.scratch.bytes("kept.ledger")).range(of: Data("0123456789abcdef".utf8)) == nil)
  }

  @Test("list and show say what was read; prune forgets runs, and files that no other run covers")
  func contents() throws {
    let nights = try Nights()
    try nights.deliver("professional.837", as: "a.837")
    let first = try nights.audit("1")
    try nights.deliver("institutional.837", as: "b.837")
    let second = try nights.audit("2")
    let list = try Command("ledger", "list", nights.ledger).run()
    #expect(list.text.split(separator: "\n").count == 3 && list.text.contains("finished"))
    let show = try Command("ledger", "show", nights.ledger).run()
    #expect(show.text.contains("unchanged") && show.text.contains(nights.dumps + "/b.837"))
    #expect(show.text.contains("new files only"))
    let runs = try nights.runs()
    #expect(
      runs.map { $0["findings"] as? Int } == [first.findings.count, first.findings.count + second.findings.count])
    #expect(try Command("ledger", "show", nights.ledger, "9").run().exitCode == 66)
    #expect(try Command("ledger", "list", nights.scratch.path + "/no.ledger").run().exitCode == 66)
    let text = try nights.scratch.write("text", "no database, but long enough")
    for arguments in [["list"], ["show"], ["prune", "--keep", "1"]] {
      let outcome = try Command(["ledger", arguments[0], text] + arguments.dropFirst()).run()
      #expect(outcome.exitCode == 66 && outcome.standardError.contains("not a ledger of claimaudit"), "\(arguments)")
    }
    #expect(!nights.scratch.names().contains("text.lock"))
    #expect(try Command("ledger", "prune", nights.ledger).run().exitCode == 64)
    #expect(
      try Command("ledger", "prune", nights.ledger, "--before", "2020-01-01").run().text
        == "forgot 0 runs and 0 files\n")
    // The second run covers the file of the first, so it stays.
    #expect(try Command("ledger", "prune", nights.ledger, "--keep", "1").run().text == "forgot 1 run and 0 files\n")
    #expect(try nights.audit("3").lines.isEmpty)
    #expect(try Command("ledger", "prune", nights.ledger, "--keep", "0").run().text == "forgot 2 runs and 2 files\n")
    let again = try nights.audit("4")
    #expect(again.lines.count == first.lines.count + second.lines.count)
    #expect(nights.integrity() == "ok")
  }

  @Test(
    "--force and --coverage go with --ledger; a ledger among the dumps is no input; metrics count the unchanged files")
  func options() throws {
    let nights = try Nights()
    try nights.deliver("professional.837", as: "a.837")
    #expect(try Command("audit", nights.dumps, "--force").run().exitCode == 64)
    #expect(try Command("audit", nights.dumps, "--coverage", "all").run().exitCode == 64)
    for night in 1...2 {
      let outcome = try Command(
        "audit", nights.dumps, "--ledger", nights.dumps + "/audit.ledger", "--metrics", nights.scratch.path + "/x.prom"
      ).run()
      #expect(outcome.exitCode == 0, "\(outcome.standardError)")
      let samples = try MetricsTests.samples(nights.scratch.text("x.prom"))
      #expect(samples["claimaudit_unchanged_files"] == Double(night - 1))
    }
  }
}
