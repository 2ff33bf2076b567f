internal import Auditing
internal import ByteInput
internal import ClaimModel
internal import ClaimReading
internal import Reporting
internal import Threads

/// Audits one stream: finds out what it is, reads its claims, applies the rules, and hands on records in pieces.
///
/// One is used for stream after stream by one worker; it keeps its storage.
struct StreamAuditor {
  private let plan: AuditPlan
  private let auditor: Auditor
  private let interest: ClaimInterest
  private let spare: SpareThreads
  private let isCancelled: () -> Bool

  init(plan: AuditPlan, auditor: Auditor, spare: SpareThreads, isCancelled: @escaping () -> Bool) {
    self.plan = plan
    self.auditor = auditor
    self.spare = spare
    self.isCancelled = isCancelled
    let takesAll = plan.criteria.map { plan.marksEveryClaim || $0.takesUnwatchedClaims } ?? (plan.scope == .all)
    interest =
      takesAll
      ? .everything : ClaimInterest(procedures: auditor.watchedProcedures, outlined: auditor.globalProcedures)
  }

  /// Reads `stream` to its end, handing pieces to `emit`, and says what is known of it then.
  ///
  /// As soon as a thread is to spare, a compressed stream is unpacked by a thread of its own and what is left of a large plain one is
  /// read by several.
  ///
  /// Issues that the byte layer raises after the stream has been read (`CHANGED_DURING_READ`) are the caller's to add.
  func audit(_ stream: ClaimStream, emit: @escaping (StreamPart) -> Void) -> StreamEnd {
    var file = SourceFile(path: stream.name, compression: stream.compression)
    var handler = ClaimAuditing(auditor: auditor, plan: plan, emit: emit)
    // The stream is looked at first: once it is read ahead it belongs to the thread that reads it.
    let kind = StreamKind(stream, plan: plan, interest: interest)
    let recognition =
      plan.tellsRecognition
      ? Recognition(
        path: stream.name, compression: stream.compression, kind: kind, sample: stream.peek(ClaimStream.peekLimit),
        plan: plan)
      : nil
    if let notice = kind.mismatch(withName: stream.name) {
      handler.issue(notice)
      handler.flush()
    }
    var units = UnitOutcome()
    switch kind {
    case .x12(var reader):
      file.format = .x12
      let way = X12UnitReading(
        plan: plan, auditor: auditor, interest: interest, spare: spare, isCancelled: isCancelled)
      units = read(stream, through: &reader, in: way, to: &handler, emit: emit)
      file.fill(units.totals)
      if units.totals.transactionSets == 0 { file.status = .skipped }
    case .csv(var reader, let notices):
      file.format = .csv
      file.columns = reader.columnNames
      handler.columns = reader.columnNames
      for notice in notices { handler.issue(notice) }
      let way = CSVUnitReading(plan: plan, auditor: auditor, reader: reader, spare: spare, isCancelled: isCancelled)
      units = read(stream, through: &reader, in: reader.canBeParted ? way : nil, to: &handler, emit: emit)
      file.fill(units.totals)
    case .refused(let issues):
      for issue in issues { handler.issue(issue) }
    case .ownOutput:
      file.status = .skipped
      handler.issue(.ownOutput)
    case .empty:
      // Reading once makes the stream say that it is empty.
      unsafe withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { _ = unsafe stream.read(into: $0) }
    }
    for remark in stream.takeRemarks() { handler.issue(ReadingIssue(remark)) }
    handler.flush()
    file.bytes = units.bytes ?? stream.bytesRead
    let isRefused = handler.isRefused || units.isRefused
    let isDamaged = handler.isDamaged || units.isDamaged
    if isRefused { file.status = .refused } else if isDamaged { file.status = .partial }
    return StreamEnd(
      file: file, isDamaged: isRefused || isDamaged, isTransient: handler.isTransient, recognition: recognition)
  }

  /// Reads the stream to its end, with what help there is.
  private func read<Units: UnitReading>(
    _ stream: ClaimStream, through reader: inout Units.Reader, in units: Units?, to handler: inout ClaimAuditing,
    emit: @escaping (StreamPart) -> Void
  ) -> UnitOutcome {
    var window = InputWindow(over: stream, readSize: plan.readSize)
    var ahead: ReadAheadSource?
    // Where no unit could begin it is tried again further on, and further each time.
    var (next, distance) = (0, 4 * plan.unitSize)
    var outcome = UnitOutcome()
    while true {
      let isOver = window.read(
        through: &reader, to: &handler, progress: plan.progress, isCancelled: isCancelled,
        pauses: { offset in
          guard spare.isAny else { return false }
          guard let file = stream.plainFile else { return ahead == nil }
          return units != nil && offset >= next && file.size - offset >= 4 * plan.unitSize
        })
      if isOver { break }
      guard let file = stream.plainFile else {
        if spare.take() {
          let source = ReadAheadSource(stream)
          window.go(on: source)
          ahead = source
        }
        continue
      }
      let offset = reader.offset
      let claims = reader.totals.claims
      let start = units?.start(in: file, with: &reader, to: &handler)
      plan.progress?.add(claims: reader.totals.claims - claims)
      if let units, let start {
        handler.flush()
        outcome = units.read(file, from: start, after: handler.claimOrdinal, emit: emit)
        outcome.totals += reader.totals
        outcome.bytes = file.size
        return outcome
      }
      next = reader.offset + distance
      distance *= 2
      // What was used up in the attempt does not come again.
      if reader.offset > offset {
        outcome.bytes = file.size
        window = InputWindow(
          over: FileBlockSource(file.descriptor, reader.offset..<file.size, plan.progress?.meter),
          readSize: plan.readSize)
      }
    }
    // What the stream remarked while it was read ahead has passed through the source.
    if let ahead {
      for remark in ahead.takeRemarks() { handler.issue(ReadingIssue(remark)) }
      spare.give()
    }
    outcome.totals = reader.totals
    return outcome
  }
}

extension SourceFile {
  /// Takes what the reader counted.
  fileprivate mutating func fill(_ totals: ReadingTotals) {
    claims = totals.claims
    lines = totals.lines
    chargeCents = totals.chargeCents
  }
}
