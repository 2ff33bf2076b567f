public import ByteInput
public import ClaimModel
public import ClaimReading

/// What is in one stream, without rules: what `inspect` shows.
public struct Inspection: Sendable {
  /// The path as given.
  public var path: String
  /// `837`, `csv`, or `nil` when it is neither.
  public var format: ClaimFormat?
  /// How it is wrapped.
  public var compression: String
  /// Decompressed bytes.
  public var bytes = 0
  /// What was counted.
  public var totals = ReadingTotals()
  /// What an X12 stream is made of.
  public var survey: X12Survey?
  /// How the columns of an export were understood.
  public var columns: ColumnReport?
  /// Claims by kind: professional, institutional, dental.
  public var kinds: [ClaimKind: Int] = [:]
  /// Claims by payer, at most `payerLimit` payers; the rest are counted in `otherPayers`.
  public var payers: [Payer: Int] = [:]
  /// Claims of payers beyond the limit.
  public var otherPayers = 0
  /// The first and the last service day.
  public var serviceDays: ClosedRange<Day>?
  /// What was noticed, by kind.
  public var issues: [OddityKind: Oddity] = [:]

  /// A payer as the input names it.
  public struct Payer: Hashable, Sendable {
    /// The name.
    public var name: String
    /// The id.
    public var id: String
  }

  /// What makes issues alike: a row that is lost is another thing than one of the same code that is kept.
  public struct OddityKind: Hashable, Comparable, Sendable {
    /// The code.
    public var code: String
    /// How serious it is.
    public var severity: IssueSeverity
    /// What it did to the claims.
    public var effect: IssueEffect

    /// By code, the gravest of each first.
    public static func < (left: OddityKind, right: OddityKind) -> Bool {
      (left.code, right.effect.gravity, left.severity.rawValue)
        < (right.code, left.effect.gravity, right.severity.rawValue)
    }
  }

  /// The issues of one kind.
  public struct Oddity: Sendable {
    /// How many.
    public var count: Int
    /// The first of them.
    public var first: ReadingIssue
  }

  /// How many payers are told apart.
  public static let payerLimit = 200

  /// Whether something could not be read.
  public var isDamaged: Bool { issues.keys.contains { $0.effect.isDamage } }

  /// Looks at every stream of an input.
  public static func of(_ input: InputReference, plan: AuditPlan, isCancelled: @escaping () -> Bool) -> (
    streams: [Inspection], cannotOpen: Bool
  ) {
    var streams: [Inspection] = []
    let outcome = InputOpener(limits: plan.inputLimits, spoolDirectory: plan.spoolFolder).forEachStream(of: input) {
      stream in
      streams.append(inspect(stream, plan: plan, isCancelled: isCancelled))
    }
    var cannotOpen = false
    if case .cannotOpen = outcome { cannotOpen = true }
    for remark in outcome.remarks {
      if remark.entryName == nil, let last = streams.indices.last, streams[last].path == input.name {
        streams[last].add(ReadingIssue(remark))
      } else {
        var whole = Inspection(path: remark.entryName ?? input.name, compression: "none")
        whole.add(ReadingIssue(remark))
        streams.append(whole)
      }
    }
    return (streams, cannotOpen)
  }

  private init(path: String, compression: String) {
    self.path = path
    self.compression = compression
  }

  private static func inspect(_ stream: ClaimStream, plan: AuditPlan, isCancelled: () -> Bool) -> Inspection {
    var handler = Inspector(inspection: Inspection(path: stream.name, compression: stream.compression))
    switch StreamKind(stream, plan: plan, interest: .everything) {
    case .x12(var reader):
      handler.inspection.format = .x12
      var window = InputWindow(over: stream, readSize: plan.readSize)
      window.read(through: &reader, to: &handler, isCancelled: isCancelled)
      handler.inspection.totals = reader.totals
      handler.inspection.survey = reader.survey
    case .csv(var reader, let notices):
      handler.inspection.format = .csv
      handler.inspection.columns = reader.mappingReport
      for notice in notices { handler.issue(notice) }
      var window = InputWindow(over: stream, readSize: plan.readSize)
      window.read(through: &reader, to: &handler, isCancelled: isCancelled)
      handler.inspection.totals = reader.totals
    case .refused(let issues):
      for issue in issues { handler.issue(issue) }
    case .ownOutput: handler.issue(.ownOutput)
    case .empty:
      unsafe withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { _ = unsafe stream.read(into: $0) }
    }
    for remark in stream.takeRemarks() { handler.issue(ReadingIssue(remark)) }
    handler.inspection.bytes = stream.bytesRead
    return handler.inspection
  }

  /// Counts an issue.
  mutating func add(_ issue: ReadingIssue) {
    let kind = OddityKind(code: issue.code, severity: issue.severity, effect: issue.effect)
    issues[kind, default: Oddity(count: 0, first: issue)].count += 1
  }

  /// Counts a claim.
  mutating func add(_ claim: Claim) {
    kinds[claim.kind, default: 0] += 1
    let payer = Payer(name: claim.text.string(claim.payerName), id: claim.text.string(claim.payerID))
    if payers[payer] != nil || payers.count < Inspection.payerLimit {
      payers[payer, default: 0] += 1
    } else {
      otherPayers += 1
    }
    for line in claim.lines {
      guard let day = line.serviceFrom.day else { continue }
      guard let range = serviceDays else {
        serviceDays = day...day
        continue
      }
      serviceDays = min(range.lowerBound, day)...max(range.upperBound, day)
    }
  }
}

extension IssueEffect {
  /// How grave it is: the position in the list, which the gravest ends.
  fileprivate var gravity: Int { IssueEffect.allCases.firstIndex(of: self) ?? 0 }
}

/// Takes what a reader makes of a stream that is inspected.
private struct Inspector: ClaimHandler {
  var inspection: Inspection

  mutating func claim(_ claim: inout Claim) { inspection.add(claim) }
  mutating func issue(_ issue: ReadingIssue) { inspection.add(issue) }
}
