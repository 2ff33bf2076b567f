public import AuditPipeline
internal import ByteInput
internal import ClaimModel
internal import ClaimReading
public import Reporting

/// Writes each export of a run once more with what was found beside each row, as `march.annotated.csv` in the output folder.
///
/// What the rules over the whole run find is known at its end; so the exports are read a second time then. They hold everything
/// that the input holds: they are the user's own data, mode 0600.
public final class AnnotatedCopies: CopyWriter {
  private let plan: AuditPlan
  private let lines: TextSpool
  private let tell: (SourceNotice) -> Void
  private let isCancelled: () -> Bool
  private let states: [FileState]
  /// What was taken from the spool and belongs to a later stream.
  private var waiting: LineAnnotation?

  /// Copies of the exports among the inputs of `plan`, which can be read twice (`rereadable`).
  public init(
    _ plan: AuditPlan, isCancelled: @escaping () -> Bool, tell: @escaping (SourceNotice) -> Void
  ) throws(ReportError) {
    self.plan = plan
    self.tell = tell
    self.isCancelled = isCancelled
    lines = try TextSpool(folder: plan.spoolFolder)
    states = plan.inputs.map { FileState($0.name) }
  }

  /// Keeps a watched line for the second reading.
  public func annotate(_ line: LineAnnotation) throws(ReportError) {
    try lines.append([
      "\(line.stream)", "\(line.record)", "\(line.byteOffset)", line.lineNumber, line.severity, line.rules,
      line.messages, line.carc, line.atRisk,
    ])
  }

  /// Writes the copies.
  public func write(_ files: [SourceFile], to folder: CopyFolder) throws(ReportError) {
    guard files.contains(where: { $0.format == .csv }) else { return }
    // What earlier runs have read stands first; what is copied was read in this one.
    let ordinals = Dictionary(files.indices.map { (files[$0].path, $0) }) { _, last in last }
    let inputs = plan.inputs.compactMap { FileIdentity.regular($0.name) }
    var names = CopyNames(infix: ".annotated")
    var failure: ReportError?
    var copied: Set<Int> = []
    for input in plan.inputs {
      let opener = InputOpener(limits: plan.inputLimits, spoolDirectory: plan.spoolFolder)
      _ = opener.forEachStream(of: input) { stream in
        guard failure == nil, !isCancelled(), let ordinal = ordinals[stream.name] else { return }
        let file = files[ordinal]
        guard AnnotatedCopies.isCopied(file) else { return }
        copied.insert(ordinal)
        do throws(ReportError) {
          var name = names.name(for: file.path, ending: ".csv")
          while let identity = FileIdentity.regular(folder.path + "/" + name), inputs.contains(identity) {
            name = names.name(for: file.path, ending: ".csv")
          }
          let output = try folder.create(name)
          try copy(stream, ordinal, to: output)
          // What could be read to its end at first and cannot be now would be half a copy.
          if file.status == .ok, stream.takeRemarks().contains(where: { $0.code == .readError }) {
            throw AnnotatedCopies.unreadable(file.path)
          }
          try folder.finish(output)
        } catch {
          failure = error
        }
      }
    }
    if let failure { throw failure }
    // Half a copy is worse than none: the whole set is given up.
    if isCancelled() { throw AnnotatedCopies.changed("the run was told to end before an input") }
    // What cannot be opened again has no stream that would say so.
    for (ordinal, file) in files.enumerated() where AnnotatedCopies.isCopied(file) && !copied.contains(ordinal) {
      // What only the ledger knows is no input of this run.
      guard ordinals[file.path] == ordinal, plan.inputs.contains(where: { file.isIn($0.name) }) else { continue }
      throw AnnotatedCopies.unreadable(file.path)
    }
    if states != plan.inputs.map({ FileState($0.name) }) { throw AnnotatedCopies.changed("an input") }
  }

  /// Whether an export could be read, so that there is to be a copy of it.
  private static func isCopied(_ file: SourceFile) -> Bool {
    file.format == .csv && file.status != .refused && !file.isWithheld
  }

  private static func unreadable(_ path: String) -> ReportError {
    ReportError(.cannotWrite, call: "it cannot be read a second time", file: "the annotated copy of \(path)", code: 0)
  }

  private static func changed(_ path: String) -> ReportError {
    ReportError(
      .cannotWrite, call: "read again", file: "\(path) changed while it was read; its annotated copy", code: 0)
  }

  private func copy(_ stream: ClaimStream, _ ordinal: Int, to output: CopyOutput) throws(ReportError) {
    guard case .csv(let reader, _) = StreamKind(stream, plan: plan, interest: .everything) else {
      throw AnnotatedCopies.changed(stream.name)
    }
    var annotator = CSVAnnotator(reader.layout, to: output) { () throws(ReportError) in
      try self.next(of: ordinal)
    }
    var window = InputWindow(over: stream, readSize: plan.readSize)
    var hasFailed = false
    unsafe window.read(isCancelled: { hasFailed || isCancelled() }) { bytes, isLast in
      let used = unsafe annotator.take(bytes, isLast: isLast)
      hasFailed = annotator.failure != nil
      return used
    }
    switch annotator.failure {
    case .output(let error): throw error
    case nil: break
    default: throw AnnotatedCopies.changed(stream.name)
    }
    if annotator.untouched > 0 {
      say(
        "\(annotator.untouched) rows cannot be read or have more cells than the header: they stand in the annotated copy as they are",
        .warning, stream.name)
    }
    if annotator.wasAnnotated {
      say("the header has audit_ columns already: those of this run stand behind them", .warning, stream.name)
    }
  }

  private func say(_ message: String, _ severity: IssueSeverity, _ path: String) {
    tell(
      .issue(
        ReadingIssue(
          code: "NOT_ANNOTATED", severity: severity, effect: .none, location: SourceLocation(), message: message),
        path: path))
  }

  /// The next watched line of the stream.
  private func next(of ordinal: Int) throws(ReportError) -> LineAnnotation? {
    if waiting == nil { waiting = try read() }
    // Lines of streams that are not copied.
    while let line = waiting, line.stream < ordinal { waiting = try read() }
    guard let line = waiting, line.stream == ordinal else { return nil }
    waiting = nil
    return line
  }

  private func read() throws(ReportError) -> LineAnnotation? {
    guard let texts = try lines.next(9) else { return nil }
    var line = LineAnnotation()
    line.stream = Int(texts[0]) ?? 0
    line.record = Int(texts[1]) ?? 0
    line.byteOffset = Int(texts[2]) ?? 0
    line.lineNumber = texts[3]
    line.severity = texts[4]
    line.rules = texts[5]
    line.messages = texts[6]
    line.carc = texts[7]
    line.atRisk = texts[8]
    return line
  }
}

extension SourceFile {
  /// Whether the stream is the input of that name, or an entry of it.
  fileprivate func isIn(_ input: String) -> Bool { path == input || path.utf8.starts(with: (input + "!").utf8) }
}
