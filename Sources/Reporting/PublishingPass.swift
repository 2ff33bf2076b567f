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
  /// Those that read lines without findings too.
  private let lineWriters: [any ReportWriter]
  /// Those that read rows of findings.
  private let findingWriters: [any ReportWriter]
  /// Those whose rows are put together part by part.
  private let parted: [any PartedWriter]
  /// Where those rows go.
  private var rows: [PartRows] = []
  private let needs: WriterNeeds
  private var runFindings: RunFindingReader
  private let texts: RuleTexts

  private var reported: ReportedLine
  private var finding = ReportedFinding()
  private var issueRow = TableRow()
  /// Fingerprints and accepted findings, where the run asks for them.
  private(set) var accepted: AcceptedFindings?
  /// The accepted findings of the line.
  private var suppressed: [(finding: LineFindings.Entry, suppression: Suppression)] = []
  /// What the summary remembers of the lines before.
  private var memory = SummaryMemory()
  private var streamOrdinal = -1

  /// A pass.
  ///
  /// - Parameters:
  ///   - files: the input streams.
  ///   - catalogue: the rules of the run.
  ///   - summary: what the pass adds to, `nil` where another one does.
  ///   - writers: those it serves.
  ///   - parted: those whose rows it puts together part by part, and whom it tells of the issues itself.
  ///   - runFindings: what the rules over the whole run found.
  ///   - suppressions: the accepted findings, where the run has such a list; then there is one pass.
  init(
    files: [SourceFile], catalogue: RuleCatalogue, summary: SummaryBuilder?, writers: [any ReportWriter],
    parted: [any PartedWriter] = [], runFindings: consuming RunFindingReader, suppressions: SuppressionList? = nil
  ) {
    self.files = files
    isWithheld = files.map(\.isWithheld)
    self.catalogue = catalogue
    self.summary = summary
    self.writers = writers
    self.parted = parted
    lineWriters = writers.filter(\.readsEveryLine)
    findingWriters = writers.filter { $0.needs.contains(.findingRows) }
    self.runFindings = runFindings
    texts = RuleTexts(catalogue)
    reported = ReportedLine(texts)
    needs = (writers + parted).reduce([]) { $0.union($1.needs) }
    if suppressions != nil || writers.contains(where: \.wantsFingerprints) {
      accepted = AcceptedFindings(suppressions)
    }
  }

  /// Writes all lines.
  mutating func run(lines: RecordSpool) throws(ReportError) {
    try lines.forEach { (buffer, record) throws(ReportError) in try line(record, in: buffer) }
  }

  /// Puts the rows of one part of the lines together; parts come in order, not each of them to one pass.
  mutating func run(
    part: Int, of lines: RecordSpool, _ room: inout ByteBuffer, into rows: [PartRows]
  ) throws(ReportError) {
    self.rows = rows
    try lines.forEach(in: part, &room) { (buffer, record) throws(ReportError) in try line(record, in: buffer) }
  }

  /// Writes all issues.
  mutating func run(issues: RecordSpool) throws(ReportError) {
    try issues.forEach { (buffer, record) throws(ReportError) in try issue(record, in: buffer) }
  }

  /// What was added up, `nil` where another pass does that.
  mutating func sum() -> SummaryBuilder? {
    summary?.takeOut(&memory)
    return summary
  }

  // MARK: Lines

  private mutating func line(_ record: Record, in buffer: borrowing ByteBuffer) throws(ReportError) {
    try reported.findings.gather(of: record, in: buffer, and: &runFindings, files: files, texts: texts)
    let ordinal = Int(record.key.stream)
    if ordinal < isWithheld.count, isWithheld[ordinal] { return }

    if accepted != nil { identifyFindings(of: record, in: buffer) }
    reported.record = record
    reported.stream = ordinal
    reported.atRisk = reported.findings.severity >= .warning ? record.charge ?? 0 : 0
    if summary != nil { addToSummary(record, in: buffer) }

    makeHead(record, of: ordinal)
    if needs.contains(.lists), !reported.findings.isEmpty {
      reported.list = reported.lists.find(reported.findings, in: buffer)
    }
    if needs.contains(.lineRows) { reported.makeRow(from: buffer) }
    try handOut(in: buffer)
    if needs.contains(.findingRows) || !suppressed.isEmpty { try handOutFindings(record, in: buffer) }
  }

  /// Hands the line to the writers.
  ///
  /// Mutating although it changes nothing: all of what is borrowed would be copied first.
  @inline(__always)
  private mutating func handOut(in buffer: borrowing ByteBuffer) throws(ReportError) {
    // Lent, since a loop over the array would keep and release each writer for each line.
    let rows = rows.span
    for index in rows.indices { rows[index].add(reported, in: buffer) }
    if reported.findings.isEmpty {
      let some = lineWriters.span
      for index in some.indices { try some[index].line(reported, in: buffer) }
    } else {
      let all = writers.span
      for index in all.indices { try all[index].line(reported, in: buffer) }
    }
  }

  /// Hands the findings of the line to the writers that read them one by one, and then those that are accepted.
  private mutating func handOutFindings(_ record: Record, in buffer: borrowing ByteBuffer) throws(ReportError) {
    if reported.findings.isEmpty, suppressed.isEmpty { return }
    beginFindings(record, in: buffer)
    if needs.contains(.findingRows) {
      for index in reported.findings.entries.indices {
        makeFinding(reported.findings.entries[index], in: buffer)
        finding.fingerprint = accepted == nil ? nil : reported.findings.fingerprints[index]
        let all = findingWriters.span
        for writer in all.indices { try all[writer].finding(finding) }
      }
    }
    if suppressed.isEmpty { return }
    if record.traits.contains(.watched), reported.findings.severity < .warning,
      suppressed.contains(where: { $0.finding.record.severity >= .warning })
    {
      accepted?.addSpared(record.charge ?? 0)
    }
    for index in suppressed.indices { try write(suppressed[index].finding, suppressed[index].suppression, in: buffer) }
  }

  /// Gives the line's findings their fingerprints and takes out those that are accepted.
  private mutating func identifyFindings(of record: Record, in buffer: borrowing ByteBuffer) {
    suppressed.removeAll(keepingCapacity: true)
    var kept: [LineFindings.Entry] = []
    var fingerprints: [FindingFingerprint] = []
    for index in reported.findings.entries.indices {
      let finding = reported.findings.entries[index]
      let rule = finding.record.rule
      guard let fingerprint = accepted?.fingerprint(catalogue[rule], of: record, in: buffer) else { return }
      if let suppression = accepted?.suppression(of: fingerprint, rule) {
        suppressed.append((finding, suppression))
      } else {
        kept.append(finding)
        fingerprints.append(fingerprint)
      }
    }
    reported.findings.replace(with: kept, fingerprints: fingerprints)
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

  // MARK: Findings

  private mutating func write(
    _ found: LineFindings.Entry, _ suppression: Suppression, in buffer: borrowing ByteBuffer
  ) throws(ReportError) {
    makeFinding(found, in: buffer)
    finding.row.append(clean: suppression.fingerprint.description)
    finding.row.append(clean: suppression.reason)
    finding.row.append(clean: suppression.until?.description ?? "")
    finding.row.append(clean: suppression.owner)
    for writer in writers { try writer.suppressed(finding.row) }
  }

  private mutating func makeFinding(_ found: LineFindings.Entry, in buffer: borrowing ByteBuffer) {
    finding.record = found.record
    if found.isAdded {
      finding.makeRow(from: reported.findings.added, texts)
    } else {
      finding.makeRow(from: buffer, texts)
    }
  }

  /// The cells of a line's findings that are the line's.
  private mutating func beginFindings(_ record: Record, in buffer: borrowing ByteBuffer) {
    finding.line.truncate()
    finding.line.append(reported.head, LineColumn.sourceFile..<LineColumn.byteOffset + 1)
    for column in FindingColumn.ofRecord {
      let cell = LineColumn.inRecord(column)
      finding.line.append(buffer, record.cell(cell, in: buffer), record.isSpecial(cell) ? .special : [])
    }
    finding.line.append(cents: record.charge ?? 0)
  }

  // MARK: The summary

  private mutating func addToSummary(_ record: Record, in buffer: borrowing ByteBuffer) {
    let stream = Int(record.key.stream)
    summary?.addReportedLine()
    summary?.add(reported.findings, stream: stream)
    if record.traits.contains(.watched) {
      summary?.addWatched(record, in: buffer, stream: stream, atRisk: reported.atRisk, &memory)
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
    for writer in parted { try writer.issue(issueRow) }
  }
}

extension LineKey {
  /// The record as the tables count it.
  var recordNumber: Int { Int(record) }
}
