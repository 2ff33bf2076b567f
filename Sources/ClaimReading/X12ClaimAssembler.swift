internal import ClaimModel
internal import X12

/// Puts together a claim that `X12OrdinaryClaims` has found to be ordinary.
///
/// Nothing of it is odd, so nothing is checked and noted here; what `X12ClaimBuilder` makes of the same segments is the same claim,
/// and every test of the fast path holds one against the other. The texts of the claim are its own bytes, copied at once.
struct X12ClaimAssembler {
  /// Where the claim stands, as in `X12ClaimBuilder`.
  enum Loop {
    case claim, claimParty, other, line, lineOther

    var isInLine: Bool { self == .line || self == .lineOther }
  }

  var elements = SegmentElements()
  /// Where the segment stands in the claim's text.
  var offset = 0
  var component: UInt8 = 0
  var claimFrom = DateValue.absent
  var claimTo = DateValue.absent
  /// The last day as it was written, and what it says: most dates of a claim are of one day.
  private var writtenDay: UInt64 = 0
  private var day = DateValue.malformed

  /// Fills `claim` with the claim that stands at `range` of the window.
  ///
  /// - Parameters:
  ///   - lines: what is known of the window's lines.
  ///   - line: which of the window's lines its first is.
  ///   - place: of its CLM.
  mutating func assemble(
    _ bytes: Span<UInt8>, _ view: X12WindowView, _ lines: X12OrdinaryLines.View, _ range: Range<Int>, line: Int,
    kind: ClaimKind, at place: SourceLocation, into claim: inout Claim
  ) {
    claim.reset()
    claim.location = place
    claim.kind = kind
    _ = claim.text.append(bytes.extracting(range))
    var loop = Loop.claim
    var number = TextRange.none
    (claimFrom, claimTo) = (.absent, .absent)
    component = view.component
    // The one after those whose LX was passed.
    var line = line
    var record = place.record - 1
    var start = range.lowerBound
    while start < range.upperBound {
      let end = view.end(from: start)
      guard end >= 0 else { break }
      record += 1
      let segment = bytes.extracting(start..<end)
      offset = start - range.lowerBound
      let head = view.head(start)
      switch head & 0xFF_FFFF {
      case 0x4D_4C43:  // CLM
        view.split(start, end, into: &elements)
        open(view, segment, start, &claim)
      case 0x31_5653, 0x32_5653:  // SV1 SV2
        loop = .line
        // Filled where it stands: a line is large.
        claim.lines.append(ServiceLine())
        let last = claim.lines.count - 1
        claim.lines[last].location = SourceLocation(
          record: record, byteOffset: place.byteOffset + start - range.lowerBound)
        claim.lines[last].number = number
        service(view, segment, start, kind, lines.usual(line - 1), &claim.lines[last])
      case 0x50_5444:  // DTP
        guard loop == .claim || loop == .line else { break }
        date(view, segment, start, isInLine: loop == .line, &claim)
      case 0x46_4552:  // REF
        let qualifier = view.head(start + 4) & 0xFFFF
        guard loop == .claim ? qualifier == 0x3846 : loop == .line && qualifier == 0x5236 else { break }  // F8 6R
        view.split(start, end, into: &elements)
        guard elements[1].count == 2 else { break }
        if loop == .claim {
          claim.originalClaimID = text(segment.trimmed(elements[2]))
        } else if !claim.lines.isEmpty {
          claim.lines[claim.lines.count - 1].control = text(segment.trimmed(elements[2]))
        }
      case 0x31_4D4E:  // NM1
        if loop.isInLine { loop = .lineOther } else if loop != .other { loop = .claimParty }
        guard loop != .other, let clinician = clinician(view, segment, start) else { break }
        if loop == .claimParty {
          claim.renderingNPI = clinician
        } else if !claim.lines.isEmpty {
          claim.lines[claim.lines.count - 1].renderingNPI = clinician
        }
      case 0x52_4253:  // SBR
        loop = .other
      case 0x44_5653:  // SVD
        guard loop.isInLine, !claim.lines.isEmpty else { break }
        loop = .lineOther
        view.split(start, end, into: &elements)
        claim.lines[claim.lines.count - 1].addPaid(view.cents(segment, elements[2], from: start))
      case 0x4E_494C:  // LIN
        if loop.isInLine { loop = .lineOther }
      case 0x54_4D41:  // AMT
        guard loop == .line, !claim.lines.isEmpty else { break }
        view.split(start, end, into: &elements)
        guard segment.equals(elements[1], "B6") || segment.equals(elements[1], "AAE") else { break }
        claim.lines[claim.lines.count - 1].allowed = view.cents(segment, elements[2], from: start)
      case 0x4B_5750:  // PWK
        document(loop, &claim)
      case 0x45_544E:  // NTE
        view.split(start, end, into: &elements)
        if !segment.trimmed(elements[2]).isEmpty { document(loop, &claim) }
      default:
        if head & 0xFFFF == 0x584C {  // LX
          loop = .line
          line += 1
          number = text(3..<end - start)
        } else if head & 0xFFFF == 0x4948, loop == .claim {  // HI
          view.split(start, end, into: &elements)
          diagnoses(view, segment, start, &claim)
        }
      }
      start = end + 1
      while start < range.upperBound, X12.isLineBreak(bytes[start]) { start += 1 }
    }
    for index in claim.lines.indices where claim.lines[index].dateOrigin == .none {
      claim.fillDate(ofLine: index, from: claimFrom, to: claimTo)
    }
  }

  /// A range of the segment as a range of the claim's text.
  @inline(__always)
  func text(_ range: Range<Int>) -> TextRange {
    range.isEmpty
      ? .none
      : TextRange(
        start: UInt32(truncatingIfNeeded: offset + range.lowerBound), count: UInt32(truncatingIfNeeded: range.count))
  }

  @inline(__always)
  func value(_ view: X12WindowView, _ segment: Span<UInt8>, _ start: Int, _ range: Range<Int>) -> CodedValue {
    range.isEmpty ? .none : CodedValue(code: view.code(segment, range, from: start), text: text(range))
  }

  /// NM109 of an NM1*82, `nil` for any other.
  mutating func clinician(_ view: X12WindowView, _ segment: Span<UInt8>, _ start: Int) -> TextRange? {
    guard view.head(start + 4) & 0xFFFF == 0x3238 else { return nil }  // 82
    view.split(start, start + segment.count, into: &elements)
    guard elements[1].count == 2, segment.equals(elements[8], "XX") else { return nil }
    return text(segment.trimmed(elements[9]))
  }

  // The next are mutating although they change nothing: all of it would be copied for each call.

  mutating func open(_ view: X12WindowView, _ segment: Span<UInt8>, _ start: Int, _ claim: inout Claim) {
    claim.id = text(segment.trimmed(elements[1]))
    claim.totalCharge = view.cents(segment, elements[2], from: start)
    var components = ComponentCursor(elements[5])
    let facility = components.component(of: segment, separator: component) ?? 0..<0
    let qualifier = components.component(of: segment, separator: component) ?? 0..<0
    let frequency = components.component(of: segment, separator: component) ?? 0..<0
    claim.frequency = value(view, segment, start, frequency)
    if view.code(segment, qualifier, from: start) == "A" {
      claim.typeOfBill.code = X12ClaimBuilder.typeOfBill(
        facility: view.code(segment, facility, from: start), frequency: view.code(segment, frequency, from: start))
      // No report shows that of an outline.
      if claim.isOutline { return }
      // Written as one text, which the claim does not have.
      let text = claim.text.append(segment.extracting(facility))
      _ = claim.text.append(segment.extracting(frequency))
      claim.typeOfBill.text = TextRange(start: text.start, count: text.count + UInt32(frequency.count))
    } else {
      claim.placeOfService = value(view, segment, start, segment.trimmed(facility))
    }
  }

  mutating func date(
    _ view: X12WindowView, _ segment: Span<UInt8>, _ start: Int, isInLine: Bool, _ claim: inout Claim
  ) {
    // Nearly every date is the day of a line.
    if isInLine, segment.count == 19, view.eight(start) & 0x00FF_FFFF_00FF_FFFF == 0x0032_3734_0050_5444,
      view.head(start + 8) & 0xFFFF == 0x3844, !claim.lines.isEmpty
    {
      claim.lines[claim.lines.count - 1].setDay(day(view, start + 11))
      return
    }
    guard view.byte(start + 7) == view.separator else { return }
    let qualifier = view.head(start + 4) & 0xFF_FFFF
    let isService = qualifier == 0x32_3734  // 472
    if isInLine {
      guard isService, !claim.lines.isEmpty else { return }
      let period = period(view, segment, start)
      let last = claim.lines.count - 1
      claim.lines[last].serviceFrom = period.from
      claim.lines[last].serviceTo = period.to
      claim.lines[last].dateOrigin = period.from == .absent ? .none : .line
      return
    }
    switch qualifier {
    case 0x32_3734: (claimFrom, claimTo) = period(view, segment, start)
    case 0x34_3334: (claim.statementFrom, claim.statementTo) = period(view, segment, start)  // 434
    case 0x35_3334: claim.admission = period(view, segment, start).from  // 435
    // 096, unless it is a time of day.
    case 0x36_3930 where !view.isHour(start): claim.discharge = period(view, segment, start).from
    default: break
    }
  }

  /// The good day at `at`.
  @inline(__always)
  private mutating func day(_ view: X12WindowView, _ at: Int) -> DateValue {
    let written = view.eight(at)
    if written != writtenDay { (writtenDay, day) = (written, view.date(at)) }
    return day
  }

  /// DTP02 and DTP03.
  private mutating func period(
    _ view: X12WindowView, _ segment: Span<UInt8>, _ start: Int
  ) -> (from: DateValue, to: DateValue) {
    // What is ordinary and as long as that is a good period.
    if segment.count == 29, view.head(start + 8) & 0xFF_FFFF == 0x38_4452 {  // RD8
      return (day(view, start + 12), day(view, start + 21))
    }
    view.split(start, start + segment.count, into: &elements)
    let period = DatePeriod(segment, format: elements[2], value: elements[3])
    return (period.from, period.to)
  }

  private mutating func diagnoses(_ view: X12WindowView, _ segment: Span<UInt8>, _ start: Int, _ claim: inout Claim) {
    for position in 1...max(1, min(elements.count, 12)) {
      if let code = plainDiagnosis(view, start, elements[position]) {
        claim.diagnoses.append(
          Diagnosis(
            code: code,
            text: text(elements[position].lowerBound + 4..<elements[position].upperBound), edition: .icd10))
        continue
      }
      var components = ComponentCursor(elements[position])
      guard let qualifier = components.component(of: segment, separator: component),
        let code = components.component(of: segment, separator: component)
      else { continue }
      let edition: Diagnosis.Edition
      switch view.code(segment, qualifier, from: start) {
      case "ABK", "ABF": edition = .icd10
      case "BK", "BF": edition = .icd9
      case "BBR", "BBQ":
        if !code.isEmpty { claim.inpatientProcedureCount += 1 }
        continue
      default: continue
      }
      let range = segment.trimmed(code)
      guard !range.isEmpty else { continue }
      claim.diagnoses.append(
        Diagnosis(
          code: diagnosisCode(view, segment, start, range), text: text(range), edition: edition))
    }
  }

  /// The code of an element that is ABK or ABF and a code of capital letters and digits, as nearly all are; `nil` for any other.
  @inline(__always)
  private mutating func plainDiagnosis(_ view: X12WindowView, _ start: Int, _ range: Range<Int>) -> Code? {
    let length = range.count - 4
    let head = view.head(start + range.lowerBound)
    guard length > 0, length <= 8, head & 0xFFFF == 0x4241, UInt8(truncatingIfNeeded: head >> 24) == component,
      head >> 16 & 0xFF == 0x4B || head >> 16 & 0xFF == 0x46
    else { return nil }
    let unused = UInt64(truncatingIfNeeded: 64 - 8 * length)
    // What is not there is a digit to the check.
    let code = (view.eight(start + range.lowerBound + 4) &<< unused) &>> unused
    let bytes = code | (unused == 0 ? 0 : 0x3030_3030_3030_3030 &<< (64 - unused))
    guard X12WindowView.areCapitalsAndDigits(bytes) else { return nil }
    return Code(bits: code.byteSwapped)
  }

  /// A code without a dot, as nearly all are, else by the long way.
  private mutating func diagnosisCode(
    _ view: X12WindowView, _ segment: Span<UInt8>, _ start: Int, _ range: Range<Int>
  ) -> Code {
    for position in range where segment[position] == 0x2E { return segment.diagnosisCode(range) }
    return view.code(segment, range, from: start)
  }

  private mutating func document(_ loop: Loop, _ claim: inout Claim) {
    if loop == .claim {
      claim.hasDocumentation = true
    } else if loop == .line, !claim.lines.isEmpty {
      claim.lines[claim.lines.count - 1].hasDocumentation = true
    }
  }
}

extension ServiceLine {
  /// Takes the one day of the line.
  @inline(__always)
  fileprivate mutating func setDay(_ day: DateValue) {
    serviceFrom = day
    serviceTo = day
    dateOrigin = .line
  }
}
