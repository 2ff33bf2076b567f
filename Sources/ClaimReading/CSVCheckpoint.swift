internal import CSV
internal import ClaimModel

/// Where a unit of a large table may begin: at a row that begins a claim, behind a row of another.
///
/// Both are plain: nothing about them depends on what comes before, save which record of the file they are.
public struct CSVBorder: Sendable, Equatable {
  /// Where it is; records and lines are counted from the border itself where nobody has counted those before it.
  var position: RecordPosition
  /// The id of the claim that begins.
  var id: [UInt8]
  /// Whether it is known which record of the file begins.
  public private(set) var isCounted = true

  init(position: RecordPosition, id: [UInt8]) {
    self.position = position
    self.id = id
  }

  /// The border that stands at `checkpoint`.
  public init(_ checkpoint: CSVCheckpoint) { self.init(position: checkpoint.position, id: []) }

  /// The same border where nobody has counted the records before it.
  func uncounted() -> CSVBorder {
    var border = self
    border.position = RecordPosition(offset: offset)
    border.isCounted = false
    return border
  }

  /// The offset of the row in the stream.
  public var offset: Int { position.offset }
}

/// What a reader knows at a border, where no claim is open: enough to read on from there.
///
/// A large table is read by several threads, each beginning at a border that was guessed from the lines around it
/// (`CSVClaimReader.guessedBorder`) or found by counting the records before it (`CSVClaimReader.border`). What was said by then is
/// foreseen: nothing more than the last time anybody knew. Foreseeing may be wrong; reading never is, since the thread before says
/// what is really known at the border, and only where both agree, but for the number of the record, the work counts.
public struct CSVCheckpoint: Sendable, Equatable {
  var position = RecordPosition()
  var records = 0
  var notes = Notes()

  /// What the rows so far have told about the file or about the rows that follow.
  public struct Notes: Sendable, Equatable {
    /// What was said once for the file.
    var said: Set<String> = []
    /// What was said once for a column.
    var remarks = CSVRowCheck.Remarks()
    var acceptsHighBytes = false
    var lostID: [UInt8] = []
    var hasLostUnknown = false
    var isStopped = false

    /// Nothing was told.
    public init() {}
  }

  /// The offset of the border in the stream.
  public var offset: Int { position.offset }

  /// What is known at `border` if nothing but `notes` was told before it.
  public init(_ border: CSVBorder, after notes: Notes) {
    position = border.position
    records = border.position.record - 1
    self.notes = notes
  }

  init(position: RecordPosition, records: Int, notes: Notes) {
    self.position = position
    self.records = records
    self.notes = notes
  }

  /// How much further records are counted in another checkpoint that is the same but for that; `nil` where more is otherwise.
  public func shift(to other: CSVCheckpoint) -> Shift? {
    guard position.offset == other.position.offset, notes == other.notes else { return nil }
    return Shift(
      records: other.position.record - position.record, lines: other.position.line - position.line,
      read: other.records - records)
  }

  /// How much further the records of a stream are counted than somebody did who began at a border.
  public struct Shift: Sendable, Equatable {
    /// Records of the stream.
    public var records: Int
    var lines: Int
    var read: Int

    /// Whether both count alike.
    public var isNone: Bool { self == Shift(records: 0, lines: 0, read: 0) }
  }

  /// The checkpoint of who counts on from elsewhere.
  public func moved(by shift: Shift) -> CSVCheckpoint {
    var moved = self
    moved.position.record += shift.records
    moved.position.line += shift.lines
    moved.records += shift.read
    return moved
  }

  /// What is known here of rows that follow.
  public var foresight: Notes { notes }
}

extension CSVClaimReader {
  /// Whether several threads may read the table: every line is a row of its own, with an id.
  public var canBeParted: Bool { passesRows && index.dialect.lineBreak == .lineFeed }

  /// Where the rows begin, behind the header.
  public var firstBorder: CSVBorder { CSVBorder(position: dataStart, id: []) }

  /// What is known there.
  public var firstCheckpoint: CSVCheckpoint { CSVCheckpoint(firstBorder, after: CSVCheckpoint.Notes()) }

  /// Whether no row was read yet.
  public var isAtStart: Bool { position.offset < dataStart.offset }

  /// A reader of the same table that has read nothing and shares nothing.
  public func another() -> CSVClaimReader {
    var reader = self
    // A plan of its own: with one for all, every row would be counted in one place by all threads.
    reader.shared = SharedColumnPlan(plan)
    reader.index = StructuralIndex(dialect: index.dialect)
    reader.ordinary = OrdinaryRows()
    reader.parser = RecordParser(dialect: parser.dialect, limits: parser.limits)
    reader.scratch = Scratch()
    reader.builder = CSVClaimBuilder(plan, hash: builder.hash)
    reader.resume(at: firstCheckpoint)
    return reader
  }

  /// Goes to a border, as if all before it had been read.
  public mutating func resume(at checkpoint: CSVCheckpoint) {
    position = checkpoint.position
    lineOffset = position.offset
    totals = ReadingTotals()
    totals.records = checkpoint.records
    said = checkpoint.notes.said
    check.remarks = checkpoint.notes.remarks
    quick.said = check.remarks.said
    index.acceptsHighBytes = checkpoint.notes.acceptsHighBytes
    open = OpenClaim()
    open.lostID = checkpoint.notes.lostID
    open.hasLostUnknown = checkpoint.notes.hasLostUnknown
    isStopped = checkpoint.notes.isStopped
    isSkipping = false
    ledgerEntries = 0
    builder.reset()
  }

  /// Reads `bytes`, which begin where the reader stands and end at `border`.
  ///
  /// - Returns: how many bytes are used up; what is known at the border, or `nil` when something reaches over it after all.
  public mutating func read(
    _ bytes: UnsafeRawBufferPointer, upTo border: CSVBorder, handler: inout some ClaimHandler
  ) -> (used: Int, known: CSVCheckpoint?) {
    let used = unsafe read(bytes, end: .border, handler: &handler)
    guard used == bytes.count, !isSkipping, !open.isOpen || !open.id.elementsEqual(border.id) else {
      return (used, nil)
    }
    close(&handler)
    var notes = CSVCheckpoint.Notes()
    notes.said = said
    notes.remarks = check.remarks
    notes.acceptsHighBytes = index.acceptsHighBytes
    notes.lostID = open.lostID
    notes.hasLostUnknown = open.hasLostUnknown
    notes.isStopped = isStopped
    return (used, CSVCheckpoint(position: position, records: totals.records, notes: notes))
  }

  /// What `border` found.
  public enum BorderSearch {
    /// A border.
    case found(CSVBorder)
    /// None in the bytes that are there.
    case needsMore
    /// Something that only reading can judge.
    case unknown
  }

  /// Looks for a border at `target` or behind it, in bytes that begin at another one.
  ///
  /// - Parameters:
  ///   - bytes: the stream from `start` on.
  ///   - start: the border they begin at.
  ///   - target: a position in `bytes`.
  public mutating func border(
    in bytes: UnsafeRawBufferPointer, from start: CSVBorder, behind target: Int
  ) -> BorderSearch {
    let view = unsafe ByteView(bytes)
    var place = start.position
    var next = 0
    // The records before the target are counted, the odd ones taken one by one.
    while next < target {
      let counted = StructuralIndex.count(view, from: next, to: target, dialect: index.dialect)
      next = counted.end
      place.record += counted.rows
      place.line += counted.rows + counted.quotedLineBreaks
      guard next < target else { break }
      guard let after = parse(view, from: next, &place) else { return parser.isOverlong ? .unknown : .needsMore }
      next = after
    }
    return border(in: view, at: next, of: start.offset, &place)
  }

  /// Looks for the next border in `bytes`, which follow those used up so far, without a change to what was read.
  public func nextBorder(in bytes: UnsafeRawBufferPointer) -> BorderSearch {
    if isSkipping || isStopped { return .unknown }
    var scout = another()
    return unsafe scout.border(in: bytes, from: CSVBorder(position: position, id: []), behind: 0)
  }

  /// Guesses a border at `target` or behind it, without a look at what comes before.
  ///
  /// The first lines that are records of their own are taken for such; where they stand inside quotes, who reads up to there will tell.
  ///
  /// - Parameters:
  ///   - bytes: the stream from `offset` on.
  ///   - target: a position in `bytes`.
  public mutating func guessedBorder(
    in bytes: UnsafeRawBufferPointer, at offset: Int, behind target: Int
  ) -> BorderSearch {
    let view = unsafe ByteView(bytes)
    guard target < view.count, let feed = view.firstIndex(of: 0x0A, from: target) else { return .needsMore }
    var place = RecordPosition()
    let found = border(in: view, at: feed + 1, of: offset, &place)
    guard case .found(let border) = found else { return found }
    return .found(border.uncounted())
  }

  /// Looks for a border from the record at `start` on, whose place in the stream is `place`.
  private mutating func border(
    in view: ByteView, at start: Int, of offset: Int, _ place: inout RecordPosition
  ) -> BorderSearch {
    var next = start
    var before: [UInt8] = []
    while true {
      place.offset = offset + next
      let begin = place
      guard let after = parse(view, from: next, &place) else { return parser.isOverlong ? .unknown : .needsMore }
      let id = plainID(parser.record(in: view), at: begin)
      if !id.isEmpty, !before.isEmpty, id != before { return .found(CSVBorder(position: begin, id: id)) }
      before = id
      next = after
    }
  }

  /// Parses the record at `start` and counts it; `nil` when it does not end.
  private mutating func parse(_ view: ByteView, from start: Int, _ place: inout RecordPosition) -> Int? {
    guard case .record = parser.parse(view, from: start, isLast: false) else { return nil }
    place.record += 1
    place.line += RecordPosition.lineBreaks(view.part(start, parser.next))
    return parser.next
  }

  /// The id of a row that is a line whatever comes before it; empty for any other.
  private func plainID(_ record: Record, at place: RecordPosition) -> [UInt8] {
    guard parser.fault == nil, record.count == plan.headers.count else { return [] }
    scratch.clear()
    let row = CSVRow(
      record: record, shared: shared, scratch: scratch,
      location: SourceLocation(record: place.record, byteOffset: place.offset))
    guard case .line = row.kind(canContinue: false) else { return [] }
    return Array(row.cell(.claimID))
  }
}
