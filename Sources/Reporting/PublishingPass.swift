internal import Auditing
internal import ClaimModel

/// The one pass over the spools: each line gets its run-wide findings, becomes rows, and goes to every writer and the summary.
struct PublishingPass: ~Copyable {
  private(set) var summary: SummaryBuilder
  private let files: [SourceFile]
  private let catalogue: RuleCatalogue
  private let writers: [any ReportWriter]
  private var runFindings: RunFindingReader
  private let texts: RuleTexts

  private var reported = ReportedLine()
  private var finding = ReportedFinding()
  private var issueRow = TableRow()
  private let readsFindingRows: Bool
  /// The findings of the line: a `FindingRecord` for each, the claim's in the spool's buffer, the run's in `added`.
  private var found: [Found] = []
  private var added = ByteBuffer()
  /// Fingerprints and accepted findings, where the run asks for them.
  private(set) var accepted: AcceptedFindings?
  /// The accepted findings of the line.
  private var suppressed: [(finding: Found, suppression: Suppression)] = []
  private var codes: [Code] = []
  private var modifiers: [SummaryBuilder.Tally] = []
  /// The first two cells of the stream's rows.
  private var stream = TableRow()
  private var streamOrdinal = -1

  /// A finding and the buffer that holds it.
  private struct Found {
    var record: FindingRecord
    var isAdded: Bool
    var fingerprint: FindingFingerprint?
  }

  init(
    files: [SourceFile], catalogue: RuleCatalogue, summary: SummaryBuilder, writers: [any ReportWriter],
    runFindings: consuming RunFindingReader, texts: consuming RuleTexts, suppressions: SuppressionList? = nil
  ) {
    self.files = files
    self.catalogue = catalogue
    self.summary = summary
    self.writers = writers
    self.runFindings = runFindings
    readsFindingRows = writers.contains { $0.readsFindingRows }
    self.texts = texts
    if suppressions != nil || writers.contains(where: \.wantsFingerprints) {
      accepted = AcceptedFindings(suppressions)
    }
  }

  /// Writes all lines, then all issues.
  mutating func run(lines: RecordSpool, issues: RecordSpool) throws(ReportError) {
    try lines.forEach { (buffer, record) throws(ReportError) in try line(record, in: buffer) }
    try issues.forEach { (buffer, record) throws(ReportError) in try issue(record, in: buffer) }
  }

  /// The summary, when all has been written.
  func finish() throws(ReportError) -> Summary {
    var summary = summary.summary(files: files, catalogue: catalogue)
    if let failure = self.summary.failure { throw failure }
    summary.suppressed = accepted?.summary(catalogue)
    return summary
  }

  // MARK: Lines

  private mutating func line(_ record: Record, in buffer: borrowing ByteBuffer) throws(ReportError) {
    try gatherFindings(of: record, in: buffer)
    let ordinal = Int(record.key.stream)
    if ordinal < files.count, files[ordinal].isWithheld { return }

    if ordinal != streamOrdinal { beginStream(ordinal, record) }
    reported.stream = ordinal
    reported.claim = record.claim
    reported.isUnverified = record.traits.contains(.unverified)
    let isWatched = record.traits.contains(.watched)

    reported.row.truncate()
    reported.row.append(stream, 0..<2)
    reported.row.append(record.key.recordNumber)
    reported.row.append(record.byteOffset)
    record.copyCells(from: buffer, to: &reported.row)
    if isWatched { reported.row.append(word: "true") } else { reported.row.append(word: "false") }
    if accepted != nil { identifyFindings() }
    reported.findingCount = found.count
    var severity = Severity.none
    for index in found.indices where found[index].record.severity > severity { severity = found[index].record.severity }
    let atRisk = severity >= .warning ? record.charge ?? 0 : 0
    appendFindingCells(severity, in: buffer)
    reported.row.append(cents: atRisk)

    summary.addReportedLine()
    if isWatched { addToSummary(record, atRisk: atRisk) }
    for writer in writers { try writer.line(reported) }
    if found.isEmpty, suppressed.isEmpty { return }
    beginFindings(record.charge ?? 0)
    for index in found.indices { try write(found[index], in: buffer) }
    if suppressed.isEmpty { return }
    if isWatched, severity < .warning, suppressed.contains(where: { $0.finding.record.severity >= .warning }) {
      accepted?.addSpared(record.charge ?? 0)
    }
    for index in suppressed.indices { try write(suppressed[index].finding, suppressed[index].suppression, in: buffer) }
  }

  /// Gives the line's findings their fingerprints and takes out those that are accepted.
  private mutating func identifyFindings() {
    suppressed.removeAll(keepingCapacity: true)
    var kept = 0
    for index in found.indices {
      var finding = found[index]
      let rule = finding.record.rule
      guard let fingerprint = accepted?.fingerprint(catalogue[rule], of: reported.row) else { return }
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

  /// The cells from `severity` to `carc`.
  private mutating func appendFindingCells(_ severity: Severity, in buffer: borrowing ByteBuffer) {
    reported.row.append(severity)
    reported.row.append(found.count)
    if found.isEmpty {
      for _ in 0..<3 { reported.row.appendEmpty() }
      return
    }
    reported.row.append { bytes in
      for index in found.indices {
        if index > 0 { bytes.append(0x3B) }
        texts.appendID(of: found[index].record.rule, to: &bytes)
      }
      return []
    }
    reported.row.append { bytes in
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

  /// The cell with the adjustment codes, each once.
  private mutating func appendCARC(in buffer: borrowing ByteBuffer) {
    codes.removeAll(keepingCapacity: true)
    for finding in found {
      guard !finding.record.traits.contains(.own), texts.addCodes(of: finding.record.rule, to: &codes) else {
        return appendAnyCARC(in: buffer)
      }
    }
    reported.row.append { bytes in
      for index in codes.indices {
        if index > 0 { bytes.append(0x3B) }
        bytes.append(codes[index])
      }
      return []
    }
  }

  /// The same where a pack wrote the codes of a finding, or something else than codes.
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
    reported.row.append(clean: codes.joined(separator: ";"))
  }

  private mutating func write(_ found: Found, in buffer: borrowing ByteBuffer) throws(ReportError) {
    summary.addFinding(found.record.rule, found.record.severity, stream: reported.stream)
    load(found, in: buffer)
    if readsFindingRows { finding.makeRow(texts) }
    for writer in writers { try writer.finding(finding) }
  }

  private mutating func write(
    _ found: Found, _ suppression: Suppression, in buffer: borrowing ByteBuffer
  ) throws(ReportError) {
    load(found, in: buffer)
    finding.makeRow(texts)
    finding.row.append(clean: suppression.fingerprint.description)
    finding.row.append(clean: suppression.reason)
    finding.row.append(clean: suppression.until?.description ?? "")
    finding.row.append(clean: suppression.owner)
    for writer in writers { try writer.suppressed(finding.row) }
  }

  /// Makes `finding` one of the line's.
  private mutating func load(_ found: Found, in buffer: borrowing ByteBuffer) {
    finding.rule = found.record.rule
    finding.severity = found.record.severity
    finding.fingerprint = found.fingerprint
    finding.own.truncate()
    if found.isAdded {
      found.record.appendCells(from: added, to: &finding.own)
    } else {
      found.record.appendCells(from: buffer, to: &finding.own)
    }
  }

  /// The cells of a line's findings that are the line's.
  private mutating func beginFindings(_ charge: Int64) {
    finding.line.truncate()
    finding.line.append(reported.row, LineColumn.sourceFile..<LineColumn.byteOffset + 1)
    finding.line.append(reported.row, LineColumn.claimID)
    finding.line.append(reported.row, LineColumn.lineNumber)
    finding.line.append(reported.row, LineColumn.procedure)
    finding.line.append(reported.row, LineColumn.payer)
    finding.line.append(reported.row, LineColumn.serviceFrom)
    finding.line.append(cents: charge)
  }

  private mutating func addToSummary(_ record: Record, atRisk: Int64) {
    modifiers.removeAll(keepingCapacity: true)
    for column in LineColumn.firstModifier...LineColumn.lastModifier {
      var range = reported.row.cells[column]
      // A fifth shares the column of the fourth.
      if column == LineColumn.lastModifier, let joint = range.first(where: { reported.row.bytes[$0] == 0x3B }) {
        addModifier(range.lowerBound..<joint)
        range = joint + 1..<range.upperBound
      }
      addModifier(range)
    }
    if modifiers.isEmpty { modifiers.append(.none) }
    summary.addWatched(
      SummaryBuilder.Line(
        stream: reported.stream, payer: reported.row.string(LineColumn.payer),
        claimType: ClaimKind(rawValue: record.kind) ?? .professional, placeOfService: tally(LineColumn.placeOfService),
        typeOfBill: tally(LineColumn.typeOfBill), modifiers: modifiers, charge: record.charge, allowed: record.allowed,
        paid: record.paid, atRisk: atRisk))
  }

  private func tally(_ column: Int) -> SummaryBuilder.Tally {
    reported.row.bytes.withSpan(reported.row.cells[column]) { SummaryBuilder.Tally($0) }
  }

  private mutating func addModifier(_ range: Range<Int>) {
    if range.isEmpty { return }
    let tally = reported.row.bytes.withSpan(range) { SummaryBuilder.Tally($0) }
    if !modifiers.contains(tally) { modifiers.append(tally) }
  }

  // MARK: Streams and issues

  /// Renders what all rows of a stream begin with.
  private mutating func beginStream(_ ordinal: Int, _ record: Record) {
    streamOrdinal = ordinal
    stream.truncate()
    stream.append(clean: ordinal < files.count ? files[ordinal].path : "")
    stream.append(clean: (record.traits.contains(.csv) ? ClaimFormat.csv : .x12).word)
  }

  private mutating func issue(_ record: Record, in buffer: borrowing ByteBuffer) throws(ReportError) {
    let ordinal = Int(record.key.stream)
    issueRow.truncate()
    issueRow.append(clean: ordinal < files.count ? files[ordinal].path : "")
    issueRow.append(record.key.recordNumber)
    issueRow.append(record.byteOffset)
    record.copyCells(from: buffer, to: &issueRow)
    summary.addIssue(
      code: issueRow.string(IssueColumn.code), effect: issueRow.string(IssueColumn.effect), stream: ordinal)
    for writer in writers { try writer.issue(issueRow) }
  }
}

extension TableRow {
  /// Adds a cell of another row.
  fileprivate mutating func append(_ other: borrowing TableRow, _ cell: Int) { append(other, cell..<cell + 1) }

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
