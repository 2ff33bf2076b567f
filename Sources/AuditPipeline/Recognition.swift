public import ClaimModel
public import ClaimReading

/// What a stream was taken for: told to those who ask before they trust a report.
public struct Recognition: Sendable {
  /// The path as given.
  public var path: String
  /// How it is wrapped, `none` when it is not.
  public var compression: String
  /// `837`, `csv`, or `nil` when it is neither.
  public var format: ClaimFormat?
  /// The delimiters and guide versions at the beginning of an X12 stream.
  public var survey: X12Survey?
  /// How the columns of an export were understood.
  public var columns: ColumnReport?

  init(path: String, compression: String, kind: StreamKind, sample: [UInt8], plan: AuditPlan) {
    self.path = path
    self.compression = compression
    switch kind {
    case .x12:
      format = .x12
      // A reader of its own looks at the beginning: a large stream is read by several, none of which sees all of it.
      var reader = X12ClaimReader(interest: ClaimInterest(procedures: []), limits: plan.limits, hash: plan.identityHash)
      var ignored = Ignored()
      _ = unsafe sample.withUnsafeBytes { unsafe reader.read($0, isLast: false, handler: &ignored) }
      survey = reader.survey
    case .csv(let reader, _):
      format = .csv
      columns = reader.mappingReport
    case .refused, .empty, .ownOutput: break
    }
  }

  /// Takes claims and issues and does nothing with them.
  private struct Ignored: ClaimHandler {
    mutating func claim(_ claim: inout Claim) {}
    mutating func issue(_ issue: ReadingIssue) {}
  }
}
