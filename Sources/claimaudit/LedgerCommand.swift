internal import ArgumentParser
internal import AuditPipeline
internal import ByteInput
internal import ClaimModel
internal import FoundationEssentials
internal import Ledger
internal import Reporting

/// `claimaudit ledger`: what was read, night after night.
struct LedgerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger",
    abstract: "Look into a ledger of audit --ledger: its runs, the files of a run; forget old runs.",
    subcommands: [List.self, Show.self, Prune.self])

  /// How an answer is written.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
  }

  /// The ledger of a subcommand.
  struct LedgerFile: ParsableArguments {
    @Argument(help: ArgumentHelp("The ledger.", valueName: "ledger"))
    var path: String

    /// Expects that there is a ledger to look into, before so much as a lock is made beside it.
    private func expectLedger() throws(CommandFailure) {
      do throws(ReportError) {
        _ = try Ledger(path: path, for: .reading)
      } catch {
        guard error.kind == .cannotCreate else {
          throw CommandFailure(code: error.exitCode, message: error.description)
        }
        throw CommandFailure(code: 66, message: "\(path): cannot be read: \(error.call)")
      }
    }

    /// Opens the ledger, does the work, and ends the process with the right code.
    func use(for purpose: Ledger.Purpose, _ body: (Ledger) throws -> Void) -> Never {
      do {
        guard InputReference(path: path).stamp != nil else {
          throw CommandFailure(code: 66, message: "\(path): there is no such file")
        }
        try expectLedger()
        try body(Ledger(path: path, for: purpose))
        exitProcess(0)
      } catch let error as CommandFailure {
        error.endProcess()
      } catch let error as ReportError {
        CommandFailure(code: error.exitCode, message: error.description).endProcess()
      } catch {
        CommandFailure(code: 74, message: "\(path): \(error)").endProcess()
      }
    }
  }

  /// `claimaudit ledger list`.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the runs of a ledger, the first first.")

    @OptionGroup var file: LedgerFile

    @Option(
      name: [.customShort("f", allowingJoined: true), .long], help: ArgumentHelp("text or json.", valueName: "format"))
    var format = Format.text

    func run() {
      file.use(for: .reading) { ledger in
        let runs = try ledger.runs()
        switch format {
        case .json: StandardOutput.write(try json(runs.map(RunRecord.init)))
        case .text:
          var table = TextTable([
            ("run", .right), ("started", .left), ("outcome", .left), ("exit", .right), ("read", .right),
            ("unchanged", .right), ("resumed", .right), ("claims", .right), ("findings", .right), ("new", .right),
          ])
          for run in runs {
            table.add([
              "\(run.id)", run.started, run.outcome, run.exitCode.map { "\($0)" } ?? "", grouped(Int(run.read)),
              grouped(Int(run.unchanged)), grouped(Int(run.resumed)), grouped(Int(run.claims)),
              grouped(Int(run.findings)), grouped(Int(run.newFindings)),
            ])
          }
          StandardOutput.write(table.text)
        }
      }
    }
  }

  /// `claimaudit ledger show`.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show one run: when, with what, and every file it covered.")

    @OptionGroup var file: LedgerFile

    @Argument(help: ArgumentHelp("The number of the run, or last.", valueName: "run"))
    var number: RunNumber = .last

    @Option(
      name: [.customShort("f", allowingJoined: true), .long], help: ArgumentHelp("text or json.", valueName: "format"))
    var format = Format.text

    func run() {
      file.use(for: .reading) { ledger in
        guard let found = number.find(in: try ledger.runs()) else {
          throw CommandFailure(code: 66, message: "\(file.path): has no run \(number); ledger list shows those it has")
        }
        let files = try ledger.files(of: found.id)
        let findings = try ledger.findings(of: found.id)
        switch format {
        case .json:
          var record = RunRecord(found)
          record.packs = found.packs
          record.files = files.map(FileRecord.init)
          record.findingsBySeverity = Dictionary(findings.map { ($0.severity, $0.count) }) { $0 + $1 }
          StandardOutput.write(try json(record))
        case .text: StandardOutput.write(text(found, files, findings))
        }
      }
    }

    private func text(_ run: Ledger.Run, _ files: [Ledger.File], _ findings: [(severity: String, count: Int64)])
      -> String
    {
      let ended = run.finished.isEmpty ? "" : ", ended \(run.finished)"
      let code = run.exitCode.map { " with exit code \($0)" } ?? ""
      var text = "run \(run.id)  \(run.outcome)\(code)\n"
      text += "  started   \(run.started)\(ended)\n"
      text += "  claimaudit \(run.version), packs \(run.packs)\n"
      text += "  reports   \(run.coverage == "all" ? "all files" : "new files only")\n"
      text +=
        "  findings  \(findings.map { "\(grouped(Int($0.count))) \($0.severity)" }.joined(separator: "   ")), \(grouped(Int(run.newFindings))) of them new\n\n"
      var table = TextTable([
        ("", .left), ("status", .left), ("claims", .right), ("findings", .right), ("file", .left),
      ])
      for file in files {
        table.add([
          file.action, file.status, grouped(Int(file.claims)), grouped(Int(file.findings)), printable(file.path),
        ])
      }
      return text + table.text
    }
  }

  /// `claimaudit ledger prune`.
  struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prune", abstract: "Forget old runs, and the files that none of the others covers.",
      discussion: """
        A file that is forgotten is read again when it comes again, and the rules over the run know its lines no more: keep at least \
        as many nights as the longest global period, 90 days.
        """)

    @OptionGroup var file: LedgerFile

    @Option(name: .long, help: ArgumentHelp("How many of the last runs stay.", valueName: "n"))
    var keep: Int?

    @Option(
      name: .long, help: ArgumentHelp("Forget only runs that began before this day (YYYY-MM-DD).", valueName: "date"))
    var before: RuleOptions.RunDate?

    func validate() throws {
      if keep == nil, before == nil { throw ValidationError("say which runs: --keep N, --before DATE, or both") }
      if let keep, keep < 0 { throw ValidationError("--keep is a number of runs") }
    }

    func run() {
      file.use(for: .writing) { ledger in
        let pruned = try ledger.prune(keep: keep ?? 0, before: before.map { $0.day.description })
        StandardOutput.write("forgot \(counted(pruned.runs, "run")) and \(counted(pruned.files, "file"))\n")
      }
    }
  }

  /// A run as the command line names it.
  enum RunNumber: ExpressibleByArgument, CustomStringConvertible {
    case last
    case number(Int64)

    init?(argument: String) {
      if argument == "last" {
        self = .last
      } else {
        guard let number = Int64(argument), number > 0 else { return nil }
        self = .number(number)
      }
    }

    var description: String {
      switch self {
      case .last: "last"
      case .number(let number): "\(number)"
      }
    }

    /// The run it names.
    func find(in runs: [Ledger.Run]) -> Ledger.Run? {
      switch self {
      case .last: runs.last
      case .number(let number): runs.first { $0.id == number }
      }
    }
  }

  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }

  /// A run in JSON.
  private struct RunRecord: Encodable {
    var run: Int64
    var started, outcome, version, coverage: String
    var finished: String?
    var exitCode: Int64?
    var filesRead, filesUnchanged, filesResumed, claims, lines, findings, newFindings: Int64
    var packs: String?
    var findingsBySeverity: [String: Int64]?
    var files: [FileRecord]?

    init(_ run: Ledger.Run) {
      self.run = run.id
      started = run.started
      finished = run.finished.isEmpty ? nil : run.finished
      outcome = run.outcome
      version = run.version
      coverage = run.coverage
      exitCode = run.exitCode
      filesRead = run.read
      filesUnchanged = run.unchanged
      filesResumed = run.resumed
      claims = run.claims
      lines = run.lines
      findings = run.findings
      newFindings = run.newFindings
    }
  }

  /// A file in JSON.
  private struct FileRecord: Encodable {
    var path, action, status, sha256: String
    var size, claims, findings: Int64

    init(_ file: Ledger.File) {
      path = file.path
      action = file.action
      status = file.status
      sha256 = file.sha256
      size = file.size
      claims = file.claims
      findings = file.findings
    }
  }
}

/// Columns of text, aligned.
struct TextTable {
  /// Which side of its column a cell stands at.
  enum Side {
    case left
    case right
  }

  private let sides: [Side]
  private var rows: [[String]]

  init(_ columns: [(name: String, side: Side)]) {
    sides = columns.map(\.side)
    rows = [columns.map(\.name)]
  }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// The table, its header first.
  var text: String {
    let widths = sides.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line += (column == 0 ? "" : "  ") + (sides[column] == .right ? padding + cell : cell + padding)
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
