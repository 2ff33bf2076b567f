import Foundation
import Glibc
import TestSupport
import Testing

/// Two nights with a ledger: the first is over, the dumps of the second have come.
final class LedgerNights {
  private static let names = ["lines.csv", "findings.csv", "issues.csv"]
  private static let day = ["--as-of", "2026-11-01", "-q"]

  private let prepared: Scratch
  /// The tables of the second night, undisturbed.
  let new: [String: [UInt8]]
  /// The tables of the first night.
  let old: [String: [UInt8]]
  /// The tables of all dumps, read by a program that keeps no ledger.
  private let all: [String: [UInt8]]

  init() throws {
    prepared = try Scratch()
    try prepared.write("in/a.837", Fixture("valid/professional.837").bytes)
    try LedgerNights.audit(prepared, into: "out", ["--ledger", "audit.ledger"])
    old = LedgerNights.tables(prepared, "out")
    try prepared.write("in/b.csv", Fixture("valid/professional-export.csv").bytes)
    try prepared.write("in/deep/c.zip", Fixture("valid/clearinghouse.zip").bytes)
    // The first file has changed, and another clearinghouse sends what was in it.
    try prepared.write("in/a.837", Fixture("valid/professional.837").bytes + Array("\n".utf8))
    try prepared.write("in/d.837", try LedgerTests.redelivered())
    let scratch = try LedgerNights.copy(prepared)
    try LedgerNights.audit(scratch, into: "out", ["--ledger", "audit.ledger"])
    new = LedgerNights.tables(scratch, "out")
    try LedgerNights.audit(scratch, into: "plain", [])
    all = LedgerNights.tables(scratch, "plain")
    try #require(new != old && !(new["findings.csv"] ?? []).isEmpty)
    try expectSound(scratch, reported: true, "undisturbed")
  }

  private static func audit(_ scratch: Scratch, into folder: String, _ options: [String]) throws {
    var command = Command(["audit", "in", "-j", "1", "-o", folder] + day + options)
    command.folder = scratch.path
    let outcome = try command.run()
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
  }

  private static func tables(_ scratch: Scratch, _ folder: String) -> [String: [UInt8]] {
    Dictionary(names.map { ($0, scratch.bytes(folder + "/" + $0)) }) { first, _ in first }
  }

  private static func copy(_ prepared: Scratch) throws -> Scratch {
    let scratch = try Scratch()
    for name in prepared.names() {
      try FileManager.default.copyItem(atPath: prepared.path + "/" + name, toPath: scratch.path + "/" + name)
    }
    return scratch
  }

  /// A folder in which the second night is about to begin.
  func copy() throws -> Scratch { try LedgerNights.copy(prepared) }

  /// The run of the second night.
  func command(in scratch: Scratch) -> Command {
    var command = Command(["audit", "in", "-j", "1", "-o", "out", "--ledger", "audit.ledger"] + LedgerNights.day)
    command.folder = scratch.path
    return command
  }

  /// The tables that the folder holds.
  func left(in scratch: Scratch) -> [String: [UInt8]] { LedgerNights.tables(scratch, "out") }

  /// Lets the nights go on behind a run that was struck, and expects that nothing was lost and nothing is counted twice.
  ///
  /// - Parameter reported: whether the reports of the run are there: then the next run may have nothing to report, or, where the
  ///   ledger does not know of them, the same once more.
  func expectSound(
    _ scratch: Scratch, reported: Bool, _ place: String, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let then = try command(in: scratch).run()
    #expect(then.exitCode == 0, "\(place), and then: \(then.standardError)", sourceLocation: location)
    let tables = left(in: scratch)
    let isNew = tables == new
    let isEmpty = ReportRow.parse(tables["lines.csv"] ?? []).isEmpty
    #expect(isNew || reported && isEmpty, "\(place): the next run reports something else", sourceLocation: location)
    // Everything, out of the ledger.
    try LedgerNights.audit(scratch, into: "all", ["--ledger", "audit.ledger", "--coverage", "all"])
    for name in LedgerNights.names {
      let isSame = scratch.bytes("all/" + name) == all[name] ?? scratch.bytes("all/" + name)
      #expect(isSame, "\(place): \(name) of the whole ledger", sourceLocation: location)
    }
    let ledger = SQLiteFile(path: scratch.path + "/audit.ledger")
    #expect(ledger.answer("PRAGMA integrity_check") == "ok", "\(place)", sourceLocation: location)
    let kept = ledger.answer("SELECT count(*) FROM finding JOIN file ON file.id = finding.file WHERE NOT superseded")
    let found = ReportRow.parse(scratch.bytes("all/findings.csv")).count
    #expect(kept == "\(found)", "\(place): findings in the ledger", sourceLocation: location)
    // Every file that is there now was reported by one run that came to its end, and by one only.
    let reports = ledger.answer(
      """
      SELECT group_concat(count) FROM (SELECT DISTINCT count(run.id) AS count FROM file
        LEFT JOIN run_file ON run_file.file = file.id AND action IN ('read', 'resumed')
        LEFT JOIN run ON run.id = run_file.run AND outcome = 'finished' WHERE NOT superseded GROUP BY file.id)
      """)
    #expect(reports == "1", "\(place): reported so often: \(reports ?? "")", sourceLocation: location)
  }
}

@Suite("A ledger that is struck loses nothing and counts nothing twice", .serialized)
struct LedgerFaultTests {
  @Test("by any system call that fails", .enabled(if: SystemCalls.hasTracer, "there is no strace"))
  func calls() throws {
    let nights = try LedgerNights()
    let counted = try nights.copy()
    let own = try SystemCalls.own(nights.command(in: counted))
    var exits: [String: [Int32: Int]] = [:]
    let number = try SystemCalls.strikes(on: own, seed: 7, few: 6) { strike in
      let scratch = try nights.copy()
      guard let outcome = try SystemCalls.run(nights.command(in: scratch), struck: strike) else { return false }
      exits[strike.call, default: [:]][outcome.exitCode, default: 0] += 1
      try expectKept(
        nights, scratch, outcome, "\(strike), exit code \(outcome.exitCode): \(outcome.standardError.suffix(300))")
      let mayDie = strike.call == "mmap"
      #expect([0, 65, 66, 73, 74, 75, 78].contains(outcome.exitCode) || mayDie, "\(strike): \(outcome.standardError)")
      return true
    }
    #expect(number > 0)
    for (call, exits) in exits.sorted(by: { $0.key < $1.key }) {
      FaultRounds.tell(
        "ledger \(call): " + exits.sorted { $0.key < $1.key }.map { "\($0.key)×\($0.value)" }.joined(separator: ", "))
    }
    FaultRounds.tell("ledger: \(number) strikes")
  }

  private func expectKept(
    _ nights: LedgerNights, _ scratch: Scratch, _ outcome: CommandOutcome, _ place: String
  ) throws {
    let left = nights.left(in: scratch)
    let (isOld, isNew) = (left == nights.old, left == nights.new)
    if outcome.exitCode == 0 { #expect(isNew, "\(place)") }
    let hasList = scratch.hasPublicationList(in: "out")
    let isTold = [65, 66].contains(outcome.exitCode) && !outcome.standardError.isEmpty
    #expect(isOld || isNew || hasList || isTold, "\(place): neither of the two sets")
    // A run that could not read one of the dumps has reported the others.
    if !isTold { try nights.expectSound(scratch, reported: isNew || hasList, place) }
  }

  @Test("by SIGKILL and SIGTERM at any moment, and by writes that fail at any place")
  func anyMoment() throws {
    let nights = try LedgerNights()
    let first = try nights.copy()
    let start = ContinuousClock.now
    _ = try nights.command(in: first).run()
    let usual = (ContinuousClock.now - start) / .microseconds(1)
    var generator = SeededGenerator(seed: 31)
    var ends: [Int32: Int] = [:]
    let rounds = FaultRounds.number(4, 200)
    for round in 0..<rounds {
      let scratch = try nights.copy()
      // Again and again, each time on what the last one has left.
      var place = "round \(round):"
      var reported = false
      for _ in 0..<generator.number(1...3) {
        let outcome: CommandOutcome
        if SystemCalls.hasTracer, generator.once(in: 2) {
          let call = generator.pick([
            "pwrite64", "pwrite64", "write", "fdatasync", "fsync", "ftruncate", "unlink", "renameat",
          ])
          let fault = generator.pick(["error=EIO", "error=ENOSPC", "signal=KILL"])
          let strike = SystemCalls.Strike(
            call: call, fault: fault, position: generator.number(1...(call == "pwrite64" ? 120 : 9)))
          guard let struck = try SystemCalls.run(nights.command(in: scratch), struck: strike) else {
            // It never came so far, and so to its end.
            reported = true
            continue
          }
          outcome = struck
          place += " \(strike)"
        } else {
          let signal = generator.pick([SIGKILL, SIGTERM])
          let running = try nights.command(in: scratch).start()
          usleep(UInt32(usual * Double(generator.number(0...1000)) / 1000))
          running.send(signal)
          outcome = try running.wait()
          place += " signal \(signal)"
        }
        place += " (\(outcome.exitCode))"
        ends[outcome.exitCode, default: 0] += 1
        let left = nights.left(in: scratch)
        let hasList = scratch.hasPublicationList(in: "out")
        if left == nights.new || hasList { reported = true }
        let isEmpty = ReportRow.parse(left["lines.csv"] ?? []).isEmpty
        let isOne = left == nights.old || left == nights.new || hasList || reported && isEmpty
        #expect(isOne, "\(place): neither of the two sets")
      }
      try nights.expectSound(scratch, reported: reported, place)
    }
    FaultRounds.tell(
      "ledger: \(rounds) nights struck at any moment, ended \(ends.sorted { $0.key < $1.key }.map { "\($0.key)×\($0.value)" })"
    )
  }
}
