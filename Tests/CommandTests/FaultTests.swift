import Foundation
import Glibc
import TestSupport
import Testing

/// How much is done: a little in every test run, all of it with `make check-faults`.
enum FaultRounds {
  static let isLong = ProcessInfo.processInfo.environment["CLAIMAUDIT_FAULTS"] == "long"

  static func number(_ short: Int, _ long: Int) -> Int { isLong ? long : short }

  /// Says what was done, for the figures.
  static func tell(_ text: String) { if isLong { print("faults: \(text)") } }
}

/// A folder that holds the report set of an old run, into which a new run is made to write.
///
/// Whatever happens to that run, the folder holds the old set or the new one, at the latest when the next run has looked at it.
private final class TwoNights {
  enum Holding: Equatable { case old, new }

  private static let names = ReportSetFiles.deterministic
  private static let new = [
    "audit", Fixture("valid/professional.837").path, "--scope", "all", "--as-of", "2026-04-30", "-j", "1",
  ]

  let scratch: Scratch
  private let old: [String: [UInt8]]
  private let fresh: [String: [UInt8]]
  var folder: String { scratch.path + "/out" }

  init() throws {
    scratch = try Scratch()
    let arguments = ["audit", Fixture("valid/dental.837").path, "--as-of", "2026-04-30", "-o"]
    try #require(Command(arguments + [scratch.path + "/kept"]).run().exitCode == 0)
    try #require(Command(TwoNights.new + ["-o", scratch.path + "/fresh"]).run().exitCode == 0)
    old = TwoNights.contents(scratch.path + "/kept")
    fresh = TwoNights.contents(scratch.path + "/fresh")
  }

  private static func contents(_ folder: String) -> [String: [UInt8]] {
    let reports = ReportSetFiles(folder: folder)
    return Dictionary(names.map { ($0, reports.bytes($0)) }) { first, _ in first }
  }

  /// The old set again.
  func reset() throws {
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.copyItem(atPath: scratch.path + "/kept", toPath: folder)
  }

  /// The run of the new night.
  var command: Command { Command(TwoNights.new + ["-o", folder]) }

  /// What the folder holds now; `nil` when the files do not belong together.
  var holding: Holding? {
    let found = TwoNights.contents(folder)
    return found == old ? .old : found == fresh ? .new : nil
  }

  var hasList: Bool { scratch.hasPublicationList(in: "out") }

  /// Lets a run look at the folder that then refuses to go on, and expects it whole and tidy.
  func expectWhole(_ place: String, _ location: SourceLocation = #_sourceLocation) throws {
    let before = holding
    if before == nil {
      #expect(hasList, "a mixed set that nothing tells from a whole one: \(place)", sourceLocation: location)
    }
    let looking = try Command("audit", folder + "/lines.csv", "-o", folder).run()
    #expect(looking.exitCode == 64, "\(place): \(looking.standardError)", sourceLocation: location)
    let after = holding
    #expect(after != nil && (before == nil ? after == .new : after != nil), "\(place)", sourceLocation: location)
    let hidden = scratch.names(in: "out").filter { $0.hasPrefix(".") }
    #expect(hidden == [".claimaudit.lock"], "\(place)", sourceLocation: location)
  }
}

@Suite("A run that is struck leaves the old reports or the new ones", .serialized)
struct FaultTests {
  private static let hasTracer = FileManager.default.isExecutableFile(atPath: "/usr/bin/strace")

  /// What is tried in every test run, at some of its places.
  private static let always: Set<String> = [
    "write error=ENOSPC", "renameat error=EIO", "renameat signal=KILL", "fsync error=EIO",
  ]

  /// Makes one system call of the run fail, or kills it there, for every such call in turn.
  @Test(
    "by an error of any system call, or a kill there", .enabled(if: hasTracer, "there is no strace"),
    arguments: [
      ("write", "error=ENOSPC"), ("write", "error=EIO"), ("fsync", "error=EIO"), ("renameat", "error=EIO"),
      ("openat", "error=EMFILE"), ("close", "error=EIO"), ("unlinkat", "error=EACCES"), ("write", "signal=KILL"),
      ("fsync", "signal=KILL"), ("renameat", "signal=KILL"), ("unlinkat", "signal=KILL"), ("fsync", "error=EINTR"),
      ("write", "error=EINTR"), ("pread64", "error=EIO"), ("read", "error=EIO"),
    ])
  func calls(call: String, fault: String) throws {
    // In every test run only some of the many.
    if !FaultRounds.isLong, !FaultTests.always.contains("\(call) \(fault)") { return }
    let nights = try TwoNights()
    var struck = 0
    var outcomes: [TwoNights.Holding?: Int] = [:]
    var exits: [Int32: Int] = [:]
    // Behind the last call nothing is struck any more.
    var position = 1
    while position < 400 {
      try nights.reset()
      let log = nights.scratch.path + "/trace"
      var command = nights.command
      command.wrapper = [
        "strace", "-f", "-qq", "-o", log, "-e", "trace=\(call)", "-e", "inject=\(call):\(fault):when=\(position)",
      ]
      let outcome = try command.run()
      let trace = nights.scratch.text("trace")
      guard trace.contains("INJECTED") || trace.contains("SIGKILL") else { break }
      struck += 1
      exits[outcome.exitCode, default: 0] += 1
      // An input that could not be read is told in a whole set of its own, which is neither of the two.
      if [65, 66].contains(outcome.exitCode) {
        position += 1
        continue
      }
      let holding = nights.holding
      outcomes[holding, default: 0] += 1
      let place = "\(call) \(position) \(fault), exit code \(outcome.exitCode)"
      if outcome.exitCode == 0 { #expect(holding == .new, "\(place)") }
      if outcome.exitCode != 0, !["signal=KILL"].contains(fault), outcome.exitCode != 127 {
        #expect(!outcome.standardError.isEmpty, "\(place)")
      }
      try nights.expectWhole(place)
      position += FaultRounds.isLong ? 1 : call == "renameat" ? 2 : 9
    }
    #expect(struck > 0)
    FaultRounds.tell(
      "\(call) \(fault): struck \(struck), exit codes \(exits.sorted { $0.key < $1.key }.map { "\($0.key)×\($0.value)" }), "
        + "old \(outcomes[.old] ?? 0), new \(outcomes[.new] ?? 0), to be completed \(outcomes[nil] ?? 0)")
  }

  @Test("by SIGKILL, SIGTERM or SIGINT at any moment", arguments: [SIGKILL, SIGTERM, SIGINT])
  func signals(signal: Int32) throws {
    let nights = try TwoNights()
    var generator = SeededGenerator(seed: UInt64(signal))
    try nights.reset()
    let start = ContinuousClock.now
    _ = try nights.command.run()
    let usual = (ContinuousClock.now - start) / .microseconds(1)
    var outcomes: [TwoNights.Holding?: Int] = [:]
    var ends: [Int32: Int] = [:]
    let rounds = FaultRounds.number(5, signal == SIGKILL ? 250 : 100)
    for round in 0..<rounds {
      try nights.reset()
      let running = try nights.command.start()
      // Half of them near the end, where the reports are written and put in place.
      let moment = generator.number(0...1000)
      usleep(UInt32(usual * (round % 2 == 0 ? Double(moment) / 1000 : 0.6 + Double(moment) / 2000)))
      running.send(signal)
      let outcome = try running.wait()
      ends[outcome.exitCode, default: 0] += 1
      let holding = nights.holding
      outcomes[holding, default: 0] += 1
      #expect([0, 128 + signal].contains(outcome.exitCode), "\(outcome.standardError)")
      if outcome.exitCode == 0 { #expect(holding == .new) }
      if signal != SIGKILL {
        #expect(holding != nil)
        // A signal before the program has its handlers leaves nothing either: nothing was begun.
        let hidden = nights.scratch.names(in: "out").filter { $0.hasPrefix(".") }
        #expect(hidden == [".claimaudit.lock"], "left behind after signal \(signal)")
      }
      try nights.expectWhole("signal \(signal), round \(round)")
    }
    FaultRounds.tell(
      "signal \(signal): \(rounds) runs, ended \(ends.sorted { $0.key < $1.key }.map { "\($0.key)×\($0.value)" }), old \(outcomes[.old] ?? 0), "
        + "new \(outcomes[.new] ?? 0), to be completed \(outcomes[nil] ?? 0)")
  }

  @Test("by a file size limit, by too little memory")
  func resources() throws {
    let nights = try TwoNights()
    for limit in ["ulimit -f 8", "ulimit -f 64"] {
      try nights.reset()
      var command = nights.command
      command.wrapper = ["bash", "-c", limit + "; exec \"$0\" \"$@\""]
      let outcome = try command.run()
      #expect([0, 74].contains(outcome.exitCode), "\(limit): \(outcome.standardError)")
      #expect(nights.holding == (outcome.exitCode == 0 ? .new : .old))
      try nights.expectWhole(limit)
    }
    for megabytes in stride(from: 20, through: 400, by: FaultRounds.number(130, 10)) {
      try nights.reset()
      var command = nights.command
      command.wrapper = ["bash", "-c", "ulimit -v \(megabytes << 10); exec \"$0\" \"$@\""]
      let outcome = try command.run()
      #expect(nights.holding == (outcome.exitCode == 0 ? .new : .old), "\(megabytes) MB: exit \(outcome.exitCode)")
      try nights.expectWhole("ulimit -v")
    }
  }

  private static let canMount: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
    process.arguments = ["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  @Test("by a disk that is full", .enabled(if: canMount, "no file system can be mounted"))
  func fullDisk() throws {
    let scratch = try Scratch()
    try scratch.write("disk/x", "")
    for kibibytes in stride(from: 200, through: 700, by: FaultRounds.number(250, 8)) {
      var command = Command(
        "audit", Fixture("valid/professional.837").path, "--scope", "all", "-o", scratch.path + "/disk/out")
      command.wrapper = [
        "unshare", "-m", "bash", "-c",
        """
        cd / && mount -t tmpfs -o size=\(kibibytes)k tmpfs '\(scratch.path)/disk' || exit 99
        "$0" audit '\(Fixture("valid/dental.837").path)' -o '\(scratch.path)/disk/out' || exit 98
        cp -r '\(scratch.path)/disk/out' '\(scratch.path)/before'
        "$0" "$@"; code=$?
        diff -r '\(scratch.path)/disk/out' '\(scratch.path)/before' >/dev/null && echo unchanged
        rm -r '\(scratch.path)/before'
        exit $code
        """,
      ]
      let outcome = try command.run()
      if outcome.exitCode == 98 { continue }
      #expect([0, 73, 74].contains(outcome.exitCode), "\(kibibytes): \(outcome.exitCode) \(outcome.standardError)")
      #expect(outcome.text.contains("unchanged") == (outcome.exitCode != 0), "\(kibibytes) KiB: \(outcome.exitCode)")
      if outcome.exitCode != 0 { #expect(outcome.standardError.contains("No space left")) }
    }
  }
}

@Suite("Memory stays flat", .serialized)
struct MemoryTests {
  /// What every one of these inputs may take; the goal is 64 MiB in a release build.
  private static let bound = 64 << 20

  /// Runs the program on what a shell command writes into a pipe.
  private func audit(_ making: String) throws -> CommandOutcome {
    let scratch = try Scratch()
    let pipe = scratch.path + "/pipe"
    try #require(unsafe mkfifo(pipe, 0o600) == 0)
    let producer = Process()
    producer.executableURL = URL(fileURLWithPath: "/bin/bash")
    producer.arguments = ["-c", making + " > '\(pipe)'"]
    producer.standardError = FileHandle.nullDevice
    try producer.run()
    defer { producer.waitUntilExit() }
    return try audit(path: pipe)
  }

  private func audit(path: String) throws -> CommandOutcome {
    var command = Command("audit", path, "-j", "2")
    command.limit = 600
    command.measuresMemory = true
    return try command.run()
  }

  private static let head = Fixture("x12/valid/professional.837").path

  @Test("on a file of a tebibyte of nothing")
  func sparse() throws {
    let scratch = try Scratch()
    let path = try scratch.write("sparse.837", "")
    let file = unsafe open(path, O_WRONLY)
    try #require(ftruncate(file, 1 << 40) == 0)
    close(file)
    let outcome = try audit(path: path)
    #expect(outcome.exitCode == 65)
    #expect(outcome.peakMemory < MemoryTests.bound, "\(outcome.peakMemory >> 10) KiB")
    FaultRounds.tell("1 TiB sparse file: \(outcome.peakMemory >> 10) KiB")
  }

  @Test("on a segment without an end")
  func segment() throws {
    let size = FaultRounds.number(50 << 20, 10 << 30)
    let outcome = try audit("{ cat '\(MemoryTests.head)'; printf 'ISA*00*'; head -c \(size) /dev/zero | tr '\\0' A; }")
    #expect(outcome.exitCode == 65)
    #expect(outcome.peakMemory < MemoryTests.bound, "\(outcome.peakMemory >> 10) KiB")
    let inside = try audit("{ head -c 900 '\(MemoryTests.head)'; head -c \(size) /dev/zero | tr '\\0' A; }")
    #expect(inside.exitCode == 65)
    #expect(inside.peakMemory < MemoryTests.bound, "\(inside.peakMemory >> 10) KiB")
    FaultRounds.tell("segment of \(size) bytes by pipe: \(max(outcome.peakMemory, inside.peakMemory) >> 10) KiB")
  }

  @Test("on gzip that expands a thousand times")
  func bomb() throws {
    let size = FaultRounds.number(100 << 20, 4 << 30)
    let outcome = try audit("{ cat '\(MemoryTests.head)'; head -c \(size) /dev/zero | tr '\\0' '\\n'; } | gzip -9")
    #expect(outcome.peakMemory < MemoryTests.bound, "\(outcome.peakMemory >> 10) KiB")
    #expect([0, 65].contains(outcome.exitCode))
    FaultRounds.tell("gzip of \(size) equal bytes: \(outcome.peakMemory >> 10) KiB, exit code \(outcome.exitCode)")
  }

  @Test("on a claim of a million lines")
  func longClaim() throws {
    let count = FaultRounds.number(40_000, 1_000_000)
    let making = """
      { head -c $(grep -abo 'LX\\*1' '\(MemoryTests.head)' | head -1 | cut -d: -f1) '\(MemoryTests.head)'; \
      seq \(count) | sed 's/.*/LX*&~SV1*HC:71046*1*UN*1***1~DTP*472*D8*20260302~/'; \
      tail -c +$(( $(grep -abo 'LX\\*1' '\(MemoryTests.head)' | head -1 | cut -d: -f1) + 1 )) '\(MemoryTests.head)'; }
      """
    let outcome = try audit(making)
    #expect([0, 65].contains(outcome.exitCode), "\(outcome.standardError)")
    #expect(outcome.standardError.contains("CLAIM_TOO_LONG"))
    #expect(outcome.peakMemory < MemoryTests.bound, "\(outcome.peakMemory >> 10) KiB")
    FaultRounds.tell("claim of \(count) lines: \(outcome.peakMemory >> 10) KiB")
  }
}
