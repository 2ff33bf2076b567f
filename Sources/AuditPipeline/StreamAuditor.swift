internal import Auditing
internal import ByteInput
internal import ClaimModel
internal import ClaimReading
internal import Reporting

/// Audits one stream: finds out what it is, reads its claims, applies the rules, and hands on records in pieces.
///
/// One is used for stream after stream by one worker; it keeps its storage.
struct StreamAuditor {
  private let plan: AuditPlan
  private let auditor: Auditor
  private let interest: ClaimInterest
  private let isCancelled: () -> Bool

  init(plan: AuditPlan, auditor: Auditor, isCancelled: @escaping () -> Bool) {
    self.plan = plan
    self.auditor = auditor
    self.isCancelled = isCancelled
    let takesAll = plan.criteria.map { plan.marksEveryClaim || $0.takesUnwatchedClaims } ?? (plan.scope == .all)
    interest =
      takesAll
      ? .everything : ClaimInterest(procedures: auditor.watchedProcedures, outlined: auditor.globalProcedures)
  }

  /// Reads `stream` to its end, handing pieces to `emit`, and says what is known of it then.
  ///
  /// `isAlone` says that no other input waits for a thread: then a compressed stream is unpacked by a thread of its own and a
  /// large plain one is read by several.
  ///
  /// Issues that the byte layer raises after the stream has been read (`CHANGED_DURING_READ`) are the caller's to add.
  func audit(_ stream: ClaimStream, isAlone: Bool, emit: @escaping (StreamPart) -> Void) -> StreamEnd {
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
    switch kind {
    case .x12(var reader):
      file.format = .x12
      if isAlone, plan.jobs > 1, let plain = stream.plainFile, plain.size >= 4 * plan.unitSize {
        let units = X12UnitReading(plan: plan, auditor: auditor, interest: interest, isCancelled: isCancelled)
        if let outcome = units.read(plain, head: stream.peek(ClaimStream.peekLimit), emit: emit) {
          file.fill(outcome.totals)
          file.bytes = plain.size
          if outcome.totals.transactionSets == 0 { file.status = .skipped }
          if outcome.isRefused { file.status = .refused } else if outcome.isDamaged { file.status = .partial }
          return StreamEnd(
            file: file, isDamaged: outcome.isRefused || outcome.isDamaged, recognition: recognition)
        }
      }
      read(stream, isAlone: isAlone, through: &reader, to: &handler)
      file.fill(reader.totals)
      if reader.totals.transactionSets == 0 { file.status = .skipped }
    case .csv(var reader, let notices):
      file.format = .csv
      file.columns = reader.columnNames
      handler.columns = reader.columnNames
      for notice in notices { handler.issue(notice) }
      if isAlone, plan.jobs > 1, reader.canBeParted, let plain = stream.plainFile, plain.size >= 4 * plan.unitSize {
        handler.flush()
        let units = CSVUnitReading(plan: plan, auditor: auditor, reader: reader, isCancelled: isCancelled)
        let outcome = units.read(plain, emit: emit)
        file.fill(outcome.totals)
        file.bytes = plain.size
        let isDamaged = outcome.isDamaged || handler.isDamaged
        if outcome.isRefused { file.status = .refused } else if isDamaged { file.status = .partial }
        return StreamEnd(file: file, isDamaged: outcome.isRefused || isDamaged, recognition: recognition)
      }
      read(stream, isAlone: isAlone, through: &reader, to: &handler)
      file.fill(reader.totals)
    case .refused(let issues):
      for issue in issues { handler.issue(issue) }
    case .empty:
      // Reading once makes the stream say that it is empty.
      unsafe withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { _ = unsafe stream.read(into: $0) }
    }
    for remark in stream.takeRemarks() { handler.issue(ReadingIssue(remark)) }
    handler.flush()
    file.bytes = stream.bytesRead
    if handler.isRefused { file.status = .refused } else if handler.isDamaged { file.status = .partial }
    return StreamEnd(
      file: file, isDamaged: handler.isRefused || handler.isDamaged, isTransient: handler.isTransient,
      recognition: recognition)
  }

  /// Reads the stream to its end, unpacked by a thread of its own where there is one to spare.
  private func read(
    _ stream: ClaimStream, isAlone: Bool, through reader: inout some ClaimReader, to handler: inout ClaimAuditing
  ) {
    let isAhead = isAlone && plan.jobs > 1 && stream.plainFile == nil
    let source: any ByteSource = isAhead ? ReadAheadSource(stream) : stream
    var window = InputWindow(over: source, readSize: plan.readSize)
    window.read(through: &reader, to: &handler, progress: plan.progress, isCancelled: isCancelled)
    // What the stream remarked while it was read ahead has passed through the source.
    if isAhead { for remark in source.takeRemarks() { handler.issue(ReadingIssue(remark)) } }
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
