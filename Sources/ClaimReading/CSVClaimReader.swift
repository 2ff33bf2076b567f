internal import CSV
public import ClaimModel

/// Reads the claims of an export: a table with a header row, one service line a row, or several.
///
/// Rows of one claim id that follow each other form a claim. Every row is looked at, whatever the interest: its number of
/// columns, its dates, amounts and units; only the rows of wanted claims become lines. A row that cannot be read is said and
/// lost, a value that cannot be read is said and left empty.
public struct CSVClaimReader: ClaimReader {
  public internal(set) var totals = ReadingTotals()
  public var offset: Int { position.offset }
  /// What was found out about the columns.
  public let mappingReport: ColumnReport
  /// What the file calls the fields, for findings.
  public var columnNames: ColumnNames { plan.names }
  /// Where the table begins and how it is written, for who reads its bytes a second time.
  public var layout: CSVLayout {
    CSVLayout(
      dialect: parser.dialect, limits: parser.limits, columns: plan.headers.count, headerOffset: headerOffset,
      rowsOffset: dataStart.offset, firstRecord: dataStart.record)
  }

  let plan: ColumnPlan
  var shared: SharedColumnPlan
  let limits: ReadingLimits
  let wanted: ProcedureFilter
  let wantsEverything: Bool
  /// Where the rows begin: behind the header.
  let dataStart: RecordPosition
  private let headerOffset: Int

  var index: StructuralIndex
  var parser: RecordParser
  var check: CSVRowCheck
  var quick: CSVQuickCheck
  var ordinary = OrdinaryRows()
  /// Whether rows about which there is nothing to say are passed over; tests read without, and must find the same.
  var passesRows: Bool
  /// Whether these are looked at together, where the processor has instructions for it; tests read without, and must find the same.
  var looksAtRowsTogether = true
  var builder: CSVClaimBuilder
  var scratch = Scratch()

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
    var demand = ClaimDemand.nothing
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
  let block: Int

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
    wanted = ProcedureFilter(interest)
    wantsEverything = interest.isEverything
    dataStart = finding.next
    headerOffset = finding.header.offset
    index = StructuralIndex(dialect: finding.dialect)
    parser = RecordParser(
      dialect: finding.dialect,
      limits: RecordLimits(field: limits.element, record: limits.window - 64, fields: limits.columns))
    check = CSVRowCheck(plan)
    quick = CSVQuickCheck(plan)
    // At a glance a byte behind the double quote is no quote; where another is used, rows are looked at more closely.
    passesRows = quick.isUseful && finding.dialect.quote.map { $0 == 0x22 } ?? true
    builder = CSVClaimBuilder(plan, hash: hash)
    totals.records = finding.header.record
  }

  public mutating func read(_ bytes: UnsafeRawBufferPointer, isLast: Bool, handler: inout some ClaimHandler) -> Int {
    unsafe read(bytes, end: isLast ? .stream : .open, handler: &handler)
  }

  /// What stands at the end of bytes.
  enum BytesEnd {
    /// More bytes.
    case open
    /// The beginning of another claim.
    case border
    /// Nothing.
    case stream
  }

  mutating func read(_ bytes: UnsafeRawBufferPointer, end: BytesEnd, handler: inout some ClaimHandler) -> Int {
    let isLast = end == .stream
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
      // Rows are looked at by words of eight bytes: those at the end wait until more comes.
      let whole = end != .open ? view.count : max(next, view.count - 8)
      let limit = min(whole, next + block)
      index.build(view, from: next, to: limit)
      if index.rowCount > 0 {
        next = takeRows(view, base: base, mayGiveBack: end == .open || limit < view.count, &handler)
        if isStopped || !index.endsAtOddRecord { continue }
      } else if !index.endsAtOddRecord, limit == whole, !isLast, view.count - next <= parser.limits.record {
        break
      }
      guard let after = takeRecord(view, from: next, base: base, isLast: isLast, &handler) else { break }
      next = after
    }
    if isLast { finish(&handler) }
    return next
  }

  // MARK: Records

  /// Takes one record that is not plain; `nil` when it does not end in what is there.
  mutating func takeRecord(
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
  mutating func skip(_ view: ByteView, from start: Int, base: Int, isLast: Bool) -> Int {
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
  mutating func line(at offset: Int, _ view: ByteView, base: Int) -> Int {
    let end = base + offset
    if end > lineOffset {
      position.line += RecordPosition.lineBreaks(view.part(lineOffset - base, offset))
      lineOffset = end
    }
    return position.line
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
