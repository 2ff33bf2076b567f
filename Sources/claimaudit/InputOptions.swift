public import ArgumentParser
public import AuditPipeline
internal import ByteInput
internal import CHost
internal import ClaimModel
internal import ClaimReading
internal import Glibc
internal import RulePacks

/// What is read, and how.
struct InputOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("Files, folders (read to their depth) or - for standard input.", valueName: "path"))
  var paths: [String] = []

  @Option(name: .long, help: "Read the list of paths from FILE (- for standard input).")
  var filesFrom: String?

  @Flag(
    name: [.customShort("0"), .customLong("null")],
    help: "The paths of --files-from are separated by NUL, not by newlines.")
  var nullSeparated = false

  @Option(name: .long, help: ArgumentHelp("What the input is: auto, x12 or csv.", valueName: "format"))
  var inputFormat = AuditPlan.InputFormat.auto

  @Option(
    name: .long, help: ArgumentHelp("A mapping file (YAML) that says how CSV columns are named.", valueName: "file"))
  var mapping: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "One CSV column: the field and its header, for instance charge_amount=Fee.", valueName: "field=header"))
  var column: [String] = []

  @Option(
    name: .long, help: ArgumentHelp("How far compressed input may expand, after the first 64 MiB.", valueName: "ratio"))
  var maxExpansion = 2000

  @Option(
    name: .long,
    help: ArgumentHelp(
      "A file with the key under which patients are hashed (at least 16 bytes); a random key for the run otherwise.",
      valueName: "file"))
  var keyFile: String?

  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp("Worker threads; as many as there are processors otherwise.", valueName: "n"))
  var jobs: Int?

  func validate() throws {
    if maxExpansion < 1 { throw ValidationError("--max-expansion must be at least 1") }
    if let jobs, jobs < 1 || jobs > 1024 { throw ValidationError("--jobs must be between 1 and 1024") }
    if nullSeparated && filesFrom == nil { throw ValidationError("-0 goes with --files-from") }
    if paths.isEmpty && filesFrom == nil {
      throw ValidationError("name a file, a folder or - for standard input (claimaudit --help says more)")
    }
    for entry in column {
      guard let equals = entry.firstIndex(of: "="), equals != entry.startIndex,
        entry.index(after: equals) != entry.endIndex
      else { throw ValidationError("--column takes FIELD=HEADER, not \"\(entry)\"") }
    }
  }

  /// The inputs named, expanded, with what was passed over.
  func discover() throws(CommandFailure) -> InputDiscovery.Findings {
    var named = paths.map { Array($0.utf8) }
    if let filesFrom {
      let content = try FileContent.read(filesFrom, limit: 64 << 20, failing: 66)
      named += InputDiscovery.paths(inList: content, separatedBy: nullSeparated ? .nul : .newline)
    }
    return InputDiscovery().find(paths: named)
  }

  /// How many threads may work.
  var threads: Int { jobs ?? Int(claimaudit_available_processors()) }

  /// The files that say what is read and how.
  var namedFiles: [String] { [filesFrom, mapping, keyFile].compactMap { $0 } }

  /// The plan's part that follows from these options.
  func plan() throws(CommandFailure) -> AuditPlan {
    var plan = AuditPlan()
    plan.inputFormat = inputFormat
    plan.jobs = threads
    plan.inputLimits.maxExpansion = maxExpansion
    plan.mapping = try columnMapping()
    if let keyFile { plan.identityHash = try FileContent.key(keyFile) }
    return plan
  }

  /// The mapping file with the columns of `--column` over it.
  private func columnMapping() throws(CommandFailure) -> ColumnMapping {
    var result = ColumnMapping()
    if let mapping { result = try ColumnMapping(file: mapping) }
    var named: [String: [String]] = [:]
    for entry in column {
      guard let equals = entry.firstIndex(of: "=") else { continue }
      named[String(entry[..<equals]), default: []].append(String(entry[entry.index(after: equals)...]))
    }
    for (field, headers) in named { result.columns[field] = headers }
    if let problem = result.problems.first {
      guard let mapping else { throw ConfigArguments.failure(of: "column", "--column: \(problem)") }
      throw CommandFailure(code: 78, message: "\(mapping): \(problem)")
    }
    return result
  }
}

extension AuditPlan.InputFormat: ExpressibleByArgument {}
extension AuditPlan.Scope: ExpressibleByArgument {}

/// An end of the command with an exit code of its own and a sentence.
struct CommandFailure: Error {
  var code: Int32
  /// What is wrong, a message each.
  var messages: [String]

  init(code: Int32, message: String) {
    self.code = code
    messages = [message]
  }

  /// The faults of a rule pack, a mapping, a config or a list of accepted findings.
  init(_ faults: PackErrors) {
    code = 78
    messages = faults.errors.map(\.description)
  }

  /// Says it and ends the process, where no messenger is there to say it.
  func endProcess() -> Never {
    for message in messages { StandardError.write("claimaudit: \(printable(message))\n") }
    exitProcess(code)
  }
}

/// Small files the command is told to read.
enum FileContent {
  /// All bytes of a file of at most `limit` bytes; `-` is standard input.
  static func read(_ path: String, limit: Int, failing code: Int32) throws(CommandFailure) -> [UInt8] {
    let descriptor = unsafe path == "-" ? STDIN_FILENO : claimaudit_open(path, O_RDONLY | O_CLOEXEC, 0)
    guard descriptor >= 0 else {
      let reason = unsafe String(cString: strerror(errno))
      throw CommandFailure(code: code, message: "\(path): cannot be opened: \(reason)")
    }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var content: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = unsafe block.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        let reason = unsafe String(cString: strerror(errno))
        throw CommandFailure(code: code, message: "\(path): cannot be read: \(reason)")
      }
      if count == 0 { return content }
      content += block[..<count]
      guard content.count <= limit else {
        throw CommandFailure(code: code, message: "\(path): is larger than \(limit) bytes")
      }
    }
  }

  /// The hash whose key a file holds.
  static func key(_ path: String) throws(CommandFailure) -> KeyedHash {
    let content = try read(path, limit: 4096, failing: 66)
    guard content.count >= 16 else { throw CommandFailure(code: 78, message: "\(path): a key has at least 16 bytes") }
    // Two different hashes of the file make the two halves of the key.
    let first = KeyedHash(key0: 0x636C_6169_6D61_7564, key1: 1)(content)
    let second = KeyedHash(key0: 0x636C_6169_6D61_7564, key1: 2)(content)
    return KeyedHash(key0: first, key1: second)
  }
}
