import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

/// A call of the built command: its arguments, what it reads, where its output goes.
///
///     let outcome = try Command("audit", "-", input: .bytes(file)).run()
///     #expect(outcome.exitCode == 0)
///
/// What it writes goes through files, so that no pipe of another test's child can hold it up. Every run is searched for the
/// canary: neither the two streams nor the reports may hold a word about a patient.
struct Command {
  /// What standard input is.
  enum Input {
    /// `/dev/null`.
    case nothing
    case bytes([UInt8])
    case closed
    case descriptor(Int32)
  }

  /// Where standard output goes.
  enum Output {
    case captured
    case path(String)
    case descriptor(Int32)
  }

  /// The built program, beside the test program.
  ///
  /// `make check-faults` names the release program instead.
  static let program: String = {
    if let named = ProcessInfo.processInfo.environment["CLAIMAUDIT_PROGRAM"] { return named }
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return own.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/claimaudit"
  }()

  var arguments: [String]
  var input = Input.nothing
  var output = Output.captured
  /// Where standard error goes: to a file that is read back, or to a descriptor.
  var errors: Int32?
  var environment: [String: String] = [:]
  var folder: String?
  /// A program and its arguments that run the command: `strace`, `sh -c`.
  var wrapper: [String] = []
  /// Whether the peak of its memory is looked at while it runs.
  var measuresMemory = false
  /// Seconds after which the program is killed and the run has failed.
  var limit = 60.0

  init(_ arguments: String..., input: Input = .nothing) {
    self.init(arguments, input: input)
  }

  init(_ arguments: [String], input: Input = .nothing) {
    self.arguments = arguments
    self.input = input
  }

  /// The paths that follow an option.
  fileprivate func values(of names: String...) -> [String] {
    let values = zip(arguments, arguments.dropFirst()).filter { names.contains($0.0) }.map(\.1)
    return values.map { $0.hasPrefix("/") ? $0 : "\(folder ?? ".")/\($0)" }
  }

  /// Runs the program to its end.
  func run(_ location: SourceLocation = #_sourceLocation) throws -> CommandOutcome {
    try start().wait(location)
  }

  /// Starts the program.
  func start() throws -> RunningCommand {
    let scratch = try Scratch()
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    switch input {
    case .nothing: unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    case .bytes(let bytes):
      let path = try scratch.write("stdin", bytes)
      unsafe posix_spawn_file_actions_addopen(&actions, 0, path, O_RDONLY, 0)
    case .closed: unsafe posix_spawn_file_actions_addclose(&actions, 0)
    case .descriptor(let descriptor): unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, 0)
    }
    let flags = O_WRONLY | O_CREAT | O_TRUNC
    switch output {
    case .captured: unsafe posix_spawn_file_actions_addopen(&actions, 1, scratch.path + "/stdout", flags, 0o600)
    case .path(let path): unsafe posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY, 0)
    case .descriptor(let descriptor): unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, 1)
    }
    if let errors {
      unsafe posix_spawn_file_actions_adddup2(&actions, errors, 2)
    } else {
      unsafe posix_spawn_file_actions_addopen(&actions, 2, scratch.path + "/stderr", flags, 0o600)
    }

    var variables = ProcessInfo.processInfo.environment
    for name in ["NO_COLOR", "LC_ALL", "TZ"] { variables[name] = nil }
    // No config of the person who runs the tests, and no temporary file outside the test's own folder.
    variables["HOME"] = scratch.path
    variables["XDG_CONFIG_HOME"] = scratch.path + "/config"
    variables["TMPDIR"] = scratch.path
    variables.merge(environment) { $1 }
    // The C library's own way to change the folder of a child is not visible to Swift; env(1) has one.
    let isDirect = folder == nil && wrapper.isEmpty
    let program = isDirect ? Command.program : "/usr/bin/env"
    let call = isDirect ? [program] : ["env"] + (folder.map { ["-C", $0] } ?? []) + wrapper + [Command.program]
    let words = unsafe (call + arguments).map { unsafe strdup($0) } + [nil]
    let pairs = unsafe variables.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer { unsafe (words + pairs).forEach { unsafe free($0) } }
    var process = pid_t()
    // A child with the signals of a shell's child, whatever the thread of the test blocks or ignores.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    unsafe sigemptyset(&defaults)
    unsafe sigaddset(&defaults, SIGPIPE)
    unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
    var blocked = sigset_t()
    unsafe sigemptyset(&blocked)
    unsafe posix_spawnattr_setsigmask(&attributes, &blocked)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    let status = RunningCommand.starting.withLock { _ in
      unsafe posix_spawn(&process, program, &actions, &attributes, words, pairs)
    }
    try #require(status == 0, "\(Command.program) cannot be started: build the product claimaudit first")
    return RunningCommand(process: process, scratch: scratch, command: self)
  }
}

/// A program that was started.
struct RunningCommand {
  /// Held while a child is started or a pipe is made, so that no child inherits a pipe that is not its own.
  static let starting = Mutex(())

  let process: pid_t
  let scratch: Scratch
  let command: Command

  /// What standard error holds so far.
  var standardErrorSoFar: String { scratch.text("stderr") }

  /// The most memory it has held so far, in bytes.
  ///
  /// What `wait4` tells counts what the process was before it became the program, which is this one.
  private var memoryPeak: Int? {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
    else { return nil }
    return line.split(separator: " ").compactMap { Int($0) }.first.map { $0 << 10 }
  }

  /// How many bytes it has asked the system for and got so far, `nil` where that is not told.
  var bytesRead: Int? {
    let io = (try? String(contentsOfFile: "/proc/\(process)/io", encoding: .utf8)) ?? ""
    let line = io.split(separator: "\n").first { $0.hasPrefix("rchar:") }
    return line?.split(separator: " ").last.flatMap { Int($0) }
  }

  /// Waits until the system says that it holds a lock, which is that of its output folder; whether it came so far.
  func awaitsLock() -> Bool {
    let holder = " \(process) "
    let end = ContinuousClock.now + .seconds(command.limit)
    while ContinuousClock.now < end {
      let locks = (try? String(contentsOfFile: "/proc/locks", encoding: .utf8)) ?? ""
      if locks.split(separator: "\n").contains(where: { $0.contains("FLOCK") && $0.contains(holder) }) { return true }
      usleep(2000)
    }
    return false
  }

  /// Sends a signal.
  func send(_ signal: Int32) { kill(process, signal) }

  /// Waits for its end and takes what it wrote.
  func wait(_ location: SourceLocation = #_sourceLocation) throws -> CommandOutcome {
    var status: Int32 = 0
    var peakMemory = 0
    let end = ContinuousClock.now + .seconds(command.limit)
    while unsafe waitpid(process, &status, WNOHANG) == 0 {
      if command.measuresMemory { peakMemory = max(peakMemory, memoryPeak ?? 0) }
      if ContinuousClock.now > end {
        kill(process, SIGKILL)
        unsafe waitpid(process, &status, 0)
        Issue.record("not done after \(command.limit) seconds: \(command.arguments)", sourceLocation: location)
        break
      }
      usleep(1000)
    }
    // What a signal ended a shell reports as 128 and its number.
    let signal = status & 0x7F
    let outcome = CommandOutcome(
      exitCode: signal == 0 ? status >> 8 & 0xFF : 128 + signal, wasKilled: signal != 0,
      standardOutput: scratch.bytes("stdout"), standardError: scratch.text("stderr"),
      peakMemory: peakMemory)
    // What extract writes is what the input holds.
    if command.arguments.first != "extract" {
      Canary.expectNone(in: outcome.standardOutput, "standard output", location)
    }
    Canary.expectNone(in: Array(outcome.standardError.utf8), "standard error", location)
    for path in command.values(of: "-o", "--output") { Canary.expectNone(inFolder: path, location) }
    for path in command.values(of: "--metrics") + command.values(of: "--ledger") {
      for ending in ["", "-wal", "-shm", ".lock"] { Canary.expectNone(inFile: path + ending, location) }
    }
    // What it left in its folder for temporary files, and what it left when it died.
    for name in scratch.names() where !["stdin", "stdout", "stderr"].contains(name) {
      Canary.expectNone(inFile: scratch.path + "/" + name, location)
    }
    for name in (try? FileManager.default.contentsOfDirectory(atPath: command.folder ?? ".")) ?? []
    where name == "core" || name.hasPrefix("core.") {
      Canary.expectNone(inFile: "\(command.folder ?? ".")/\(name)", location)
    }
    return outcome
  }
}

/// How a program ended and what it wrote.
struct CommandOutcome {
  /// The exit code, or 128 and the number of the signal that ended it, as a shell says it.
  var exitCode: Int32
  /// Whether a signal ended it.
  var wasKilled: Bool
  var standardOutput: [UInt8]
  var standardError: String
  /// How much memory the program held at most, in bytes, where that was asked for.
  var peakMemory: Int

  var text: String { String(decoding: standardOutput, as: UTF8.self) }

  /// Standard output as a CSV report.
  var rows: [ReportRow] { ReportRow.parse(standardOutput) }
}
