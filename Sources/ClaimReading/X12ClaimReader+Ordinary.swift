internal import ClaimModel
internal import X12

/// Passing over ordinary claims, and reading the names above them when one is not.
extension X12ClaimReader {
  /// Why no more claims are passed over.
  enum Stop {
    /// One of interest has been put together and is to be handed out.
    case claim
    /// What follows may be a claim that the window cuts.
    case cut
    /// What follows is to be read segment by segment.
    case end
  }

  /// Passes over ordinary claims from the cursor on.
  mutating func passOrdinaryClaims(
    _ bytes: Span<UInt8>, _ window: UnsafeRawBufferPointer, _ cursor: inout Int
  ) -> Stop {
    guard let guideKind, !isWrapped, X12ClaimReader.canIndex(window.count, delimiters) else { return .end }
    if index.count != window.count {
      unsafe index.index(
        window, terminator: delimiters.terminator, separator: delimiters.element, level: level)
    }
    var gain = X12OrdinaryClaims.Gain()
    let start = cursor
    cursor = unsafe ordinary.pass(
      window, index, from: start, separator: delimiters.element, component: delimiters.component, kind: guideKind,
      level: level, hierarchy: &hierarchy, gain: &gain)
    let stop = gain.isCut ? Stop.cut : .end
    guard cursor > start else { return stop }
    record += gain.records
    totals.records += gain.records
    totals.claims += gain.claims
    totals.lines += gain.lines
    totals.chargeCents &+= gain.cents
    if index.hasBreaks, delimiters.terminator != 0x0A { noteLineBreaks(bytes, start..<cursor) }
    guard let claim = gain.wanted,
      let view = unsafe X12WindowView(
        window, index, separator: delimiters.element, component: delimiters.component)
    else { return stop }
    let here = place(claim.lowerBound, record: record - gain.wantedRecords + 1)
    let isIdentityEnough = gain.demand == .outline && !ordinary.subscriber.isEmpty && ordinary.patient.isEmpty
    if !isIdentityEnough { unsafe readUnreadParties(window) }
    if gain.demand == .outline {
      assembler.outline(
        bytes, view, index.lines.view, claim, from: gain.wantedMark, line: gain.wantedLine, kind: guideKind,
        filter: ordinary.filter, at: here, into: &builder.claim)
    } else {
      assembler.assemble(
        bytes, view, index.lines.view, claim, line: gain.wantedLine, kind: guideKind, at: here, into: &builder.claim)
    }
    if isIdentityEnough { fillOutline(bytes, view, ordinary.subscriber) } else { fillFromAbove() }
    return .claim
  }

  /// Fills an outline below the subscriber's level at `range` of the list, of which only that is read which an outline has: an outline
  /// of one claim in fifteen is taken, and most of them are the only claim of their level.
  private mutating func fillOutline(_ bytes: Span<UInt8>, _ view: X12WindowView, _ range: Range<Int>) {
    var elements = SegmentElements()
    var patient: UInt64 = 0
    var payerSequence = Code.none
    for position in range {
      let mark = view.mark(position)
      let isName = mark.kind == .party && view.head(mark.start + 4) & 0xFFFF == 0x4C49  // NM1*IL
      guard isName || mark.kind == .subscriber else { continue }
      let end = view.end(from: mark.start)
      guard end >= 0 else { break }
      view.split(mark.start, end, into: &elements)
      let segment = bytes.extracting(mark.start..<end)
      if !isName {
        payerSequence = X12PartyContext.payerSequence(segment, elements)
      } else if elements[1].count == 2 {
        let id = segment.trimmed(elements[9])
        patient = id.isEmpty ? 0 : hash(segment.extracting(id))
      }
    }
    parties.fill(outline: &builder.claim, patient: patient, payerSequence: payerSequence)
  }

  /// Follows where lines begin and how long the first is, which tells a wrapped file.
  private mutating func noteLineBreaks(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    if firstLineLength == nil {
      for position in range where X12.isLineBreak(bytes[position]) {
        firstLineLength = base + position - lineStart
        break
      }
    }
    var position = range.upperBound
    while position > range.lowerBound {
      position -= 1
      if X12.isLineBreak(bytes[position]) {
        lineStart = base + position + 1
        return
      }
    }
  }

  /// Reads the names of the levels that were passed over, before a claim below them is read or their bytes are gone.
  mutating func readUnreadParties(_ window: UnsafeRawBufferPointer) {
    guard ordinary.hasUnread,
      let view = unsafe X12WindowView(window, index, separator: delimiters.element, component: delimiters.component)
    else { return }
    let bytes = unsafe Span<UInt8>(_unsafeElements: window.bindMemory(to: UInt8.self))
    if !ordinary.subscriber.isEmpty {
      parties.openSubscriber()
      readParties(bytes, view, ordinary.subscriber, level: .subscriber)
    }
    if !ordinary.patient.isEmpty {
      parties.openPatient()
      readParties(bytes, view, ordinary.patient, level: .patient)
    }
    ordinary.forgetUnread()
  }

  /// Reads the names of a level that stands at `range` of the list.
  private mutating func readParties(
    _ bytes: Span<UInt8>, _ view: X12WindowView, _ range: Range<Int>, level: X12HierarchyTracker.Level
  ) {
    var elements = SegmentElements()
    for position in range {
      let mark = view.mark(position)
      guard mark.kind == .party || mark.kind == .subscriber else { continue }
      let end = view.end(from: mark.start)
      guard end >= 0 else { return }
      view.split(mark.start, end, into: &elements)
      if mark.kind == .party {
        parties.name(bytes.extracting(mark.start..<end), elements, level: level)
      } else {
        parties.subscriber(bytes.extracting(mark.start..<end), elements)
      }
    }
    // Only a patient's birth date is asked for, and the list does not have it.
    guard level == .patient else { return }
    var start = view.mark(range.lowerBound).start
    let border = view.mark(range.upperBound).start
    while start < border {
      let end = view.end(from: start)
      guard end >= 0 else { return }
      if view.head(start) & 0xFF_FFFF == 0x47_4D44 {  // DMG
        view.split(start, end, into: &elements)
        parties.demographics(bytes.extracting(start..<end), elements)
      }
      start = end + 1
      while start < border, X12.isLineBreak(bytes[start]) { start += 1 }
    }
  }
}
