import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Exit codes")
struct ExitCodeTests {
  static let sound = Fixture("valid/professional.837").path
  static let damaged = Fixture("x12/invalid/cut-in-segment.837").path

  @Test("0: all was read whole, whatever was found, with and without a folder")
  func sound() throws {
    let scratch = try Scratch()
    let toStandardOutput = try Command("audit", ExitCodeTests.sound).run()
    #expect(toStandardOutput.exitCode == 0)
    #expect(toStandardOutput.standardError == "")
    #expect(toStandardOutput.rows.contains { $0["severity"] == "error" })
    #expect(try Command("audit", ExitCodeTests.sound, "-o", scratch.path + "/out").run().exitCode == 0)
  }

  @Test(
    "1: a finding reached --fail-on, with and without a folder",
    arguments: [
      ("error", "", 1), ("warning", "", 1), ("info", "", 1), ("never", "", 0), ("error", "GLOB", 0),
      ("info", "GLOB", 1),
    ])
  func failOn(level: String, family: String, code: Int32) throws {
    let scratch = try Scratch()
    var arguments = ["audit", ExitCodeTests.sound, "--fail-on", level]
    if !family.isEmpty { arguments += ["--select", family] }
    #expect(try Command(arguments).run().exitCode == code)
    #expect(try Command(arguments + ["-o", scratch.path + "/out"]).run().exitCode == code)
  }

  @Test(
    "64: the command was used wrongly, and the message says how",
    arguments: [
      ([], "name a file"), (["--nope", "x"], "--nope"), (["audit"], "name a file"), (["x", "-j", "0"], "--jobs"),
      (["x", "--scope", "some"], "--scope"), (["x", "-f", "nope"], "nope"), (["x", "-f", "csv,xml"], "one format"),
      (["x", "--severity", "bad"], "--severity"), (["x", "--since", "2026-02-30"], "--since"),
      (["x", "--since", "2026-02-02", "--until", "2026-02-01"], "--until"), (["x", "--select", "NOPE"], "NOPE"),
      (["x", "--payer", "nobody"], "nobody"), (["x", "--column", "charge_amount"], "FIELD=HEADER"),
      (["x", "--column", "no_such_field=A"], "no_such_field"), (["x", "-0"], "--files-from"),
      (["x", "--watch", "NO CODE AT ALL"], "--watch"), (["x", "--watch", "9"], "--watch"),
      (["x", "--watch", "32960,9921"], "9921"), (["x", "--watch", "99213;"], "99213;"),
      (["x", "-f", "csv, "], "format"),
      (["x", "-o", ""], "-o"), (["explain", "NOPE-1"], "NOPE-1"),
      (["rules", "extra"], "extra"),
    ] as [([String], String)])
  func usage(arguments: [String], hint: String) throws {
    let outcome = try Command(arguments).run()
    #expect(outcome.exitCode == 64)
    #expect(outcome.standardError.contains(hint), "\(outcome.standardError)")
    #expect(outcome.standardOutput.isEmpty)
  }

  @Test("65: some input was damaged; what is readable is reported all the same, with and without a folder")
  func damaged() throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/out"
    let alone = try Command("audit", ExitCodeTests.damaged).run()
    #expect(alone.exitCode == 65)
    #expect(!alone.rows.isEmpty)
    #expect(alone.standardError.contains("TRUNCATED"))
    let both = try Command("audit", ExitCodeTests.damaged, ExitCodeTests.sound, "-o", folder).run()
    #expect(both.exitCode == 65)
    #expect(Set(ReportSetFiles(folder: folder).lines.map { $0["source_file"] }).count == 2)
  }

  @Test(
    "65: no claims, no text, nothing at all",
    arguments: ["no claims here\n", "", "\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}", "  \n"])
  func refused(text: String) throws {
    let scratch = try Scratch()
    #expect(try Command("audit", scratch.write("input", text)).run().exitCode == 65)
    #expect(try Command("audit", "-", input: .bytes(Array(text.utf8))).run().exitCode == 65)
  }

  @Test("66: an input could not be opened; the others are reported")
  func unopened() throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/out"
    let outcome = try Command("audit", scratch.path + "/absent.837", ExitCodeTests.sound, "-o", folder).run()
    #expect(outcome.exitCode == 66)
    #expect(outcome.standardError.contains("absent.837"))
    #expect(!ReportSetFiles(folder: folder).lines.isEmpty)
    #expect(try Command("audit", scratch.path + "/absent.837").run().exitCode == 66)
    #expect(try Command("audit", "--files-from", scratch.path + "/absent").run().exitCode == 66)
    #expect(try Command("audit", "-", input: .closed).run().exitCode == 66)
  }

  @Test("73: the folder cannot be made")
  func cannotCreate() throws {
    let scratch = try Scratch()
    let file = try scratch.write("file", "here already")
    for folder in [file, file + "/below"] {
      let outcome = try Command("audit", ExitCodeTests.sound, "-o", folder).run()
      #expect(outcome.exitCode == 73)
      #expect(!outcome.standardError.isEmpty)
    }
    #expect(scratch.text("file") == "here already")
  }

  @Test("74: a full disk, said in words", arguments: ["csv", "xml", "jsonl"])
  func cannotWrite(format: String) throws {
    var command = Command("audit", ExitCodeTests.sound, "-f", format)
    command.output = .path("/dev/full")
    let outcome = try command.run()
    #expect(outcome.exitCode == 74)
    #expect(outcome.standardError.contains("No space left on device"))
    for arguments in [
      ["rules"], ["explain", "MOD-003"], ["inspect", ExitCodeTests.sound], ["--help"], ["--version"],
      ["help", "audit"],
      ["--generate-completion-script", "bash"],
    ] {
      var command = Command(arguments)
      command.output = .path("/dev/full")
      #expect(try command.run().exitCode == 74, "\(arguments)")
    }
  }

  @Test("75: another run holds the folder, which goes on unharmed; 78 wins over it, it wins over 66")
  func locked() throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/out"
    let waiting = try WaitingRun(["audit", "-", "-o", folder])
    for paths in [[ExitCodeTests.sound], [scratch.path + "/absent"]] {
      let outcome = try Command(["audit"] + paths + ["-o", folder]).run()
      #expect(outcome.exitCode == 75)
      #expect(outcome.standardError.contains("another run"))
    }
    let pack = try scratch.write("pack.yaml", "nonsense: [")
    #expect(try Command("audit", ExitCodeTests.sound, "--pack", pack, "-o", folder).run().exitCode == 78)
    waiting.write(Fixture("valid/professional.837").bytes)
    #expect(try waiting.end().exitCode == 0)
    #expect(try ReportSetFiles(folder: folder).summary().totals.claims == 50)
  }

  @Test("78: a pack, mapping or config that is wrong or absent, before anything is read or made")
  func wrongPack() throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/out"
    let pack = try scratch.write("pack.yaml", "nonsense: true\n")
    for arguments in [
      ["--pack", pack], ["--pack", scratch.path + "/absent"], ["--mapping", scratch.path + "/absent"],
    ] {
      let outcome = try Command(["audit", scratch.path + "/no-input"] + arguments + ["-o", folder]).run()
      #expect(outcome.exitCode == 78, "\(arguments)")
      #expect(!outcome.standardError.contains("no-input"))
      #expect(!FileManager.default.fileExists(atPath: folder))
    }
    let check = try Command("check-pack", pack).run()
    #expect(check.exitCode == 78)
    #expect(check.standardError.contains("pack.yaml:1"))
  }

  @Test("141: nobody reads standard output any more; nothing is said")
  func brokenPipe() throws {
    for arguments in [
      ["audit", ExitCodeTests.sound], ["audit", ExitCodeTests.sound, "-f", "xml"],
      ["audit", ExitCodeTests.sound, "-f", "jsonl"],
      ["rules"], ["inspect", ExitCodeTests.sound], ["--help"], ["--version"],
    ] {
      let pipe = try PipeEnds()
      pipe.closeReadingEnd()
      var command = Command(arguments)
      command.output = .descriptor(pipe.writingEnd)
      let outcome = try command.run()
      #expect(outcome.exitCode == 141, "\(arguments)")
      #expect(outcome.standardError == "", "\(arguments)")
    }
  }

  @Test("of several that apply the first of 78, 75, 73, 74, 66, 65, 1 wins")
  func precedence() throws {
    let scratch = try Scratch()
    let file = try scratch.write("file", "")
    let absent = scratch.path + "/absent"
    let pack = try scratch.write("pack.yaml", "nonsense: true\n")
    let all = ["audit", ExitCodeTests.sound, ExitCodeTests.damaged, "--fail-on", "info"]
    #expect(try Command(all + [absent, "-o", file, "--pack", pack]).run().exitCode == 78)
    #expect(try Command(all + [absent, "-o", file]).run().exitCode == 73)
    var full = Command(all + [absent])
    full.output = .path("/dev/full")
    #expect(try full.run().exitCode == 74)
    #expect(try Command(all + [absent]).run().exitCode == 66)
    #expect(try Command(all).run().exitCode == 65)
  }
}

@Suite("Signals")
struct SignalTests {
  @Test(
    "end a run that waits for input within a second or so, with their code and nothing left behind",
    arguments: [SIGINT, SIGTERM])
  func waiting(signal: Int32) throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/out"
    let waiting = try WaitingRun(["audit", "-", "-o", folder])
    // Some of the input has been read already.
    waiting.write(Array(Fixture("valid/professional.837").bytes.prefix(20_000)))
    usleep(100_000)
    let start = ContinuousClock.now
    waiting.running.send(signal)
    let outcome = try waiting.running.wait()
    #expect(outcome.exitCode == 128 + signal)
    #expect(!outcome.wasKilled)
    #expect(ContinuousClock.now - start < .seconds(5))
    #expect(scratch.names(in: "out") == [".claimaudit.lock"])
    // Nothing in its temporary folder either: only what the test itself put there.
    #expect(waiting.running.scratch.names() == ["stderr", "stdout"])
  }

  @Test(
    "leave the reports of the run before as they were, and the folder free for the next",
    arguments: [SIGINT, SIGTERM, SIGKILL])
  func keepsOldReports(signal: Int32) throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/out"
    #expect(try Command("audit", ExitCodeTests.sound, "-o", folder).run().exitCode == 0)
    let reports = ReportSetFiles(folder: folder)
    let names = reports.names
    let before = names.map(reports.bytes)
    let waiting = try WaitingRun(["audit", "-", "-o", folder])
    waiting.write(Array(Fixture("valid/professional.837").bytes.prefix(20_000)))
    usleep(100_000)
    waiting.running.send(signal)
    #expect(try waiting.running.wait().exitCode == 128 + signal)
    #expect(reports.names == names)
    for (name, bytes) in zip(names, before) { expectSame(reports.bytes(name), bytes, name) }
    #expect(try Command("audit", Fixture("valid/dental.837").path, "-o", folder).run().exitCode == 0)
    #expect(scratch.names(in: "out").filter { $0.hasPrefix(".") } == [".claimaudit.lock"])
  }

  @Test("end a run to standard output too", arguments: [SIGINT, SIGTERM])
  func withoutFolder(signal: Int32) throws {
    let pipe = try PipeEnds()
    let running = try Command("audit", "-", input: .descriptor(pipe.readingEnd)).start()
    usleep(300_000)
    running.send(signal)
    let outcome = try running.wait()
    #expect(outcome.exitCode == 128 + signal)
    #expect(outcome.standardOutput.isEmpty)
  }
}
