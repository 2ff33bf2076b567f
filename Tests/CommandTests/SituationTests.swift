import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Inputs that are no ordinary files")
struct SituationTests {
  private static let claims = Fixture("valid/dental.837")

  private func run(_ arguments: [String], in scratch: Scratch) throws -> CommandOutcome {
    var command = Command(["audit"] + arguments)
    command.folder = scratch.path
    return try command.run()
  }

  @Test("links that lead nowhere or in a circle are an error when named, and a warning in a folder")
  func links() throws {
    let scratch = try Scratch()
    try scratch.write("in/sound.837", SituationTests.claims.bytes)
    for (name, target) in [("loop", "loop"), ("nowhere", "absent"), ("up", "..")] {
      try FileManager.default.createSymbolicLink(atPath: "\(scratch.path)/in/\(name)", withDestinationPath: target)
    }
    for (name, words) in [("loop", "symbolic links"), ("nowhere", "No such file")] {
      let outcome = try run(["in/" + name], in: scratch)
      #expect(outcome.exitCode == 66)
      #expect(outcome.standardError.lowercased().contains(words.lowercased()), "\(outcome.standardError)")
    }
    let outcome = try run(["in"], in: scratch)
    #expect(outcome.exitCode == 0)
    #expect(Set(outcome.rows.map { $0["source_file"] }) == ["in/sound.837"])
    for name in ["in/loop", "in/nowhere"] { #expect(outcome.standardError.contains("\(name): FILE_SKIPPED")) }
    #expect(!outcome.standardError.contains("in/up"))
    #expect(try run(["in", "-o", "out"], in: scratch).exitCode == 0)
    let reports = ReportSetFiles(folder: scratch.path + "/out")
    let issues = reports.issues.filter { $0["code"] == "FILE_SKIPPED" }
    #expect(issues.map { $0["source_file"] } == ["in/loop", "in/nowhere"])
    #expect(issues.allSatisfy { $0["severity"] == "warning" && $0["effect"] == "none" })
    #expect(try reports.summary().files.map(\.status) == ["skipped", "skipped", "ok"])
    var inspect = Command("inspect", "in")
    inspect.folder = scratch.path
    let inspected = try inspect.run()
    #expect(inspected.exitCode == 0 && inspected.text.contains("FILE_SKIPPED"))
  }

  @Test("a folder without any input is said, wherever the reports go")
  func emptyFolder() throws {
    let scratch = try Scratch()
    try scratch.write("in/.hidden", "nothing")
    for options in [[], ["-o", "out"], ["-f", "xml"], ["--log-format", "json"], ["-v"]] {
      let outcome = try run(["in"] + options, in: scratch)
      #expect(outcome.exitCode == 0)
      #expect(outcome.standardError.contains("there is no file to read in this folder"), "\(options)")
    }
    for command in ["inspect", "extract"] {
      var other = Command([command, "in"] + (command == "extract" ? ["--watched"] : []))
      other.folder = scratch.path
      #expect(try other.run().standardError.contains("there is no file to read in this folder"))
    }
  }

  @Test("a FIFO that is named is read to its end; one in a folder is passed over")
  func fifo() throws {
    let scratch = try Scratch()
    try scratch.write("in/sound.837", SituationTests.claims.bytes)
    let path = scratch.path + "/in/fifo"
    #expect(unsafe mkfifo(path, 0o600) == 0)
    let folder = try run(["in", "-v"], in: scratch)
    #expect(folder.exitCode == 0)
    #expect(folder.standardError.contains("FILE_SKIPPED"))
    let running = try Command("audit", path).start()
    let writer = unsafe open(path, O_WRONLY | O_CLOEXEC)
    try #require(writer >= 0)
    let bytes = SituationTests.claims.bytes
    #expect(unsafe write(writer, bytes, bytes.count) == bytes.count)
    close(writer)
    let outcome = try running.wait()
    #expect(outcome.exitCode == 0)
    #expect(outcome.rows.map { $0["byte_offset"] } == folder.rows.map { $0["byte_offset"] })
  }

  @Test("a signal ends the wait for a FIFO that nobody writes to", arguments: [SIGINT, SIGTERM])
  func silentFIFO(signal: Int32) throws {
    let scratch = try Scratch()
    let path = scratch.path + "/fifo"
    #expect(unsafe mkfifo(path, 0o600) == 0)
    let running = try Command("audit", path, "-o", scratch.path + "/out").start()
    #expect(running.awaitsLock())
    // And comes to the pipe, most likely.
    usleep(100_000)
    running.send(signal)
    let outcome = try running.wait()
    #expect(outcome.exitCode == 128 + signal)
    #expect(outcome.standardError.contains("interrupted after 0"))
    #expect(scratch.names(in: "out") == [".claimaudit.lock"])
  }

  @Test("names of 255 bytes, and names that are no UTF-8, in a folder and in a list")
  func names() throws {
    let scratch = try Scratch()
    try scratch.write("in/" + String(repeating: "n", count: 251) + ".837", SituationTests.claims.bytes)
    let odd = Array((scratch.path + "/in/od").utf8) + [0xFF, 0xC3] + Array("d.837".utf8)
    let file = unsafe (odd + [0]).withUnsafeBufferPointer { bytes in
      unsafe bytes.baseAddress.map { start in
        unsafe start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
          unsafe open($0, O_WRONLY | O_CREAT, 0o600)
        }
      } ?? -1
    }
    try #require(file >= 0)
    let bytes = SituationTests.claims.bytes
    #expect(unsafe write(file, bytes, bytes.count) == bytes.count)
    close(file)
    try scratch.write("list", odd + [0])
    let folder = try run(["in"], in: scratch)
    #expect(folder.exitCode == 0)
    #expect(Set(folder.rows.map { $0["source_file"] }).count == 2)
    #expect(String(validating: folder.standardOutput, as: UTF8.self) != nil)
    let list = try run(["--files-from", "list", "-0"], in: scratch)
    #expect(list.exitCode == 0)
    #expect(list.rows.count == folder.rows.count / 2)
    let absent = try run(["in/" + String(repeating: "n", count: 300)], in: scratch)
    #expect(absent.exitCode == 66)
  }

  @Test(
    "devices, folders and files of the kernel as inputs end with a word",
    arguments: [("/dev/null", 65), ("/dev/zero", 65), ("/proc/self/status", 65)] as [(String, Int32)])
  func devices(path: String, code: Int32) throws {
    let outcome = try Command("audit", path).run()
    #expect(outcome.exitCode == code)
    #expect(!outcome.standardError.isEmpty)
  }

  @Test("standard input that is a folder is an input that cannot be opened")
  func folderAsStandardInput() throws {
    let folder = unsafe open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { close(folder) }
    #expect(try Command("audit", "-", input: .descriptor(folder)).run().exitCode == 66)
  }

  @Test("a report is never written over an input: not through another name of it, nor to standard output")
  func otherNames() throws {
    let scratch = try Scratch()
    let bytes = SituationTests.claims.bytes
    let input = try scratch.write("in.837", bytes)
    try scratch.write("out/x", "")
    #expect(unsafe link(input, scratch.path + "/out/lines.csv") == 0)
    let linked = try run(["in.837", "--output=out"], in: scratch)
    #expect(linked.exitCode == 64)
    #expect(linked.standardError.contains("over this input"))
    let file = unsafe open(input, O_WRONLY | O_APPEND | O_CLOEXEC)
    defer { close(file) }
    var command = Command("audit", input)
    command.output = .descriptor(file)
    #expect(try command.run().exitCode == 64)
    expectSame(scratch.bytes("in.837"), bytes, "in.837")
  }

  /// What happens to a file while it is read.
  enum Change: String, CaseIterable, Sendable {
    case grows, shrinks, isRewritten
  }

  @Test(
    "a file that changes while it is read is said, and its findings are not trusted", arguments: Change.allCases,
    [1, 4])
  func changing(change: Change, jobs: Int) throws {
    let scratch = try Scratch()
    let path = try scratch.write("large.837", LargeFile(.oneSet).bytes)
    let running = try Command("audit", path, "-o", scratch.path + "/out", "-j", "\(jobs)").start()
    let descriptors = "/proc/\(running.process)/fd"
    var isOpen = false
    // Not only opened: what it was before has to be known.
    let end = ContinuousClock.now + .seconds(running.command.limit)
    while !(isOpen && (running.bytesRead ?? .max) > 200_000), ContinuousClock.now < end {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: descriptors)) ?? []
      isOpen =
        isOpen
        || names.contains {
          (try? FileManager.default.destinationOfSymbolicLink(atPath: descriptors + "/" + $0)) == path
        }
    }
    running.send(SIGSTOP)
    let file = unsafe open(path, O_WRONLY | O_CLOEXEC)
    switch change {
    case .grows:
      lseek(file, 0, SEEK_END)
      #expect(unsafe write(file, "ISA", 3) == 3)
    case .shrinks: #expect(ftruncate(file, 100_000) == 0)
    case .isRewritten: #expect(unsafe pwrite(file, "ISA", 3, 0) == 3)
    }
    close(file)
    running.send(SIGCONT)
    let outcome = try running.wait()
    #expect(outcome.exitCode == 65, "\(outcome.standardError)")
    let issues = ReportSetFiles(folder: scratch.path + "/out").issues
    let found = issues.first { $0["code"] == "CHANGED_DURING_READ" }
    #expect(found?["effect"] == (change == .isRewritten ? "unverified" : "file cut"))
  }
}
