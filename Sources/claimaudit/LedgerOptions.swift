internal import ArgumentParser
internal import AuditPipeline
internal import Auditing
internal import ByteInput
internal import ClaimModel
internal import Glibc
internal import Ledger
internal import Reporting

/// What earlier runs have read, and what that changes.
struct LedgerOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Keep what was read and found in this SQLite file, and leave out files that have not changed since.",
      discussion: "It holds claim ids, dates and keyed hashes of patients: it is PHI, written with mode 0600.",
      valueName: "file"))
  var ledger: String?

  @Flag(name: .long, help: "With --ledger: read unchanged files again.")
  var force = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "With --ledger: what the reports hold, new (files that no earlier run has reported) or all (unchanged ones too).",
      valueName: "what"))
  var coverage = Coverage.new

  /// What the reports of a run with a ledger hold.
  enum Coverage: String, CaseIterable, ExpressibleByArgument {
    case new
    case all
  }

  func validate() throws {
    if ledger == "" { throw ValidationError("--ledger needs a file") }
    if ledger == nil, force { throw ValidationError("--force goes with --ledger") }
    if ledger == nil, coverage != .new { throw ValidationError("--coverage goes with --ledger") }
  }

  /// The options in force, for `run.json`.
  var named: [(name: String, values: [String])] {
    [
      ("ledger", ledger.map { [$0] } ?? []), ("force", ["\(force)"]),
      ("coverage", ledger == nil ? [] : [coverage.rawValue]),
    ]
  }

  /// Opens the ledger, if there is to be one, and has the patients of the plan hashed under its key.
  func open(for plan: inout AuditPlan, hasKeyFile: Bool) throws -> Ledger? {
    guard let path = ledger else { return nil }
    let opened = try Ledger(path: path, for: .writing)
    do {
      plan.identityHash = try opened.identityHash(given: hasKeyFile ? plan.identityHash : nil)
    } catch let mismatch as Ledger.KeyMismatch {
      throw CommandFailure(code: 78, message: mismatch.message)
    }
    // A ledger in the folder that is audited is no input.
    let own = Set(["", "-wal", "-shm", ".lock"].compactMap { LedgerOptions.inode(path + $0) })
    plan.inputs.removeAll { input in LedgerOptions.inode(input.name).map(own.contains) ?? false }
    return opened
  }

  private static func inode(_ path: String) -> [UInt64]? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }
}

/// A run with a ledger, from the choice of its inputs to its last word.
struct LedgerSession {
  let run: LedgerRun

  /// Begins the run and leaves in the plan what is to be read.
  init(
    _ ledger: Ledger, options: LedgerOptions, plan: inout AuditPlan, rules: String,
    packs: [(name: String, version: String)],
    clock: RunClock, messenger: Messenger
  ) throws(ReportError) {
    run = try ledger.begin(
      LedgerRun.Plan(
        inputs: plan.inputs, rules: rules, version: Version.current,
        packs: packs.map { $0.version.isEmpty ? $0.name : "\($0.name) \($0.version)" }.joined(separator: ", "),
        started: clock.started, isWhole: options.coverage == .all, isForced: options.force, jobs: plan.jobs))
    plan.inputs = run.inputs
    for input in run.unchanged { messenger.detail("unchanged since an earlier run; not read again", file: input.name) }
    for input in run.resumed { messenger.detail("read by an earlier run that was interrupted", file: input.name) }
    if !run.resumed.isEmpty {
      messenger.warning(
        "an earlier run was interrupted: the \(counted(run.resumed.count, "file")) it had read \(run.resumed.count == 1 ? "is" : "are") reported now, without being read again"
      )
    }
  }

  /// Keeps what the run found on lines of files that stand in none of its reports, and says so.
  func keepLateFindings(_ result: AuditRun.Result, catalogue: RuleCatalogue, messenger: Messenger) throws(ReportError) {
    let late = try run.keepLateFindings(result.lateFindings, files: result.files, catalogue: catalogue)
    if late > 0 {
      messenger.warning(
        "\(counted(late, "new finding")) on lines of files that were read before; in the ledger as run \(run.id)")
    }
  }

  /// Says that the run ends without reports, where it does.
  func abandon(exitCode: Int32?) throws(ReportError) { try run.abandon(at: RunClock.now(), exitCode: exitCode) }

  /// What `run.json` says of it.
  var notes: [(name: String, value: String)] {
    [
      ("ledger_run", "\(run.id)"), ("unchanged_files", "\(run.unchanged.count)"),
      ("resumed_files", "\(run.resumed.count)"),
    ]
  }
}

/// A number and its noun: `1 file`, `2 files`.
func counted(_ number: Int, _ noun: String) -> String { "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")" }
