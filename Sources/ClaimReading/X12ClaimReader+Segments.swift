internal import ClaimModel
internal import X12

/// What each segment means.
extension X12ClaimReader {
  mutating func dispatch(
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
  mutating func claimSegment(
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

  mutating func aboveClaim(
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

  mutating func lineOutsideClaim(_ id: SegmentID, _ here: SourceLocation) {
    issues.append(
      ReadingIssue(
        code: "LINE_OUTSIDE_CLAIM", severity: .error, effect: .claimLost, location: here, segment: id.text,
        message: "a service line stands outside any claim; the line is lost"))
  }

  mutating func strayClaimSegment(
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

  mutating func damagedSegment(_ elements: SegmentElements, _ oddity: Oddity, _ here: SourceLocation) {
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

  mutating func openSet(_ segment: Span<UInt8>, _ elements: SegmentElements, _ here: SourceLocation) {
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
}
