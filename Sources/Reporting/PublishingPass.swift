internal import Auditing
internal import ClaimModel

/// The one pass over the spools: each line gets its run-wide findings, becomes rows, and goes to every writer and the summary.
struct PublishingPass: ~Copyable {
  private(set) var summary: SummaryBuilder
  private let files: [SourceFile]
  private let catalogue: RuleCatalogue
  private let writers: [any ReportWriter]
  private let runFindings: AnyIterator<RunFinding>
  /// The next run-wide finding that was not yet put on its line.
  private var nextRunFinding: RunFinding?

  private var reported = ReportedLine()
  private var findingRow = TableRow()
  /// The findings of the line: a `FindingRecord` for each, the claim's in the spool's buffer, the run's in `added`.
  private var found: [Found] = []
  private var added = ByteBuffer()
  private var scratch = TableRow()
  private var modifiers: [SummaryBuilder.Tally] = []
  /// The first two cells of the stream's rows.
  private var stream = TableRow()
  private var streamOrdinal = -1
  /// Fingerprints and accepted findings, where the run asks for them.
  private(set) var accepted: AcceptedFindings?
  /// The accepted findings of the line.
  private var suppressed: [(finding: Found, suppression: Suppression)] = []

  /// A finding and the buffer that holds it.
  private struct Found {
    var record: FindingRecord
    var isAdded: Bool
    var fingerprint: FindingFingerprint?
  }

  init(
    files: [SourceFile], catalogue: RuleCatalogue, summary: SummaryBuilder, writers: [any ReportWriter],
    runFindings: AnyIterator<RunFinding>, suppressions: SuppressionList? = nil
  ) {
    self.files = files
    self.catalogue = catalogue
    self.summary = summary
    self.writers = writers
    self.runFindings = runFindings
    nextRunFinding = runFindings.next()
    if suppressions != nil || writers.contains(where: \.wantsFingerprints) {
      accepted = AcceptedFindings(suppressions)
    }
  }

  /// Writes all lines, then all issues.
  mutating func run(lines: RecordSpool, issues: RecordSpool) throws(ReportError) {
    try lines.forEach { (buffer, record) throws(ReportError) in try line(record, in: buffer) }
    try issues.forEach { (buffer, record) throws(ReportError) in try issue(record, in: buffer) }
  }

  // MARK: Lines

  private mutating func line(_ record: Record, in buffer: borrowing ByteBuffer) throws(ReportError) {
    gatherFindings(of: record, in: buffer)
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
    let severity = found.reduce(Severity.none) { max($0, $1.record.severity) }
    let atRisk = severity >= .warning ? record.charge ?? 0 : 0
    appendFindingCells(severity, in: buffer)
    reported.row.append(cents: atRisk)

    summary.addReportedLine()
    if isWatched { addToSummary(record, atRisk: atRisk) }
    for writer in writers { try writer.line(reported) }
    for finding in found { try write(finding, of: record, in: buffer) }
    if !suppressed.isEmpty {
      if isWatched, severity < .warning, suppressed.contains(where: { $0.finding.record.severity >= .warning }) {
        accepted?.addSpared(record.charge ?? 0)
      }
      for (finding, suppression) in suppressed { try write(finding, suppression, of: record, in: buffer) }
    }
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
  private mutating func gatherFindings(of record: Record, in buffer: borrowing ByteBuffer) {
    found.removeAll(keepingCapacity: true)
    var start = record.findingsStart
    for _ in 0..<record.findingCount {
      let finding = FindingRecord(in: buffer, at: start)
      found.append(Found(record: finding, isAdded: false))
      start = finding.end
    }
    added.removeAll()
    while let next = nextRunFinding, next.key <= record.key {
      // One whose line went before or was not reported has no row to stand in.
      if next.key == record.key { add(next, to: record) }
      nextRunFinding = runFindings.next()
    }
    if added.count > 0 { found.sort { $0.record.rule < $1.record.rule } }
  }

  private mutating func add(_ finding: RunFinding, to record: Record) {
    let ordinal = Int(record.key.stream)
    let element = finding.field.element(
      kind: ClaimKind(rawValue: record.kind) ?? .professional, format: record.traits.contains(.csv) ? .csv : .x12,
      ownPlaceOfService: record.traits.contains(.ownPlaceOfService),
      columns: ordinal < files.count ? files[ordinal].columns : ColumnNames())
    let start = added.count
    added.appendFinding(
      rule: finding.rule, severity: finding.severity, element: element, message: finding.message(in: files),
      fix: finding.fix,
      carc: finding.carc, rarc: finding.rarc, row: &scratch)
    found.append(Found(record: FindingRecord(in: added, at: start), isAdded: true))
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
      for (index, finding) in found.enumerated() {
        if index > 0 { bytes.append(0x3B) }
        bytes.append(catalogue[finding.record.rule])
      }
      return []
    }
    reported.row.append { bytes in
      var traits: CellTraits = []
      for (index, finding) in found.enumerated() {
        if index > 0 { bytes.append(0x3B) }
        if finding.record.isSpecial(FindingRecord.message) { traits.insert(.special) }
        if finding.isAdded {
          bytes.append(added, finding.record.cell(FindingRecord.message, in: added))
        } else {
          bytes.append(buffer, finding.record.cell(FindingRecord.message, in: buffer))
        }
      }
      return traits
    }
    if found.count == 1, !found[0].isAdded {
      // By far the most common: the codes as they stand.
      let record = found[0].record
      reported.row.append { bytes in
        bytes.append(buffer, record.cell(FindingRecord.carc, in: buffer))
        return record.isSpecial(FindingRecord.carc) ? .special : []
      }
      return
    }
    var codes: [String] = []
    for finding in found {
      let text =
        finding.isAdded
        ? added.string(finding.record.cell(FindingRecord.carc, in: added))
        : buffer.string(finding.record.cell(FindingRecord.carc, in: buffer))
      for code in text.split(separator: ";") where !codes.contains(String(code)) { codes.append(String(code)) }
    }
    reported.row.append(clean: codes.joined(separator: ";"))
  }

  private mutating func write(
    _ finding: Found, of record: Record, in buffer: borrowing ByteBuffer
  ) throws(ReportError) {
    summary.addFinding(finding.record.rule, finding.record.severity, stream: reported.stream)
    fillRow(finding, of: record, in: buffer)
    for writer in writers { try writer.finding(findingRow, finding.fingerprint) }
  }

  private mutating func write(
    _ finding: Found, _ suppression: Suppression, of record: Record, in buffer: borrowing ByteBuffer
  ) throws(ReportError) {
    fillRow(finding, of: record, in: buffer)
    findingRow.append(clean: suppression.fingerprint.description)
    findingRow.append(clean: suppression.reason)
    findingRow.append(clean: suppression.until?.description ?? "")
    findingRow.append(clean: suppression.owner)
    for writer in writers { try writer.suppressed(findingRow) }
  }

  /// Makes the row of a finding: the columns of `ReportTable.findings`.
  private mutating func fillRow(_ finding: Found, of record: Record, in buffer: borrowing ByteBuffer) {
    findingRow.truncate()
    findingRow.append(reported.row, LineColumn.sourceFile..<LineColumn.byteOffset + 1)
    findingRow.append(reported.row, LineColumn.claimID)
    findingRow.append(reported.row, LineColumn.lineNumber)
    findingRow.append(reported.row, LineColumn.procedure)
    findingRow.append(reported.row, LineColumn.payer)
    findingRow.append(reported.row, LineColumn.serviceFrom)
    findingRow.append(clean: catalogue[finding.record.rule])
    findingRow.append(finding.record.severity)
    if finding.isAdded {
      finding.record.copyCells(from: added, to: &findingRow)
    } else {
      finding.record.copyCells(from: buffer, to: &findingRow)
    }
    findingRow.append(cents: finding.record.severity >= .warning ? record.charge ?? 0 : 0)
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
    findingRow.truncate()
    findingRow.append(clean: ordinal < files.count ? files[ordinal].path : "")
    findingRow.append(record.key.recordNumber)
    findingRow.append(record.byteOffset)
    record.copyCells(from: buffer, to: &findingRow)
    summary.addIssue(
      code: findingRow.string(IssueColumn.code), effect: findingRow.string(IssueColumn.effect), stream: ordinal)
    for writer in writers { try writer.issue(findingRow) }
  }
}

extension TableRow {
  /// Adds a cell of another row.
  fileprivate mutating func append(_ other: borrowing TableRow, _ cell: Int) { append(other, cell..<cell + 1) }

  fileprivate mutating func append(_ severity: Severity) {
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
