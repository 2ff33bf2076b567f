internal import Auditing
internal import ClaimModel

/// A pass over the spools for some of the writers: each line gets its run-wide findings, becomes cells, and goes to each of them.
///
/// Several passes may go on at a time, each with writers of its own; one of them adds up the summary.
struct PublishingPass: ~Copyable {
  private var summary: SummaryBuilder?
  private let files: [SourceFile]
  private let isWithheld: [Bool]
  private let catalogue: RuleCatalogue
  private let writers: [any ReportWriter]
  /// Those that read findings.
  private let findingWriters: [any ReportWriter]
  private let needs: WriterNeeds
  private var runFindings: RunFindingReader
  private let texts: RuleTexts

  private var reported = ReportedLine()
  private var finding = ReportedFinding()
  private var issueRow = TableRow()
  /// The findings of the line: a `FindingRecord` for each, the claim's in the spool's buffer, the run's in `added`.
  private var found: [Found] = []
  private var added = ByteBuffer()
  /// Fingerprints and accepted findings, where the run asks for them.
  private(set) var accepted: AcceptedFindings?
  /// The accepted findings of the line.
  private var suppressed: [(finding: Found, suppression: Suppression)] = []
  private var codes: [Code] = []
  private var groups = SummaryGroups()
  private var streamOrdinal = -1

  /// A finding and the buffer that holds it.
  private struct Found {
    var record: FindingRecord
    var isAdded: Bool
    var fingerprint: FindingFingerprint?
  }

  /// A pass.
  ///
  /// - Parameters:
  ///   - files: the input streams.
  ///   - catalogue: the rules of the run.
  ///   - summary: what the pass adds to, `nil` where another one does.
  ///   - writers: those it serves.
  ///   - runFindings: what the rules over the whole run found.
  ///   - suppressions: the accepted findings, where the run has such a list; then there is one pass.
  init(
    files: [SourceFile], catalogue: RuleCatalogue, summary: SummaryBuilder?, writers: [any ReportWriter],
    runFindings: consuming RunFindingReader, suppressions: SuppressionList? = nil
  ) {
    self.files = files
    isWithheld = files.map(\.isWithheld)
    self.catalogue = catalogue
    self.summary = summary
    self.writers = writers
    findingWriters = writers.filter { !$0.needs.isDisjoint(with: .findings) }
    self.runFindings = runFindings
    texts = RuleTexts(catalogue)
    needs = writers.reduce([]) { $0.union($1.needs) }
    if suppressions != nil || writers.contains(where: \.wantsFingerprints) {
      accepted = AcceptedFindings(suppressions)
    }
  }

  /// Writes all lines, then all issues.
  mutating func run(lines: RecordSpool, issues: RecordSpool) throws(ReportError) {
    try lines.forEach { (buffer, record) throws(ReportError) in try line(record, in: buffer) }
    try issues.forEach { (buffer, record) throws(ReportError) in try issue(record, in: buffer) }
  }

  /// The summary, when all has been written; `nil` where another pass adds it up.
  func finish() throws(ReportError) -> Summary? {
    guard let builder = summary else { return nil }
    var summary = builder.summary(files: files, catalogue: catalogue)
    if let failure = builder.failure { throw failure }
    summary.suppressed = accepted?.summary(catalogue)
    return summary
  }

  // MARK: Lines

  private mutating func line(_ record: Record, in buffer: borrowing ByteBuffer) throws(ReportError) {
    try gatherFindings(of: record, in: buffer)
    let ordinal = Int(record.key.stream)
    if ordinal < isWithheld.count, isWithheld[ordinal] { return }

    if accepted != nil { identifyFindings(of: record, in: buffer) }
    var severity = Severity.none
    for index in found.indices where found[index].record.severity > severity { severity = found[index].record.severity }
    let atRisk = severity >= .warning ? record.charge ?? 0 : 0
    if summary != nil { addToSummary(record, in: buffer, atRisk: atRisk) }

    reported.record = record
    reported.stream = ordinal
    reported.findingCount = found.count
    makeHead(record, of: ordinal)
    if !needs.isDisjoint(with: .lines) {
      makeTail(record, severity, atRisk: atRisk, in: buffer)
      if needs.isSuperset(of: .lineRows) { reported.makeRow(from: buffer) }
    }
    try handOut(in: buffer)
    if found.isEmpty, suppressed.isEmpty { return }
    if needs.isDisjoint(with: .findings), suppressed.isEmpty { return }
    beginFindings(record, in: buffer)
    for index in found.indices { try write(found[index], in: buffer) }
    if suppressed.isEmpty { return }
    if record.traits.contains(.watched), severity < .warning,
      suppressed.contains(where: { $0.finding.record.severity >= .warning })
    {
      accepted?.addSpared(record.charge ?? 0)
    }
    for index in suppressed.indices { try write(suppressed[index].finding, suppressed[index].suppression, in: buffer) }
  }

  /// Hands the line to the writers.
  private borrowing func handOut(in buffer: borrowing ByteBuffer) throws(ReportError) {
    // Lent, since a loop over the array would keep and release each writer for each line.
    let all = writers.span
    for index in all.indices { try all[index].line(reported, in: buffer) }
  }

  /// Gives the line's findings their fingerprints and takes out those that are accepted.
  private mutating func identifyFindings(of record: Record, in buffer: borrowing ByteBuffer) {
    suppressed.removeAll(keepingCapacity: true)
    var kept = 0
    for index in found.indices {
      var finding = found[index]
      let rule = finding.record.rule
      guard let fingerprint = accepted?.fingerprint(catalogue[rule], of: record, in: buffer) else { return }
      finding.fingerprint = fingerprint
      if let suppression = accepted?.suppression(of: fingerprint, rule) {
        suppressed.append((finding, suppression))
      } else {
        found[kept] = finding
        kept += 1
      }
    }
    found.removeSubrange(kept...)
  }

  /// The line's findings in rule order: the claim's, and those of the run that are for this line.
  private mutating func gatherFindings(of record: Record, in buffer: borrowing ByteBuffer) throws(ReportError) {
    found.removeAll(keepingCapacity: true)
    var start = record.findingsStart
    for _ in 0..<record.findingCount {
      let finding = FindingRecord(in: buffer, at: start)
      found.append(Found(record: finding, isAdded: false))
      start = finding.end
    }
    guard let next = runFindings.key, next <= record.key else { return }
    added.removeAll()
    while let next = runFindings.key, next <= record.key {
      // One whose line went before or was not reported has no row to stand in.
      if next == record.key {
        let start = added.count
        runFindings.append(for: record, files: files, texts: texts, to: &added)
        insert(Found(record: FindingRecord(in: added, at: start), isAdded: true))
      }
      try runFindings.advance()
    }
  }

  /// Puts a finding behind those of rules that come before its own.
  private mutating func insert(_ finding: Found) {
    var position = found.count
    while position > 0, finding.record.rule < found[position - 1].record.rule { position -= 1 }
    found.insert(finding, at: position)
  }

  /// The cells before those of the record.
  private mutating func makeHead(_ record: Record, of ordinal: Int) {
    if ordinal == streamOrdinal {
      reported.head.truncate(to: LineColumn.record)
    } else {
      streamOrdinal = ordinal
      reported.head.truncate()
      reported.head.append(clean: ordinal < files.count ? files[ordinal].path : "")
      reported.head.append(clean: (record.traits.contains(.csv) ? ClaimFormat.csv : .x12).word)
    }
    reported.head.append(record.key.recordNumber)
    reported.head.append(record.byteOffset)
  }

  /// The cells behind those of the record.
  private mutating func makeTail(
    _ record: Record, _ severity: Severity, atRisk: Int64, in buffer: borrowing ByteBuffer
  ) {
    reported.tail.truncate()
    if record.traits.contains(.watched) {
      reported.tail.append(word: "true")
    } else {
      reported.tail.append(word: "false")
    }
    reported.tail.append(severity)
    reported.tail.append(found.count)
    if found.isEmpty {
      for _ in 0..<3 { reported.tail.appendEmpty() }
    } else {
      reported.tail.append { bytes in
        for index in found.indices {
          if index > 0 { bytes.append(0x3B) }
          texts.appendID(of: found[index].record.rule, to: &bytes)
        }
        return []
      }
      reported.tail.append { bytes in
        var traits: CellTraits = []
        for index in found.indices {
          if index > 0 { bytes.append(0x3B) }
          let record = found[index].record
          traits.formUnion(record.cellTraits(.specialMessage))
          if found[index].isAdded {
            bytes.append(added, record.messageRange)
          } else {
            bytes.append(buffer, record.messageRange)
          }
        }
        return traits
      }
      appendCARC(in: buffer)
    }
    reported.tail.append(cents: atRisk)
  }

  /// The cell with the adjustment codes, each once.
  private mutating func appendCARC(in buffer: borrowing ByteBuffer) {
    codes.removeAll(keepingCapacity: true)
    for index in found.indices {
      let record = found[index].record
      let areCodes =
        !record.traits.contains(.own)
        ? texts.addCodes(of: record.rule, to: &codes)
        : found[index].isAdded
          ? RuleTexts.addCodes(added, record.carcRange, to: &codes)
          : RuleTexts.addCodes(buffer, record.carcRange, to: &codes)
      guard areCodes else { return appendAnyCARC(in: buffer) }
    }
    reported.tail.append { bytes in
      for index in codes.indices {
        if index > 0 { bytes.append(0x3B) }
        bytes.append(codes[index])
      }
      return []
    }
  }

  /// The same where a pack wrote something else than codes.
  private mutating func appendAnyCARC(in buffer: borrowing ByteBuffer) {
    var codes: [String] = []
    for finding in found {
      let record = finding.record
      let text =
        !record.traits.contains(.own)
        ? texts.text(of: record.rule).carc
        : finding.isAdded ? added.string(record.carcRange) : buffer.string(record.carcRange)
      for code in text.split(separator: ";") where !codes.contains(String(code)) { codes.append(String(code)) }
    }
    reported.tail.append(clean: codes.joined(separator: ";"))
  }

  // MARK: Findings

  private mutating func write(_ found: Found, in buffer: borrowing ByteBuffer) throws(ReportError) {
    finding.record = found.record
    finding.fingerprint = found.fingerprint
    if needs.isSuperset(of: .findingRows) { makeFindingRow(found, in: buffer) }
    let all = findingWriters.span
    if found.isAdded {
      for index in all.indices { try all[index].finding(finding, in: added) }
    } else {
      for index in all.indices { try all[index].finding(finding, in: buffer) }
    }
  }

  private mutating func write(
    _ found: Found, _ suppression: Suppression, in buffer: borrowing ByteBuffer
  ) throws(ReportError) {
    finding.record = found.record
    makeFindingRow(found, in: buffer)
    finding.row.append(clean: suppression.fingerprint.description)
    finding.row.append(clean: suppression.reason)
    finding.row.append(clean: suppression.until?.description ?? "")
    finding.row.append(clean: suppression.owner)
    for writer in writers { try writer.suppressed(finding.row) }
  }

  private mutating func makeFindingRow(_ found: Found, in buffer: borrowing ByteBuffer) {
    if found.isAdded { finding.makeRow(from: added, texts) } else { finding.makeRow(from: buffer, texts) }
  }

  /// The cells of a line's findings that are the line's.
  private mutating func beginFindings(_ record: Record, in buffer: borrowing ByteBuffer) {
    finding.line.truncate()
    finding.line.append(reported.head, LineColumn.sourceFile..<LineColumn.byteOffset + 1)
    appendToFindings(LineColumn.claimID, record, in: buffer)
    appendToFindings(LineColumn.lineNumber, record, in: buffer)
    appendToFindings(LineColumn.procedure, record, in: buffer)
    appendToFindings(LineColumn.payer, record, in: buffer)
    appendToFindings(LineColumn.serviceFrom, record, in: buffer)
    finding.line.append(cents: record.charge ?? 0)
  }

  private mutating func appendToFindings(_ column: Int, _ record: Record, in buffer: borrowing ByteBuffer) {
    let cell = LineColumn.inRecord(column)
    finding.line.append(buffer, record.cell(cell, in: buffer), record.isSpecial(cell) ? .special : [])
  }

  // MARK: The summary

  private mutating func addToSummary(_ record: Record, in buffer: borrowing ByteBuffer, atRisk: Int64) {
    let stream = Int(record.key.stream)
    summary?.addReportedLine()
    for index in found.indices {
      summary?.addFinding(found[index].record.rule, found[index].record.severity, stream: stream)
    }
    if record.traits.contains(.watched) {
      summary?.addWatched(record, in: buffer, stream: stream, atRisk: atRisk, &groups)
    }
  }

  // MARK: Issues

  private mutating func issue(_ record: Record, in buffer: borrowing ByteBuffer) throws(ReportError) {
    let ordinal = Int(record.key.stream)
    issueRow.truncate()
    issueRow.append(clean: ordinal < files.count ? files[ordinal].path : "")
    issueRow.append(record.key.recordNumber)
    issueRow.append(record.byteOffset)
    record.copyCells(from: buffer, to: &issueRow)
    summary?.addIssue(
      code: issueRow.string(IssueColumn.code), effect: issueRow.string(IssueColumn.effect), stream: ordinal)
    for writer in writers { try writer.issue(issueRow) }
  }
}

extension TableRow {
  mutating func append(_ severity: Severity) {
    switch severity {
    case .none: append(word: "none")
    case .info: append(word: "info")
    case .warning: append(word: "warning")
    case .error: append(word: "error")
    }
  }
}

extension LineKey {
  /// The record as the tables count it.
  var recordNumber: Int { Int(record) }
}
