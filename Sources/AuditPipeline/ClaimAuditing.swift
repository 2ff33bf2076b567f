internal import Auditing
internal import ByteInput
internal import ClaimModel
internal import ClaimReading
internal import Reporting

/// The room that auditing takes and what is remembered from claim to claim, handed from one unit of a stream to the next: begun
/// anew with each, every payer, clinician and diagnosis would be looked up again.
struct AuditingStorage {
  fileprivate var audit = ClaimAudit()
  fileprivate let lineEncoder: LineRecordEncoder
  fileprivate let issueEncoder = IssueRecordEncoder()
  fileprivate let pool = ChunkPool()

  /// Room for the claims of that auditor.
  init(_ auditor: Auditor) { lineEncoder = LineRecordEncoder(auditor.catalogue) }
}

/// Takes claims and issues of one stream, audits the claims and makes records of both.
struct ClaimAuditing: ClaimHandler {
  /// How many bytes of records are gathered before they are handed on.
  private static let pieceSize = 256 << 10
  /// What may be otherwise when the file is read the next time, or named then.
  private static let transientCodes = Set(
    [InputRemark.Code.readError, .changedDuringRead, .spool, .open, .fileSkipped].map(\.rawValue))

  var columns = ColumnNames()
  private(set) var isDamaged = false
  private(set) var isRefused = false
  private(set) var isTransient = false

  private let auditor: Auditor
  private let scope: AuditPlan.Scope
  /// The lines that are reported of a claim that is.
  private let selection: LineRecordEncoder.Selection
  private let payer: String?
  private let criteria: ClaimCriteria?
  private let emit: (StreamPart) -> Void
  private var storage: AuditingStorage
  private var records: StreamRecords
  /// How many bytes of records there are: to ask for them with every claim would cost more than most claims.
  private var recordBytes = 0
  /// On how many lines a rule could not be evaluated, by its position in the catalogue.
  private var notEvaluated: [Int] = []
  private(set) var claimOrdinal = 0
  private let progress: RunProgress?
  private var findingCount = 0

  init(
    auditor: Auditor, plan: AuditPlan, storage: AuditingStorage? = nil, emit: @escaping (StreamPart) -> Void
  ) {
    self.auditor = auditor
    let storage = storage ?? AuditingStorage(auditor)
    self.storage = storage
    records = StreamRecords(storage.pool)
    scope = plan.scope
    selection = scope == .hits ? .watched : auditor.period.isUnlimited ? .all : .within(auditor.period)
    payer = plan.payer
    progress = plan.progress
    criteria = plan.criteria
    self.emit = emit
  }

  mutating func claim(_ claim: inout Claim) {
    claimOrdinal += 1
    auditor.audit(claim, into: &storage.audit, addingTo: &records.facts)
    findingCount += storage.audit.findings.count
    for rule in storage.audit.notEvaluated { count(rule) }
    if let criteria {
      ClaimMark.append(claim, criteria.traits(claim, storage.audit), to: &records.marks)
      flushIfFull()
      return
    }
    let isOfPayer = payer == nil || payer == storage.audit.payer
    if scope == .all ? isOfPayer : storage.audit.hasWatchedLine {
      storage.lineEncoder.encode(
        claim, audit: storage.audit, selection: selection, stream: 0, ordinal: claimOrdinal, columns: columns,
        into: records.lines)
      recordBytes = records.weightOfRecords
    }
    flushIfFull()
  }

  mutating func issue(_ issue: ReadingIssue) {
    storage.issueEncoder.encode(issue, stream: 0, into: records.issues)
    if issue.effect == .fileRefused { isRefused = true } else if issue.effect.isDamage { isDamaged = true }
    if ClaimAuditing.transientCodes.contains(issue.code) { isTransient = true }
    records.told.add(issue)
    recordBytes = records.weightOfRecords
    flushIfFull()
  }

  private mutating func flushIfFull() {
    if recordBytes + records.weightOfFacts > ClaimAuditing.pieceSize { flush() }
  }

  /// Counts a rule that could not be evaluated on a line.
  private mutating func count(_ rule: RuleIndex) {
    let position = Int(rule.position)
    while notEvaluated.count <= position { notEvaluated.append(0) }
    notEvaluated[position] += 1
  }

  /// Hands on what there is.
  mutating func flush() {
    for position in notEvaluated.indices where notEvaluated[position] > 0 {
      records.notEvaluated[RuleIndex(position)] = notEvaluated[position]
      notEvaluated[position] = 0
    }
    guard !records.isEmpty else { return }
    progress?.add(findings: findingCount)
    findingCount = 0
    // Once handed on they may be somebody else's already.
    let size = records.lines.byteCount
    emit(.records(records))
    records.startAnew(afterLines: size)
    recordBytes = 0
  }

  /// Hands on what there is, for the last time, and gives its storage to who comes next.
  mutating func end() -> AuditingStorage {
    flush()
    storage.pool.giveBack(records.lines)
    return storage
  }
}
