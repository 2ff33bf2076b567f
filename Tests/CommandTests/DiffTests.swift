import Foundation
import TestSupport
import Testing

@Suite("claimaudit diff")
struct DiffTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Audits files into a folder of the scratch folder.
  private func audit(_ files: [String: String], into name: String, _ options: [String] = []) throws -> String {
    let input = "\(name)-in"
    for (file, text) in files { try scratch.write("\(input)/\(file)", text) }
    let folder = scratch.path + "/" + name
    // As a nightly job names its folder: by a path that is another one every night.
    let outcome = try Command(
      ["audit", scratch.path + "/" + input, "-o", folder, "--as-of", "2026-04-30", "-q"] + options
    ).run()
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    return folder
  }

  private func diff(_ arguments: String...) throws -> CommandOutcome { try Command(["diff"] + arguments).run() }

  /// `new POS-003 N1001 error`, sorted, from the CSV form.
  private func differences(_ old: String, _ new: String) throws -> [String] {
    let outcome = try diff(old, new, "--format", "csv")
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    return outcome.rows.map { "\($0["status"]) \($0["rule"]) \($0["claim_id"])" }.sorted()
  }

  @Test("three nights: what came, what went, what changed, and renamed files that change nothing")
  func nights() throws {
    var night = Night(sound: 12)
    night.claims[1].place = "10"
    night.claims[4].modifier = "80"
    let monday = try audit(["a.csv": night.table], into: "monday")

    // The same claims in another file, in another order, cut in two, beside others without a fault.
    let turned = Night(claims: Array(night.claims.reversed()))
    let tuesday = try audit(
      [
        "moved/b.csv": Night(claims: Array(turned.claims[..<5])).table,
        "c.csv": Night(claims: Array(turned.claims[5...])).table,
      ], into: "tuesday")
    #expect(try differences(monday, tuesday) == [])

    // One is mended, one gets worse, one is new.
    night.claims[1].place = "22"
    night.claims[4].charge = "412.50"
    night.claims.append(Night.Claim(id: "N2000", place: "10"))
    let wednesday = try audit(["w.csv": night.table], into: "wednesday")
    let found = try differences(tuesday, wednesday)
    #expect(found.contains("gone POS-006 N1001"))
    #expect(found.contains("changed MOD-012 N1004"))
    #expect(found.contains("new POS-006 N2000"))
    #expect(found.allSatisfy { $0.hasSuffix("N1001") || $0.hasSuffix("N1004") || $0.hasSuffix("N2000") }, "\(found)")
    // And back again.
    let back = try differences(wednesday, tuesday)
    #expect(back.count == found.count && back.contains("new POS-006 N1001") && back.contains("gone POS-006 N2000"))
  }

  @Test("the text form is a summary and an aligned list, without colour where nobody looks")
  func text() throws {
    var night = Night(sound: 4)
    night.claims[1].place = "10"
    let old = try audit(["a.csv": night.table], into: "old")
    night.claims[1].place = "22"
    night.claims[2].modifier = "80"
    night.claims[3].id = "N1003-A-LONGER-NUMBER"
    night.claims[3].place = "10"
    let new = try audit(["b.csv": night.table], into: "new")
    let outcome = try diff(old, new)
    #expect(outcome.exitCode == 0 && outcome.standardError.isEmpty)
    let expected = """
      old  SCRATCH/old  1 finding
      new  SCRATCH/new  2 findings

      new         2   2 errors   0 warnings   0 info
      changed     0   0 errors   0 warnings   0 info
      gone        1   1 error    0 warnings   0 info
      unchanged   0   0 errors   0 warnings   0 info

      new
        error  MOD-012  N1002                  line 1  2026-03-12  aetna  310.00  FINGERPRINT
                 modifier "80" bills an assistant at surgery, who is not paid for 32960
                 SCRATCH/new-in/b.csv, record 4
        error  POS-006  N1003-A-LONGER-NUMBER  line 1  2026-03-13  aetna  310.00  FINGERPRINT
                 32960 is done by hand and cannot be telehealth (place of service 10)
                 SCRATCH/new-in/b.csv, record 5

      gone
        error  POS-006  N1001  line 1  2026-03-11  aetna  310.00  FINGERPRINT
                 32960 is done by hand and cannot be telehealth (place of service 10)
                 SCRATCH/old-in/a.csv, record 3

      """
    let text = outcome.text.replacing(scratch.path, with: "SCRATCH").replacing(#/[0-9a-f]{16}/#, with: "FINGERPRINT")
    expectSame(Array(text.utf8), Array(expected.utf8), "text")
    let colored = try Command(["diff", old, new, "--color", "always"]).run().text
    #expect(colored.contains("\u{1B}[31merror\u{1B}[0m  MOD-012"))
    #expect(colored.replacing(#/\u{1B}\[[0-9]+m/#, with: "") == outcome.text)
  }

  @Test("CSV, JSON and the report's own tables agree, whichever table the folders hold")
  func formats() throws {
    var night = Night(sound: 3)
    night.claims[1].place = "10"
    let old = try audit(["a.csv": night.table], into: "old", ["--format", "jsonl"])
    night.claims[0].modifier = "80"
    let new = try audit(["a.csv": night.table], into: "new", ["--format", "csv", "--excel"])
    let outcome = try diff(old, new, "--format", "csv")
    #expect(outcome.rows.count == 1)
    let findings = ReportSetFiles(folder: new).findings
    let row = try #require(outcome.rows.first)
    let finding = try #require(findings.first { $0["rule"] == "MOD-012" })
    for column in ["source_file", "claim_id", "procedure", "rule", "severity", "message", "fix", "carc", "at_risk"] {
      #expect(row.plain(column) == finding.plain(column), "\(column)")
    }
    struct Document: Decodable {
      struct Difference: Decodable {
        var status, fingerprint, claim_id, message, was_message: String
        var record: Int
      }
      var old, new: String
      var new_findings, gone_findings, changed_findings, unchanged_findings: [String: Int]
      var differences: [Difference]
    }
    let json = try diff(old, new, "--format", "json")
    let document = try JSONDecoder().decode(Document.self, from: Data(json.standardOutput))
    #expect(document.old == old && document.new == new)
    #expect(
      document.new_findings == ["error": 1, "warning": 0, "info": 0] && document.unchanged_findings["error"] == 1)
    #expect(document.differences.count == 1)
    let difference = try #require(document.differences.first)
    #expect(difference.fingerprint == row["fingerprint"] && difference.status == "new" && difference.record == 2)
    let same = try diff(new, new, "--format", "json")
    #expect(try JSONDecoder().decode(Document.self, from: Data(same.standardOutput)).differences.isEmpty)
  }

  @Test("copies of a claim are counted, not mixed up")
  func copies() throws {
    var night = Night(sound: 2)
    night.claims[1].place = "10"
    let once = try audit(["a.csv": night.table], into: "once")
    let twice = try audit(["a.csv": night.table, "b.csv": night.table], into: "twice")
    let found = try differences(once, twice)
    #expect(found.filter { $0 == "new POS-006 N1001" }.count == 1, "\(found)")
    #expect(found.allSatisfy { $0.hasPrefix("new ") })
    // The copies are the same ones when both files have other names.
    let renamed = try audit(["y.csv": night.table, "z.csv": night.table], into: "renamed")
    #expect(try differences(twice, renamed) == [])
  }

  @Test("hostile cells come out as they went in, and run nowhere")
  func hostile() throws {
    var night = Night(sound: 0)
    let ids = [
      "=1+1", "-2+3", "@SUM(A1)", "\"=cmd|' /C calc'!A0\"", "\"a,\"\"b\"\"\"", "'quoted", "0012",
      "12345678901234567890",
      "<script>alert(1)</script>", "é\u{202E}x",
    ]
    night.claims = ids.map { Night.Claim(id: $0, place: "10") }
    let none = try audit(["a.csv": Night(sound: 1).table], into: "none")
    let plain = try audit(["a.csv": night.table], into: "plain")
    let excel = try audit(["a.csv": night.table], into: "excel", ["--excel"])
    let lines = try audit(["a.csv": night.table], into: "jsonl", ["--format", "jsonl"])
    for folder in [excel, lines] { #expect(try differences(plain, folder) == [], "\(folder)") }
    let outcome = try diff(none, plain, "--format", "csv")
    #expect(outcome.rows.count >= ids.count)
    let column = outcome.rows.filter { $0["rule"] == "POS-006" }.map { $0["claim_id"] }
    #expect(column.count == ids.count)
    #expect(
      column.contains("'=1+1") && column.contains("'@SUM(A1)") && column.contains("a,\"b\"") && column.contains("0012"))
    #expect(column.allSatisfy { !["=", "+", "-", "@"].contains($0.first.map(String.init) ?? "") })
    // What turns the direction of text is shown, not done.
    let text = try diff(none, plain)
    #expect(text.text.contains("\\u{202e}") && !text.text.contains("\u{202E}"))
  }

  @Test("exit code 1 when something at or above --fail-on is new", arguments: ["error", "warning", "info", "never"])
  func failing(level: String) throws {
    var night = Night(sound: 2)
    let old = try audit(["a.csv": night.table], into: "old")
    // A diagnosis that speaks against the procedure is a warning.
    night.claims[0].diagnosis = "J93.11"
    let new = try audit(["a.csv": night.table], into: "new")
    let severities = Set(ReportSetFiles(folder: new).findings.map { $0["severity"] })
    try #require(severities.contains("warning") && !severities.contains("error"), "\(severities)")
    #expect(try diff(old, new, "--fail-on", level).exitCode == (["warning", "info"].contains(level) ? 1 : 0))
    #expect(try diff(new, old, "--fail-on", level).exitCode == 0)
    #expect(try diff(new, new, "--fail-on", level).exitCode == 0)
  }

  @Test("what is no report set is refused with a sentence and the right code")
  func refused() throws {
    let sound = try audit(["a.csv": Night(sound: 1).table], into: "sound")
    func refused(_ path: String, _ code: Int32, _ words: String, _ location: SourceLocation = #_sourceLocation) throws {
      for arguments in [[sound, path], [path, sound]] {
        let outcome = try Command(["diff"] + arguments).run()
        #expect(outcome.exitCode == code, "\(outcome.standardError)", sourceLocation: location)
        #expect(outcome.standardError.contains(words), "\(outcome.standardError)", sourceLocation: location)
        #expect(outcome.standardOutput.isEmpty, sourceLocation: location)
      }
    }
    try refused(scratch.path + "/nowhere", 66, "cannot be opened")
    try refused(scratch.write("file", "text"), 65, "is no folder")
    try scratch.write("empty/notes.txt", "nothing")
    try refused(scratch.path + "/empty", 65, "is no report set")
    try refused(audit(["a.csv": Night(sound: 1).table], into: "page", ["--format", "html"]), 65, "wrote no table")

    let table = try #require(String(bytes: ReportSetFiles(folder: sound).bytes("findings.csv"), encoding: .utf8))
    try scratch.write("other/findings.csv", "a,b\n1,2\n")
    try refused(scratch.path + "/other", 65, "it has no column source_file")
    try scratch.write("none/findings.csv", "")
    try refused(scratch.path + "/none", 65, "is empty")
    try scratch.write("short/findings.csv", table + "a,b\n")
    try refused(scratch.path + "/short", 65, "record 2: has 2 cells under 17 columns")
    try scratch.write("cut/findings.csv", table + "\"a")
    try refused(scratch.path + "/cut", 65, "record 2: cannot be read")
    try scratch.write("lines/findings.jsonl", "{\"rule\":\"MOD-001\"}\n")
    try refused(scratch.path + "/lines", 65, "line 1: is no finding")
    try scratch.write("broken/findings.jsonl", "{\"rule\":\n")
    try refused(scratch.path + "/broken", 65, "line 1: is no JSON object")
    // Of a set that was copied in part, and of another program.
    try scratch.write("part/run.json", ReportSetFiles(folder: sound).bytes("run.json"))
    try scratch.write("part/findings.csv", table + "x")
    try refused(scratch.path + "/part", 65, "run.json says")
    try scratch.write("alien/run.json", "{\"tool\": \"other\", \"reports\": {}}")
    try refused(scratch.path + "/alien", 65, "is no run.json of claimaudit")
    #expect(try Command("diff", sound).run().exitCode == 64)
    #expect(try diff(sound, sound, "--format", "xml").exitCode == 64)
  }

  @Test("a table without run.json is believed; one that the last run did not write is not")
  func leftovers() throws {
    var night = Night(sound: 2)
    night.claims[0].place = "10"
    let old = try audit(["a.csv": night.table], into: "set")
    let copy = try scratch.write("copy/findings.csv", ReportSetFiles(folder: old).bytes("findings.csv"))
    #expect(try differences(old, String(copy.dropLast("/findings.csv".count))) == [])
    // The next run into the folder writes JSON lines: the old findings.csv stays there and is not the run's.
    night.claims[0].place = "22"
    _ = try audit(["a.csv": night.table], into: "set", ["--format", "jsonl"])
    #expect(ReportSetFiles(folder: old).names.contains("findings.csv"))
    #expect(try differences(scratch.path + "/copy", old) == ["gone POS-006 N1001".replacing("N1001", with: "N1000")])
  }
}
