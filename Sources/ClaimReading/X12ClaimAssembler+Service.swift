internal import ClaimModel
internal import X12

/// Service segments of ordinary claims.
///
/// All are mutating although some change nothing: the whole assembler would be copied for each call.
extension X12ClaimAssembler {
  /// Fills `line` with what its SV1 or SV2 says.
  ///
  /// - Parameters:
  ///   - start: where the segment begins in the window.
  ///   - usual: what is known of the line, where it has the usual form.
  mutating func service(
    _ view: X12WindowView, _ segment: Span<UInt8>, _ start: Int, _ kind: ClaimKind, _ usual: X12OrdinaryLines.Usual?,
    _ line: inout ServiceLine
  ) {
    if let usual { return self.usual(view, segment, start, kind, usual, &line) }
    view.split(start, start + segment.count, into: &elements)
    let charge = kind == .institutional ? 3 : 2
    line.charge = view.cents(segment, elements[charge], from: start)
    line.unitBasis = view.code(segment, elements[charge + 1], from: start)
    line.units = view.units(segment, elements[charge + 2], from: start)
    if kind == .institutional {
      line.revenueCode = value(view, segment, start, segment.trimmed(elements[1]))
    } else {
      line.placeOfService = value(view, segment, start, segment.trimmed(elements[5]))
      pointers(view, segment, start, elements[7], &line)
    }
    let composite = elements[charge - 1]
    var components = ComponentCursor(composite)
    guard let qualifier = components.component(of: segment, separator: component) else { return }
    line.procedureQualifier = view.code(segment, qualifier, from: start)
    guard let procedure = components.component(of: segment, separator: component) else { return }
    line.procedure = value(view, segment, start, segment.trimmed(procedure))
    modifiers(view, segment, start, procedure.upperBound..<composite.upperBound, &line)
  }

  /// The same for a line of the usual form, of which it is known where what stands; it has fewer than 64 bytes.
  @inline(__always)
  private mutating func usual(
    _ view: X12WindowView, _ segment: Span<UInt8>, _ start: Int, _ kind: ClaimKind, _ usual: X12OrdinaryLines.Usual,
    _ line: inout ServiceLine
  ) {
    // The separators behind the one behind the id.
    var marks = view.marks(start, start + segment.count) & ~0xF
    var procedure = 4
    if kind == .institutional {
      let end = marks.trailingZeroBitCount
      line.revenueCode = value(view, segment, start, segment.trimmed(4..<end))
      procedure = end + 1
      marks &= marks &- 1
    }
    let procedureEnd = marks.trailingZeroBitCount
    marks &= marks &- 1
    // Behind the charge a basis of two bytes and units of one.
    let chargeEnd = marks.trailingZeroBitCount
    line.charge = .cents(usual.cents)
    line.unitBasis = view.code(segment, chargeEnd + 1..<chargeEnd + 3, from: start)
    line.units = .tenThousandths(Int64(view.byte(start + chargeEnd + 4) &- 0x30) * 10_000)
    if usual.procedure != 0 {
      line.procedureQualifier = Code(bits: 0x4843 << 48)
      line.procedure = CodedValue(
        code: Code(bits: usual.procedure), text: text(procedure + 3..<procedure + 8))
      modifiers(view, segment, start, procedure + 8..<procedureEnd, &line)
    }
    guard kind == .professional else { return }
    marks &= ~0 &<< UInt64(truncatingIfNeeded: chargeEnd + 5)
    var from = marks.trailingZeroBitCount + 1
    if marks == 0 { return }
    marks &= marks &- 1
    let placeEnd = marks == 0 ? segment.count : marks.trailingZeroBitCount
    if from < placeEnd { line.placeOfService = value(view, segment, start, segment.trimmed(from..<placeEnd)) }
    marks &= marks &- 1
    if marks == 0 { return }
    from = marks.trailingZeroBitCount + 1
    marks &= marks &- 1
    pointers(view, segment, start, from..<(marks == 0 ? segment.count : marks.trailingZeroBitCount), &line)
  }

  /// The modifiers at `range`, which begins with the separator behind the procedure: four components, behind which a description may
  /// stand; nothing where it is empty.
  @inline(__always)
  private mutating func modifiers(
    _ view: X12WindowView, _ segment: Span<UInt8>, _ start: Int, _ range: Range<Int>, _ line: inout ServiceLine
  ) {
    var place = range.lowerBound
    var left = 4
    // Nearly all have two bytes.
    while left > 0, place + 3 <= range.upperBound,
      place + 3 == range.upperBound || view.byte(start + place + 3) == component,
      view.byte(start + place + 1) != component, view.byte(start + place + 2) != component,
      view.byte(start + place + 1) != 0x20, view.byte(start + place + 2) != 0x20
    {
      line.modifiers.append(value(view, segment, start, place + 1..<place + 3))
      place += 3
      left -= 1
    }
    guard place < range.upperBound else { return }
    var components = ComponentCursor(place + 1..<range.upperBound)
    for _ in 0..<left {
      guard let part = components.component(of: segment, separator: component) else { return }
      let modifier = segment.trimmed(part)
      if !modifier.isEmpty { line.modifiers.append(value(view, segment, start, modifier)) }
    }
  }

  /// The diagnosis pointers of SV107.
  @inline(__always)
  private mutating func pointers(
    _ view: X12WindowView, _ segment: Span<UInt8>, _ start: Int, _ range: Range<Int>, _ line: inout ServiceLine
  ) {
    // Nearly always single digits.
    var place = range.lowerBound
    while place < range.upperBound, view.byte(start + place) &- 0x30 <= 9,
      place + 1 == range.upperBound || view.byte(start + place + 1) == component
    {
      line.diagnosisPointers.append(view.byte(start + place) &- 0x30)
      place += 2
    }
    guard place < range.upperBound else { return }
    var components = ComponentCursor(place..<range.upperBound)
    while let part = components.component(of: segment, separator: component) {
      let part = segment.trimmed(part)
      if !part.isEmpty { line.diagnosisPointers.append(UInt8(min(segment.number(part) ?? 0, 31))) }
    }
  }
}
