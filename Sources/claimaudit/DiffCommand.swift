internal import ArgumentParser
internal import AuditPipeline
internal import Auditing
internal import ByteInput
internal import Comparison
internal import Ledger
internal import Reporting

/// `claimaudit diff`: what is new, changed and gone between two runs.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare the findings of two report folders, or of two runs of a ledger: new, changed, gone.",
    discussion: """
      Findings are matched by their fingerprint (rule, claim id, line, procedure, service date), so that renamed files, moved rows and \
      other findings make no difference. A finding is changed when its severity, message, denial codes or amount at risk is another.

      Both folders need findings.csv or findings.jsonl. Exit code 1 says that a finding at or above --fail-on is new or has risen to it. \
      What is written holds claim ids and dates of service: it is PHI.
      """)

  @Argument(help: ArgumentHelp("The report folder of the earlier run, or its number in the ledger.", valueName: "old"))
  var old: String

  @Argument(help: ArgumentHelp("The report folder of the later run, or its number in the ledger.", valueName: "new"))
  var new: String

  @Option(
    name: [.customShort("f", allowingJoined: true), .long],
    help: ArgumentHelp("How the differences are written: text, csv or json.", valueName: "format"))
  var format = Format.text

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The level from which a new finding makes exit code 1: error, warning, info or never.", valueName: "level"))
  var failOn = OutputOptions.FailLevel.never

  @Option(name: .long, help: ArgumentHelp("Colour of the text: auto, always or never.", valueName: "when"))
  var color = MessageOptions.Color.auto

  @Option(
    name: .long,
    help: ArgumentHelp("Compare two runs of this ledger: OLD and NEW are their numbers.", valueName: "file"))
  var ledger: String?

  /// The two sides of the comparison.
  private func sources() throws -> (old: any FindingSource, new: any FindingSource) {
    guard let path = ledger else { return (try ReportFolder(path: old), try ReportFolder(path: new)) }
    guard InputReference(path: path).stamp != nil else {
      throw ComparisonError(.unreadable, path, "there is no such file")
    }
    let opened = try Ledger(path: path, for: .reading)
    let runs = try opened.runs()
    func findings(_ name: String) throws -> LedgerFindings {
      guard let run = LedgerCommand.RunNumber(argument: name)?.find(in: runs) else {
        throw ComparisonError(.unreadable, path, "has no run \(name); claimaudit ledger list shows those it has")
      }
      return try LedgerFindings(opened, run: run.id)
    }
    return (try findings(old), try findings(new))
  }

  /// How the differences are written.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case csv
    case json
  }

  func run() throws {
    do {
      let (before, after) = try sources()
      let comparison = try Comparison(of: before, with: after)
      switch format {
      case .text:
        StandardOutput.write(
          try DiffText(
            comparison, old: before.name, new: after.name, isColored: color.isOn(forTerminal: StandardOutput.isTerminal)
          ).text)
      case .csv, .json: try write(comparison)
      }
      let isFailing = failOn.severity.map { comparison.hasNews(from: $0) } ?? false
      exitProcess(isFailing ? 1 : 0)
    } catch let error as ComparisonError {
      CommandFailure(code: error.kind == .unreadable ? 66 : 65, message: error.description).endProcess()
    } catch let error as ReportError {
      if error.kind == .brokenPipe { exitProcess(error.exitCode) }
      CommandFailure(code: error.exitCode, message: error.description).endProcess()
    }
  }

  private func write(_ comparison: Comparison) throws {
    func counts(_ counts: Comparison.Counts) -> [(name: String, value: Int)] {
      [Severity.error, .warning, .info].map { ($0.name, counts[$0]) }
    }
    let output = try TableOutput(
      .differences, format == .csv ? .csv : .json,
      head: [
        .init("old", .text(old)), .init("new", .text(new)), .init("new_findings", .counts(counts(comparison.new))),
        .init("changed_findings", .counts(counts(comparison.changed))),
        .init("gone_findings", .counts(counts(comparison.gone))),
        .init("unchanged_findings", .counts(counts(comparison.unchanged))),
      ])
    try comparison.forEachDifference { try output.write($0.cells) }
    try output.finish()
  }
}
