public import ClaimModel
internal import X12

/// Reads claims from X12 interchanges: the 837 transaction sets of every guide version; other sets are passed over and counted.
///
/// Segments are found by their terminator and looked at one by one; what holds for several claims (provider, subscriber,
/// patient) is kept in `X12PartyContext`, the claim itself in `X12ClaimBuilder`. Damage costs as little as it can: a segment, a
/// claim, an interchange; reading goes on at the next border that is sound. Everything that is not as it should be is an issue with
/// the place of its segment.
public struct X12ClaimReader: ClaimReader {
  /// What was counted so far.
  public internal(set) var totals = ReadingTotals()
  public var offset: Int { base }
  /// What `inspect` wants to know.
  public internal(set) var survey = X12Survey()

  let limits: ReadingLimits
  let hash: KeyedHash
  var delimiters = Delimiters.customary
  var envelope = X12EnvelopeTracker()
  var hierarchy = X12HierarchyTracker()
  var parties = X12PartyContext()
  var builder: X12ClaimBuilder
  var unwrapped: [UInt8] = []
  var ordinary: X12OrdinaryClaims
  var assembler = X12ClaimAssembler()
  let index: X12SegmentIndex
  /// Whether a claim that the end of a window cuts is left alone, to be lent again with what follows, where that can be done.
  ///
  /// One that is begun is read segment by segment, which takes ten times as long.
  public var leavesCutClaims = true
  /// Whether ordinary claims may be passed over at all.
  let passesOrdinaryClaims: Bool
  /// The level of the instructions that windows are indexed and looked at with: lower than the highest for tests.
  var level: Int32 = 3
  var issues: [ReadingIssue] = []

  /// The offset in the stream of the first byte that is lent.
  var base = 0
  var record = 0
  var isClaimSet = false
  var guideKind: ClaimKind?
  var transactionDate = DateValue.absent
  var everOpened = false
  var isRefused = false
  var isOverlong = false
  var isWrapped = false
  var lineStart = 0
  var firstLineLength: Int?
  var garbage: Garbage?
  /// Where blank bytes before the first interchange begin, until it is known that something follows them.
  var leadingBlanks: SourceLocation?
  var noted: Set<Notice> = []
  /// What of the builder's counts is in the totals already.
  var countedLines = 0
  var countedCents: Int64 = 0

  /// Bytes between interchanges that belong to none.
  struct Garbage {
    var place: SourceLocation
    var length = 0
    var isOrphan = false
    var holdsClaim = false
    var isPadding = true
    /// The byte last added.
    var last: UInt8 = 0
  }

  /// What is noted once in a stream.
  enum Notice: Hashable, Sendable {
    case indented
    case wrapped
    case encoding
    case emptySegment
    case lowerCase
    case unknownSegment(UInt32)
    case controlCharacters
  }

  /// A reader that hands out the claims of interest, hashing patients' identities with `hash`.
  ///
  /// With `readsEveryClaimInFull` every segment of every claim is looked at as if it might be odd; the outcome is the same and takes
  /// several times as long.
  public init(
    interest: ClaimInterest, limits: ReadingLimits = ReadingLimits(), hash: KeyedHash,
    readsEveryClaimInFull: Bool = false
  ) {
    // What is passed over has no longer segments.
    passesOrdinaryClaims = !readsEveryClaimInFull && min(limits.element, limits.elements) >= 1024
    ordinary = X12OrdinaryClaims(interest: interest, limits: limits)
    self.limits = limits
    self.hash = hash
    index = X12SegmentIndex()
    builder = X12ClaimBuilder(interest: interest, limits: limits)
  }

  /// Whether a stream that begins with `sample` is X12: an ISA stands at its front or, behind other text, one that can be read;
  /// or it begins with the group or the set of an interchange that has lost its ISA.
  public static func recognises(_ sample: UnsafeRawBufferPointer) -> Bool {
    let bytes = unsafe Span<UInt8>(_unsafeElements: sample.bindMemory(to: UInt8.self))
    var index = skipBlank(bytes, from: 0)
    if index + 4 <= bytes.count, isISA(bytes, at: index) || isISAWithLetterSeparator(bytes, at: index) { return true }
    if bareDelimiters(bytes, at: index) != nil { return true }
    while index + 4 <= bytes.count {
      if isISA(bytes, at: index),
        case .header = InterchangeHeader.read(bytes.extracting(index..<bytes.count), isLast: true)
      {
        return true
      }
      index += 1
    }
    return false
  }

  /// Reads on; see `ClaimReader`.
  public mutating func read(_ bytes: UnsafeRawBufferPointer, isLast: Bool, handler: inout some ClaimHandler) -> Int {
    let span = unsafe Span<UInt8>(_unsafeElements: bytes.bindMemory(to: UInt8.self))
    var cursor = 0
    if index.isPrepared, index.count == bytes.count, index.terminator == delimiters.terminator,
      index.separator == delimiters.element
    {
      index.isPrepared = false
    } else {
      index.clear()
    }
    while true {
      let event = unsafe advance(span, bytes, &cursor, isLast: isLast)
      if !issues.isEmpty {
        for issue in issues { handler.issue(issue) }
        issues.removeAll(keepingCapacity: true)
      }
      switch event {
      case .claim:
        handler.claim(&builder.claim)
        if builder.isOpen { builder.dropPart() }
      case .exhausted:
        unsafe readUnreadParties(bytes)
        base += cursor
        return cursor
      }
    }
  }

  enum Event {
    /// `builder.claim` is to be handed out.
    case claim
    /// No more can be done with what is lent.
    case exhausted
  }

  func place(_ cursor: Int, record: Int? = nil) -> SourceLocation {
    SourceLocation(record: record ?? self.record, byteOffset: base + cursor)
  }

  // MARK: The stream

  mutating func advance(
    _ bytes: Span<UInt8>, _ window: UnsafeRawBufferPointer, _ cursor: inout Int, isLast: Bool
  ) -> Event {
    while true {
      if isRefused {
        cursor = bytes.count
        return .exhausted
      }
      if !envelope.inInterchange {
        guard seekInterchange(bytes, &cursor, isLast: isLast) else { return .exhausted }
        continue
      }
      if !isOverlong { skipBetweenSegments(bytes, &cursor) }
      guard cursor < bytes.count else { return isLast ? end(at: cursor, torn: false) : .exhausted }
      if isClaimSet, passesOrdinaryClaims, !builder.isOpen, !isOverlong {
        let start = cursor
        switch unsafe passOrdinaryClaims(bytes, window, &cursor) {
        case .claim: return .claim
        case .cut where leavesCutClaims && !isLast && cursor > 0: return .exhausted
        case .cut, .end: if cursor > start { continue }
        }
        unsafe readUnreadParties(window)
      }
      if !isOverlong, isISA(bytes, at: cursor) {
        var starts = bytes[cursor + 3] == delimiters.element
        if !starts {
          guard let answer = startsInterchange(bytes, at: cursor, isLast) else { return .exhausted }
          starts = answer
        }
        if starts {
          if closeClaim(at: cursor) { return .claim }
          guard openInterchange(bytes, &cursor, isLast: isLast) else { return .exhausted }
          continue
        }
      }
      guard let terminator = find(delimiters.terminator, in: bytes, from: cursor) else {
        if isLast {
          if !isOverlong, bytes.count - cursor >= limits.window { overlong(bytes, &cursor) }
          if isOverlong || !endsWithTrailer(bytes, cursor) {
            if endsClaimTorn(bytes, cursor), closeClaim(at: cursor) { return .claim }
            return end(at: cursor, torn: true, through: bytes.count, &cursor)
          }
          if let event = segment(bytes, cursor..<bytes.count, next: bytes.count, &cursor) { return event }
          continue
        }
        if bytes.count - cursor >= limits.window { overlong(bytes, &cursor) }
        return .exhausted
      }
      // However much is lent at a time: a segment that a smaller window would not have held is none.
      if !isOverlong, terminator - cursor >= limits.window { overlong(bytes, &cursor) }
      if isOverlong {
        isOverlong = false
        cursor = terminator + 1
        continue
      }
      if let event = segment(bytes, cursor..<terminator, next: terminator + 1, &cursor) { return event }
    }
  }

  /// Takes one segment; gives an event when a claim is to be handed out first, with the segment still to be read.
  mutating func segment(_ bytes: Span<UInt8>, _ range: Range<Int>, next: Int, _ cursor: inout Int) -> Event? {
    if range.isEmpty {
      note(
        .emptySegment, "EMPTY_SEGMENT", at: range.lowerBound,
        "a segment terminator stands where no segment is; it is passed over")
      cursor = next
      return nil
    }
    let raw = bytes.extracting(range)
    // Where the window is indexed, the index knows already that a segment is plain.
    let isPlain = index.count == bytes.count && index.nextOdd(from: range.lowerBound) >= range.upperBound
    let oddity = isPlain ? Oddity() : Oddity(raw)
    // A claim that this segment ends comes before what is said of the segment.
    if oddity.hasLineBreak, builder.isOpen, endsOpenClaim(raw), closeClaim(at: range.lowerBound) { return .claim }
    if oddity.hasLineBreak, delimiters.terminator != 0x0A, delimiters.terminator != 0x0D, unwrap(raw, range) {
      // The copy is taken out and put back, so that the segment can be read from it while the reader changes.
      let copy = unwrapped
      let event = take(copy.span, oddity, range, next: next, &cursor)
      return event
    }
    return take(raw, oddity, range, next: next, &cursor)
  }

  mutating func take(
    _ segment: Span<UInt8>, _ oddity: Oddity, _ range: Range<Int>, next: Int, _ cursor: inout Int
  ) -> Event? {
    var elements = SegmentElements()
    var wasLowerCase = false
    let id = SegmentID(segment, 0..<headLength(segment), wasLowerCase: &wasLowerCase)
    split(segment, id, into: &elements)
    if builder.isOpen, endsClaim(id, segment, elements) {
      if closeClaim(at: range.lowerBound) { return .claim }
    }
    // Only before a line, so that no line is parted from what stands below it.
    if builder.isOpen, builder.isOversized, builder.beginsLine(id), takePart(at: range.lowerBound) { return .claim }
    record += 1
    cursor = next
    let here = place(range.lowerBound)
    totals.records += 1
    if oddity.isOdd { noteOddity(oddity, segment, id, here) }
    if elements.count > limits.elements {
      issues.append(
        builder.issue(
          "SEGMENT_ELEMENTS", at: here, id.text, "",
          "the segment has \(elements.count) elements, more than \(limits.elements); those that are known are read",
          effect: builder.isOpen ? .claimKept : .none))
    }
    if range.count > limits.element, longestElement(segment) > limits.element {
      issues.append(
        builder.issue(
          "SEGMENT_TOO_LONG", at: here, id.text, "",
          "an element is longer than \(limits.element) bytes; the segment is passed over",
          severity: .error, effect: .claimLost))
      builder.isDamaged = true
      return nil
    }
    if wasLowerCase {
      note(
        .lowerCase, "SEGMENT_ID", at: range.lowerBound, "a segment id is in lower case; it is read as if in upper case",
        segment: id.text, severity: .warning)
    }
    dispatch(id, segment, elements, oddity, here)
    return nil
  }

  // The next are mutating although they change nothing: the whole reader would be copied first.

  /// Finds the elements of a segment, unless of its kind only the id matters.
  mutating func split(_ segment: Span<UInt8>, _ id: SegmentID, into elements: inout SegmentElements) {
    if segment.count > limits.elements || !X12SegmentNames.isPassedOver(id) {
      elements.split(segment, by: delimiters.element)
    }
  }

  /// How many bytes stand before the first separator, at most four are looked at.
  func headLength(_ segment: Span<UInt8>) -> Int {
    var length = 0
    while length < segment.count, length < 4, segment[length] != delimiters.element { length += 1 }
    return length
  }

  mutating func endsClaim(_ id: SegmentID, _ segment: Span<UInt8>, _ elements: SegmentElements) -> Bool {
    switch id {
    case .clm, .hl, .se, .st, .ge, .gs, .iea: true
    // What stands behind a damaged segment with its lines counted from 1 again is another claim, whose CLM was lost.
    case .lx: builder.isDamaged && !builder.claim.lines.isEmpty && segment.number(elements[1]) == 1
    default: false
    }
  }

  /// Whether a segment that was not taken apart yet ends the open claim; with `byIDOnly` not by the number of its line.
  mutating func endsOpenClaim(_ segment: Span<UInt8>, byIDOnly: Bool = false) -> Bool {
    var elements = SegmentElements()
    var wasLowerCase = false
    let id = SegmentID(segment, 0..<headLength(segment), wasLowerCase: &wasLowerCase)
    if byIDOnly, id == SegmentID.lx { return false }
    split(segment, id, into: &elements)
    return elements.count > 0 && endsClaim(id, segment, elements)
  }

  /// Whether the segment at the cursor, which the input ends in, tells by its id that the claim before it is whole.
  mutating func endsClaimTorn(_ bytes: Span<UInt8>, _ cursor: Int) -> Bool {
    builder.isOpen && !isOverlong && endsOpenClaim(bytes.extracting(cursor..<bytes.count), byIDOnly: true)
  }

  // MARK: Claims

  /// Ends the open claim; `true` when it is to be handed out.
  mutating func closeClaim(at cursor: Int) -> Bool {
    guard builder.isOpen else { return false }
    builder.close(at: place(cursor), &issues)
    countLines()
    guard builder.isWanted else { return false }
    fillFromAbove()
    return true
  }

  /// Ends a part of a claim that is longer than a claim may be; `true` when it is to be handed out.
  mutating func takePart(at cursor: Int) -> Bool {
    if !builder.claim.isPartial {
      issues.append(
        builder.issue(
          "CLAIM_TOO_LONG", at: place(cursor, record: record + 1), "CLM", "",
          "the claim is longer than \(limits.claimLines) lines or \(limits.claimBytes) bytes; it is read on line by line and rules over the whole claim are not evaluated"
        ))
    }
    builder.takePart(&issues)
    countLines()
    guard builder.isWanted else {
      builder.dropPart()
      return false
    }
    fillFromAbove()
    return true
  }

  mutating func countLines() {
    totals.lines += builder.lineCount - countedLines
    totals.chargeCents &+= builder.chargeCents &- countedCents
    countedLines = builder.lineCount
    countedCents = builder.chargeCents
  }

  mutating func fillFromAbove() {
    parties.fill(&builder.claim, hash)
    if builder.claim.isOutline { return }
    builder.claim.interchangeControl = builder.claim.text.append(envelope.interchangeControl)
    builder.claim.groupControl = builder.claim.text.append(envelope.groupControl)
    builder.claim.transactionControl = builder.claim.text.append(envelope.transactionControl)
    builder.claim.transactionDate = transactionDate
  }

  /// The stream ends inside an interchange.
  ///
  /// The claim it ends in is whole when no segment is torn and its lines add up to its total; else it is lost, with a
  /// word.
  mutating func end(at position: Int, torn: Bool, through: Int? = nil, _ cursor: inout Int) -> Event {
    let here = place(through ?? position, record: record + (torn ? 1 : 0))
    if torn, let through, through - position > limits.element {
      issues.append(
        builder.issue(
          "SEGMENT_TOO_LONG", at: place(position, record: record + 1), "", "",
          "no segment terminator within \(through - position) bytes; the segment is passed over", severity: .error,
          effect: .claimLost))
    }
    if builder.isOpen {
      let lines = builder.claim.lines
      let sum = lines.reduce(Int64(0)) { $0 &+ ($1.charge.cents ?? 0) }
      let isWhole = !torn && !lines.isEmpty && builder.claim.totalCharge.cents == sum
      if isWhole || builder.claim.isPartial {
        if closeClaim(at: position) { return .claim }
      } else {
        issues.append(
          builder.issue(
            "TRUNCATED", at: builder.claim.location, "CLM", "",
            "the input ends inside this claim at byte \(base + position); the claim is not whole and is lost",
            severity: .error, effect: .claimLost))
        var ignored: [ReadingIssue] = []
        builder.close(at: here, &ignored)
        builder.discardCounts(of: lines)
        totals.claims -= 1
        countLines()
      }
    }
    issues.append(
      ReadingIssue(
        code: "ENV-001", severity: .error, effect: .fileCut, location: here,
        message: torn
          ? "TRUNCATED: the input ends inside a segment, before the IEA of its interchange; more may be missing"
          : "TRUNCATED: the input ends before the IEA of its interchange (MISSING_IEA); more may be missing"))
    envelope.close()
    isClaimSet = false
    if let through { cursor = through }
    return .exhausted
  }

  mutating func end(at position: Int, torn: Bool) -> Event {
    var cursor = position
    return end(at: position, torn: torn, &cursor)
  }

}
