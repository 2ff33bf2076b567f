internal import CSV
public import ClaimModel

/// Reads the claims of an export: a table with a header row, one service line a row, or several.
///
/// Rows of one claim id that follow each other form a claim. Every row is looked at, whatever the interest: its number of
/// columns, its dates, amounts and units; only the rows of wanted claims become lines. A row that cannot be read is said and
/// lost, a value that cannot be read is said and left empty.
public struct CSVClaimReader: ClaimReader {
  public internal(set) var totals = ReadingTotals()
  /// What was found out about the columns.
  public let mappingReport: ColumnReport
  /// What the file calls the fields, for findings.
  public var columnNames: ColumnNames { plan.names }

  let plan: ColumnPlan
  let shared: SharedColumnPlan
  let limits: ReadingLimits
  let wanted: ProcedureFilter
  let wantsEverything: Bool
  /// Where the rows begin: behind the header.
  let dataStart: RecordPosition

  var index: StructuralIndex
  var parser: RecordParser
  var check: CSVRowCheck
  var quick: CSVQuickCheck
  var builder: CSVClaimBuilder
  let scratch = Scratch()

  /// The next record, its line counted up to `lineOffset` only.
  var position = RecordPosition()
  /// How far the lines were counted.
  var lineOffset = 0
  /// Whether the rest of a line that is too long is passed over.
  var isSkipping = false
  /// Whether nothing that follows can be read.
  var isStopped = false
  var open = OpenClaim()
  /// What was said once for the file.
  var said: Set<String> = []
  var ledgerEntries = 0

  /// The claim whose rows are being read.
  struct OpenClaim {
    var isOpen = false
    var id: [UInt8] = []
    /// The first row's service date, where the claim's id is the patient's.
    var day: [UInt8] = []
    /// Whether the part of the claim that was handed out already had values besides the id.
    var hadClaimValues = false
    var isWanted = false
    var isPartial = false
    /// Lines so far, those handed out already included.
    var lines = 0
    /// Lines since the claim was last handed out in part.
    var piece = 0
    /// Where the claim or the present part of it begins.
    var pieceOffset = 0
    /// The id of a row that was lost, to know the claim by that it belongs to; empty where nothing was lost.
    var lostID: [UInt8] = []
    /// Whether a row was lost of which nobody knows whose it was.
    var hasLostUnknown = false
  }

  /// How many bytes are indexed at once; no more than a field may have, so that what is indexed keeps the limits.
  private let block: Int

  init(
    plan: ColumnPlan, report: ColumnReport, finding: DialectSniffer.Finding, interest: ClaimInterest,
    limits: ReadingLimits,
    hash: KeyedHash
  ) {
    self.plan = plan
    shared = SharedColumnPlan(plan)
    self.limits = limits
    mappingReport = report
    block = max(64, min(128 << 10, limits.element, limits.window - 64))
    wanted = ProcedureFilter(interest.procedures)
    wantsEverything = interest.isEverything
    dataStart = finding.next
    index = StructuralIndex(dialect: finding.dialect)
    parser = RecordParser(
      dialect: finding.dialect,
      limits: RecordLimits(field: limits.element, record: limits.window - 64, fields: limits.columns))
    check = CSVRowCheck(plan)
    quick = CSVQuickCheck(plan)
    builder = CSVClaimBuilder(plan, hash: hash)
    totals.records = finding.header.record
  }

  public mutating func read(_ bytes: UnsafeRawBufferPointer, isLast: Bool, handler: inout some ClaimHandler) -> Int {
    let view = unsafe ByteView(bytes)
    let base = position.offset
    var next = 0
    // What comes before the rows was read when the file was opened.
    if base < dataStart.offset {
      next = min(dataStart.offset - base, view.count)
      position.offset += next
      if position.offset < dataStart.offset {
        if isLast { finish(&handler) }
        return next
      }
      position = dataStart
      lineOffset = position.offset
    }
    while next < view.count {
      if isStopped {
        position.offset = base + view.count
        next = view.count
        break
      }
      if isSkipping {
        next = skip(view, from: next, base: base, isLast: isLast)
        if isSkipping { break }
        continue
      }
      let limit = min(view.count, next + block)
      index.build(view, from: next, to: limit)
      if index.rowCount > 0 {
        let taken = takeRows(view, base: base, &handler)
        next = taken
        if isStopped || !index.endsAtOddRecord { continue }
      } else if !index.endsAtOddRecord, limit == view.count, !isLast, view.count - next <= parser.limits.record {
        break
      }
      guard let after = takeRecord(view, from: next, base: base, isLast: isLast, &handler) else { break }
      next = after
    }
    if isLast { finish(&handler) }
    return next
  }

  // MARK: Records

  /// Takes the records of the index; the answer is where the next one begins.
  ///
  /// Rows that pass the quick check are counted and left where they are until their claim turns out to be wanted, or the
  /// index has to be given up. Of the claims that nobody wants no line is ever made.
  private mutating func takeRows(_ view: ByteView, base: Int, _ handler: inout some ClaimHandler) -> Int {
    let rows = index.rows(in: view)
    let first = position
    var quick = quick
    let isUseful = quick.isUseful
    var pass = CSVQuickCheck.Pass()
    // The rows of the open claim that were passed and not yet built; and where its id was seen last.
    var pending = Pending(rows: rows, view: view, base: base, firstRecord: first.record)
    var lines = 0
    var cents: Int64 = 0
    for row in 0..<rows.count {
      let record = rows[row]
      if isUseful, quick.passes(record, check, &pass), let isSame = place(pass, base + record.start, view, pending) {
        if !isSame {
          if open.isOpen, open.isWanted { build(pending, upTo: row) }
          close(&handler)
          begin(view.part(pass.idStart, pass.idEnd), at: base + record.start, day: [])
          pending.first = row
        } else if pending.first < 0 {
          pending.first = row
        }
        pending.idStart = pass.idStart
        pending.idEnd = pass.idEnd
        lines += 1
        cents &+= pass.cents
        open.lines += 1
        open.piece += 1
        if wanted.mayContain(pass.code), wanted.contains(pass.code) { open.isWanted = true }
        continue
      }
      build(pending, upTo: row)
      pending.first = -1
      pending.idStart = -1
      position.record = first.record + row
      position.offset = base + record.start
      handle(record, in: view, base: base, fault: nil, &handler)
      if isStopped {
        totals.records += row + 1 - rows.count
        break
      }
    }
    if open.isOpen { build(pending, upTo: rows.count) }
    self.quick = quick
    totals.lines += lines
    totals.chargeCents &+= cents
    totals.records += rows.count
    position.offset = base + index.end
    position.record = first.record + rows.count
    position.line = first.line + rows.count + index.quotedLineBreaks
    lineOffset = position.offset
    return index.end
  }

  /// The rows of the open claim that were passed and not yet built.
  private struct Pending {
    let rows: StructuralIndex.Rows
    let view: ByteView
    let base: Int
    let firstRecord: Int
    /// The first of them, -1 when there are none. They follow each other.
    var first = -1
    /// Where the claim's id was seen last in `view`, -1 when it was not.
    var idStart = -1
    var idEnd = -1
  }

  /// Whether a row that passed is of the open claim; `nil` where that claim is as long as a claim may be.
  @inline(__always)
  private func place(_ pass: CSVQuickCheck.Pass, _ offset: Int, _ view: ByteView, _ pending: Pending) -> Bool? {
    guard isSameClaim(view, pass, pending) else { return false }
    return open.piece < limits.claimLines && offset - open.pieceOffset <= limits.claimBytes ? true : nil
  }

  @inline(__always)
  private func isSameClaim(_ view: ByteView, _ pass: CSVQuickCheck.Pass, _ pending: Pending) -> Bool {
    guard open.isOpen else { return false }
    let count = pass.idEnd - pass.idStart
    if pending.idStart >= 0 {
      guard pending.idEnd - pending.idStart == count else { return false }
      var offset = 0
      while offset < count {
        let mask = UInt64.max >> UInt64(max(0, 64 - 8 * (count - offset)))
        if (view.word(at: pass.idStart + offset) ^ view.word(at: pending.idStart + offset)) & mask != 0 { return false }
        offset += 8
      }
      return true
    }
    return open.id.count == count && open.id.elementsEqual(view.part(pass.idStart, pass.idEnd))
  }

  /// Makes lines of the rows that were passed, for their claim is wanted or goes on where the index does not reach.
  private mutating func build(_ pending: Pending, upTo end: Int) {
    guard pending.first >= 0, open.isOpen else { return }
    var ordinal = open.lines - (end - pending.first) + 1
    for row in pending.first..<end {
      scratch.clear()
      let record = pending.rows[row]
      let location = SourceLocation(record: pending.firstRecord + row, byteOffset: pending.base + record.start)
      builder.add(
        CSVRow(record: record, shared: shared, scratch: scratch, location: location), ordinal: ordinal,
        isContinuation: false)
      ordinal += 1
    }
  }

  /// Takes one record that is not plain; `nil` when it does not end in what is there.
  private mutating func takeRecord(
    _ view: ByteView, from start: Int, base: Int, isLast: Bool, _ handler: inout some ClaimHandler
  ) -> Int? {
    // The end-of-file mark of DOS.
    if isLast, start == view.count - 1, view[start] == 0x1A {
      position.offset += 1
      return view.count
    }
    let outcome = parser.parse(view, from: start, isLast: isLast)
    if case .needsMore = outcome { return nil }
    totals.records += 1
    handle(parser.record(in: view), in: view, base: base, fault: parser.fault, &handler)
    position.record += 1
    _ = line(at: parser.next, view, base: base)
    position.offset = base + parser.next
    if case .overlong = outcome { isSkipping = true }
    return parser.next
  }

  /// Passes over the rest of a line; the answer is how far that was possible.
  private mutating func skip(_ view: ByteView, from start: Int, base: Int, isLast: Bool) -> Int {
    var end = view.count
    if let next = RecordParser.skipLine(view, from: start, isLast: isLast) {
      end = next
      isSkipping = false
    } else if !isLast, end > start, view[end - 1] == 0x0D {
      // Half a line break, perhaps.
      end -= 1
    }
    _ = line(at: end, view, base: base)
    position.offset = base + end
    return end
  }

  /// The physical line that the byte at `offset` of `view` stands on.
  private mutating func line(at offset: Int, _ view: ByteView, base: Int) -> Int {
    let end = base + offset
    if end > lineOffset {
      position.line += RecordPosition.lineBreaks(view.part(lineOffset - base, offset))
      lineOffset = end
    }
    return position.line
  }

  // MARK: Rows

  private mutating func handle(
    _ record: Record, in view: ByteView, base: Int, fault: RecordFault?, _ handler: inout some ClaimHandler
  ) {
    scratch.clear()
    let location = SourceLocation(record: position.record, byteOffset: position.offset)
    let row = CSVRow(record: record, shared: shared, scratch: scratch, location: location)
    let line = line(at: record.start, view, base: base)
    if let fault {
      guard fault.isReadable else {
        lose(row, line, fault, &handler)
        return
      }
      handler.issue(
        row.remark(
          "QUOTE", .warning, line, "has a quote inside a value that is not quoted; it is read as part of the value"))
    }
    if record.isBlank {
      sayOnce(row.remark("BLANK_LINE", .info, line, "is blank; it and others like it are passed over"), &handler)
      return
    }
    checkEncoding(row, view, line, &handler)
    guard isWhole(row, line, &handler) else { return }
    let canContinue = open.isOpen && (plan.isContinuation || open.hadClaimValues || builder.hasClaimValues)
    switch row.kind(canContinue: canContinue) {
    case .line: take(row, line, isContinuation: false, &handler)
    case .continuation: take(row, line, isContinuation: true, &handler)
    case .blank:
      sayOnce(
        row.remark("BLANK_LINE", .info, line, "has blank fields only; it and others like it are passed over"), &handler)
    case .ledgerEntry: ledgerEntries += 1
    case .total:
      handler.issue(
        row.remark(
          "TOTAL_ROW", .info, line, "has no procedure and no date: it is taken for a row of sums and passed over"))
    case .header:
      handler.issue(
        row.remark("HEADER_REPEATED", .info, line, "repeats the header, as in files that were put together"))
    case .foreignHeader: stop(row, line, &handler)
    case .orphan:
      loseUnknown()
      handler.issue(
        row.loss(
          "CLAIM_ID_MISSING", plan.headers[plan[.claimID]], line,
          "has no claim id: it cannot be told which claim it belongs to"))
    }
  }

  /// Whether the row has as many columns as the header; blank ones at the end may be more.
  private mutating func isWhole(_ row: CSVRow, _ line: Int, _ handler: inout some ClaimHandler) -> Bool {
    let count = row.record.count
    let width = plan.headers.count
    if count == width { return true }
    if count > width {
      if (width..<count).allSatisfy({ row.raw($0).trimmed.isEmpty }) {
        sayOnce(
          row.remark(
            "COLUMN_COUNT", .info, line,
            "has blank columns beyond the header; they and others like them are passed over"),
          &handler)
        return true
      }
    } else if count >= plan.namedColumns {
      return true
    }
    if CSVRow.isHeaderLike(row.record, scratch) {
      stop(row, line, &handler)
      return false
    }
    mark(lost: row)
    handler.issue(
      row.loss(
        "COLUMN_COUNT", "", line,
        "has \(count) columns and the header has \(width): it cannot be told which value is which"))
    return false
  }

  private mutating func checkEncoding(
    _ row: CSVRow, _ view: ByteView, _ line: Int, _ handler: inout some ClaimHandler
  ) {
    guard !index.acceptsHighBytes else { return }
    let bytes = view.part(row.record.start, row.record.end)
    guard bytes.contains(where: { $0 >= 0x80 }), !TextEncoding.isUTF8(bytes) else { return }
    index.acceptsHighBytes = true
    handler.issue(row.remark("ENCODING", .info, line, "is not UTF-8; values like its are read as Windows-1252"))
  }

  private mutating func take(_ row: CSVRow, _ line: Int, isContinuation: Bool, _ handler: inout some ClaimHandler) {
    let id = row.cell(.claimID)
    if !isContinuation {
      let day = plan.groupsByDate ? Array(row.cell(.serviceFrom)) : []
      if !open.isOpen || !open.id.elementsEqual(id) || open.day != day {
        close(&handler)
        begin(id, at: row.location.byteOffset, day: day)
      }
    }
    check.check(row, line: line) { handler.issue($0) }
    let lines = plan.isWide ? plan.slots.filter { CSVClaimBuilder.isLine($0, row, plan) } : plan.slots
    if open.piece + lines.count > limits.claimLines || row.location.byteOffset - open.pieceOffset > limits.claimBytes,
      open.piece > 0
    {
      split(row, line, &handler)
    }
    for slot in lines {
      totals.lines += 1
      if let cents = ExportAmounts.amount(row.cell(slot.charge), plan.amounts).cents { totals.chargeCents &+= cents }
      if wantsEverything { continue }
      let code = ExportCodes.procedure(row.cell(slot.procedure), raw: row.raw(slot.procedure), scratch).code
      if wanted.contains(code.bits) { open.isWanted = true }
    }
    builder.add(row, ordinal: open.lines + 1, isContinuation: isContinuation)
    open.lines += lines.count
    open.piece += lines.count
  }

  // MARK: Claims

  private mutating func begin(_ id: ByteView, at offset: Int, day: [UInt8]) {
    open.isOpen = true
    open.id.removeAll(keepingCapacity: true)
    open.id.append(contentsOf: id)
    open.day = day
    open.hadClaimValues = false
    open.isWanted = wantsEverything
    open.isPartial = open.hasLostUnknown || !open.lostID.isEmpty && open.lostID.elementsEqual(id)
    open.hasLostUnknown = false
    open.lostID.removeAll(keepingCapacity: true)
    open.lines = 0
    open.piece = 0
    open.pieceOffset = offset
    totals.claims += 1
  }

  /// Hands out the open claim where it is wanted.
  private mutating func close(_ handler: inout some ClaimHandler) {
    guard open.isOpen else { return }
    open.isOpen = false
    if open.isWanted, !builder.isEmpty {
      builder.claim.isPartial = open.isPartial
      handler.claim(&builder.claim)
    }
    if !builder.isEmpty { builder.reset() }
  }

  /// Hands out a part of a claim that is longer than a claim may be, and goes on with the rest of it.
  private mutating func split(_ row: CSVRow, _ line: Int, _ handler: inout some ClaimHandler) {
    if !open.isPartial || open.lines == open.piece {
      handler.issue(
        ReadingIssue(
          code: "CLAIM_TOO_LONG", severity: .warning, effect: .claimKept, location: row.location, claimID: open.id,
          message:
            "record \(row.location.record), line \(line): the claim is longer than \(limits.claimLines) lines or "
            + "\(limits.claimBytes) bytes; its lines are read, rules over the whole claim are not evaluated"))
    }
    open.isPartial = true
    if builder.hasClaimValues { open.hadClaimValues = true }
    if open.isWanted, !builder.isEmpty {
      builder.claim.isPartial = true
      handler.claim(&builder.claim)
    }
    builder.reset()
    open.isWanted = wantsEverything
    open.piece = 0
    open.pieceOffset = row.location.byteOffset
  }

  // MARK: What cannot be read

  private mutating func lose(_ row: CSVRow, _ line: Int, _ fault: RecordFault, _ handler: inout some ClaimHandler) {
    let code: String
    let what: String
    let field: Int
    switch fault {
    case .textAfterQuote(let index):
      (code, field, what) = ("QUOTE", index, "has text behind the closing quote of a value")
    case .bareQuote(let index):
      (code, field, what) = ("QUOTE", index, "has a quote inside a value that is not quoted")
    case .unterminatedQuote(let index):
      (code, field) = ("QUOTE_UNTERMINATED", index)
      let lines = RecordPosition.lineBreaks(row.record.bytes.part(row.record.start, parser.next))
      what =
        lines > 1
        ? "opens a quote that nothing closes where it should; \(lines - 1) further lines that it swallowed are lost with it"
        : "opens a quote that is never closed"
    case .controlCharacter(let index):
      (code, field, what) = ("CONTROL_CHAR", index, "holds a control character that no text has")
    case .fieldTooLong(let index):
      (code, field, what) = ("FIELD_TOO_LONG", index, "has a value longer than \(limits.element) bytes")
    case .recordTooLong:
      (code, field) = ("RECORD_TOO_LONG", 0)
      what = "is longer than \(parser.limits.record) bytes or \(limits.columns) columns"
    }
    let element = field < plan.headers.count && code != "RECORD_TOO_LONG" ? plan.headers[field] : ""
    if field > plan[.claimID] { mark(lost: row) } else { loseUnknown() }
    if case .unterminatedQuote = fault { loseUnknown() }
    handler.issue(row.loss(code, element, line, what))
  }

  /// Remembers whose row was lost.
  private mutating func mark(lost row: CSVRow) {
    let id = row.cell(.claimID)
    guard !id.isEmpty else {
      loseUnknown()
      return
    }
    if open.isOpen, open.id.elementsEqual(id) { open.isPartial = true } else { open.lostID = Array(id) }
  }

  /// Remembers that a row was lost which may be of the claim before it or of the one after.
  private mutating func loseUnknown() {
    open.isPartial = true
    open.hasLostUnknown = true
  }

  /// Gives up on the rest of the file: its columns are others from here on.
  private mutating func stop(_ row: CSVRow, _ line: Int, _ handler: inout some ClaimHandler) {
    close(&handler)
    isStopped = true
    handler.issue(
      ReadingIssue(
        code: "HEADER_REPEATED", severity: .error, effect: .fileCut, location: row.location,
        message:
          "record \(row.location.record), line \(line) is a header with other columns than the first one: the rows below "
          + "it are not read; give them as a file of their own"))
  }

  private mutating func sayOnce(_ issue: ReadingIssue, _ handler: inout some ClaimHandler) {
    if said.insert(issue.code).inserted { handler.issue(issue) }
  }

  private mutating func finish(_ handler: inout some ClaimHandler) {
    close(&handler)
    let location = SourceLocation(record: totals.records, byteOffset: position.offset)
    if ledgerEntries > 0 {
      handler.issue(
        ReadingIssue(
          code: "LEDGER_ROWS", severity: .info, effect: .none, location: location,
          element: plan[.recordKind] >= 0 ? plan.headers[plan[.recordKind]] : "",
          message:
            "\(ledgerEntries) rows are payments, transfers or other entries and no billed lines: they are not read"))
      ledgerEntries = 0
    }
    if totals.records == dataStart.record - 1 {
      handler.issue(
        ReadingIssue(
          code: "NO_RECORDS", severity: .info, effect: .none, location: location,
          message: "there are no records below the header"))
    }
  }
}

extension CSVRow {
  /// Something about the row that does no harm.
  func remark(_ code: String, _ severity: IssueSeverity, _ line: Int, _ what: String) -> ReadingIssue {
    ReadingIssue(
      code: code, severity: severity, effect: .none, location: location,
      message: "record \(location.record), line \(line) \(what)")
  }

  /// The row is lost.
  func loss(_ code: String, _ element: String, _ line: Int, _ what: String) -> ReadingIssue {
    ReadingIssue(
      code: code, severity: .error, effect: .claimLost, location: location, element: element,
      message: "record \(location.record), line \(line) \(what). The row is not read")
  }
}
