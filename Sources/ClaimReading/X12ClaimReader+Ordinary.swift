internal import ClaimModel
internal import X12

/// Passing over ordinary claims, and reading the names above them when one is not.
extension X12ClaimReader {
  mutating func passOrdinaryClaims(_ window: UnsafeRawBufferPointer, _ cursor: inout Int) {
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
  mutating func readUnreadParties(_ bytes: Span<UInt8>) {
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

  mutating func readParties(_ bytes: Span<UInt8>, _ range: Range<Int>, level: X12HierarchyTracker.Level) {
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
}
