internal import ArgumentParser
internal import AuditPipeline
internal import Auditing
internal import ByteInput
internal import Glibc
internal import Reporting
internal import SourceCopies

/// What is written, and where.
struct OutputOptions: ParsableArguments {
  @Option(
    name: [.customShort("o", allowingJoined: true), .long],
    help: ArgumentHelp(
      "Write the report set into this folder; one report to standard output otherwise.", valueName: "dir"))
  var output: String?

  @Option(
    name: [.customShort("f", allowingJoined: true), .long],
    help: ArgumentHelp(
      "Report formats, comma-separated: csv, xml, jsonl, html. To standard output one (default csv), with -o any (default csv,xml,html).",
      valueName: "list"))
  var format: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Which lines are reported: hits (watched lines), claims (every line of a claim with one), all.",
      valueName: "scope"))
  var scope = AuditPlan.Scope.hits

  @Option(
    name: .long,
    help: ArgumentHelp("The finding level that makes exit code 1: error, warning, info or never.", valueName: "level"))
  var failOn = FailLevel.never

  @Flag(name: .long, help: "A damaged input is fatal for that file: none of its lines are reported.")
  var strict = false

  @Flag(name: .long, help: "CSV for Excel: byte order mark, CRLF, leading zeros kept.")
  var excel = false

  @Flag(
    name: .long,
    help: """
      With -o: each CSV input once more as NAME.annotated.csv, with audit_severity, audit_rules, audit_messages, audit_carc and \
      audit_at_risk behind its own columns. The copies hold all that the input holds (PHI). For an 837 report.xml with --scope all \
      is the annotated form.
      """)
  var annotate = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Write counts of the run for Prometheus (node_exporter's textfile collector) into this file, readable by all.",
      valueName: "file"))
  var metrics: String?

  /// From which level findings make exit code 1.
  enum FailLevel: String, CaseIterable, ExpressibleByArgument {
    case error
    case warning
    case info
    case never

    var severity: Severity? { Severity(name: rawValue) }
  }

  var formats: [ReportFormat] {
    guard let format else { return output == nil ? [.csv] : [.csv, .xml, .html] }
    return OutputOptions.names(in: format).compactMap { ReportFormat(rawValue: $0.lowercased()) }
  }

  /// The words of a list of formats, with or without blanks behind the commas.
  private static func names(in list: String) -> [String] {
    list.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmingBlanks)
  }

  /// Where the run lists every issue of its inputs.
  var issueList: Messenger.IssueList {
    if output != nil, formats.contains(.csv) || formats.contains(.jsonl) { return .table }
    return formats.contains(.xml) ? .tree : .none
  }

  func validate() throws {
    if let format {
      let names = OutputOptions.names(in: format)
      for name in names where ReportFormat(rawValue: name.lowercased()) == nil {
        let known = ReportFormat.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("there is no format \"\(name)\"; formats are \(known)")
      }
      if output == nil, names.count != 1 {
        throw ValidationError("to standard output goes exactly one format; name a folder with -o for several")
      }
    }
    if metrics == "" { throw ValidationError("--metrics needs a file") }
    if annotate, output == nil { throw ValidationError("--annotate needs a folder; name one with -o") }
    if output == "" { throw ValidationError("-o needs a folder") }
  }

  var reportOptions: ReportOptions {
    ReportOptions(
      destination: output.map { .folder($0) } ?? .standardOutput, formats: formats, isForExcel: excel,
      scope: scope.rawValue,
      version: Version.current)
  }

  /// What writes annotated copies, where they are asked for; then every input of `plan` becomes one that can be read twice.
  func copies(of plan: inout AuditPlan, tell: @escaping (SourceNotice) -> Void) throws(ReportError) -> AnnotatedCopies?
  {
    guard annotate else { return nil }
    let folder = plan.spoolFolder
    plan.inputs = plan.inputs.map { $0.rereadable(copiesIn: folder) }
    return try AnnotatedCopies(plan, isCancelled: { Interruption.received != 0 }, tell: tell)
  }

  /// Refuses to write over an input.
  func refuseInputs(_ inputs: [InputReference], _ reports: ReportSet) throws(CommandFailure) {
    var written = reports.paths.compactMap { FileIdentity($0) }
    if output == nil, let open = FileIdentity(descriptor: STDOUT_FILENO), open.isRegular { written.append(open) }
    guard !written.isEmpty else { return }
    for input in inputs {
      if let identity = FileIdentity(input.name), written.contains(identity) {
        throw CommandFailure(
          code: 64, message: "\(input.name): a report would be written over this input; choose another folder with -o")
      }
    }
  }
}
