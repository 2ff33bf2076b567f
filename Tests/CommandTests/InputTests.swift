import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Inputs")
struct InputTests {
  /// A folder with two 837 files, a table two levels down and things that are no input.
  static func folder() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("in/b.837", Fixture("valid/professional.837").bytes)
    try scratch.write("in/a.837", Fixture("valid/institutional.837").bytes)
    try scratch.write("in/sub/deeper/x.csv", Fixture("valid/professional-export.csv").bytes)
    try scratch.write("in/.hidden.837", Fixture("valid/dental.837").bytes)
    try scratch.write("in/.folder/c.837", Fixture("valid/dental.837").bytes)
    return scratch
  }

  private func sources(_ rows: [ReportRow]) -> [String] {
    var names: [String] = []
    for row in rows where names.last != row["source_file"] { names.append(row["source_file"]) }
    return names
  }

  private func run(_ arguments: [String], in scratch: Scratch) throws -> CommandOutcome {
    var command = Command(arguments)
    command.folder = scratch.path
    return try command.run()
  }

  @Test("plain claimaudit PATH does what audit PATH does")
  func plain() throws {
    let path = Fixture("valid/professional.837").path
    let plain = try Command(path).run()
    #expect(plain.exitCode == 0)
    expectSame(plain.standardOutput, try Command("audit", path).run().standardOutput, "lines")
  }

  @Test("a folder is read to its depth, in byte order of paths, without hidden files")
  func folders() throws {
    let outcome = try run(["audit", "in"], in: InputTests.folder())
    #expect(outcome.exitCode == 0)
    #expect(sources(outcome.rows) == ["in/a.837", "in/b.837", "in/sub/deeper/x.csv"])
  }

  @Test("our own reports in a folder are no input, not even twice")
  func ownReports() throws {
    let scratch = try InputTests.folder()
    for _ in 1...2 {
      #expect(try run(["audit", "in", "-o", "in/reports", "-f", "csv,jsonl,xml"], in: scratch).exitCode == 0)
      let files = try ReportSetFiles(folder: scratch.path + "/in/reports").summary().files
      #expect(files.map(\.path) == ["in/a.837", "in/b.837", "in/sub/deeper/x.csv"])
    }
  }

  @Test("what we write outside of a report folder is passed over in a folder, and read when it is named")
  func ownOutputs() throws {
    let scratch = try InputTests.folder()
    #expect(
      try run(
        ["audit", "in", "-o", "out", "--ledger", "in/nights.ledger", "--metrics", "in/run.prom", "-f", "csv,jsonl"],
        in: scratch
      ).exitCode == 0)
    var names = ["in/nights.ledger", "in/run.prom"]
    for (name, options) in [
      ("1.csv", []), ("2.csv", ["--excel"]), ("3.xml", ["-f", "xml"]), ("4.jsonl", ["-f", "jsonl"]),
      ("5.html", ["-f", "html"]),
    ] {
      try scratch.write(name, run(["audit", "in/a.837"] + options, in: scratch).standardOutput)
      names.append("in/" + name)
    }
    for name in ["1.csv", "2.csv", "3.xml", "4.jsonl", "5.html"] {
      try scratch.write("in/" + name, scratch.bytes(name))
    }
    for name in ["findings.csv", "issues.csv", "findings.jsonl"] {
      names.append("in/old/" + name)
      try scratch.write("in/old/" + name, scratch.bytes("out/" + name))
    }
    #expect(scratch.names(in: "in").contains("nights.ledger.lock"))
    let outcome = try run(["audit", "in", "-o", "again"], in: scratch)
    #expect(outcome.exitCode == 0 && !outcome.standardError.contains("FILE_SKIPPED"), "\(outcome.standardError)")
    let reports = ReportSetFiles(folder: scratch.path + "/again")
    let files = try reports.summary().files
    #expect(files.filter { $0.status == "skipped" }.map(\.path) == names.sorted())
    #expect(files.filter { $0.status == "ok" }.map(\.path) == ["in/a.837", "in/b.837", "in/sub/deeper/x.csv"])
    #expect(files.count == names.count + 3)
    #expect(try run(["audit", "in", "-v"], in: scratch).standardError.contains("in/nights.ledger.lock: FILE_SKIPPED"))
    for paths in [["in/1.csv"], ["in", "in/1.csv"], ["in/1.csv", "in"]] {
      let rows = try run(["audit"] + paths, in: scratch).rows
      #expect(rows.contains { $0["source_file"] == "in/1.csv" }, "\(paths)")
    }
    #expect(try run(["inspect", "in/1.csv"], in: scratch).text.contains("CSV"))
    // What was passed over is not known to a ledger as read.
    for (path, isRead) in [("in", false), ("in/1.csv", true)] {
      let rows = try run(["audit", path, "--ledger", "other.ledger"], in: scratch).rows
      #expect(rows.contains { $0["source_file"] == "in/1.csv" } == isRead)
    }
  }

  @Test("arguments in any order give the same bytes")
  func anyOrder() throws {
    let scratch = try InputTests.folder()
    let one = try run(["audit", "in/b.837", "in/sub", "in/a.837"], in: scratch)
    let other = try run(["audit", "in/sub/", "in/a.837", "in/b.837"], in: scratch)
    #expect(sources(one.rows).prefix(2) == ["in/a.837", "in/b.837"])
    #expect(one.rows.map { $0["claim_id"] } == other.rows.map { $0["claim_id"] })
    expectSame(
      try run(["audit", "in/a.837", "in/b.837"], in: scratch).standardOutput,
      try run(["audit", "in/b.837", "in/a.837"], in: scratch).standardOutput, "lines")
  }

  @Test("standard input, plain and gzip, is called - and gives the file's lines")
  func standardInput() throws {
    for name in ["valid/professional.837", "valid/secondary.837.gz", "valid/professional-export.csv"] {
      let fixture = Fixture(name)
      let file = try Command("audit", fixture.path).run()
      let stream = try Command("audit", "-", input: .bytes(fixture.bytes)).run()
      #expect(stream.exitCode == 0)
      #expect(stream.rows.allSatisfy { $0["source_file"] == "-" })
      #expect(stream.rows.count == file.rows.count && !file.rows.isEmpty)
      #expect(stream.rows.map { $0["byte_offset"] } == file.rows.map { $0["byte_offset"] })
      #expect(stream.rows.map { $0["rules"] } == file.rows.map { $0["rules"] })
    }
  }

  @Test("standard input through a pipe that gives a byte at a time")
  func slowPipe() throws {
    let bytes = Fixture("x12/valid/professional.837").bytes
    let pipe = try PipeEnds()
    let running = try Command("audit", "-", "--scope", "all", input: .descriptor(pipe.readingEnd)).start()
    pipe.closeReadingEnd()
    for byte in bytes { pipe.write([byte]) }
    pipe.closeWritingEnd()
    let outcome = try running.wait()
    #expect(outcome.exitCode == 0)
    let whole = try Command("audit", "-", "--scope", "all", input: .bytes(bytes)).run()
    expectSame(outcome.standardOutput, whole.standardOutput, "lines")
  }

  @Test("an archive's entries are called archive!entry")
  func archive() throws {
    let outcome = try Command("audit", Fixture("valid/clearinghouse.zip").path).run()
    #expect(outcome.exitCode == 0)
    #expect(sources(outcome.rows).count == 2)
    #expect(outcome.rows.allSatisfy { $0["source_file"].contains("clearinghouse.zip!") })
  }

  @Test("an entry that is not read is called archive!entry too, in issues and by inspect")
  func unreadEntry() throws {
    let scratch = try Scratch()
    let archive = Fixture("compressed/encrypted-entry.zip").path
    #expect(try Command("audit", archive, "-o", scratch.path + "/out").run().exitCode == 65)
    let issues = ReportSetFiles(folder: scratch.path + "/out").issues
    #expect(issues.map { $0["source_file"] } == [archive + "!secret.837"])
    let inspected = try Command("inspect", archive).run()
    #expect(inspected.text.contains(archive + "!secret.837") && !inspected.text.contains("!" + archive))
  }

  @Test("--files-from takes lines, with CRLF and blank ones, and NUL with -0")
  func filesFrom() throws {
    let scratch = try InputTests.folder()
    try scratch.write("lines", "in/b.837\r\n\n  \nin/a.837\n")
    try scratch.write("nul", "in/b.837\u{0}in/a.837\u{0}")
    for arguments in [
      ["--files-from", "lines"], ["--files-from", "nul", "-0"], ["in/a.837", "--files-from", "lines"],
    ] {
      let outcome = try run(["audit"] + arguments, in: scratch)
      #expect(outcome.exitCode == 0)
      #expect(sources(outcome.rows) == ["in/a.837", "in/b.837"], "\(arguments)")
    }
    var command = Command("audit", "--files-from", "-", input: .bytes(Array("in/a.837\n".utf8)))
    command.folder = scratch.path
    #expect(try sources(command.run().rows) == ["in/a.837"])
  }

  @Test("a file named twice, by whatever path or link, is read once, with a notice for those who ask")
  func twice() throws {
    let scratch = try InputTests.folder()
    try FileManager.default.createSymbolicLink(atPath: scratch.path + "/link.837", withDestinationPath: "in/a.837")
    let once = try run(["audit", "in/a.837"], in: scratch)
    for second in ["in/a.837", "link.837", "in/sub/../a.837"] {
      let outcome = try run(["audit", "in/a.837", second, "-v"], in: scratch)
      #expect(outcome.exitCode == 0)
      #expect(outcome.rows.count == once.rows.count)
      #expect(outcome.standardError.contains("FILE_DUPLICATE"))
    }
  }

  @Test("a path of any characters is read and shown on one line")
  func oddNames() throws {
    let scratch = try Scratch()
    for name in ["-dash.837", "a b.837", "é;,\".837", "line\nbreak.837", "esc\u{1B}[31m.837", "=1+1.837"] {
      try scratch.write("in/" + name, Fixture("valid/dental.837").bytes)
    }
    let outcome = try run(["audit", "in", "-v"], in: scratch)
    #expect(outcome.exitCode == 0)
    #expect(sources(outcome.rows).count == 6)
    #expect(!outcome.standardError.contains("\u{1B}"))
    #expect(outcome.standardError.split(separator: "\n").allSatisfy { $0.hasPrefix("claimaudit: ") })
    let dashed = try run(["audit", "--", "-dash.837"], in: scratch)
    #expect(dashed.exitCode == 66)
    #expect(try run(["audit", "--", "./in/-dash.837"], in: scratch).exitCode == 0)
  }

  @Test("a report is never written over an input, also through a link")
  func overInput() throws {
    let scratch = try Scratch()
    // The inputs stand in the folder for reports, which is searched for persons: these have none.
    let text = String(decoding: Fixture("valid/dental.837").bytes, as: UTF8.self)
    let bytes = Array(text.replacing(Canary.word, with: "NOBODY").replacing(Canary.birthDate, with: "20000101").utf8)
    try scratch.write("lines.csv", bytes)
    try scratch.write("out/report.xml", bytes)
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path + "/link.837", withDestinationPath: "out/report.xml")
    for (input, folder) in [("lines.csv", "."), ("./lines.csv", "."), ("out/report.xml", "out"), ("link.837", "out")] {
      let outcome = try run(["audit", input, "-o", folder], in: scratch)
      #expect(outcome.exitCode == 64, "\(input)")
      #expect(outcome.standardError.contains("over this input"))
    }
    expectSame(scratch.bytes("lines.csv"), bytes, "lines.csv")
    expectSame(scratch.bytes("out/report.xml"), bytes, "report.xml")
  }

  @Test("the bytes decide what a file is; --input-format overrules and refuses what does not fit")
  func inputFormat() throws {
    let scratch = try Scratch()
    let x12 = try scratch.write("claims.csv", Fixture("valid/dental.837").bytes)
    let table = try scratch.write("claims.837", Fixture("valid/professional-export.csv").bytes)
    #expect(try Command("audit", x12).run().rows.first?["format"] == "837")
    #expect(try Command("audit", table).run().rows.first?["format"] == "csv")
    #expect(try Command("audit", x12, "-v").run().standardError.contains("FORMAT_MISMATCH"))
    #expect(try Command("audit", x12, "--input-format", "x12").run().exitCode == 0)
    #expect(try Command("audit", x12, "--input-format", "csv").run().exitCode == 65)
    #expect(try Command("audit", table, "--input-format", "x12").run().exitCode == 65)
  }

  @Test("--column says what a header means")
  func column() throws {
    let scratch = try Scratch()
    let text = "Ref,Wann,Was,Wo,Kosten\nA1,2026-03-10,32960,22,450.00\nA2,2026-03-11,99213,11,80.00\n"
    let path = try scratch.write("own.csv", text)
    #expect(try Command("audit", path).run().exitCode == 65)
    let outcome = try Command(
      "audit", path, "--column", "claim_id=Ref", "--column", "service_date=Wann", "--column", "hcpcs_code=Was",
      "--column", "place_of_service=Wo", "--column", "charge_amount=Kosten"
    ).run()
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    let row = try #require(outcome.rows.first)
    #expect(outcome.rows.count == 1)
    #expect(
      [row["claim_id"], row["service_from"], row["place_of_service"], row["charge"]] == [
        "A1", "2026-03-10", "22", "450.00",
      ])
  }
}
