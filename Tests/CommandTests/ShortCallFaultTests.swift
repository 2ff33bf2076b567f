import Foundation
import TestSupport
import Testing

/// Reads and writes that take a part of what they were asked for, and signals in between: nothing may come of it.
@Suite("However little the system takes at a time, the reports are the same", .serialized)
struct ShortCallFaultTests {
  private static let compiler = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Builds what stands between the program and the C library.
  private static func shim(in scratch: Scratch) throws -> String {
    let library = scratch.path + "/short_calls.so"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(compiler))
    process.arguments = [
      "-O1", "-shared", "-fPIC", "-o", library, Fixture.repository + "/Tests/CommandTests/Shim/short_calls.c", "-ldl",
    ]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return library
  }

  @Test(
    "byte by byte or by random parts, interrupted again and again",
    .enabled(if: compiler != nil, "there is no C compiler"))
  func shortCalls() throws {
    let tools = try Scratch()
    let library = try ShortCallFaultTests.shim(in: tools)
    let ways = ["one"] + (1...FaultRounds.number(1, 25)).map { "\($0)" }
    var runs = 0
    for work in StruckWork.allCases where work != .largeFiles || FaultRounds.isLong {
      var usual: ([String: [UInt8]], CommandOutcome)?
      // Large files would take hours byte by byte, and diff moves what it has read with every read.
      for way in [nil] + ways where way != "one" || ![.largeFiles, .diff].contains(work) {
        let scratch = try Scratch()
        try work.prepare(scratch)
        var command = work.command(in: scratch)
        if let way { command.wrapper += ["env", "LD_PRELOAD=" + library, "SHORT_CALLS=" + way] }
        let outcome = try command.run()
        #expect(outcome.exitCode == 0, "\(work), \(way ?? ""): \(outcome.standardError)")
        let left = work.left(in: scratch)
        guard let (expected, said) = usual else {
          usual = (left, outcome)
          continue
        }
        runs += 1
        for name in Set(left.keys).union(expected.keys) where left[name] != expected[name] {
          Issue.record("\(work), \(way ?? ""): \(name) is another one")
        }
        if outcome.standardOutput != said.standardOutput || outcome.standardError != said.standardError {
          Issue.record("\(work), \(way ?? ""): other words: \(outcome.standardError)")
        }
      }
    }
    FaultRounds.tell("\(runs) runs with short and interrupted calls gave the same bytes")
  }

  @Test("a ledger too", .enabled(if: compiler != nil, "there is no C compiler"))
  func ledger() throws {
    let tools = try Scratch()
    let library = try ShortCallFaultTests.shim(in: tools)
    let nights = try LedgerNights()
    for way in ["one"] + (1...FaultRounds.number(1, 25)).map({ "\($0)" }) {
      let scratch = try nights.copy()
      var command = nights.command(in: scratch)
      command.wrapper += ["env", "LD_PRELOAD=" + library, "SHORT_CALLS=" + way]
      let outcome = try command.run()
      #expect(outcome.exitCode == 0, "\(way): \(outcome.standardError)")
      let isNew = nights.left(in: scratch) == nights.new
      #expect(isNew, "\(way)")
      try nights.expectSound(scratch, reported: true, "short calls \(way)")
    }
  }
}
