import Foundation
import Glibc
import TestSupport
import Testing

@Suite("claimaudit extract")
struct ExtractTests {
  private static let professional = Fixture("valid/professional.837").path
  private static let export = Fixture("valid/professional-export.csv").path

  private func run(_ arguments: String..., input: [UInt8]? = nil, in scratch: Scratch) throws -> CommandOutcome {
    var command = Command(["extract"] + arguments)
    command.folder = scratch.path
    if let input { command.input = .bytes(input) }
    return try command.run()
  }

  private func claims(_ path: String, in scratch: Scratch) throws -> Set<String> {
    Set(try Command(["audit", "--scope", "all", "-q", path]).run().rows.map { $0["claim_id"] })
  }

  @Test("selected and other claims go to files of their own, mode 0600, and what was written is said")
  func files() throws {
    let scratch = try Scratch()
    let outcome = try run("--with-findings", Self.professional, "--output=a.837", in: scratch)
    #expect(outcome.exitCode == 0)
    #expect(outcome.standardError == "24 of 50 claims written to a.837\n")
    #expect(outcome.standardOutput.isEmpty)
    #expect(
      try run("--with-findings", "--invert", "-q", Self.professional, "--output=b.837", in: scratch).standardError == ""
    )
    var status = stat()
    #expect(unsafe stat(scratch.path + "/a.837", &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(scratch.names().filter { $0.hasPrefix(".claimaudit") } == [])
    let both = [try claims(scratch.path + "/a.837", in: scratch), try claims(scratch.path + "/b.837", in: scratch)]
    #expect(both[0].isDisjoint(with: both[1]) && both[0].count == 24)
    #expect(try both[0].union(both[1]) == claims(Self.professional, in: scratch))
  }

  @Test("standard input is read twice all the same, plain and compressed, and goes to standard output")
  func standardInput() throws {
    let scratch = try Scratch()
    let expected = try run("--watched", Self.professional, in: scratch).standardOutput
    #expect(!expected.isEmpty)
    #expect(
      try run("--watched", "-", input: Fixture("valid/professional.837").bytes, in: scratch).standardOutput == expected)
    let gzip = Fixture("compressed/plain.837.gz")
    let plain = try run("--watched", gzip.path, in: scratch).standardOutput
    #expect(try run("--watched", "-", "-o", "-", input: gzip.bytes, in: scratch).standardOutput == plain)
    // A FIFO can be read once only.
    let fifo = scratch.path + "/fifo"
    #expect(unsafe mkfifo(fifo, 0o600) == 0)
    let content = Fixture("valid/professional.837").bytes
    let writer = Thread {
      let file = unsafe open(fifo, O_WRONLY)
      var done = 0
      while done < content.count {
        let count = unsafe content[done...].withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
        if count <= 0 { break }
        done += count
      }
      close(file)
    }
    writer.start()
    #expect(try run("--watched", fifo, in: scratch).standardOutput == expected)
  }

  @Test("options must hold together, values of one are alternatives")
  func selection() throws {
    let scratch = try Scratch()
    func ids(_ arguments: String...) throws -> Set<String> {
      var command = Command(["extract", "-q"] + arguments + [Self.professional, "--output=\(scratch.path)/out.837"])
      command.folder = scratch.path
      #expect(try command.run().exitCode == 0)
      return scratch.bytes("out.837").isEmpty ? [] : try claims(scratch.path + "/out.837", in: scratch)
    }
    let rows = try Command(["audit", "-q", Self.professional]).run().rows
    func expected(_ holds: (ReportRow) -> Bool) -> Set<String> { Set(rows.filter(holds).map { $0["claim_id"] }) }
    #expect(try ids("--watched") == expected { _ in true })
    #expect(try ids("--with-findings") == expected { $0["severity"] != "none" })
    #expect(try ids("--severity", "error") == expected { $0["severity"] == "error" })
    #expect(try ids("--rule", "MOD") == expected { $0.rules.contains { $0.hasPrefix("MOD") } })
    #expect(
      try ids("--rule", "MOD-003,POS", "--payer", "aetna,bcbs")
        == expected {
          ["aetna", "bcbs"].contains($0["payer"]) && $0.rules.contains { $0 == "MOD-003" || $0.hasPrefix("POS") }
        })
    let findings = try Command(["audit", "-q", "-f", "csv", "-o", scratch.path + "/set", Self.professional]).run()
    #expect(findings.exitCode == 0)
    let errors = ReportSetFiles(folder: scratch.path + "/set").findings
      .filter { $0["rule"].hasPrefix("DUP") && $0["severity"] == "error" }
    #expect(!errors.isEmpty)
    // What only the whole run can tell counts as well.
    #expect(try ids("--rule", "DUP", "--severity", "error") == Set(errors.map { $0["claim_id"] }))
    #expect(try ids("--claim", "EX0002", "--claim", "EX0004") == ["EX0002", "EX0004"])
    #expect(try ids("--claim", "EX0002", "--payer", "medicaid") == [])
  }

  @Test("a folder takes a file for each input that has a selected claim")
  func folder() throws {
    let scratch = try Scratch()
    let valid = Fixture("valid").path
    let outcome = try run("--watched", valid, "--output=out/", in: scratch)
    #expect(outcome.exitCode == 0)
    let names = scratch.names(in: "out").filter { !$0.hasPrefix(".") }
    #expect(
      names.contains("professional.837") && names.contains("professional-export.csv") && names.contains("secondary.837")
    )
    var count = 0
    for name in names { count += try claims(scratch.path + "/out/" + name, in: scratch).count }
    #expect(outcome.standardError.hasSuffix("claims written to \(names.count) files in out/\n"))
    #expect(outcome.standardError.hasPrefix("\(count) of "))
    // A folder that is there needs no slash.
    #expect(try run("--watched", "--invert", "-q", valid, "--output=out", in: scratch).exitCode == 0)
  }

  @Test("wrong use is refused with a sentence and nothing is written")
  func refusals() throws {
    let scratch = try Scratch()
    func expect(_ code: Int32, _ words: String, _ arguments: String...) throws {
      var command = Command(["extract"] + arguments)
      command.folder = scratch.path
      let outcome = try command.run()
      #expect(outcome.exitCode == code, "\(arguments)")
      #expect(outcome.standardError.contains(words), "\(outcome.standardError)")
      #expect(outcome.standardOutput.isEmpty)
    }
    try expect(64, "say which claims", Self.professional)
    try expect(64, "did you mean MOD", "--rule", "MOT", Self.professional)
    try expect(64, "known are", "--payer", "nobody", Self.professional)
    try expect(64, "one file cannot hold both", "--watched", Self.professional, Self.export)
    let copy = try scratch.write("in.837", Fixture("valid/professional.837").bytes)
    try expect(64, "written over this input", "--watched", copy, "--output=\(copy)")
    try expect(64, "written over this input", "--watched", copy, "--output=\(scratch.path)")
    let key = try scratch.write("key", String(repeating: "k", count: 32))
    try expect(64, "written over this file", "--watched", copy, "--key-file", key, "--output=\(key)")
    #expect(scratch.text("key").count == 32)
    #expect(scratch.bytes("in.837") == Fixture("valid/professional.837").bytes)
    try expect(73, "cannot be created", "--watched", copy, "--output=none/there.837")
    try expect(66, "could not be opened", "--watched", "missing.837")
    #expect(scratch.names().filter { $0.hasSuffix(".tmp") } == [])
    #expect(try run("--watched", copy, "--output=/dev/null", in: scratch).exitCode == 0)
  }

  @Test("a damaged input gives what is whole, says the rest and ends with 65")
  func damaged() throws {
    let scratch = try Scratch()
    var all: Set<String> = []
    for name in ["cut.837.gz", "wrong-crc.837.gz"] {
      let input = Fixture("compressed/\(name)").path
      let whole = try claims(input, in: scratch)
      var found: Set<String> = []
      for invert in [[], ["--invert"]] {
        var command = Command(["extract", "--watched", input, "--output=\(scratch.path)/out.837"] + invert)
        command.folder = scratch.path
        let outcome = try command.run()
        #expect(outcome.exitCode == 65)
        #expect(outcome.standardError.contains("GZIP"))
        if scratch.bytes("out.837").isEmpty { continue }
        let part = try Command(["audit", "--scope", "all", "-q", scratch.path + "/out.837"]).run()
        #expect(part.exitCode == 0)
        let ids = Set(part.rows.map { $0["claim_id"] })
        #expect(found.isDisjoint(with: ids))
        found.formUnion(ids)
      }
      #expect(found == whole)
      all.formUnion(whole)
    }
    #expect(!all.isEmpty)
  }

  @Test("the outcome does not depend on threads, and options of a config file hold where they make sense")
  func threads() throws {
    let scratch = try Scratch()
    let valid = Fixture("x12/valid").path
    let one = try run("--watched", "--invert", "-j", "1", valid, in: scratch).standardOutput
    #expect(try run("--watched", "--invert", "-j", "4", valid, in: scratch).standardOutput == one)
    try scratch.write(".claimaudit.yaml", "watch: [71046]\noutput: reports\nformat: [xml]\nseverity: error\n")
    let more = try run("--watched", Self.professional, in: scratch).standardOutput
    try scratch.write(".claimaudit.yaml", "quiet: true\n")
    #expect(try run("--watched", Self.professional, in: scratch).standardOutput.count < more.count)
    #expect(scratch.names() == [".claimaudit.yaml", "stderr", "stdout"] || !scratch.names().contains("reports"))
  }

  /// Whether a Python with pyx12 is there.
  private static let hasValidator: Bool = (try? validator("import pyx12").status == 0) ?? false

  private static func validator(_ script: String, _ arguments: String...) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  /// Prints `True` for each file that pyx12 finds valid.
  private static let script = """
    import sys, io, logging
    import pyx12.x12n_document, pyx12.params
    logging.disable(logging.CRITICAL)
    for path in sys.argv[1:]:
        try:
            print(pyx12.x12n_document.x12n_document(pyx12.params.params(), path, None, None, None))
        except Exception:
            print(False)
    """

  @Test(
    "what an independent validator accepts it accepts in both parts",
    .enabled(if: hasValidator, "python3 has no module pyx12"))
  func independent() throws {
    let scratch = try Scratch()
    var accepted = 0
    for fixture in Fixture.all(in: "x12/valid", ending: ".837") + Fixture.all(in: "valid", ending: ".837") {
      guard try Self.validator(Self.script, fixture.path).text.hasPrefix("True") else { continue }
      accepted += 1
      for invert in [[], ["--invert"]] {
        let outcome = try Command(
          ["extract", "-q", "--with-findings", fixture.path, "--output=\(scratch.path)/part.837"] + invert
        ).run()
        #expect(outcome.exitCode == 0)
        if scratch.bytes("part.837").isEmpty { continue }
        let verdict = try Self.validator(Self.script, scratch.path + "/part.837").text
        #expect(verdict.hasPrefix("True"), "\(fixture) \(invert)")
      }
    }
    #expect(accepted > 0)
  }
}

@Suite("claimaudit audit --annotate")
struct AnnotateTests {
  @Test("the set holds a copy of each export, listed in run.json, and other reports are as without it")
  func copies() throws {
    let scratch = try Scratch()
    let inputs = [Fixture("valid/professional-export.csv").path, Fixture("valid/professional.837").path]
    let plain = try Command(["audit", "-q", "--output=\(scratch.path)/plain"] + inputs).run()
    let outcome = try Command(["audit", "-q", "--annotate", "--output=\(scratch.path)/copies"] + inputs).run()
    #expect(plain.exitCode == 0 && outcome.exitCode == 0)
    let name = "professional-export.annotated.csv"
    let files = ReportSetFiles(folder: scratch.path + "/copies")
    #expect(files.names == (ReportSetFiles(folder: scratch.path + "/plain").names + [name]).sorted())
    for report in ReportSetFiles.deterministic {
      #expect(files.bytes(report) == ReportSetFiles(folder: scratch.path + "/plain").bytes(report))
    }
    #expect(String(decoding: files.bytes("run.json"), as: UTF8.self).contains(name))
    var status = stat()
    #expect(unsafe stat(files.folder + "/" + name, &status) == 0 && status.st_mode & 0o777 == 0o600)
    // The same rows, read as a table, say what lines.csv says.
    let rows = ReportRow.parse(files.bytes(name))
    let lines = files.lines.filter { $0["format"] == "csv" }
    for line in lines {
      let row = rows[(Int(line["record"]) ?? 2) - 2]
      #expect(row["claim_id"] == line["claim_id"])
      for column in ["severity", "rules", "messages", "carc", "at_risk"] {
        #expect(row["audit_" + column] == line[column])
      }
    }
    #expect(rows.filter { $0["audit_severity"] != "" }.count == lines.count)
    // Audited again, the folder's own files are passed over.
    let again = try Command(["audit", "-q", "--scope", "all", files.folder]).run()
    #expect(again.rows.isEmpty)
  }

  @Test("standard input is copied too, and without a folder there is no place for copies")
  func standardInput() throws {
    let scratch = try Scratch()
    var command = Command(["audit", "-q", "--annotate", "-", "--output=\(scratch.path)/out"])
    command.input = .bytes(Fixture("valid/institutional-export.csv").bytes)
    #expect(try command.run().exitCode == 0)
    let copy = scratch.bytes("out/stdin.annotated.csv")
    #expect(Fixture.lines(of: copy).count == Fixture("valid/institutional-export.csv").lines.count)
    let without = try Command(["audit", "--annotate", Fixture("valid/professional-export.csv").path]).run()
    #expect(without.exitCode == 64)
    #expect(without.standardError.contains("-o"))
  }
}
