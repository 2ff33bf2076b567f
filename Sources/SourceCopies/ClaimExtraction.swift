public import AuditPipeline
public import Auditing
internal import ByteInput
internal import Reporting

/// Writes selected claims back: interchanges of an 837 with the claims that are left, or the header and rows of an export.
///
/// Which claims have findings is known at the end of a run only (duplicates, global periods, outliers). So the inputs are read
/// twice: first they are audited, and of every claim is kept where it stands and what is known of it; then the claims that are
/// selected are copied. What must be kept goes to temporary files without names, so that memory does not grow with the input but for a
/// byte a level that goes out.
public enum ClaimExtraction {
  /// Where the claims go.
  public enum Destination: Sendable {
    /// One stream of claims to standard output.
    case standardOutput
    /// One stream of claims into a file.
    case file(String)
    /// A file for each input that has a selected claim.
    case folder(String)
  }

  /// What was written.
  public struct Outcome: Sendable {
    /// How many claims were found.
    public var claims = 0
    /// How many of them were written.
    public var selected = 0
    /// The paths of the files that were written.
    public var files: [String] = []
    /// Whether some input was damaged or refused.
    public var isDamaged = false
    /// Whether some input could not be opened.
    public var isUnopened = false
  }

  /// Audits the inputs of `plan`, selects claims by `criteria` and writes them.
  ///
  /// - Parameters:
  ///   - plan: what to read and how.
  ///   - auditor: the rules.
  ///   - criteria: which claims are selected.
  ///   - isInverted: whether the others are written instead.
  ///   - destination: where they go.
  ///   - isCancelled: asked between blocks; then nothing is written.
  ///   - tell: takes what the user may want to read.
  /// - Returns: what was written; `nil` after a cancellation.
  /// - Throws: `ExtractionFailure`.
  public static func run(
    _ plan: AuditPlan, auditor: Auditor, criteria: ClaimCriteria, isInverted: Bool, destination: Destination,
    isCancelled: @escaping @Sendable () -> Bool, tell: @escaping (SourceNotice) -> Void
  ) throws -> Outcome? {
    do {
      // Opened before the first claim is read, so that what cannot be written ends the run at once.
      let target = try CopyTarget(destination, inputs: plan.inputs)
      defer { target.abort() }
      var plan = plan
      plan.spoolFolder = target.spoolFolder
      plan.criteria = criteria
      plan.marksEveryClaim = isInverted
      plan.inputs = plan.inputs.map { $0.rereadable(copiesIn: target.spoolFolder) }
      let before = plan.inputs.map { FileState($0.name) }
      let marks = ClaimMarks(criteria, folder: plan.spoolFolder)
      let result = try AuditRun.run(
        plan, auditor: auditor, lines: RecordSpool(folder: plan.spoolFolder),
        issues: RecordSpool(folder: plan.spoolFolder), summary: SummaryBuilder(), marks: marks,
        isCancelled: isCancelled, tell: tell)
      if isCancelled() { return nil }
      try marks.select(result.runFindings, inverted: isInverted)
      var outcome = Outcome(isDamaged: result.isDamaged, isUnopened: result.isUnopened)
      outcome.claims = result.files.reduce(0) { $0 + $1.claims }
      outcome.selected = marks.counts.values.reduce(0) { $0 + $1.selected }
      let copying = ClaimCopying(plan: plan, files: result.files, marks: marks, isCancelled: isCancelled)
      outcome.files = try copying.write(to: target)
      if isCancelled() { return nil }
      guard before == plan.inputs.map({ FileState($0.name) }) else { throw ExtractionFailure.changed }
      try target.publish()
      return outcome
    } catch let error as ReportError {
      throw ExtractionFailure.output(error)
    }
  }
}
