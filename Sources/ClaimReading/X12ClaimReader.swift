public import ClaimModel
internal import Glibc
internal import X12

/// Reads claims from X12 interchanges: the 837 transaction sets of every guide version; other sets are passed over and counted.
///
/// Segments are found by their terminator and looked at one by one; what holds for several claims (provider, subscriber,
/// patient) is kept in `X12PartyContext`, the claim itself in `X12ClaimBuilder`. Damage costs as little as it can: a segment, a
/// claim, an interchange; reading goes on at the next border that is sound. Everything that is not as it should be is an issue with
/// the place of its segment.
public struct X12ClaimReader: ClaimReader {
  /// What was counted so far.
  public private(set) var totals = ReadingTotals()
  /// What `inspect` wants to know.
  public private(set) var survey = X12Survey()

  private let limits: ReadingLimits
  private let hash: KeyedHash
  private var delimiters = Delimiters.customary
  private var envelope = X12EnvelopeTracker()
  private var hierarchy = X12HierarchyTracker()
  private var parties = X12PartyContext()
  private var builder: X12ClaimBuilder
  private var unwrapped: [UInt8] = []
  private var ordinary: X12OrdinaryClaims
  private let index = X12SegmentIndex()
  /// Whether ordinary claims may be passed over at all.
  private let passesOrdinaryClaims: Bool
  private var issues: [ReadingIssue] = []

  /// The offset in the stream of the first byte that is lent.
  private var base = 0
  private var record = 0
  private var isClaimSet = false
  private var guideKind: ClaimKind?
  private var transactionDate = DateValue.absent
  private var everOpened = false
  private var isRefused = false
  private var isOverlong = false
  private var isWrapped = false
  private var lineStart = 0
  private var firstLineLength: Int?
  private var garbage: Garbage?
  /// Where blank bytes before the first interchange begin, until it is known that something follows them.
  private var leadingBlanks: SourceLocation?
  private var noted: Set<Notice> = []
  /// What of the builder's counts is in the totals already.
  private var countedLines = 0
  private var countedCents: Int64 = 0

  /// Bytes between interchanges that belong to none.
  private struct Garbage {
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
  /// With `readsEveryClaimInFull` no claim is passed over; the outcome is the same and takes several times as long.
  public init(
    interest: ClaimInterest, limits: ReadingLimits = ReadingLimits(), hash: KeyedHash,
    readsEveryClaimInFull: Bool = false
  ) {
    passesOrdinaryClaims = !readsEveryClaimInFull && !interest.isEverything
    ordinary = X12OrdinaryClaims(interest: interest)
    self.limits = limits
    self.hash = hash
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
    index.clear()
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
        readUnreadParties(span)
        base += cursor
        return cursor
      }
    }
  }

  // MARK: Units of work

  /// A reader that goes on at a border of which everything is known.
  public init(
    resuming checkpoint: X12Checkpoint, interest: ClaimInterest, limits: ReadingLimits, hash: KeyedHash,
    readsEveryClaimInFull: Bool
  ) {
    self.init(interest: interest, limits: limits, hash: hash, readsEveryClaimInFull: readsEveryClaimInFull)
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
  private func known(at border: X12Checkpoint.Border) -> X12Checkpoint {
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

  /// What is known behind the interchange header, group and set that `head` begins with, for foreseeing; `nil` when it does not
  /// begin so.
  public static func firstCheckpoint(_ head: UnsafeRawBufferPointer, limits: ReadingLimits) -> X12Checkpoint? {
    var reader = X12ClaimReader(
      interest: ClaimInterest(procedures: []), limits: limits, hash: KeyedHash(key0: 0, key1: 0))
    struct Nobody: ClaimHandler {
      mutating func claim(_ claim: inout Claim) {}
      mutating func issue(_ issue: ReadingIssue) {}
    }
    var nobody = Nobody()
    let start = X12Checkpoint()
    let bytes = unsafe Span<UInt8>(_unsafeElements: head.bindMemory(to: UInt8.self))
    guard X12ClaimReader.isISA(bytes, at: 0), case .header(let header) = InterchangeHeader.read(bytes, isLast: false),
      !header.isWrapped
    else { return nil }
    var known = start
    known.delimiters = header.delimiters
    guard let first = unsafe known.border(in: head, from: header.length) else { return nil }
    let used = unsafe reader.read(
      UnsafeRawBufferPointer(rebasing: head[0..<first.offset]), isLast: false, handler: &nobody)
    guard used == first.offset else { return nil }
    return reader.checkpoint(at: first.offset, first.border, handler: &nobody)
  }

  private enum Event {
    /// `builder.claim` is to be handed out.
    case claim
    /// No more can be done with what is lent.
    case exhausted
  }

  private func place(_ cursor: Int, record: Int? = nil) -> SourceLocation {
    SourceLocation(record: record ?? self.record, byteOffset: base + cursor)
  }

  // MARK: The stream

  private mutating func advance(
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
        unsafe passOrdinaryClaims(window, &cursor)
        if cursor > start { continue }
        readUnreadParties(bytes)
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
      if isOverlong {
        isOverlong = false
        cursor = terminator + 1
        continue
      }
      if let event = segment(bytes, cursor..<terminator, next: terminator + 1, &cursor) { return event }
    }
  }

  private mutating func passOrdinaryClaims(_ window: UnsafeRawBufferPointer, _ cursor: inout Int) {
    guard let guideKind, delimiters.terminator != 0x0D, !isWrapped else { return }
    if index.count != window.count {
      unsafe index.index(window, terminator: delimiters.terminator, separator: delimiters.element)
    }
    var gain = X12OrdinaryClaims.Gain()
    cursor = unsafe ordinary.pass(
      window, index, from: cursor, separator: delimiters.element, component: delimiters.component, kind: guideKind,
      hierarchy: &hierarchy, gain: &gain)
    guard gain.records > 0 else { return }
    record += gain.records
    totals.records += gain.records
    totals.claims += gain.claims
    totals.lines += gain.lines
    totals.chargeCents &+= gain.cents
    if let last = gain.lastBreak {
      if firstLineLength == nil, let first = gain.firstBreak { firstLineLength = base + first - lineStart }
      lineStart = base + last + 1
    }
  }

  /// Reads the names of the levels that were passed over, before a claim below them is read or their bytes are gone.
  private mutating func readUnreadParties(_ bytes: Span<UInt8>) {
    guard ordinary.hasUnread else { return }
    if !ordinary.subscriber.isEmpty {
      parties.openSubscriber()
      readParties(bytes, ordinary.subscriber, level: .subscriber)
    }
    if !ordinary.patient.isEmpty {
      parties.openPatient()
      readParties(bytes, ordinary.patient, level: .patient)
    }
    ordinary.subscriber = 0..<0
    ordinary.patient = 0..<0
  }

  private mutating func readParties(_ bytes: Span<UInt8>, _ range: Range<Int>, level: X12HierarchyTracker.Level) {
    var start = range.lowerBound
    while start < range.upperBound {
      if bytes[start] <= 0x20 {
        start += 1
        continue
      }
      var end = start
      while end < range.upperBound, bytes[end] != delimiters.terminator { end += 1 }
      let segment = bytes.extracting(start..<end)
      var wasLowerCase = false
      var elements = SegmentElements()
      elements.split(segment, by: delimiters.element)
      switch SegmentID(segment, elements[0], wasLowerCase: &wasLowerCase) {
      case .nm1: parties.name(segment, elements, level: level)
      case .sbr: parties.subscriber(segment, elements)
      case .dmg: parties.demographics(segment, elements)
      default: break
      }
      start = end + 1
    }
  }

  /// Takes one segment; gives an event when a claim is to be handed out first, with the segment still to be read.
  private mutating func segment(_ bytes: Span<UInt8>, _ range: Range<Int>, next: Int, _ cursor: inout Int) -> Event? {
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
    if oddity.hasLineBreak, delimiters.terminator != 0x0A, delimiters.terminator != 0x0D, unwrap(raw, range) {
      // The copy is taken out and put back, so that the segment can be read from it while the reader changes.
      let copy = unwrapped
      let event = take(copy.span, oddity, range, next: next, &cursor)
      return event
    }
    return take(raw, oddity, range, next: next, &cursor)
  }

  private mutating func take(
    _ segment: Span<UInt8>, _ oddity: Oddity, _ range: Range<Int>, next: Int, _ cursor: inout Int
  ) -> Event? {
    var elements = SegmentElements()
    var wasLowerCase = false
    let id = SegmentID(segment, 0..<headLength(segment), wasLowerCase: &wasLowerCase)
    // Of many segments only the id matters.
    if segment.count > limits.elements || !X12SegmentNames.isPassedOver(id) {
      elements.split(segment, by: delimiters.element)
    }
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

  /// How many bytes stand before the first separator, at most four are looked at.
  private func headLength(_ segment: Span<UInt8>) -> Int {
    var length = 0
    while length < segment.count, length < 4, segment[length] != delimiters.element { length += 1 }
    return length
  }

  private func endsClaim(_ id: SegmentID, _ segment: Span<UInt8>, _ elements: SegmentElements) -> Bool {
    switch id {
    case .clm, .hl, .se, .st, .ge, .gs, .iea: true
    // What stands behind a damaged segment with its lines counted from 1 again is another claim, whose CLM was lost.
    case .lx: builder.isDamaged && !builder.claim.lines.isEmpty && segment.number(elements[1]) == 1
    default: false
    }
  }

  /// Whether the segment at the cursor, which the input ends in, tells by its id that the claim before it is whole.
  private func endsClaimTorn(_ bytes: Span<UInt8>, _ cursor: Int) -> Bool {
    guard builder.isOpen, !isOverlong else { return false }
    let segment = bytes.extracting(cursor..<bytes.count)
    var elements = SegmentElements()
    var wasLowerCase = false
    let id = SegmentID(segment, 0..<headLength(segment), wasLowerCase: &wasLowerCase)
    // Of many segments only the id matters.
    if segment.count > limits.elements || !X12SegmentNames.isPassedOver(id) {
      elements.split(segment, by: delimiters.element)
    }
    return elements.count > 0 && id != SegmentID.lx && endsClaim(id, segment, elements)
  }

  private mutating func dispatch(
    _ id: SegmentID, _ segment: Span<UInt8>, _ elements: SegmentElements, _ oddity: Oddity, _ here: SourceLocation
  ) {
    switch id {
    case .gs:
      envelope.openGroup(segment, elements, at: here, &issues)
      survey.note(version: envelope.groupVersion)
      survey.groups += 1
      isClaimSet = false
    case .st:
      openSet(segment, elements, here)
    case .se:
      isClaimSet = false
      envelope.closeSet(segment, elements, at: here, &issues)
    case .ge:
      isClaimSet = false
      envelope.closeGroup(segment, elements, at: here, &issues)
    case .iea:
      isClaimSet = false
      envelope.closeInterchange(segment, elements, at: here, &issues)
    default:
      guard isClaimSet else {
        if !envelope.inSet, SegmentID.ta1 != id, envelope.inGroup || id == SegmentID.clm || id == SegmentID.hl {
          strayClaimSegment(id, segment, elements, here)
        }
        return
      }
      claimSegment(id, segment, elements, oddity, here)
    }
  }

  /// A segment of an 837 transaction set.
  private mutating func claimSegment(
    _ id: SegmentID, _ segment: Span<UInt8>, _ elements: SegmentElements, _ oddity: Oddity, _ here: SourceLocation
  ) {
    if id.bits == 0 || oddity.hasControl && !X12SegmentNames.isKnown(id) {
      damagedSegment(elements, oddity, here)
      return
    }
    switch id {
    case .hl:
      hierarchy.open(segment, elements, at: here, &issues)
      switch hierarchy.level {
      case .billing: parties.openBillingProvider()
      case .subscriber: parties.openSubscriber()
      case .patient: parties.openPatient()
      case .none, .other: break
      }
    case .clm:
      if hierarchy.level == .none {
        issues.append(
          builder.issue(
            "CLAIM_OUTSIDE_HL", at: here, "CLM", "",
            "the claim stands before any hierarchical level (HL): it has no provider and no subscriber",
            effect: .claimKept))
      }
      builder.open(segment, elements, delimiters: delimiters, at: here, kind: guideKind, &issues)
      totals.claims += 1
    default:
      if builder.isOpen {
        builder.add(id, segment, elements, delimiters: delimiters, at: here, &issues)
      } else {
        aboveClaim(id, segment, elements, here)
      }
      if !X12SegmentNames.isKnown(id) {
        note(
          .unknownSegment(id.bits), "SEGMENT_ID", at: here.byteOffset - base,
          "the segment id is none of an 837's; segments of this id are passed over",
          segment: id.text, severity: .warning)
      }
    }
  }

  private mutating func aboveClaim(
    _ id: SegmentID, _ segment: Span<UInt8>, _ elements: SegmentElements, _ here: SourceLocation
  ) {
    switch id {
    case .bht: transactionDate = segment.day(segment.trimmed(elements[4]))
    case .nm1:
      parties.name(segment, elements, level: hierarchy.level)
    case .sbr: parties.subscriber(segment, elements)
    case .prv: if hierarchy.level == .billing { parties.taxonomy(segment, elements) }
    case .dmg: parties.demographics(segment, elements)
    case .sv1, .sv2, .sv3: lineOutsideClaim(id, here)
    default: break
    }
  }

  private mutating func lineOutsideClaim(_ id: SegmentID, _ here: SourceLocation) {
    issues.append(
      ReadingIssue(
        code: "LINE_OUTSIDE_CLAIM", severity: .error, effect: .claimLost, location: here, segment: id.text,
        message: "a service line stands outside any claim; the line is lost"))
  }

  private mutating func strayClaimSegment(
    _ id: SegmentID, _ segment: Span<UInt8>, _ elements: SegmentElements, _ here: SourceLocation
  ) {
    guard
      id == SegmentID.clm || id == SegmentID.sv1 || id == SegmentID.sv2 || id == SegmentID.sv3
        || id == SegmentID.hl
        || id == SegmentID.bht
    else { return }
    guard id == SegmentID.hl || id == SegmentID.bht || id == SegmentID.clm else {
      lineOutsideClaim(id, here)
      return
    }
    // A set that has lost its ST: its claims are worth more than its envelope.
    issues.append(.envelope("MISSING_ST", at: here, id.text, "a transaction set begins here without its ST"))
    isClaimSet = true
    hierarchy.reset()
    parties = X12PartyContext()
    totals.transactionSets += 1
    guideKind = ClaimGuide(version: envelope.groupVersion).kind
    claimSegment(id, segment, elements, Oddity(), here)
  }

  private mutating func damagedSegment(_ elements: SegmentElements, _ oddity: Oddity, _ here: SourceLocation) {
    let isGone = oddity.hasControl || elements[0].count > 3
    issues.append(
      builder.issue(
        isGone && !oddity.hasControl ? "SEGMENT_FORM" : "SEGMENT_ID", at: here, "", "",
        isGone
          ? "the segment is damaged and cannot be read; what it held is lost"
          : "the segment does not begin with a segment id; it is passed over",
        severity: isGone ? .error : .warning, effect: isGone ? .claimLost : .none))
    builder.isDamaged = true
  }

  private mutating func openSet(_ segment: Span<UInt8>, _ elements: SegmentElements, _ here: SourceLocation) {
    envelope.openSet(segment, elements, at: here, &issues)
    hierarchy.reset()
    parties = X12PartyContext()
    transactionDate = .absent
    let set = ClaimSet(segment, elements, groupVersion: envelope.groupVersion)
    isClaimSet = set.isClaims
    survey.note(set: segment.copy(segment.trimmed(elements[1])))
    if isClaimSet {
      totals.transactionSets += 1
      guideKind = set.kind
      survey.note(version: segment.copy(segment.trimmed(elements[3])))
      if set.isContradictory {
        issues.append(
          ReadingIssue(
            code: "ENV-002", severity: .warning, effect: .none, location: here, segment: "ST", element: "ST03",
            message: "GS08 and ST03 name guides of different kinds of claims; ST03 is believed"))
      }
    } else {
      totals.skippedTransactionSets += 1
      issues.append(
        ReadingIssue(
          code: "NOT_837", severity: .info, effect: .none, location: here, segment: "ST",
          element: set.is837 ? "ST03" : "ST01",
          message: "the transaction set is no claim (837); it is passed over"))
    }
  }

  // MARK: Claims

  /// Ends the open claim; `true` when it is to be handed out.
  private mutating func closeClaim(at cursor: Int) -> Bool {
    guard builder.isOpen else { return false }
    builder.close(at: place(cursor), &issues)
    countLines()
    guard builder.isWanted else { return false }
    fillFromAbove()
    return true
  }

  /// Ends a part of a claim that is longer than a claim may be; `true` when it is to be handed out.
  private mutating func takePart(at cursor: Int) -> Bool {
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

  private mutating func countLines() {
    totals.lines += builder.lineCount - countedLines
    totals.chargeCents &+= builder.chargeCents &- countedCents
    countedLines = builder.lineCount
    countedCents = builder.chargeCents
  }

  private mutating func fillFromAbove() {
    parties.fill(&builder.claim, hash)
    builder.claim.interchangeControl = builder.claim.text.append(envelope.interchangeControl)
    builder.claim.groupControl = builder.claim.text.append(envelope.groupControl)
    builder.claim.transactionControl = builder.claim.text.append(envelope.transactionControl)
    builder.claim.transactionDate = transactionDate
  }

  /// The stream ends inside an interchange.
  ///
  /// The claim it ends in is whole when no segment is torn and its lines add up to its total; else it is lost, with a
  /// word.
  private mutating func end(at position: Int, torn: Bool, through: Int? = nil, _ cursor: inout Int) -> Event {
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

  private mutating func end(at position: Int, torn: Bool) -> Event {
    var cursor = position
    return end(at: position, torn: torn, &cursor)
  }

  // MARK: Interchanges

  /// Whether a torn last segment is the interchange's trailer, whole but for its terminator.
  private func endsWithTrailer(_ bytes: Span<UInt8>, _ cursor: Int) -> Bool {
    cursor + 4 < bytes.count && bytes[cursor] == 0x49 && bytes[cursor + 1] == 0x45 && bytes[cursor + 2] == 0x41
      && bytes[cursor + 3] == delimiters.element
  }

  /// Finds the next interchange and opens it.
  ///
  /// `false` when more bytes are needed or there is none.
  private mutating func seekInterchange(_ bytes: Span<UInt8>, _ cursor: inout Int, isLast: Bool) -> Bool {
    if base + cursor == 0, bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
      cursor = 3
      issues.append(
        ReadingIssue(
          code: "BOM", severity: .info, effect: .none, location: place(0, record: 0),
          message: "a UTF-8 byte order mark stands before the interchange; it is passed over"))
    }
    if garbage == nil {
      let first = cursor
      while cursor < bytes.count, X12ClaimReader.isBlank(bytes[cursor]) { cursor += 1 }
      if cursor > first, !everOpened, leadingBlanks == nil { leadingBlanks = place(first, record: 0) }
    }
    while cursor < bytes.count {
      // What begins here is decided from the same bytes whatever piece of the stream is lent: else it waits for more.
      if cursor + 4 > bytes.count, !isLast { return false }
      if let blanks = leadingBlanks {
        leadingBlanks = nil
        issues.append(
          ReadingIssue(
            code: "LEADING_BYTES", severity: .info, effect: .none, location: blanks,
            message: "blank bytes stand before the interchange; they are passed over"))
      }
      let isLettered = garbage == nil && !everOpened && X12ClaimReader.isLetteredISA(bytes, at: cursor)
      if isLettered, cursor + 110 > bytes.count, !isLast { return false }
      if X12ClaimReader.isISA(bytes, at: cursor)
        || isLettered && X12ClaimReader.isISAWithLetterSeparator(bytes, at: cursor)
      {
        guard let starts = garbage == nil ? true : startsInterchange(bytes, at: cursor, isLast) else { return false }
        if starts {
          closeGarbage(at: cursor)
          return openInterchange(bytes, &cursor, isLast: isLast)
        }
      } else if garbage.map({ X12.isLineBreak($0.last) }) ?? true {
        if !isLast, cursor + X12ClaimReader.bareReach > bytes.count, X12ClaimReader.mayBeBare(bytes, at: cursor) {
          return false
        }
        if let found = X12ClaimReader.bareDelimiters(bytes, at: cursor, known: everOpened ? delimiters : nil) {
          closeGarbage(at: cursor)
          delimiters = found
          index.clear()
          everOpened = true
          envelope.openWithoutHeader()
          issues.append(
            .envelope("MISSING_ISA", at: place(cursor, record: record + 1), "", "the interchange has lost its ISA"))
          return true
        }
      }
      addGarbage(bytes, cursor)
      cursor += 1
    }
    if isLast { closeGarbage(at: cursor) }
    return false
  }

  private mutating func addGarbage(_ bytes: Span<UInt8>, _ cursor: Int) {
    if garbage == nil {
      let place = place(cursor, record: record + 1)
      garbage = Garbage(place: place)
      if everOpened {
        var length = 0
        while cursor + length < bytes.count, length < 4, isAlphanumeric(bytes[cursor + length]) { length += 1 }
        garbage?.isOrphan =
          (length == 2 || length == 3) && cursor + length < bytes.count && bytes[cursor + length] == delimiters.element
      }
    }
    garbage?.length += 1
    let byte = bytes[cursor]
    garbage?.last = byte
    if byte > 0x20 && byte != 0x1A { garbage?.isPadding = false }
    if byte == 0x43, cursor + 3 < bytes.count, bytes[cursor + 1] == 0x4C, bytes[cursor + 2] == 0x4D,
      bytes[cursor + 3] == delimiters.element
    {
      garbage?.holdsClaim = true
    }
  }

  private mutating func closeGarbage(at cursor: Int) {
    guard let found = garbage else { return }
    garbage = nil
    let bytes = "\(found.length) bytes"
    if found.isPadding {
      issues.append(
        ReadingIssue(
          code: "TRAILING_BYTES", severity: .info, effect: .none, location: found.place,
          message: "\(bytes) of padding stand outside any interchange; they are passed over"))
    } else if found.holdsClaim {
      issues.append(
        ReadingIssue(
          code: found.isOrphan ? "ORPHAN_SEGMENT" : "GARBAGE", severity: .error, effect: .claimLost,
          location: found.place,
          message: "\(bytes) outside any interchange hold a claim (CLM) that cannot be read there: it is lost"))
    } else {
      issues.append(
        ReadingIssue(
          code: found.isOrphan ? "ORPHAN_SEGMENT" : "GARBAGE", severity: .warning, effect: .none, location: found.place,
          message: "GARBAGE: \(bytes) stand outside any interchange; they are passed over"))
    }
  }

  /// Opens the interchange whose ISA stands at the cursor.
  ///
  /// `false` when more bytes are needed.
  private mutating func openInterchange(_ bytes: Span<UInt8>, _ cursor: inout Int, isLast: Bool) -> Bool {
    let here = place(cursor, record: record + 1)
    switch InterchangeHeader.read(bytes.extracting(cursor..<bytes.count), isLast: isLast) {
    case .needsMore:
      return false
    case .fault(let fault):
      let offset = SourceLocation(record: record + 1, byteOffset: here.byteOffset + fault.offset)
      issues.append(
        ReadingIssue(
          code: fault.code, severity: .error, effect: everOpened ? .fileCut : .fileRefused, location: offset,
          segment: "ISA",
          message: everOpened
            ? "\(fault.message); the interchange cannot be read" : "\(fault.message); the file cannot be read as X12"))
      if envelope.inInterchange { envelope.close() }
      if !everOpened { isRefused = true }
      // What follows is passed over up to the next ISA.
      garbage = nil
      cursor = min(cursor + 3, bytes.count)
      return true
    case .header(let header):
      record += 1
      totals.records += 1
      survey.interchanges += 1
      envelope.openInterchange(control: header.controlNumber, at: here, &issues)
      delimiters = header.delimiters
      index.clear()
      survey.note(delimiters: header.delimiters)
      everOpened = true
      isClaimSet = false
      isWrapped = header.isWrapped
      if !header.isFixedWidth {
        issues.append(
          ReadingIssue(
            code: "ISA_LENGTH", severity: .warning, effect: .none, location: here, segment: "ISA",
            message:
              "the ISA segment has \(header.length) bytes instead of 106; the delimiters were found by its structure"))
      }
      if header.isWrapped {
        note(
          .wrapped, "LINE_WRAPPED", at: cursor,
          "the file is wrapped into lines (width=80 or the like); line breaks inside segments are taken out")
      }
      if header.delimiters.terminator >= 0x80 || header.delimiters.element >= 0x80 {
        issues.append(
          ReadingIssue(
            code: "DELIMITER", severity: .info, effect: .none, location: here, segment: "ISA",
            message: "a delimiter is no ASCII character (what=non-ascii)"))
      }
      lineStart = here.byteOffset
      firstLineLength = nil
      cursor += header.length
      return true
    }
  }

  /// Whether an ISA that can be read stands at the cursor; `nil` when more bytes are needed to tell.
  private func startsInterchange(_ bytes: Span<UInt8>, at cursor: Int, _ isLast: Bool) -> Bool? {
    switch InterchangeHeader.read(bytes.extracting(cursor..<bytes.count), isLast: isLast) {
    case .header: true
    case .fault: false
    case .needsMore: nil
    }
  }

  // MARK: Bytes

  private mutating func skipBetweenSegments(_ bytes: Span<UInt8>, _ cursor: inout Int) {
    while cursor < bytes.count {
      let byte = bytes[cursor]
      if byte == delimiters.terminator, byte > 0x20 { return }
      if X12.isLineBreak(byte) {
        if firstLineLength == nil { firstLineLength = base + cursor - lineStart }
        lineStart = base + cursor + 1
      } else if byte == 0x20 || byte == 0x09 {
        note(.indented, "INDENTED", at: cursor, "segments are indented; the blanks before them are passed over")
      } else {
        return
      }
      cursor += 1
    }
  }

  /// Takes line breaks out of a segment when the file is wrapped; `false` when they are part of a value.
  private mutating func unwrap(_ raw: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var isWrap = isWrapped
    for index in raw.indices where X12.isLineBreak(raw[index]) {
      let width = base + range.lowerBound + index - lineStart
      if width > 0 {
        if firstLineLength == nil { firstLineLength = width }
        if width == firstLineLength || width == 80 { isWrap = true }
      }
      lineStart = base + range.lowerBound + index + 1
    }
    guard isWrap else { return false }
    note(
      .wrapped, "LINE_WRAPPED", at: range.lowerBound,
      "the file is wrapped into lines (width=\(firstLineLength ?? 80)); line breaks inside segments are taken out")
    unwrapped.removeAll(keepingCapacity: true)
    for index in raw.indices where !X12.isLineBreak(raw[index]) { unwrapped.append(raw[index]) }
    return true
  }

  private mutating func overlong(_ bytes: Span<UInt8>, _ cursor: inout Int) {
    if !isOverlong {
      isOverlong = true
      record += 1
      totals.records += 1
      issues.append(
        builder.issue(
          "SEGMENT_TOO_LONG", at: place(cursor), "", "",
          "no segment terminator within \(limits.window) bytes; the segment is passed over", severity: .error,
          effect: .claimLost))
      builder.isDamaged = true
    }
    cursor = bytes.count
  }

  private func longestElement(_ segment: Span<UInt8>) -> Int {
    var longest = 0
    var start = 0
    for index in segment.indices where segment[index] == delimiters.element {
      longest = max(longest, index - start)
      start = index + 1
    }
    return max(longest, segment.count - start)
  }

  private mutating func noteOddity(_ oddity: Oddity, _ segment: Span<UInt8>, _ id: SegmentID, _ here: SourceLocation) {
    if oddity.hasControl || oddity.hasLineBreak && !isWrapped && !noted.contains(.wrapped) {
      issues.append(
        builder.issue(
          "CONTROL_CHAR", at: here, id.text, "",
          "the segment holds control characters; they are kept and written as U+FFFD where a report cannot hold them",
          severity: oddity.hasControl ? .warning : .info, effect: builder.isOpen ? .claimKept : .none))
    }
    if oddity.hasHighByte {
      let copy = segment.copy(0..<segment.count)
      if hasDirectionOverride(copy) {
        issues.append(
          builder.issue(
            "CONTROL_CHAR", at: here, id.text, "",
            "the segment holds characters that turn the direction of text; they are kept", severity: .info,
            effect: .none))
      }
      if !noted.contains(.encoding), String(validating: copy, as: UTF8.self) == nil {
        note(
          .encoding, "ENCODING", at: here.byteOffset - base,
          "the segment holds bytes that are not UTF-8; they are read as Windows-1252 where they are reported",
          segment: id.text)
      }
    }
  }

  /// U+202A to U+202E, U+2066 to U+2069.
  private func hasDirectionOverride(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 3 else { return false }
    for index in 0...bytes.count - 3 where bytes[index] == 0xE2 {
      if bytes[index + 1] == 0x80, bytes[index + 2] >= 0xAA, bytes[index + 2] <= 0xAE { return true }
      if bytes[index + 1] == 0x81, bytes[index + 2] >= 0xA6, bytes[index + 2] <= 0xA9 { return true }
    }
    return false
  }

  private mutating func note(
    _ notice: Notice, _ code: String, at cursor: Int, _ text: String, segment: String = "",
    severity: IssueSeverity = .info
  ) {
    guard noted.insert(notice).inserted else { return }
    issues.append(
      ReadingIssue(
        code: code, severity: severity, effect: .none, location: place(cursor, record: max(record, 1)),
        segment: segment,
        message: text))
  }

  private func find(_ byte: UInt8, in bytes: Span<UInt8>, from start: Int) -> Int? {
    let rest = bytes.extracting(start..<bytes.count)
    return unsafe rest.withUnsafeBytes { rest in
      guard let base = rest.baseAddress, let found = unsafe memchr(base, Int32(byte), rest.count) else { return nil }
      return unsafe start + (UnsafeRawPointer(found) - base)
    }
  }

  private static func skipBlank(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var index = start
    if index == 0, bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { index = 3 }
    while index < bytes.count, isBlank(bytes[index]) { index += 1 }
    return index
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte >= 0x09 && byte <= 0x0D }

  private static func isISA(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    index + 3 < bytes.count && bytes[index] == 0x49 && bytes[index + 1] == 0x53 && bytes[index + 2] == 0x41
      && !isAlphanumeric(bytes[index + 3])
  }

  /// `ISA` with a letter or a digit behind it.
  private static func isLetteredISA(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    index + 3 < bytes.count && bytes[index] == 0x49 && bytes[index + 1] == 0x53 && bytes[index + 2] == 0x41
      && isAlphanumeric(bytes[index + 3])
  }

  /// An ISA whose separator was overwritten by a letter or a digit: sixteen of them in its first 110 bytes tell it from a word.
  private static func isISAWithLetterSeparator(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    guard index + 110 <= bytes.count, isLetteredISA(bytes, at: index) else { return false }
    var count = 0
    for position in index + 3..<index + 110 where bytes[position] == bytes[index + 3] { count += 1 }
    return count >= 16 && bytes[index + 6] == bytes[index + 3]
  }

  private func isISA(_ bytes: Span<UInt8>, at index: Int) -> Bool { X12ClaimReader.isISA(bytes, at: index) }

  /// How far `bareDelimiters` looks.
  private static let bareReach = 208

  /// Whether `GS` or `ST` and something else than a letter stand at `index`.
  private static func mayBeBare(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    index + 2 < bytes.count && !isAlphanumeric(bytes[index + 2])
      && (bytes[index] == 0x47 && bytes[index + 1] == 0x53 || bytes[index] == 0x53 && bytes[index + 1] == 0x54)
  }

  /// The delimiters of an interchange that begins with `GS` or `ST` because its ISA is gone, or `nil` when none begins here.
  private static func bareDelimiters(_ bytes: Span<UInt8>, at index: Int, known: Delimiters? = nil) -> Delimiters? {
    guard index + 3 < bytes.count else { return nil }
    let isGroup = bytes[index] == 0x47 && bytes[index + 1] == 0x53
    let isSet = bytes[index] == 0x53 && bytes[index + 1] == 0x54
    let separator = bytes[index + 2]
    guard isGroup || isSet, !isAlphanumeric(separator), separator > 0x20 else { return nil }
    if let known, known.element == separator { return known }
    // GS*HC*… or ST*837*…: then the terminator is the first byte behind the last element that no element holds.
    let wanted: StaticString = isGroup ? "HC" : "837"
    guard index + 3 + wanted.utf8CodeUnitCount < bytes.count,
      bytes.equals(index + 3..<index + 3 + wanted.utf8CodeUnitCount, wanted)
    else { return nil }
    var position = index + 3
    var separators = 1
    let needed = isGroup ? 8 : 2
    while position < bytes.count, position - index < bareReach - 8 {
      let byte = bytes[position]
      if byte == separator {
        separators += 1
      } else if separators >= needed, !isAlphanumeric(byte), byte != 0x20, byte != 0x2D, byte != 0x2E {
        return Delimiters(element: separator, component: 0x3A, repetition: 0x5E, terminator: byte)
      }
      position += 1
    }
    return nil
  }
}

/// What bytes a segment holds besides printable ASCII.
struct Oddity {
  private(set) var hasControl = false
  private(set) var hasLineBreak = false
  private(set) var hasHighByte = false

  /// Nothing odd.
  init() {}

  /// Looks through a segment.
  init(_ segment: Span<UInt8>) {
    for index in segment.indices {
      let byte = segment[index]
      if byte >= 0x20, byte < 0x7F { continue }
      if X12.isLineBreak(byte) {
        hasLineBreak = true
      } else if byte >= 0x80 {
        hasHighByte = true
        // U+0080 to U+009F are controls too, as are the noncharacters U+FFFE and U+FFFF.
        if byte == 0xC2, index + 1 < segment.count, segment[index + 1] >= 0x80, segment[index + 1] < 0xA0 {
          hasControl = true
        }
        if byte == 0xEF, index + 2 < segment.count, segment[index + 1] == 0xBF, segment[index + 2] >= 0xBE {
          hasControl = true
        }
      } else if byte != 0x09 {
        hasControl = true
      }
    }
  }

  var isOdd: Bool { hasControl || hasLineBreak || hasHighByte }
}
