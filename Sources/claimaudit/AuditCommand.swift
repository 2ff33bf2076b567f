internal import ArgumentParser
internal import AuditPipeline
internal import Auditing
internal import ByteInput
internal import CHost
internal import ClaimModel
internal import ClaimReading
internal import Glibc
internal import Ledger
internal import Reporting
internal import Synchronization

/// `claimaudit audit`: reads claims, applies the rules, writes reports.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Read claims, apply the rules, write reports (what plain `claimaudit PATH` does).",
    discussion: """
      Without -o one report goes to standard output: the watched lines as CSV. With -o the whole report set is written into a \
      folder: lines, findings and issues as tables, report.xml, report.html, summary.json and run.json. Reports hold dates of service and \
      claim ids: they are PHI. They are written with mode 0600.
      """)

  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Reports") var output: OutputOptions
  @OptionGroup(title: "Rules") var rules: RuleOptions
  @OptionGroup(title: "Rules") var filter: FilterOptions
  @OptionGroup(title: "Nightly runs") var ledger: LedgerOptions
  @OptionGroup(title: "Messages") var messages: MessageOptions

  func run() throws {
    var messenger = messages.messenger
    messenger.issueList = output.issueList
    let clock = RunClock()
    var summary: Summary?
    var metrics = output.metrics.map { MetricsFile(path: $0) }
    var exitCode = try messenger.exitCode { () throws in
      try refuse(&metrics, over: input.paths + namedFiles)
      return try audit(messenger, clock, &metrics, summary: &summary)
    }
    if let metrics {
      // What was written before stands; that its metrics are missing is worth a code of its own.
      let failure = try messenger.exitCode {
        try metrics.write(exitCode: exitCode, milliseconds: clock.elapsed, summary: summary)
        return 0
      }
      if failure != 0, ![73, 74, 75, 78].contains(exitCode), exitCode < 128 { exitCode = failure }
    }
    exitProcess(exitCode)
  }

  /// The files that the command line names beside the claims.
  private var namedFiles: [String] {
    input.namedFiles + rules.pack + [filter.suppressions, ledger.ledger].compactMap { $0 }
  }

  /// Drops metrics that would destroy something, and says so.
  private func refuse(_ metrics: inout MetricsFile?, over files: [String]) throws {
    do throws(CommandFailure) {
      try metrics?.refuse(over: files)
    } catch {
      metrics = nil
      throw error
    }
  }

  private func audit(
    _ messenger: Messenger, _ clock: RunClock, _ metrics: inout MetricsFile?, summary published: inout Summary?
  ) throws -> Int32 {
    let found = try input.discover()
    try refuse(&metrics, over: found.inputs.map(\.name))
    messenger.tell(found.notices)
    var plan = try input.plan()
    plan.inputs = found.inputs
    plan.scope = output.scope
    plan.payer = filter.payer
    plan.isStrict = output.strict
    let openLedger = try ledger.open(for: &plan, hasKeyFile: input.keyFile != nil)
    let (auditor, packs) = try rules.auditor(identityHash: plan.identityHash, filter: filter)
    for notice in packs.notices { messenger.warning(notice) }
    for detail in packs.details { messenger.detail(detail) }

    var reportOptions = output.reportOptions
    reportOptions.jobs = plan.jobs
    reportOptions.packs = packs.names
    reportOptions.rules = auditor.descriptions
    reportOptions.conditions = rules.conditions + filter.conditions
    reportOptions.places = packs.places
    reportOptions.suppressions = try filter.loadSuppressions(on: rules.runDate)
    let reports = try ReportSet(reportOptions)
    plan.spoolFolder = reports.spoolFolder
    plan.tellsRecognition = messages.verbose
    try output.refuseInputs(found.inputs, reports)
    try refuse(&metrics, over: reports.paths)
    let session = try openLedger.map { ledger in
      try LedgerSession(
        ledger, options: self.ledger, plan: &plan, rules: try rulesInForce(packs), packs: packs.names, clock: clock,
        messenger: messenger)
    }
    // A run that ends early, whatever the reason, leaves what it has read to the next one.
    defer { try? session?.abandon(exitCode: Interruption.received == 0 ? nil : Interruption.exitCode) }
    let progressLine = messages.progressLine(over: plan.inputs)
    defer { progressLine?.finish() }
    plan.progress = progressLine?.progress
    let copies = try output.copies(of: &plan, tell: messenger.tell)
    let lines = RecordSpool(folder: reports.spoolFolder)
    let issues = RecordSpool(folder: reports.spoolFolder)
    // A third of what the process has in memory so far is program text that the start alone ran through.
    claimaudit_release_program_pages()
    let result = try AuditRun.run(
      plan, auditor: auditor, lines: lines, issues: issues,
      summary: SummaryBuilder(reference: packs.benchmark, folder: reports.spoolFolder),
      journal: session?.run, isCancelled: { Interruption.received != 0 },
      tell: { notice in
        if case .read = notice { Interruption.inputsRead.add(1, ordering: .relaxed) }
        messenger.tell(notice)
      })
    if Interruption.received != 0 {
      reports.abort()
      let lines = result.files.reduce(0) { $0 + ($1.isHistory ? 0 : $1.lines) }
      let kept = session.map { "; \(counted($0.run.recorded, "file")) need not be read again" } ?? ""
      messenger.error(
        "interrupted after \(result.inputsRead) of \(plan.inputs.count) inputs and \(lines) lines; nothing was written\(kept)"
      )
      return Interruption.exitCode
    }
    func outcome(_ summary: Summary) -> RunOutcome {
      RunOutcome(
        isDamaged: result.isDamaged, isUnopened: result.isUnopened, heaviest: summary.heaviestSeverity,
        failOn: output.failOn.severity)
    }
    var counts = result.summary
    counts.coverage = session?.run.coverage
    try session?.run.beginPublishing()
    try session?.keepLateFindings(result, catalogue: auditor.catalogue, messenger: messenger)
    let summary = try reports.publish(
      lines: lines, issues: issues, runFindings: result.runFindings, files: result.files, catalogue: auditor.catalogue,
      summary: counts, observer: session?.run, copies: copies
    ) { summary in
      RunFacts(
        version: Version.current, started: clock.started, finished: RunClock.now(), elapsedMilliseconds: clock.elapsed,
        host: RunClock.host, exitCode: Int(outcome(summary).exitCode), options: options, packs: packs.names,
        notes: session?.notes ?? [])
    }
    try session?.run.finish(at: RunClock.now(), exitCode: outcome(summary).exitCode, summary: summary)
    published = summary
    let leftBehind = reports.leftBehind
    if !leftBehind.isEmpty {
      messenger.warning(
        "\(output.output ?? ""): \(leftBehind.joined(separator: ", ")) \(leftBehind.count == 1 ? "is" : "are") of an earlier run "
          + "and not replaced by this one")
    }
    filter.tellSuppressions(summary, isShown: output.output != nil, messenger)
    if output.output != nil, !messages.quiet {
      if messenger.isForProgram {
        messenger.finished(summary, exitCode: outcome(summary).exitCode)
      } else {
        StandardError.write(TerminalSummary(summary, isColored: messages.isColored).text)
      }
    }
    return outcome(summary).exitCode
  }

  /// The options in force, for `run.json`.
  private var options: [(name: String, values: [String])] {
    [
      ("paths", input.paths), ("scope", [output.scope.rawValue]), ("format", output.formats.map(\.rawValue)),
      ("jobs", ["\(input.threads)"]), ("select", rules.select), ("ignore", rules.ignore),
      ("severity", [filter.severity.rawValue]), ("watch", rules.watch), ("fail-on", [output.failOn.rawValue]),
      ("as-of", [rules.runDate.description]), ("strict", ["\(output.strict)"]),
      ("pack", rules.pack), ("suppressions", filter.suppressions.map { [$0] } ?? []),
      ("reference", rules.reference.map { [$0] } ?? []),
      ("locality", rules.locality.map { [$0] } ?? []), ("payer", filter.payer.map { [$0] } ?? []),
      ("since", rules.since.map { [$0.day.description] } ?? []),
      ("until", rules.until.map { [$0.day.description] } ?? []), ("input-format", [input.inputFormat.rawValue]),
      ("mapping", input.mapping.map { [$0] } ?? []), ("column", input.column), ("excel", ["\(output.excel)"]),
      ("annotate", ["\(output.annotate)"]), ("max-expansion", ["\(input.maxExpansion)"]),
      ("metrics", output.metrics.map { [$0] } ?? []),
    ] + ledger.named
  }

  /// Everything that decides what is found in a file, as a text: a file that was read with another one is read again.
  ///
  /// The run date is part of it only where it was given: else no file would be unchanged the night after.
  private func rulesInForce(_ packs: RuleOptions.LoadedPacks) throws(CommandFailure) -> String {
    let others: Set = [
      "paths", "format", "jobs", "fail-on", "excel", "annotate", "metrics", "ledger", "force", "coverage",
      "suppressions",
    ]
    var text = ""
    for option in options where !others.contains(option.name) && (option.name != "as-of" || rules.asOf != nil) {
      text += "\(option.name)\t\(option.values.joined(separator: "\t"))\n"
    }
    for pack in packs.names { text += "\(pack.name)\t\(pack.version)\n" }
    for file in rules.pack + (input.mapping.map { [$0] } ?? []) {
      text += String(decoding: try FileContent.read(file, limit: 1 << 20, failing: 78), as: UTF8.self) + "\n"
    }
    for pack in packs.names {
      guard let folder = rules.reference, let stamp = InputReference(path: "\(folder)/\(pack.name)").stamp else {
        continue
      }
      text += "\(pack.name)\t\(stamp.size)\t\(stamp.modified)\n"
    }
    return text
  }
}

extension ReadingIssue {
  /// A notice about an input that is not read, or a folder without any.
  init(noticed remark: InputRemark) {
    self.init(
      code: remark.code.rawValue, severity: remark.severity == .info ? .info : .warning, effect: .none,
      location: SourceLocation(), message: remark.message)
  }
}

extension Summary {
  /// The heaviest severity of which there is a finding.
  var heaviestSeverity: Severity {
    for count in bySeverity where count.value > 0 {
      if let severity = Severity(name: count.name) { return severity }
    }
    return .none
  }
}
