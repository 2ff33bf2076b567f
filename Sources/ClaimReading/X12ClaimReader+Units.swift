internal import ClaimModel
internal import X12

/// Reading from a border on, and what is known at one.
extension X12ClaimReader {
  /// Goes on at a border of which everything is known, with the memory of what was read before and nothing else of it.
  public mutating func resume(at checkpoint: X12Checkpoint) {
    self = X12ClaimReader(resuming: checkpoint, reusing: consume self)
  }

  /// A reader at a border, with the interest, the limits and the memory of one that is done.
  private init(resuming checkpoint: X12Checkpoint, reusing reader: consuming X12ClaimReader) {
    passesOrdinaryClaims = reader.passesOrdinaryClaims
    leavesCutClaims = reader.leavesCutClaims
    level = reader.level
    limits = reader.limits
    hash = reader.hash
    index = reader.index
    ordinary = reader.ordinary
    ordinary.forgetUnread()
    builder = reader.builder
    builder.abandon()
    countedLines = builder.lineCount
    countedCents = builder.chargeCents
    base = checkpoint.offset
    record = checkpoint.record
    delimiters = checkpoint.delimiters
    envelope = checkpoint.envelope
    hierarchy = checkpoint.hierarchy
    isClaimSet = checkpoint.isClaimSet
    guideKind = checkpoint.guideKind
    transactionDate = checkpoint.transactionDate
    everOpened = checkpoint.everOpened
    isWrapped = checkpoint.isWrapped
    lineStart = checkpoint.lineStart
    firstLineLength = checkpoint.firstLineLength
    noted = checkpoint.noted
  }

  /// Indexes a unit that begins at a border, before it is known what holds there; `following` bytes behind it may be looked at.
  ///
  /// The delimiters are those of `known`. The next `read` has to be of the same bytes.
  public func prepare(_ unit: UnsafeRawBufferPointer, following: Int, delimitedAs known: X12Checkpoint) {
    let delimiters = known.delimiters
    guard X12ClaimReader.canIndex(unit.count + following, delimiters) else { return index.clear() }
    unsafe index.index(
      unit, following: following, terminator: delimiters.terminator, separator: delimiters.element, level: level)
    index.isPrepared = true
  }

  /// What will be known at `border`, which stands behind `unit`, when `known` holds at its beginning; quicker where the unit has
  /// been prepared.
  public func foresee(
    over unit: UnsafeRawBufferPointer, from known: X12Checkpoint, to border: X12Checkpoint.Border
  ) -> X12Checkpoint {
    guard index.isPrepared, index.count == unit.count, index.terminator == known.delimiters.terminator,
      index.separator == known.delimiters.element
    else { return unsafe known.foresee(over: unit, to: border) }
    return unsafe known.foresee(over: unit, by: index, to: border)
  }

  /// Whether windows of that size with those delimiters are indexed.
  static func canIndex(_ count: Int, _ delimiters: Delimiters) -> Bool {
    delimiters.terminator != 0x0D && count < 1 << 28 && !isAlphanumeric(delimiters.element)
  }

  /// Ends what is open before a border that follows the bytes used up so far, and says what is known there; `nil` when the reader
  /// does not stand between segments.
  ///
  /// A claim that the segment at the border ends is handed out.
  public mutating func checkpoint(
    at offset: Int, _ border: X12Checkpoint.Border, handler: inout some ClaimHandler
  ) -> X12Checkpoint? {
    guard base == offset, !isOverlong, !isRefused, garbage == nil, envelope.inInterchange else { return nil }
    let isWanted = closeClaim(at: 0)
    for issue in issues { handler.issue(issue) }
    issues.removeAll(keepingCapacity: true)
    if isWanted { handler.claim(&builder.claim) }
    return known(at: border)
  }

  /// What is known now, at a border of that kind.
  func known(at border: X12Checkpoint.Border) -> X12Checkpoint {
    var checkpoint = X12Checkpoint()
    checkpoint.offset = base
    checkpoint.record = record
    checkpoint.delimiters = delimiters
    checkpoint.envelope = envelope
    checkpoint.hierarchy = hierarchy
    checkpoint.isClaimSet = isClaimSet
    checkpoint.guideKind = guideKind
    checkpoint.transactionDate = transactionDate
    checkpoint.everOpened = everOpened
    checkpoint.isWrapped = isWrapped
    checkpoint.lineStart = lineStart
    checkpoint.firstLineLength = firstLineLength
    checkpoint.noted = noted
    checkpoint.settle(border)
    return checkpoint
  }

  /// Whether a border may follow of which something can be told: not in the middle of something odd.
  public var mayMeetBorder: Bool { !isOverlong && !isRefused && !isWrapped && garbage == nil }

  /// The next border in `bytes`, which follow those used up so far; `nil` where nothing can be told of one there.
  public func nextBorder(in bytes: UnsafeRawBufferPointer) -> (offset: Int, border: X12Checkpoint.Border)? {
    guard mayMeetBorder else { return nil }
    var known = X12Checkpoint()
    known.delimiters = delimiters
    var start = 1
    if !envelope.inInterchange {
      let span = unsafe Span<UInt8>(_unsafeElements: bytes.bindMemory(to: UInt8.self))
      guard X12ClaimReader.isISA(span, at: 0), case .header(let header) = InterchangeHeader.read(span, isLast: false),
        !header.isWrapped
      else { return nil }
      known.delimiters = header.delimiters
      start = header.length
    }
    return unsafe known.border(in: bytes, from: start)
  }
}
