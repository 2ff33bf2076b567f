internal import ClaimModel
internal import X12

/// Outlines of claims that open a global period and have no watched line.
extension X12ClaimAssembler {
  /// Fills `claim` with the outline of the ordinary claim that stands at `range` of the window.
  ///
  /// Seven claims in a hundred are like this: put together as a whole and audited they took a fifth of a run. Before the first line
  /// every segment is looked at, of the lines only those whose procedure opens a global period.
  ///
  /// - Parameters:
  ///   - lines: what is known of the window's lines.
  ///   - first: the position of its CLM in the list of the window.
  ///   - line: which of the window's lines its first is.
  ///   - place: of its CLM.
  mutating func outline(
    _ bytes: Span<UInt8>, _ view: X12WindowView, _ lines: X12OrdinaryLines.View, _ range: Range<Int>, from first: Int,
    line: Int, kind: ClaimKind, filter: ProcedureFilter, at place: SourceLocation, into claim: inout Claim
  ) {
    claim.reset()
    claim.isOutline = true
    claim.location = place
    claim.kind = kind
    (claimFrom, claimTo) = (.absent, .absent)
    component = view.component
    var position = first + 1
    while view.mark(position).kind != .line, view.mark(position).start < range.upperBound { position += 1 }
    let firstLine = position
    let head = range.lowerBound..<view.mark(position).start
    _ = claim.text.append(bytes.extracting(head))
    self.head(bytes, view, head, at: range.lowerBound, &claim)
    let ordinal = view.mark(first).ordinal
    var line = line
    while view.mark(position).start < range.upperBound, view.mark(position).kind == .line {
      if lines.position(of: line) == position, lines.isOfNoInterest(line) {
        line += 1
        position = lines.position(of: line)
        // Behind the last line of the window.
        if position == .max { break }
        continue
      }
      line += 1
      // Behind the LX of an ordinary claim stands its service segment.
      let mark = view.mark(position + 1)
      let usual = lines.usual(line - 1)
      position += 2
      guard let code = procedure(view, mark.start, kind), filter.demand(code) != .nothing else {
        while view.mark(position).kind != .line, view.mark(position).start < range.upperBound { position += 1 }
        continue
      }
      let end = view.end(from: mark.start)
      guard end >= 0 else { break }
      claim.lines.append(ServiceLine())
      let last = claim.lines.count - 1
      claim.lines[last].location = SourceLocation(
        record: place.record + mark.ordinal - ordinal, byteOffset: place.byteOffset + mark.start - range.lowerBound)
      let segment = bytes.extracting(mark.start..<end)
      offset = keep(segment, &claim)
      service(view, segment, mark.start, kind, usual, &claim.lines[last])
      var loop = Loop.line
      while view.mark(position).kind != .line, view.mark(position).start < range.upperBound {
        below(bytes, view, view.mark(position), &loop, &claim)
        position += 1
      }
    }
    // The claim's dates are asked for where a line has none.
    var areDatesRead = false
    for index in claim.lines.indices where claim.lines[index].dateOrigin == .none {
      if !areDatesRead { dates(bytes, view, first + 1..<firstLine, &claim) }
      areDatesRead = true
      claim.fillDate(ofLine: index, from: claimFrom, to: claimTo)
    }
  }

  /// Copies a segment to the claim's text, which has only those that something is taken from; says where it stands there.
  private func keep(_ segment: Span<UInt8>, _ claim: inout Claim) -> Int { Int(claim.text.append(segment).start) }

  /// The claim's dates, which stand before its parties, in a part of the list.
  private mutating func dates(
    _ bytes: Span<UInt8>, _ view: X12WindowView, _ positions: Range<Int>, _ claim: inout Claim
  ) {
    for position in positions {
      let mark = view.mark(position)
      if mark.kind == .party || mark.kind == .subscriber { return }
      guard mark.kind == .date else { continue }
      let end = view.end(from: mark.start)
      guard end >= 0 else { return }
      date(view, bytes.extracting(mark.start..<end), mark.start, isInLine: false, &claim)
    }
  }

  /// What else stands before the lines: the claim's numbers and its clinician.
  private mutating func head(
    _ bytes: Span<UInt8>, _ view: X12WindowView, _ range: Range<Int>, at first: Int, _ claim: inout Claim
  ) {
    var loop = Loop.claim
    var start = range.lowerBound
    while start < range.upperBound {
      let end = view.end(from: start)
      guard end >= 0 else { return }
      offset = start - first
      switch view.head(start) & 0xFF_FFFF {
      case 0x4D_4C43:  // CLM
        let segment = bytes.extracting(start..<end)
        view.split(start, end, into: &elements)
        open(view, segment, start, &claim)
      case 0x46_4552:  // REF
        guard loop == .claim, view.head(start + 4) & 0xFFFF == 0x3846 else { break }  // F8
        let segment = bytes.extracting(start..<end)
        view.split(start, end, into: &elements)
        if elements[1].count == 2 { claim.originalClaimID = text(segment.trimmed(elements[2])) }
      case 0x31_4D4E:  // NM1
        if loop != .other { loop = .claimParty }
        guard loop != .other, let clinician = clinician(view, bytes.extracting(start..<end), start) else { break }
        claim.renderingNPI = clinician
      case 0x52_4253:  // SBR
        loop = .other
      default: break
      }
      start = end + 1
      while start < range.upperBound, X12.isLineBreak(bytes[start]) { start += 1 }
    }
  }

  /// A segment of the list below a line that is kept.
  private mutating func below(
    _ bytes: Span<UInt8>, _ view: X12WindowView, _ mark: X12SegmentIndex.Mark, _ loop: inout Loop, _ claim: inout Claim
  ) {
    let last = claim.lines.count - 1
    let end = view.end(from: mark.start)
    guard end >= 0 else { return }
    switch mark.kind {
    case .date:
      if loop == .line { date(view, bytes.extracting(mark.start..<end), mark.start, isInLine: true, &claim) }
    case .party:
      if loop != .other { loop = .lineOther }
      guard loop != .other else { break }
      let segment = bytes.extracting(mark.start..<end)
      offset = claim.text.count
      if let clinician = clinician(view, segment, mark.start) {
        _ = keep(segment, &claim)
        claim.lines[last].renderingNPI = clinician
      }
    case .lineLoop: if loop != .other { loop = .lineOther }
    case .subscriber: loop = .other
    default: break
    }
  }

  /// The procedure of the ordinary service segment at `start` as bits, `nil` where it has none.
  @inline(__always)
  private func procedure(_ view: X12WindowView, _ start: Int, _ kind: ClaimKind) -> UInt64? {
    // Behind `SV1*HC:`, or behind `SV2*`, the revenue code and `*HC:`.
    var first = start + 7
    if kind == .institutional {
      while view.byte(first - 3) != view.separator { first += 1 }
      first += 1
      if view.head(first - 3) & 0xFFFF != 0x4348 { return nil }
    }
    // An ordinary procedure has eight bytes at most and ends with its component, its element or its segment.
    var bits: UInt64 = 0
    var length: UInt64 = 0
    while length < 8 {
      let byte = view.byte(first + Int(length))
      if byte == view.component || byte == view.separator || view.isTerminator(first + Int(length)) { break }
      bits = bits << 8 | UInt64(byte)
      length += 1
    }
    return length == 0 ? nil : bits << (8 * (8 - length))
  }
}
