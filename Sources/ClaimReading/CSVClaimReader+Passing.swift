internal import CSV
internal import ClaimModel

/// Rows that are counted and passed over: all those of claims that nobody wants.
extension CSVClaimReader {
  /// Takes the records of the index; the answer is where the next one begins.
  ///
  /// Rows that pass the quick check are counted and left where they are until their claim turns out to be wanted, or the
  /// index has to be given up. Of the claims that nobody wants no line is ever made: with `mayGiveBack` the last one, which may go
  /// on behind the index, is given back whole and comes again at the beginning of the next index.
  mutating func takeRows(
    _ view: ByteView, base: Int, mayGiveBack: Bool, _ handler: inout some ClaimHandler
  ) -> Int {
    let place = IndexPlace(rows: index.rows(in: view), view: view, base: base, first: position)
    let rows = place.rows
    var run = PassedRows(open, isBuilt: !builder.claim.rows.isEmpty)
    var row = 0
    let areFound = passesRows && looksAtRowsTogether && ordinary.look(at: rows, quick.columns, quick.said)
    while true {
      if passesRows { row = pass(place, from: row, areFound, &run) }
      guard row < rows.count else { break }
      store(&run, place, upTo: row)
      if run.isAtClaim {
        let id = run.nextID
        let isSound = !open.hasLostUnknown && open.lostID.isEmpty
        close(&handler)
        begin(view.part(id.lowerBound, id.upperBound), at: base + rows[row].start, day: [])
        run = PassedRows(open, isBuilt: false)
        run.idStart = id.lowerBound
        run.idEnd = id.upperBound
        run.first = row
        run.began = isSound ? row : -1
        continue
      }
      position.record = place.first.record + row
      position.offset = base + rows[row].start
      countLines(before: row, place)
      handle(rows[row], in: view, base: base, fault: nil, &handler)
      quick.said = check.remarks.said
      row += 1
      if isStopped { break }
      run = PassedRows(open, isBuilt: !builder.claim.rows.isEmpty)
    }
    var breaks = index.quotedLineBreaks
    var count = rows.count
    var end = index.end
    if !isStopped {
      if mayGiveBack, run.isOpen, run.began > 0, run.first == run.began, !index.endsAtOddRecord {
        count = run.began
        end = rows[count].start
        if breaks > 0 { breaks -= RecordPosition.lineBreaks(view.part(end, index.end)) - (rows.count - count) }
        run.giveBack()
        open.isOpen = false
      }
      store(&run, place, upTo: count)
    }
    totals.records += isStopped ? row : count
    position.offset = base + end
    position.record = place.first.record + count
    position.line = place.first.line + count + breaks
    lineOffset = position.offset
    return end
  }

  /// Counts the lines up to a row of the index from its end, where that is nearer: the last row of a unit is looked at closely.
  private mutating func countLines(before row: Int, _ place: IndexPlace) {
    let start = place.rows.start(row)
    guard index.end - start < place.base + start - lineOffset else { return }
    let behind = RecordPosition.lineBreaks(place.view.part(start, index.end))
    position.line = place.first.line + place.rows.count + index.quotedLineBreaks - behind
    lineOffset = place.base + start
  }

  /// Passes over rows from `row` on for as long as there is nothing to do but count; the answer is the row that ended it.
  ///
  /// Either it was found for all rows before which of them are ordinary, or each is looked at here.
  private mutating func pass(
    _ place: IndexPlace, from start: Int, _ areFound: Bool, _ passed: inout PassedRows
  ) -> Int {
    // Worked on as locals: nothing else can see them.
    var run = passed
    var (idStart, idEnd) = (run.idStart, run.idEnd)
    var (lines, cents) = (run.lines, run.cents)
    let rows = place.rows
    let columns = quick.columns
    let said = quick.said
    let ordinary = ordinary
    let mayBeLong = mayBeLong(run, place)
    var row = start
    run.isAtClaim = false
    while row < rows.count {
      guard let plain = PlainRecord(rows, row, width: columns.width) else { break }
      var next = CSVQuickCheck.Pass()
      if areFound, ordinary.isOrdinary(row, &next) {
        next.idStart = plain.start(columns.claimID)
        next.idEnd = plain.end(columns.claimID)
      } else if areFound || !columns.areOrdinary(plain, said, &next) {
        guard let other = quick.pass(plain, rows[row]) else { break }
        next = other
      }
      let isOfOpenClaim =
        idStart >= 0
        ? plain.holdsSame(next.idStart..<next.idEnd, idStart..<idEnd)
        : run.isOpen && open.id.elementsEqual(place.view.part(next.idStart, next.idEnd))
      if isOfOpenClaim {
        // A claim as long as a claim may be.
        if mayBeLong {
          guard run.piece &+ lines < limits.claimLines,
            place.base &+ rows.start(row) &- run.pieceOffset <= limits.claimBytes
          else { break }
        }
        if run.first < 0 { run.first = row }
      } else {
        guard run.isOpen, !run.needsClosing else {
          run.isAtClaim = true
          run.nextID = next.idStart..<next.idEnd
          break
        }
        run.begin(at: row, offset: place.base &+ rows.start(row), lines, cents)
      }
      idStart = next.idStart
      idEnd = next.idEnd
      lines &+= 1
      cents &+= next.cents
      if wanted.mayContain(next.code) {
        run.demand = max(run.demand, wanted.demand(next.code))
        if run.demand != .nothing { run.needsClosing = true }
      }
      row &+= 1
    }
    (run.idStart, run.idEnd) = (idStart, idEnd)
    (run.lines, run.cents) = (lines, cents)
    passed = run
    return row
  }

  /// Whether a claim may become as long as a claim may be before the index ends.
  ///
  /// Mutating although it changes nothing: all of the reader, 3 KB, would be copied first.
  private mutating func mayBeLong(_ run: PassedRows, _ place: IndexPlace) -> Bool {
    let first = run.isOpen ? run.pieceOffset : place.base + place.rows.start(0)
    return max(run.piece + run.lines, 0) + place.rows.count >= limits.claimLines
      || place.base + index.end - first > limits.claimBytes
  }

  /// Puts down what was counted, and makes lines of the rows up to `end` where their claim is wanted or goes on behind them.
  private mutating func store(_ run: inout PassedRows, _ place: IndexPlace, upTo end: Int) {
    totals.lines += run.lines
    totals.chargeCents &+= run.cents
    totals.claims += run.claims
    if open.isOpen {
      if run.hasBegun {
        open.id.become(place.view.part(run.idStart, run.idEnd))
        open.hadClaimValues = false
        open.isPartial = false
        open.pieceOffset = run.pieceOffset
      }
      open.demand = run.demand
      open.lines = run.openLines + run.lines
      open.piece = run.piece + run.lines
      if run.first >= 0, !run.isAtClaim || open.demand != .nothing {
        // Of a claim of which a row may be to come nobody knows yet whether an outline is enough.
        if run.isAtClaim, run.hasBegun, run.demand == .outline, builder.claim.rows.isEmpty {
          outline(place, run.first..<end)
        } else {
          build(place, run.first..<end)
        }
      }
    }
    run.lines = 0
    run.cents = 0
    run.claims = 0
  }

  /// Makes lines of rows of the open claim, the last ones it has.
  private mutating func build(_ place: IndexPlace, _ rows: Range<Int>) {
    var ordinal = open.lines - rows.count + 1
    let kept = keepTexts(place, rows)
    var noted = rows.lowerBound
    for row in rows {
      let record = place.rows[row]
      let location = SourceLocation(record: place.first.record + row, byteOffset: place.base + record.start)
      let plain = PlainRecord(place.rows, row, width: quick.columns.width)
      if let plain, let kept,
        builder.addOrdinary(plain, record, shared, at: location, ordinal: ordinal, shift: kept)
      {
        ordinal += 1
        continue
      }
      builder.note(place.records(noted..<row))
      noted = row + 1
      scratch.clear()
      builder.add(
        CSVRow(record: record, shared: shared, scratch: scratch, location: location), ordinal: ordinal,
        isContinuation: false, text: kept.map { TextRange(record, $0) }, plain: plain)
      ordinal += 1
    }
    builder.note(place.records(noted..<rows.upperBound))
  }

  /// Makes an outline of all rows of the open claim.
  private mutating func outline(_ place: IndexPlace, _ rows: Range<Int>) {
    let kept = keepTexts(place, rows)
    for row in rows {
      let record = place.rows[row]
      let isFirst = row == rows.lowerBound
      let plain = PlainRecord(place.rows, row, width: quick.columns.width)
      let isKept = wanted.demand(code(place.rows, row, plain)) != .nothing
      if !isKept, !isFirst, builder.areOpenColumnsEmpty(record) { continue }
      let location = SourceLocation(record: place.first.record + row, byteOffset: place.base + record.start)
      if let plain, let kept,
        builder.addOrdinaryOutline(
          plain, record, shared, at: location, isFirst: isFirst, isKept: isKept, shift: kept)
      {
        continue
      }
      scratch.clear()
      builder.addOutline(
        CSVRow(record: record, shared: shared, scratch: scratch, location: location), isFirst: isFirst, isKept: isKept,
        text: kept.map { TextRange(record, $0) })
    }
    builder.note(place.records(rows))
  }

  /// Copies rows to the claim's texts as they stand, where that can be: the answer is how far behind their place in the input they
  /// stand there.
  private mutating func keepTexts(_ place: IndexPlace, _ rows: Range<Int>) -> Int? {
    let texts = place.view.part(place.rows.start(rows.lowerBound), place.rows[rows.upperBound - 1].end)
    // What the index took has no byte above 0x7F, as long as it does not take those.
    guard !index.acceptsHighBytes || texts.isASCII else { return nil }
    let kept = texts.withSpan { builder.claim.text.append($0) }
    return Int(kept.start) - place.rows.start(rows.lowerBound)
  }

  /// The procedure of a row that was passed.
  private mutating func code(_ rows: StructuralIndex.Rows, _ row: Int, _ plain: PlainRecord?) -> UInt64 {
    guard let plain else { return 0 }
    let start = plain.start(quick.columns.procedure)
    let word = plain.word(start) & 0xFF_FFFF_FFFF
    if plain.end(quick.columns.procedure) - start == 5, CSVQuickCheck.isCode(word) { return word.byteSwapped }
    return quick.pass(plain, rows[row])?.code ?? 0
  }
}

extension TextRange {
  /// Where a record stands whose bytes were copied to `shift` behind their place in the input.
  fileprivate init(_ record: Record, _ shift: Int) {
    self.init(
      start: UInt32(truncatingIfNeeded: record.start + shift),
      count: UInt32(truncatingIfNeeded: record.end - record.start))
  }
}

/// The rows of an index and where they stand.
private struct IndexPlace {
  let rows: StructuralIndex.Rows
  let view: ByteView
  /// The offset of the view's first byte in the stream.
  let base: Int
  /// Where the first row stands in the stream.
  let first: RecordPosition

  /// Rows that follow each other, as records of the stream; `nil` for none.
  func records(_ range: Range<Int>) -> RecordRun? {
    guard !range.isEmpty else { return nil }
    let last = rows[range.upperBound - 1]
    var run = RecordRun(
      record: first.record + range.lowerBound, byteOffset: base + rows.start(range.lowerBound),
      end: base + last.bounds(last.count - 1).end)
    run.count = range.count
    return run
  }
}

/// What is known of rows that were passed and of the claim they belong to, without anything that would have to be kept alive.
private struct PassedRows {
  /// Whether a claim is open.
  let isOpen: Bool
  var demand: ClaimDemand
  /// Whether there is more to do at the end of the open claim than to count it.
  var needsClosing: Bool
  /// Lines of the open claim and of its present piece, less those passed since.
  var openLines: Int
  var piece: Int
  var pieceOffset: Int
  /// Whether the open claim began among the rows.
  var hasBegun = false
  /// The row it began at where it may be given back, else -1.
  var began = -1
  /// The first of its rows that was not built yet, -1 where there is none.
  var first = -1
  /// Where its id was seen last in the view, -1 where it was not.
  var idStart = -1
  var idEnd = -1
  // Counted and not yet put down; and what was counted before the open claim.
  var lines = 0
  var cents: Int64 = 0
  var claims = 0
  private var linesBefore = 0
  private var centsBefore: Int64 = 0
  /// Whether the row looked at last begins a claim, after one that has to be closed, and its id.
  var isAtClaim = false
  var nextID = 0..<0

  init(_ open: CSVClaimReader.OpenClaim, isBuilt: Bool) {
    isOpen = open.isOpen
    demand = open.demand
    needsClosing = open.demand != .nothing || isBuilt || open.hasLostUnknown || !open.lostID.isEmpty
    openLines = open.lines
    piece = open.piece
    pieceOffset = open.pieceOffset
  }

  /// Begins a claim, the one before being of no interest.
  ///
  /// - Parameters:
  ///   - lines: those counted so far.
  ///   - cents: and their charges.
  @inline(__always)
  mutating func begin(at row: Int, offset: Int, _ lines: Int, _ cents: Int64) {
    claims &+= 1
    hasBegun = true
    began = row
    first = row
    linesBefore = lines
    centsBefore = cents
    openLines = 0 &- lines
    piece = 0 &- lines
    pieceOffset = offset
  }

  /// Takes back what was counted of the open claim.
  mutating func giveBack() {
    lines = linesBefore
    cents = centsBefore
    claims -= 1
  }
}
