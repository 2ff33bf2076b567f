internal import Auditing
internal import ByteInput
internal import ClaimModel
internal import Reporting
internal import Threads

/// Reads one input after the other on one thread: a file gives one stream, an archive one for each entry.
struct InputWorker {
  private let plan: AuditPlan
  private let streams: StreamAuditor
  private let auditor: Auditor

  init(plan: AuditPlan, auditor: Auditor, spare: SpareThreads, isCancelled: @escaping () -> Bool) {
    self.plan = plan
    self.auditor = auditor
    streams = StreamAuditor(plan: plan, auditor: auditor, spare: spare, isCancelled: isCancelled)
  }

  /// Reads `input` and hands on its parts, in order.
  func read(_ input: InputReference, emit: (StreamPart) -> Void) {
    // The last stream's end waits: what is noticed about the file as a whole may belong to it.
    var last: StreamEnd?
    var opener = InputOpener(limits: plan.inputLimits, spoolDirectory: plan.spoolFolder)
    opener.meter = plan.progress?.meter
    let outcome = withoutActuallyEscaping(emit) { emit in
      opener.forEachStream(of: input) { stream in
        if let end = last { emit(.end(finished(end))) }
        last = streams.audit(stream, emit: emit)
      }
    }
    let ofFile = outcome.remarks.filter { $0.entryName == nil }
    let ofEntries = outcome.remarks.filter { $0.entryName != nil }
    if var end = last {
      if end.file.path == input.name {
        note(ofFile, on: &end, emit: emit)
        last = nil
        emit(.end(finished(end)))
      } else {
        emit(.end(finished(end)))
        last = nil
        if !ofFile.isEmpty { whole(input, ofFile, outcome, emit: emit) }
      }
    } else if !ofFile.isEmpty || ofEntries.isEmpty {
      whole(input, ofFile, outcome, emit: emit)
    }
    for remark in ofEntries {
      var end = StreamEnd(
        file: SourceFile(path: remark.entryName ?? input.name, compression: "zip", status: .skipped))
      note([remark], on: &end, emit: emit)
      emit(.end(finished(end)))
    }
  }

  /// The file itself, where what was noticed belongs to no stream of it.
  private func whole(
    _ input: InputReference, _ remarks: [InputRemark], _ outcome: InputOutcome, emit: (StreamPart) -> Void
  ) {
    var end = StreamEnd(file: SourceFile(path: input.name, status: .skipped))
    if case .cannotOpen = outcome { end.isUnopened = true }
    note(remarks, on: &end, emit: emit)
    emit(.end(finished(end)))
  }

  /// Adds remarks of the byte layer to a stream that has been read.
  private func note(_ remarks: [InputRemark], on end: inout StreamEnd, emit: (StreamPart) -> Void) {
    guard !remarks.isEmpty else { return }
    withoutActuallyEscaping(emit) { emit in
      var handler = ClaimAuditing(auditor: auditor, plan: plan, emit: emit)
      for remark in remarks { handler.issue(ReadingIssue(remark)) }
      handler.flush()
      if handler.isTransient { end.isTransient = true }
      if handler.isRefused {
        end.file.status = .refused
        end.isDamaged = !end.isUnopened
      } else if handler.isDamaged {
        end.file.status = .partial
        end.isDamaged = true
      }
    }
  }

  /// Withholds the lines of a damaged input when the run is strict.
  private func finished(_ end: StreamEnd) -> StreamEnd {
    var end = end
    if plan.isStrict, end.isDamaged { end.file.isWithheld = true }
    return end
  }
}
