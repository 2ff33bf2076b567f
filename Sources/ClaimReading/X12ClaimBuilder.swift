internal import ClaimModel
internal import X12

/// Puts one claim together from the segments of loops 2300 to 2430.
///
/// Which loop a segment belongs to follows from a small table instead of a grammar per guide: the segments that open a loop are
/// the same in every version, and everything that is not asked for is passed over.
///
///     CLM                2300   claim
///     NM1 below CLM      2310   a party of the claim            SBR below CLM   2320   another payer; its NM1 are 2330
///     LX, SV1, SV2, SV3  2400   service line                    LIN             2410   drug
///     NM1 below a line   2420   a party of the line             SVD             2430   another payer's adjudication
struct X12ClaimBuilder {
  /// Where the claim stands.
  enum Loop {
    case claim
    case claimParty
    case otherSubscriber
    case line
    case lineDrug
    case lineParty
    case lineAdjudication

    /// Whether the loop belongs to a service line.
    var isInLine: Bool {
      switch self {
      case .claim, .claimParty, .otherSubscriber: false
      case .line, .lineDrug, .lineParty, .lineAdjudication: true
      }
    }
  }

  /// The claim under construction.
  var claim = Claim()
  /// Whether there is one.
  private(set) var isOpen = false
  /// Whether a line of it is of interest.
  private(set) var isWanted = false
  /// Whether something of it was lost, so that what follows may belong to another claim.
  var isDamaged = false
  private(set) var loop = Loop.claim

  private let interest: ClaimInterest
  private let limits: ReadingLimits
  private var pendingLX: SourceLocation?
  /// How much of the claim's text stands before its first line.
  private var ownText = Int.max
  private var lineNumber = TextRange.none
  private var nextLX = 1
  private var linesInClaim = 0
  private var bytesInClaim = 0
  private var claimFrom = DateValue.absent
  private var claimTo = DateValue.absent
  private var facilityQualifier = Code.none
  private var guideNamesKind = false
  private var kindConflict = false
  private var notedLX = false
  /// Whether something of the line besides its service segment was seen.
  private var hasLineDetail = false
  private var notedLineCount = false
  private(set) var lineCount = 0
  private(set) var chargeCents: Int64 = 0

  init(interest: ClaimInterest, limits: ReadingLimits) {
    self.interest = interest
    self.limits = limits
  }

  /// The claim id, for an issue.
  var claimID: [UInt8] { isOpen ? Array(claim.text[claim.id]) : [] }

  // MARK: Opening and closing

  /// CLM.
  ///
  /// `kind` is what the guide says, `nil` when it does not say.
  mutating func open(
    _ segment: Span<UInt8>, _ e: SegmentElements, delimiters: Delimiters, at place: SourceLocation, kind: ClaimKind?,
    _ issues: inout [ReadingIssue]
  ) {
    claim.reset()
    isOpen = true
    isWanted = interest.isEverything
    isDamaged = false
    loop = .claim
    pendingLX = nil
    nextLX = 1
    linesInClaim = 0
    bytesInClaim = segment.count
    ownText = .max
    (claimFrom, claimTo) = (.absent, .absent)
    guideNamesKind = kind != nil
    kindConflict = false
    notedLX = false
    notedLineCount = false
    hasLineDetail = false
    claim.location = place
    claim.kind = kind ?? .professional
    let id = segment.trimmed(e[1])
    claim.id = claim.text.append(segment.extracting(id))
    if id.isEmpty {
      issues.append(
        issue("CLM01_MISSING", at: place, "CLM", "CLM01", "the claim has no id (CLM01); it is kept without one"))
    } else if id.count > 38 {
      issues.append(
        issue(
          "ELEMENT_LENGTH", at: place, "CLM", "CLM01",
          "CLM01 has \(id.count) bytes, an 837 allows 38; it is kept as it is"))
    }
    claim.totalCharge = segment.amount(e[2])
    note(claim.totalCharge, at: place, "CLM", "CLM02", "the claim's total", &issues)
    var components = ComponentCursor(e[5])
    let facility = components.component(of: segment, separator: delimiters.component) ?? 0..<0
    let qualifier = components.component(of: segment, separator: delimiters.component) ?? 0..<0
    let frequency = components.component(of: segment, separator: delimiters.component) ?? 0..<0
    facilityQualifier = segment.code(qualifier)
    claim.frequency = value(segment, frequency)
    if facilityQualifier == "A" {
      let code = segment.code(facility)
      let last = segment.code(frequency)
      let text = claim.text.append(segment.extracting(facility))
      _ = claim.text.append(segment.extracting(frequency))
      claim.typeOfBill = CodedValue(
        code: X12ClaimBuilder.typeOfBill(facility: code, frequency: last),
        text: TextRange(start: text.start, count: text.count + UInt32(frequency.count)))
    } else {
      claim.placeOfService = value(segment, segment.trimmed(facility))
    }
  }

  /// The four characters of a type of bill: two of the facility, with or without the leading zero, and the frequency.
  static func typeOfBill(facility: Code, frequency: Code) -> Code {
    guard frequency.count == 1 else { return .none }
    let two = facility.count == 3 && facility[0] == 0x30 ? facility.dropFirst(1) : facility
    guard two.count == 2 else { return .none }
    return Code(bits: 0x30 << 56 | two.bits >> 8 | frequency.bits >> 24)
  }

  /// Ends the claim and fills what its lines take from it.
  mutating func close(at place: SourceLocation, _ issues: inout [ReadingIssue]) {
    guard isOpen else { return }
    closeLine(&issues)
    let conflict =
      kindConflict || (facilityQualifier == "A") != (claim.kind == .institutional) && !facilityQualifier.isNone
    if conflict {
      issues.append(
        ReadingIssue(
          code: "ENV-002", severity: .warning, effect: .none, location: claim.location, segment: "CLM",
          claimID: claimID,
          message:
            "the guide (GS08, ST03), CLM05-2 and the service segments do not agree on the kind of claim; it is read as the service segments say"
        ))
    }
    finishLines(&issues)
    isOpen = false
  }

  /// Gives lines without a date of their own the claim's, and notes lines that have none at all.
  private mutating func finishLines(_ issues: inout [ReadingIssue]) {
    for index in claim.lines.indices where claim.lines[index].dateOrigin == .none {
      if !claim.fillDate(ofLine: index, from: claimFrom, to: claimTo) {
        let element = claim.kind == .institutional ? "DTP*434" : "DTP*472"
        issues.append(
          issue(
            "DATE_MISSING", at: claim.lines[index].location, X12ClaimBuilder.segmentName(claim.kind), element,
            "the line has no service date and the claim has none for it"))
      }
    }
  }

  /// Hands the lines read so far on as a part of a claim that is longer than a claim may be.
  mutating func takePart(_ issues: inout [ReadingIssue]) {
    finishLines(&issues)
    claim.isPartial = true
  }

  /// Forgets the lines that were handed on; the claim goes on.
  mutating func dropPart() {
    claim.lines.removeAll(keepingCapacity: true)
    // The texts of the lines, and what was filled in from above, which the next part is filled with again.
    claim.text.truncate(to: ownText)
    isWanted = interest.isEverything
    bytesInClaim = 0
  }

  /// Forgets the open claim, if there is one, and keeps its memory.
  mutating func abandon() { isOpen = false }

  /// Takes the lines of a claim that turned out not to be whole out of the counts.
  mutating func discardCounts(of lines: [ServiceLine]) {
    lineCount -= lines.count
    for line in lines { chargeCents &-= line.charge.cents ?? 0 }
  }

  /// Whether a segment of that id begins a line.
  func beginsLine(_ id: SegmentID) -> Bool {
    id == SegmentID("LX") || pendingLX == nil && SegmentID.isService(id)
  }

  /// Whether the claim has grown beyond what is held at once.
  var isOversized: Bool {
    claim.lines.count >= (claim.isPartial ? 1000 : limits.claimLines) || bytesInClaim > limits.claimBytes
  }

  // MARK: Segments

  /// A segment below CLM.
  mutating func add(
    _ id: SegmentID, _ segment: Span<UInt8>, _ e: SegmentElements, delimiters: Delimiters, at place: SourceLocation,
    _ issues: inout [ReadingIssue]
  ) {
    bytesInClaim += segment.count
    if loop.isInLine, !SegmentID.isService(id) { hasLineDetail = true }
    switch id {
    case .lx: openLine(segment, e, at: place, &issues)
    case .sv1: service(.professional, segment, e, delimiters, at: place, &issues)
    case .sv2: service(.institutional, segment, e, delimiters, at: place, &issues)
    case .sv3: service(.dental, segment, e, delimiters, at: place, &issues)
    case .dtp: date(segment, e, at: place, &issues)
    case .hi: if loop == .claim { diagnoses(segment, e, delimiters) }
    case .ref: reference(segment, e)
    case .nm1: party(segment, e)
    case .sbr: loop = .otherSubscriber
    case .svd: adjudication(segment, e)
    case .amt: amount(segment, e)
    case .lin: if loop.isInLine { loop = .lineDrug }
    case .pwk: documentation()
    case .nte: if !segment.trimmed(e[2]).isEmpty { documentation() }
    default: break
    }
  }

  private mutating func openLine(
    _ segment: Span<UInt8>, _ e: SegmentElements, at place: SourceLocation, _ issues: inout [ReadingIssue]
  ) {
    if !loop.isInLine { ownText = claim.text.count }
    closeLine(&issues)
    loop = .line
    pendingLX = place
    lineNumber = claim.text.append(segment.extracting(segment.trimmed(e[1])))
    let number = segment.number(e[1])
    if number != nextLX, !notedLX {
      notedLX = true
      issues.append(
        issue(
          "LX_SEQUENCE", at: place, "LX", "LX01",
          "LX01 does not count the lines of the claim in order; they are kept in the order they stand", effect: .none))
    }
    nextLX = (number ?? nextLX) + 1
    // A service segment behind an LX that lost its own is no second one of it.
    hasLineDetail = e.count > 1
    if e.count > 1 {
      issues.append(
        issue(
          "SEGMENT_FORM", at: place, "LX", "LX",
          "the LX segment has \(e.count) elements instead of one: a segment terminator was lost and the line with it",
          severity: .error, effect: .claimLost))
      pendingLX = nil
    }
  }

  /// Says when an LX had no service segment.
  private mutating func closeLine(_ issues: inout [ReadingIssue]) {
    guard let place = pendingLX else { return }
    pendingLX = nil
    issues.append(
      issue(
        "LX_WITHOUT_SERVICE", at: place, "LX", "LX01", "a line begins here and has no SV segment: the line is lost",
        severity: .error, effect: .claimLost))
  }

  private mutating func service(
    _ kind: ClaimKind, _ segment: Span<UInt8>, _ e: SegmentElements, _ delimiters: Delimiters, at place: SourceLocation,
    _ issues: inout [ReadingIssue]
  ) {
    let name = X12ClaimBuilder.segmentName(kind)
    if kind != claim.kind {
      if claim.lines.isEmpty, !claim.isPartial {
        kindConflict = guideNamesKind
        claim.kind = kind
      } else {
        issues.append(
          issue(
            "WRONG_SERVICE_SEGMENT", at: place, name, name,
            "the claim mixes kinds of service segments (ENV-002); the line is kept", effect: .none))
      }
    }
    if !loop.isInLine { ownText = claim.text.count }
    if pendingLX == nil {
      if loop.isInLine, !hasLineDetail {
        issues.append(
          issue(
            "DUPLICATE_SERVICE", at: place, name, name,
            "a second service segment under one LX; it is kept as a line of its own", effect: .none))
      } else {
        issues.append(
          issue(
            "SERVICE_WITHOUT_LX", at: place, name, name, "a service segment without its LX; it is kept as a line",
            effect: .none))
        lineNumber = .none
      }
    }
    pendingLX = nil
    hasLineDetail = false
    loop = .line
    var line = ServiceLine()
    line.location = place
    line.number = lineNumber
    let first: Int
    switch kind {
    case .professional:
      first = 1
      line.charge = segment.amount(e[2])
      line.unitBasis = segment.code(e[3])
      line.units = segment.quantity(e[4])
      line.placeOfService = value(segment, segment.trimmed(e[5]))
      pointers(segment, e[7], delimiters, &line)
    case .institutional:
      first = 2
      line.revenueCode = value(segment, segment.trimmed(e[1]))
      line.charge = segment.amount(e[3])
      line.unitBasis = segment.code(e[4])
      line.units = segment.quantity(e[5])
    case .dental:
      first = 1
      line.charge = segment.amount(e[2])
      line.placeOfService = value(segment, segment.trimmed(e[3]))
      line.units = segment.quantity(e[6])
      line.unitBasis = "UN"
      pointers(segment, e[11], delimiters, &line)
    }
    procedure(segment, e[first], delimiters, &line, at: place, name, &issues)
    let charge = kind == .professional ? "SV102" : kind == .institutional ? "SV203" : "SV302"
    note(line.charge, at: place, name, charge, "the line's charge", &issues)
    let units = kind == .professional ? "SV104" : kind == .institutional ? "SV205" : "SV306"
    if line.units == .malformed {
      issues.append(issue("UNITS", at: place, name, units, "\(units) is not a number; the cell stays empty"))
    } else if let value = line.units.tenThousandths, value <= 0 {
      issues.append(issue("UNITS", at: place, name, units, "\(units) is not above zero", severity: .info))
    }
    claim.lines.append(line)
    lineCount += 1
    linesInClaim += 1
    if let cents = line.charge.cents { chargeCents &+= cents }
    if interest.includes(line.procedure.code) { isWanted = true }
    let allowed = kind == .institutional ? 999 : 50
    if linesInClaim > allowed, !notedLineCount {
      notedLineCount = true
      issues.append(
        issue(
          "LINE_COUNT", at: place, name, "LX",
          "the claim has more than the \(allowed) lines an 837 allows; all are read", effect: .none))
    }
  }

  private mutating func procedure(
    _ segment: Span<UInt8>, _ range: Range<Int>, _ delimiters: Delimiters, _ line: inout ServiceLine,
    at place: SourceLocation,
    _ name: String, _ issues: inout [ReadingIssue]
  ) {
    var components = ComponentCursor(range)
    var position = 0
    while let part = components.component(of: segment, separator: delimiters.component) {
      position += 1
      if position > limits.elements { continue }
      switch position {
      case 1: line.procedureQualifier = segment.code(part)
      case 2: line.procedure = value(segment, segment.trimmed(part))
      case 3, 4, 5, 6:
        let part = segment.trimmed(part)
        if !part.isEmpty { line.modifiers.append(value(segment, part)) }
      default: break
      }
    }
    let element = name == "SV2" ? "SV202" : name + "01"
    if position > 8 {
      issues.append(
        issue(
          "COMPOSITE", at: place, name, element,
          "\(element) has \(position) components, an 837 allows 8; the first six are read"))
    }
    if line.procedure.isEmpty {
      if name != "SV2" || position > 0 && !range.isEmpty {
        issues.append(issue("PROCEDURE_MISSING", at: place, name, element + "-2", "the line has no procedure code"))
      }
    } else {
      switch line.procedureQualifier {
      case "HC", "AD", "ER", "HP", "IV", "WK": break
      default:
        issues.append(
          issue(
            "PROCEDURE_QUALIFIER", at: place, name, element + "-1",
            "\(element)-1 is not a qualifier of procedure codes; the code is not taken for a CPT or HCPCS code"))
      }
    }
  }

  private func pointers(
    _ segment: Span<UInt8>, _ range: Range<Int>, _ delimiters: Delimiters, _ line: inout ServiceLine
  ) {
    var components = ComponentCursor(range)
    while let part = components.component(of: segment, separator: delimiters.component) {
      let part = segment.trimmed(part)
      if part.isEmpty { continue }
      line.diagnosisPointers.append(UInt8(min(segment.number(part) ?? 0, 31)))
    }
  }

  private mutating func date(
    _ segment: Span<UInt8>, _ e: SegmentElements, at place: SourceLocation, _ issues: inout [ReadingIssue]
  ) {
    guard loop == .claim || loop == .line else { return }
    let isService = segment.equals(e[1], "472")
    let inLine = loop == .line && !claim.lines.isEmpty
    if loop == .line, !isService || !inLine { return }
    let isStatement = segment.equals(e[1], "434")
    let isAdmission = segment.equals(e[1], "435")
    // A facility's claim gives the hour of discharge (TM) here, which is no date.
    let isDischarge = segment.equals(e[1], "096") && !segment.equals(e[2], "TM")
    guard isService || isStatement || isAdmission || isDischarge else { return }
    let period = DatePeriod(segment, format: e[2], value: e[3])
    if period.isMalformed {
      issues.append(
        issue(
          "DATE", at: place, "DTP", "DTP03",
          "the date (DTP03) is no date of the format DTP02 names; the cell stays empty"))
    } else if period.isReversed {
      issues.append(
        issue("DATE", at: place, "DTP", "DTP03", "the date range ends before it begins; it is kept as it is"))
    }
    if inLine {
      let last = claim.lines.count - 1
      claim.lines[last].serviceFrom = period.from
      claim.lines[last].serviceTo = period.to
      claim.lines[last].dateOrigin = period.from == .absent ? .none : .line
    } else if isService {
      (claimFrom, claimTo) = (period.from, period.to)
    } else if isStatement {
      (claim.statementFrom, claim.statementTo) = (period.from, period.to)
    } else if isAdmission {
      claim.admission = period.from
    } else {
      claim.discharge = period.from
    }
    if e.count > 3 {
      issues.append(
        issue(
          "SEGMENT_FORM", at: place, "DTP", "DTP",
          "the DTP segment has \(e.count) elements instead of three: a segment terminator was lost and what followed with it",
          severity: .error, effect: .claimLost))
      isDamaged = true
    }
  }

  private mutating func diagnoses(_ segment: Span<UInt8>, _ e: SegmentElements, _ delimiters: Delimiters) {
    for position in 1...max(1, min(e.count, 12)) {
      var components = ComponentCursor(e[position])
      guard let qualifier = components.component(of: segment, separator: delimiters.component),
        let code = components.component(of: segment, separator: delimiters.component)
      else { continue }
      switch segment.code(qualifier) {
      case "ABK", "ABF": diagnosis(segment, code, .icd10)
      case "BK", "BF": diagnosis(segment, code, .icd9)
      case "BBR", "BBQ": if !code.isEmpty { claim.inpatientProcedureCount += 1 }
      default: break
      }
    }
  }

  private mutating func diagnosis(_ segment: Span<UInt8>, _ range: Range<Int>, _ edition: Diagnosis.Edition) {
    let range = segment.trimmed(range)
    guard !range.isEmpty else { return }
    let part = segment.extracting(range)
    claim.diagnoses.append(
      Diagnosis(code: segment.diagnosisCode(range), text: claim.text.append(part), edition: edition))
  }

  private mutating func reference(_ segment: Span<UInt8>, _ e: SegmentElements) {
    if loop == .claim, segment.equals(e[1], "F8") {
      claim.originalClaimID = claim.text.append(segment.extracting(segment.trimmed(e[2])))
    } else if loop == .line, segment.equals(e[1], "6R"), !claim.lines.isEmpty {
      claim.lines[claim.lines.count - 1].control = claim.text.append(segment.extracting(segment.trimmed(e[2])))
    }
  }

  private mutating func party(_ segment: Span<UInt8>, _ e: SegmentElements) {
    if loop.isInLine {
      loop = .lineParty
      if segment.equals(e[1], "82"), segment.equals(e[8], "XX"), !claim.lines.isEmpty {
        claim.lines[claim.lines.count - 1].renderingNPI = claim.text.append(segment.extracting(segment.trimmed(e[9])))
      }
    } else if loop != .otherSubscriber {
      loop = .claimParty
      if segment.equals(e[1], "82"), segment.equals(e[8], "XX") {
        claim.renderingNPI = claim.text.append(segment.extracting(segment.trimmed(e[9])))
      }
    }
  }

  private mutating func adjudication(_ segment: Span<UInt8>, _ e: SegmentElements) {
    guard loop.isInLine, !claim.lines.isEmpty else { return }
    loop = .lineAdjudication
    claim.lines[claim.lines.count - 1].addPaid(segment.amount(e[2]))
  }

  private mutating func amount(_ segment: Span<UInt8>, _ e: SegmentElements) {
    guard loop == .line, !claim.lines.isEmpty, segment.equals(e[1], "B6") || segment.equals(e[1], "AAE") else { return }
    claim.lines[claim.lines.count - 1].allowed = segment.amount(e[2])
  }

  private mutating func documentation() {
    if loop == .claim {
      claim.hasDocumentation = true
    } else if loop == .line, !claim.lines.isEmpty {
      claim.lines[claim.lines.count - 1].hasDocumentation = true
    }
  }

  // MARK: Values and issues

  private mutating func value(_ segment: Span<UInt8>, _ range: Range<Int>) -> CodedValue {
    if range.isEmpty { return .none }
    return CodedValue(code: segment.code(range), text: claim.text.append(segment.extracting(range)))
  }

  private func note(
    _ amount: Amount, at place: SourceLocation, _ segment: String, _ element: String, _ what: String,
    _ issues: inout [ReadingIssue]
  ) {
    switch amount {
    case .malformed:
      issues.append(
        issue(
          "AMOUNT", at: place, segment, element, "\(what) (\(element)) is not an amount of money; the cell stays empty")
      )
    case .absent:
      issues.append(
        issue("AMOUNT", at: place, segment, element, "\(what) (\(element)) is missing; the cell stays empty"))
    case .cents(let cents):
      if cents < 0 {
        issues.append(
          issue("AMOUNT_NEGATIVE", at: place, segment, element, "\(what) (\(element)) is negative", severity: .info))
      }
    }
  }

  func issue(
    _ code: String, at place: SourceLocation, _ segment: String, _ element: String, _ text: String,
    severity: IssueSeverity = .warning, effect: IssueEffect = .claimKept
  ) -> ReadingIssue {
    ReadingIssue(
      code: code, severity: severity, effect: effect, location: place, segment: segment, element: element,
      claimID: claimID,
      message: text)
  }

  static func segmentName(_ kind: ClaimKind) -> String {
    switch kind {
    case .professional: "SV1"
    case .institutional: "SV2"
    case .dental: "SV3"
    }
  }
}
