internal import AuditPipeline
internal import ByteInput
internal import CSV
internal import ClaimModel
internal import ClaimReading
internal import Reporting

/// The second reading of the inputs, in which the selected claims are copied.
final class ClaimCopying {
  private let plan: AuditPlan
  private let files: [SourceFile]
  private let marks: ClaimMarks
  private let isCancelled: () -> Bool
  /// The ordinal of each stream in the run.
  private let ordinals: [String: Int]
  /// Where the header of each export stands.
  private var headers: [Int: Range<Int>] = [:]
  private var ending = CSVExtractor.Ending()
  private var hasHeader = false
  /// The streams that were met in the reading that copies.
  private var copied: Set<Int> = []

  init(plan: AuditPlan, files: [SourceFile], marks: ClaimMarks, isCancelled: @escaping () -> Bool) {
    self.plan = plan
    self.files = files
    self.marks = marks
    self.isCancelled = isCancelled
    ordinals = Dictionary(files.indices.map { (files[$0].path, $0) }) { first, _ in first }
  }

  private func count(_ ordinal: Int) -> Int { marks.counts[ordinal]?.selected ?? 0 }

  /// Writes the selected claims and says the paths that were written.
  func write(to target: CopyTarget) throws -> [String] {
    let format = try commonFormat(isShared: target.single != nil)
    try readHeaders(isShared: target.single != nil)
    let hasNothing = files.indices.allSatisfy { count($0) == 0 }
    for input in plan.inputs {
      // The levels of every stream of the input, found in a reading of their own.
      var levels: [Int: [Bool]] = [:]
      try forEachStream(of: input) { stream, ordinal in
        guard self.files[ordinal].format == .x12, self.count(ordinal) > 0 else { return }
        levels[ordinal] = try self.survey(stream, ordinal)
        try self.expectReadOn(stream, ordinal)
      }
      try forEachStream(of: input) { stream, ordinal in
        // Where nothing is selected the header goes out all the same: a table without rows is still a table.
        let isTable = hasNothing && format == .csv && target.single != nil && !self.hasHeader
        guard self.count(ordinal) > 0 || isTable && self.headers[ordinal] != nil else { return }
        let isExport = self.files[ordinal].format == .csv
        self.copied.insert(ordinal)
        let output = try target.output(for: stream.name, ending: isExport ? ".csv" : ".837")
        if isExport {
          try self.copyRows(of: stream, ordinal, isShared: target.single != nil, to: output)
        } else {
          guard let levels = levels[ordinal] else { throw ExtractionFailure.unreadable(stream.name) }
          try self.copyClaims(of: stream, ordinal, levels, to: output)
        }
        try self.expectReadOn(stream, ordinal)
        try target.finish(output)
      }
    }
    // What cannot be opened again has no stream that would say so.
    if !isCancelled(), let lost = files.indices.first(where: { count($0) > 0 && !copied.contains($0) }) {
      throw ExtractionFailure.unreadable(files[lost].path)
    }
    return target.written
  }

  /// Expects that a stream which could be read to its end at first could be so again: else a part of a claim would go out.
  private func expectReadOn(_ stream: ClaimStream, _ ordinal: Int) throws {
    guard files[ordinal].status == .ok, stream.takeRemarks().contains(where: { $0.code == .readError }) else { return }
    throw ExtractionFailure.unreadable(stream.name)
  }

  /// Lends every stream of an input that was read, with its ordinal.
  private func forEachStream(of input: InputReference, _ body: (ClaimStream, Int) throws -> Void) throws {
    var failure: (any Error)?
    _ = InputOpener(limits: plan.inputLimits, spoolDirectory: plan.spoolFolder).forEachStream(of: input) { stream in
      guard failure == nil, !isCancelled(), let ordinal = ordinals[stream.name] else { return }
      do { try body(stream, ordinal) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  // MARK: One output for several inputs

  /// What the one output holds: the format of the inputs with selected claims, else that of all of them.
  private func commonFormat(isShared: Bool) throws -> ClaimFormat? {
    let readable = files.indices.filter { files[$0].format != nil && files[$0].status != .refused }
    let selected = readable.filter { count($0) > 0 }
    let x12 = selected.first { files[$0].format == .x12 }
    let csv = selected.first { files[$0].format == .csv }
    if isShared, let x12, let csv {
      throw ExtractionFailure.mixedFormats(x12: files[x12].path, csv: files[csv].path)
    }
    if selected.isEmpty { return readable.allSatisfy { files[$0].format == .csv } ? .csv : .x12 }
    return csv == nil ? .x12 : .csv
  }

  /// Finds the header of each export, and refuses exports that one output cannot hold together.
  private func readHeaders(isShared: Bool) throws {
    guard files.contains(where: { $0.format == .csv }) else { return }
    var first: (path: String, header: [UInt8])?
    for input in plan.inputs {
      try forEachStream(of: input) { stream, ordinal in
        guard self.files[ordinal].format == .csv, self.files[ordinal].status != .refused else { return }
        let head = stream.peek(ClaimStream.peekLimit)
        guard case .csv(let reader, _) = StreamKind(stream, plan: self.plan, interest: .everything) else {
          throw ExtractionFailure.changed
        }
        let layout = reader.layout
        let end = min(layout.rowsOffset, head.count)
        self.headers[ordinal] = 0..<layout.rowsOffset
        guard isShared, self.count(ordinal) > 0 else { return }
        var header = Array(head[min(layout.headerOffset, end)..<end])
        while let last = header.last, last == 0x0A || last == 0x0D { header.removeLast() }
        if let first, first.header != header {
          throw ExtractionFailure.differentHeaders(first.path, stream.name)
        }
        if first == nil { first = (stream.name, header) }
      }
    }
  }

  // MARK: Copying

  /// Finds which levels of an 837 have levels below them in what goes out.
  private func survey(_ stream: ClaimStream, _ ordinal: Int) throws -> [Bool] {
    var extractor = X12Extractor(surveying: try marks.selected(in: ordinal))
    walk(stream, &extractor)
    if let failure = extractor.failure { throw failure }
    // Every claim that was selected stands where it stood.
    guard extractor.claims == count(ordinal) || isCancelled() else { throw ExtractionFailure.changed }
    return extractor.hasChildren
  }

  private func copyClaims(of stream: ClaimStream, _ ordinal: Int, _ levels: [Bool], to output: CopyOutput) throws {
    var extractor = X12Extractor(copying: try marks.selected(in: ordinal), hasChildren: levels, to: output)
    walk(stream, &extractor)
    if let failure = extractor.failure { throw failure }
    guard extractor.claims == count(ordinal) || isCancelled() else { throw ExtractionFailure.changed }
  }

  private func walk(_ stream: ClaimStream, _ extractor: inout X12Extractor) {
    var walker = X12SegmentWalker(limits: plan.limits)
    var window = InputWindow(over: stream, readSize: plan.readSize)
    var hasFailed = false
    unsafe window.read(isCancelled: { hasFailed || isCancelled() }) { bytes, isLast in
      let used = unsafe walker.walk(bytes, isLast: isLast, visitor: &extractor)
      hasFailed = extractor.failure != nil
      return used
    }
  }

  private func copyRows(of stream: ClaimStream, _ ordinal: Int, isShared: Bool, to output: CopyOutput) throws {
    guard let own = headers[ordinal] else { throw ExtractionFailure.unreadable(stream.name) }
    let header = isShared && hasHeader ? 0..<0 : own
    hasHeader = true
    var extractor = CSVExtractor(
      copying: try marks.selected(in: ordinal), header: header, after: isShared ? ending : CSVExtractor.Ending(),
      to: output)
    var failure: ReportError?
    var window = InputWindow(over: stream, readSize: plan.readSize)
    unsafe window.read(isCancelled: { failure != nil || isCancelled() }) { bytes, _ in
      let span = unsafe Span<UInt8>(_unsafeElements: bytes.bindMemory(to: UInt8.self))
      do throws(ReportError) { try extractor.take(span) } catch { failure = error }
      return bytes.count
    }
    if let failure { throw failure }
    ending = extractor.ending
    guard try extractor.isDone || isCancelled() else { throw ExtractionFailure.changed }
  }
}
