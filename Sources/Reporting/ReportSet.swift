public import Auditing
internal import Glibc
internal import Synchronization
internal import Threads

/// Where the reports of a run go, and which.
public struct ReportOptions: Sendable {
  /// Where to.
  public enum Destination: Hashable, Sendable {
    /// The whole report set into a folder, which is created where needed.
    case folder(String)
    /// One report, in the first of `formats`, to standard output: the page, the tree, or the lines as a table.
    case standardOutput
  }

  /// Where to.
  public var destination: Destination
  /// The formats of the tables.
  public var formats: [ReportFormat]
  /// Whether CSV is written for Excel.
  public var isForExcel: Bool
  /// Which lines were reported, for the heading of the XML and HTML reports: `hits`, `claims` or `all`.
  public var scope: String
  /// The version of the program, for the same.
  public var version: String
  /// The rule packs of the run, for the HTML report.
  public var packs: [(name: String, version: String)] = []
  /// What the HTML report explains of the rules.
  public var rules: [RuleDescription] = []
  /// What else the numbers of the HTML report depend on, in a few words each: `as of 2026-04-30`, `payer aetna only`.
  public var conditions: [String] = []
  /// What the places of service are, by code, for the same.
  public var places: [String: String] = [:]
  /// How many threads may write.
  public var jobs = 1
  /// The accepted findings, which are left out of the lines and findings and listed by themselves; `nil` where the run has no such list.
  public var suppressions: SuppressionList?

  /// Options.
  public init(
    destination: Destination, formats: [ReportFormat], isForExcel: Bool = false, scope: String = "hits",
    version: String = ""
  ) {
    self.destination = destination
    self.formats = formats
    self.isForExcel = isForExcel
    self.scope = scope
    self.version = version
  }
}

/// A format of the report set.
public enum ReportFormat: String, Hashable, Sendable, CaseIterable {
  /// `lines.csv`, `findings.csv`, `issues.csv`.
  case csv
  /// `report.xml`.
  case xml
  /// `lines.jsonl`, `findings.jsonl`, `issues.jsonl`.
  case jsonl
  /// `report.html`.
  case html

  /// Whether the format is one document, and not a file for each table.
  var isOneFile: Bool { self == .xml || self == .html }
}

/// The reports of a run, published together or not at all.
///
/// Opened before the first claim is read, so that a folder that cannot be written or is held by another run ends the run at once
/// and not after hours. While reading, lines and issues go to spools as records; `publish` then goes over the spools and writes
/// all formats.
///
/// ```
/// let reports = try ReportSet(options)
/// let lines = RecordSpool(folder: reports.spoolFolder)
/// …                                          // LineRecordEncoder → RecordChunk → lines.append
/// let summary = try reports.publish(
///   lines: lines, issues: issues, runFindings: found, files: files, catalogue: catalogue, summary: counted) { _ in facts }
/// ```
public final class ReportSet {
  private let options: ReportOptions
  private let folder: OutputFolder?

  /// Opens the destination.
  public init(_ options: ReportOptions) throws(ReportError) {
    self.options = options
    switch options.destination {
    case .folder(let path): folder = try OutputFolder(path: path)
    case .standardOutput: folder = nil
    }
  }

  init(_ options: ReportOptions, folder: OutputFolder?) {
    self.options = options
    self.folder = folder
  }

  /// Where spools put their temporary files: the output folder, else `TMPDIR`, else `/tmp`.
  public var spoolFolder: String { folder?.path ?? TemporaryFolder.path }

  /// The paths of the files that `publish` will write, so that a run can refuse to write over its input.
  public var paths: [String] {
    guard let folder else { return [] }
    return fileNames.map { folder.path + "/" + $0 }
  }

  private var tables: [ReportTable] { ReportTable.all + (options.suppressions == nil ? [] : [.suppressed]) }

  private var fileNames: [String] {
    ReportFormat.allCases.filter { options.formats.contains($0) }.flatMap { ReportSet.names($0, tables) }
      + ["summary.json", "run.json"]
  }

  private static func names(_ format: ReportFormat, _ tables: [ReportTable]) -> [String] {
    format.isOneFile ? ["report." + format.rawValue] : tables.map { $0.name + "." + format.rawValue }
  }

  /// The reports of earlier runs in the folder that this run does not replace: other formats, or findings that were accepted then.
  public var leftBehind: [String] {
    guard let folder else { return [] }
    let written = Set(fileNames)
    return ReportFormat.allCases.flatMap { ReportSet.names($0, ReportTable.all + [.suppressed]) }.filter { name in
      guard !written.contains(name) else { return false }
      return unsafe access(folder.path + "/" + name, F_OK) == 0
    }
  }

  /// Writes every report and puts them in place.
  ///
  /// - Parameters:
  ///   - lines: the reported lines in input order; the spool is empty afterwards.
  ///   - issues: the issues in input order.
  ///   - runFindings: what the rules over the whole run found.
  ///   - files: the input streams; a stream's ordinal is its position here.
  ///   - catalogue: the rules of the run.
  ///   - summary: what was counted while reading, with the reference data of the benchmark.
  ///   - observer: told of every finding as it is written, where somebody keeps them.
  ///   - copies: writes further files of the set, into a folder only.
  ///   - run: asked at the very end for what `run.json` says; it is handed the summary.
  /// - Returns: the summary.
  public func publish(
    lines: RecordSpool, issues: RecordSpool, runFindings: RunFindingSpool, files: [SourceFile],
    catalogue: RuleCatalogue, summary builder: SummaryBuilder, observer: (any FindingObserver)? = nil,
    copies: (any CopyWriter)? = nil,
    run: (Summary) -> RunFacts
  ) throws(ReportError) -> Summary {
    do {
      let blockWriter = options.jobs > 1 ? BlockWriter() : nil
      var writers = try makeWriters(files: files, RuleTexts(catalogue), blockWriter)
      if let observer { writers.append(ObservingWriter(observer)) }
      if let copies { writers.append(AnnotatingWriter(copies)) }
      let passes = try PublishingPasses(
        writers, jobs: options.jobs, files: files, catalogue: catalogue, summary: builder, runFindings: runFindings,
        suppressions: options.suppressions)
      let summary = try passes.run(lines: lines, issues: issues, blockWriter)
      for writer in writers { try writer.finish(summary) }
      if let folder {
        try copies?.write(files, to: CopyFolder(folder))
        try add("summary.json", summary.json(), to: folder)
        let reports = folder.contents
        try add("run.json", run(summary).json(reports: reports), to: folder)
        try publish(folder, givingBack: lines)
      }
      return summary
    } catch {
      folder?.abort()
      throw error
    }
  }

  /// Puts the reports in place, and gives the files of the lines back at the same time: both take the system a while.
  private func publish(_ folder: OutputFolder, givingBack lines: RecordSpool) throws(ReportError) {
    let outcome = Outcome()
    let isBegun = Atomic(false)
    WorkerThreads.run(min(options.jobs, 2)) {
      if !isBegun.exchange(true, ordering: .relaxed) {
        do throws(ReportError) { try folder.publish() } catch { outcome.failure = error }
      }
      lines.giveBack()
    }
    if let failure = outcome.failure { throw failure }
  }

  /// What became of it: written by one thread, and read when that has ended.
  private final class Outcome: @unchecked Sendable { var failure: ReportError? }

  /// Removes what was begun: for a run that ends early.
  public func abort() { folder?.abort() }

  private func add(_ name: String, _ content: consuming ByteBuffer, to folder: OutputFolder) throws(ReportError) {
    let output = try folder.create(name)
    output.buffer.append(content)
    try output.flush()
  }

  private func makeWriters(
    files: [SourceFile], _ texts: RuleTexts, _ blockWriter: BlockWriter?
  ) throws(ReportError) -> [any ReportWriter] {
    guard let folder else {
      let output = ReportOutput.standardOutput()
      output.writer = blockWriter
      switch options.formats.first ?? .csv {
      case .csv: return [try CSVLinesReport(lines: output, issues: nil, isForExcel: options.isForExcel)]
      case .jsonl: return [JSONLinesReportWriter(lines: output, findings: nil, issues: nil)]
      case .xml: return [try XMLReportWriter(output, files: files, scope: options.scope, version: options.version)]
      case .html: return [HTMLReportWriter(output, facts: HTMLFacts(options))]
      }
    }
    func report(_ name: String) throws(ReportError) -> ReportOutput {
      let output = try folder.create(name)
      output.writer = blockWriter
      return output
    }
    func suppressed(_ format: ReportFormat) throws(ReportError) -> ReportOutput? {
      options.suppressions == nil ? nil : try report("suppressed." + format.rawValue)
    }
    var writers: [any ReportWriter] = []
    for format in ReportFormat.allCases where options.formats.contains(format) {
      switch format {
      case .csv:
        let (lines, findings) = (try report("lines.csv"), try report("findings.csv"))
        writers.append(
          try CSVLinesReport(
            lines: lines, issues: try report("issues.csv"), suppressed: try suppressed(format),
            isForExcel: options.isForExcel))
        writers.append(try CSVFindingsReport(findings, isForExcel: options.isForExcel, texts: texts))
      case .jsonl:
        writers.append(
          JSONLinesReportWriter(
            lines: try report("lines.jsonl"), findings: try report("findings.jsonl"),
            issues: try report("issues.jsonl"), suppressed: try suppressed(format)))
      case .xml:
        writers.append(
          try XMLReportWriter(report("report.xml"), files: files, scope: options.scope, version: options.version))
      case .html: writers.append(HTMLReportWriter(try report("report.html"), facts: HTMLFacts(options)))
      }
    }
    return writers
  }
}
