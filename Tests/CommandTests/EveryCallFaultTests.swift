import Foundation
import TestSupport
import Testing

/// One kind of work of the program, with what it reads and what it leaves.
enum StruckWork: String, CaseIterable, CustomTestStringConvertible {
  case standardOutput, folderOfDumps, pipedArchive, extract, extractFolder, annotate, metrics, settings, diff,
    largeFiles

  var testDescription: String { rawValue }

  /// Whether a person's words are in what it leaves, as somebody has asked for.
  var copiesClaims: Bool { [.extract, .extractFolder, .annotate].contains(self) }

  /// Fills a scratch folder with what the work reads, and with what an older run has left in `out`.
  func prepare(_ scratch: Scratch) throws {
    func put(_ fixture: String, _ name: String) throws { try scratch.write("in/" + name, Fixture(fixture).bytes) }
    switch self {
    case .folderOfDumps, .extractFolder:
      try put("valid/professional.837", "a.837")
      try put("valid/professional-export.csv", "b.csv")
      try put("valid/secondary.837.gz", "deep/c.837.gz")
      try put("valid/clearinghouse.zip", "deep/d.zip")
      try put("valid/institutional.837", "deep/deeper/e.837")
    case .annotate: try put("valid/professional-export.csv", "b.csv")
    case .settings:
      try put("valid/professional.837", "a.837")
      try scratch.write("list", "in/a.837\nin/b.csv\n")
      try scratch.write("key", String(repeating: "0123456789abcdef", count: 2))
      try scratch.write("map.yaml", "version: 1\ncolumns:\n  charge_amount: Fee\n")
      let table = Night(sound: 12).table.replacingOccurrences(of: "charge_amount", with: "Fee")
      try scratch.write("in/b.csv", table)
      try scratch.write("house.yaml", Fixture("packs/house-rules.yaml").bytes)
      try scratch.write(
        "accepted.yaml",
        "version: 1\nsuppressions:\n  - {fingerprint: e79157d38a5960c4, reason: agreed, until: 2026-12-31}\n")
      try scratch.write(
        ".claimaudit.yaml",
        """
        version: 1
        scope: claims
        pack: [house.yaml]
        mapping: map.yaml
        suppressions: accepted.yaml
        key-file: key
        as-of: 2026-04-30

        """)
    case .largeFiles:
      try scratch.write("in/a.837", LargeFile(.manySets, claims: 9000).bytes)
      try scratch.write("in/b.csv", Night(claims: (0..<12_000).map { Night.Claim(id: "N\(100_000 + $0)") }).table)
    default: try put("valid/professional.837", "a.837")
    }
    if self == .diff {
      for (file, folder) in [("professional", "old"), ("secondary", "new")] {
        let path = Fixture("valid/\(file).837\(file == "secondary" ? ".gz" : "")").path
        _ = try Command("audit", path, "-q", "--as-of", "2026-04-30", "--output=\(scratch.path)/\(folder)").run()
      }
    }
    guard let folder = reports else {
      if self == .extract { try scratch.write("out/rework.837", "what was there before\n") }
      return
    }
    let older = ["audit", Fixture("valid/dental.837").path, "-q", "--as-of", "2026-04-30", "--output=" + folder]
    var command = Command(older)
    command.folder = scratch.path
    try #require(command.run().exitCode == 0)
    if self == .metrics { try scratch.write("out.prom", "what was there before\n") }
  }

  /// The folder that gets a report set.
  var reports: String? {
    switch self {
    case .standardOutput, .extract, .extractFolder, .diff: nil
    default: "out"
    }
  }

  /// The work.
  func command(in scratch: Scratch) -> Command {
    let day = ["--as-of", "2026-04-30", "-j", "1"]
    var command =
      switch self {
      case .standardOutput: Command(["audit", "in/a.837", "--scope", "all"] + day)
      case .folderOfDumps: Command(["audit", "in", "--scope", "all", "-o", "out"] + day)
      case .pipedArchive: Command(["audit", "-", "-o", "out"] + day)
      case .extract: Command(["extract", "--with-findings", "in/a.837", "--output=out/rework.837"] + day)
      case .extractFolder: Command(["extract", "--watched", "in", "--output=out/"] + day)
      case .annotate: Command(["audit", "in/b.csv", "--annotate", "--output=out"] + day)
      case .metrics: Command(["audit", "in/a.837", "-o", "out", "--metrics", "out.prom"] + day)
      case .settings: Command("audit", "--files-from", "list", "-o", "out", "-j", "1")
      case .diff: Command("diff", "old", "new", "--format", "csv")
      case .largeFiles: Command(["audit", "in", "--scope", "all", "-o", "out"] + day)
      }
    if self == .largeFiles { command.arguments[command.arguments.count - 1] = "2" }
    command.folder = scratch.path
    if self == .pipedArchive {
      command.wrapper = ["bash", "-c", "cat '\(Fixture("valid/clearinghouse.zip").path)' | \"$0\" \"$@\""]
    }
    return command
  }

  /// What the work has left: the files that depend on input and options alone.
  func left(in scratch: Scratch) -> [String: [UInt8]] {
    var left: [String: [UInt8]] = [:]
    for name in scratch.names(in: "out") where !name.hasPrefix(".") && !["run.json", "report.html"].contains(name) {
      left[name] = scratch.bytes("out/" + name)
    }
    return left
  }
}

/// A work that is struck again and again in a folder of its own.
private final class Anvil {
  let work: StruckWork
  private let prepared: Scratch
  private let usual: CommandOutcome
  private let old: [String: [UInt8]]
  private let new: [String: [UInt8]]
  private let claims: Set<String>

  init(_ work: StruckWork) throws {
    self.work = work
    prepared = try Scratch()
    try work.prepare(prepared)
    old = work.left(in: prepared)
    let scratch = try Anvil.copy(prepared)
    usual = try work.command(in: scratch).run()
    try #require(usual.exitCode == 0, "\(usual.standardError)")
    new = work.left(in: scratch)
    try #require(work.reports == nil || old != new)
    claims = Anvil.claims(new, work == .standardOutput ? usual.standardOutput : [])
  }

  private static func copy(_ prepared: Scratch) throws -> Scratch {
    let scratch = try Scratch()
    for name in prepared.names() {
      try FileManager.default.copyItem(atPath: prepared.path + "/" + name, toPath: scratch.path + "/" + name)
    }
    return scratch
  }

  /// Which lines and claims stand in what was left.
  private static func claims(_ left: [String: [UInt8]], _ output: [UInt8]) -> Set<String> {
    var claims: Set<String> = []
    for row in ReportRow.parse(left["lines.csv"] ?? []) + ReportRow.parse(output) {
      claims.insert("\(row["source_file"]) \(row["claim_id"]) \(row["line_number"]) \(row["record"])")
    }
    for (name, bytes) in left where name.hasSuffix(".837") {
      for segment in bytes.split(separator: UInt8(ascii: "~")) {
        let text = String(decoding: segment, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        if text.hasPrefix("CLM*") { claims.insert(text) }
      }
    }
    return claims
  }

  /// Which calls there are to strike.
  func calls() throws -> [String: ClosedRange<Int>] {
    let scratch = try Anvil.copy(prepared)
    return try withExtendedLifetime(scratch) { try SystemCalls.own(work.command(in: scratch)) }
  }

  /// Strikes once, and expects every promise to be kept; the exit code, `nil` when nothing was struck.
  func strike(_ strike: SystemCalls.Strike) throws -> Int32? {
    let scratch = try Anvil.copy(prepared)
    guard let outcome = try SystemCalls.run(work.command(in: scratch), struck: strike) else { return nil }
    let left = work.left(in: scratch)
    let place = "\(work): \(strike), exit code \(outcome.exitCode): \(outcome.standardError.suffix(300))"
    // Compared here, or a failure would print the bytes.
    let (isOld, isNew) = (left == old, left == new)
    let hasList = scratch.hasPublicationList(in: "out")
    switch outcome.exitCode {
    case 0:
      #expect(isNew, "\(place): \(Anvil.difference(left, new))")
      let isSame = outcome.standardOutput == usual.standardOutput
      #expect(isSame, "\(place)")
    case 65, 66:
      // Something could not be read. What could stands in a whole set of its own, which invents nothing and says what is missing.
      #expect(!outcome.standardError.isEmpty, "\(place)")
      let output = work == .standardOutput ? outcome.standardOutput : []
      #expect(isOld || Anvil.claims(left, output).isSubset(of: claims), "\(place)")
      if work.reports != nil, !isOld {
        #expect(Self.isWhole(scratch.path + "/out"), "\(place)")
        let issues = ReportRow.parse(left["issues.csv"] ?? [])
        #expect(issues.contains { $0["severity"] == "error" }, "\(place)")
      }
    case 73, 74, 75, 78:
      #expect(!outcome.standardError.isEmpty, "\(place)")
      #expect(isOld || isNew || hasList, "\(place): \(Anvil.difference(left, old))")
    default:
      // Where memory is refused the process may only die, and leave what was there.
      #expect(strike.call == "mmap", "\(place)")
      #expect(isOld || isNew || hasList, "\(place)")
    }
    if strike.fault == "error=EINTR", !["ftruncate", "poll"].contains(strike.call) {
      #expect(outcome.exitCode == 0, "\(place): a signal in between is no error")
    }
    if work == .metrics {
      let metrics = scratch.text("out.prom")
      let said = metrics.contains("claimaudit_last_run_exit_code \(outcome.exitCode)\n")
      #expect(said || metrics == "what was there before\n" && outcome.exitCode != 0, "\(place)")
    }
    // The run after it finds its way.
    let again = try work.command(in: scratch).run()
    #expect(again.exitCode == 0, "\(place), and then \(again.exitCode): \(again.standardError)")
    let (then, isSame) = (work.left(in: scratch), again.standardOutput == usual.standardOutput)
    let isNewThen = then == new
    #expect(isNewThen, "\(place), and then: \(Anvil.difference(then, new))")
    #expect(isSame, "\(place)")
    if work.reports != nil {
      #expect(scratch.names(in: "out").filter { $0.hasPrefix(".") } == [".claimaudit.lock"], "\(place)")
    }
    return outcome.exitCode
  }

  /// Whether `run.json` and the reports of a folder fit each other, as a reader can tell.
  private static func isWhole(_ folder: String) -> Bool {
    struct Run: Decodable {
      var reports: [String: Int]
      var exit_code: Int
    }
    guard let data = FileManager.default.contents(atPath: folder + "/run.json"),
      let run = try? JSONDecoder().decode(Run.self, from: data)
    else { return false }
    return run.reports.allSatisfy { name, size in
      FileManager.default.contents(atPath: folder + "/" + name)?.count == size
    }
  }

  private static func difference(_ left: [String: [UInt8]], _ right: [String: [UInt8]]) -> String {
    let names = Set(left.keys).union(right.keys).sorted().filter { left[$0] != right[$0] }
    return names.map { "\($0) (\(left[$0]?.count ?? -1) and \(right[$0]?.count ?? -1) bytes)" }.joined(separator: ", ")
  }
}

@Suite("Every system call that fails is noticed", .serialized)
struct EveryCallFaultTests {
  @Test(
    "nothing is lost in silence, nothing half written", .enabled(if: SystemCalls.hasTracer, "there is no strace"),
    arguments: StruckWork.allCases)
  func calls(work: StruckWork) throws {
    // Its calls are many, and those of the others are among them.
    if work == .largeFiles, !FaultRounds.isLong { return }
    let anvil = try Anvil(work)
    var exits: [String: [Int32: Int]] = [:]
    let seed = UInt64(work.rawValue.utf8.count)
    let number = try SystemCalls.strikes(on: try anvil.calls(), seed: seed, few: 3) { strike in
      guard let exit = try anvil.strike(strike) else { return false }
      exits[strike.call, default: [:]][exit, default: 0] += 1
      return true
    }
    #expect(number > 0)
    for (call, exits) in exits.sorted(by: { $0.key < $1.key }) {
      FaultRounds.tell(
        "\(work) \(call): " + exits.sorted { $0.key < $1.key }.map { "\($0.key)×\($0.value)" }.joined(separator: ", "))
    }
    FaultRounds.tell("\(work): \(number) strikes")
  }
}
