internal import ClaimModel
internal import X12

/// Passing over ordinary claims, and reading the names above them when one is not.
extension X12ClaimReader {
  /// Passes over ordinary claims from the cursor on; `true` when one of interest has been put together and is to be handed out.
  mutating func passOrdinaryClaims(
    _ bytes: Span<UInt8>, _ window: UnsafeRawBufferPointer, _ cursor: inout Int
  ) -> Bool {
    guard let guideKind, !isWrapped, X12ClaimReader.canIndex(window.count, delimiters) else { return false }
    if index.count != window.count {
      unsafe index.index(window, terminator: delimiters.terminator, separator: delimiters.element)
    }
    var gain = X12OrdinaryClaims.Gain()
    let start = cursor
    cursor = unsafe ordinary.pass(
      window, index, from: start, separator: delimiters.element, component: delimiters.component, kind: guideKind,
      hierarchy: &hierarchy, gain: &gain)
    guard cursor > start else { return false }
    record += gain.records
    totals.records += gain.records
    totals.claims += gain.claims
    totals.lines += gain.lines
    totals.chargeCents &+= gain.cents
    if index.hasBreaks, delimiters.terminator != 0x0A { noteLineBreaks(bytes, start..<cursor) }
    guard let claim = gain.wanted,
      let view = unsafe X12WindowView(
        window, index, separator: delimiters.element, component: delimiters.component)
    else { return false }
    unsafe readUnreadParties(window)
    let here = place(claim.lowerBound, record: record - gain.wantedRecords + 1)
    if gain.demand == .outline {
      assembler.outline(
        bytes, view, claim, from: gain.wantedMark, kind: guideKind, filter: ordinary.filter, at: here,
        into: &builder.claim)
    } else {
      assembler.assemble(bytes, view, claim, kind: guideKind, at: here, into: &builder.claim)
    }
    fillFromAbove()
    return true
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

  private mutating func readParties(
    _ bytes: Span<UInt8>, _ view: X12WindowView, _ range: Range<Int>, level: X12HierarchyTracker.Level
  ) {
    var start = range.lowerBound
    var elements = SegmentElements()
    while start < range.upperBound {
      let end = view.end(from: start)
      guard end >= 0 else { return }
      let id = view.head(start) & 0xFF_FFFF
      if id == 0x31_4D4E || id == 0x52_4253 || id == 0x47_4D44 {  // NM1 SBR DMG
        let segment = bytes.extracting(start..<end)
        view.split(start, end, into: &elements)
        if id == 0x31_4D4E {
          parties.name(segment, elements, level: level)
        } else if id == 0x52_4253 {
          parties.subscriber(segment, elements)
        } else {
          parties.demographics(segment, elements)
        }
      }
      start = end + 1
      while start < range.upperBound, X12.isLineBreak(bytes[start]) { start += 1 }
    }
  }
}
