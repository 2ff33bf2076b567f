public import Auditing
public import ClaimModel

/// Turns reported lines into records: everything about a line that does not wait for the end of the run is rendered here, once,
/// for all formats.
///
/// What the lines of a claim share (control numbers, ids, payer) is rendered once a claim and copied. One encoder a thread; it
/// allocates nothing once its storage has grown.
public final class LineRecordEncoder {
  /// Not watched by the runtime, which would look at it for every claim: nothing that `encode` calls knows the encoder.
  @exclusivity(unchecked) private var storage: Storage

  /// An encoder of findings of those rules.
  public init(_ catalogue: RuleCatalogue) { unsafe storage = Storage(texts: catalogue.texts) }

  /// Which lines of a claim are reported.
  public enum Selection: Sendable {
    /// The watched ones.
    case watched
    /// All.
    case all
    /// Those of the days asked for, the watched ones among them.
    case within(ServicePeriod)

    /// Whether a line is one of them.
    func takes(_ line: ServiceLine, isWatched: Bool) -> Bool {
      switch self {
      case .watched: isWatched
      case .all: true
      case .within(let period): isWatched || period.contains(line.serviceFrom.day)
      }
    }
  }

  /// Adds the chosen lines of a claim to a chunk, in the order of the claim.
  ///
  /// - Parameters:
  ///   - claim: the claim.
  ///   - audit: what was found on it; its findings are in the order of the lines.
  ///   - selection: the lines to add.
  ///   - stream: the ordinal of the stream in the run, if it is known yet (`RecordChunk.rebase`).
  ///   - ordinal: the ordinal of the claim in the stream; lines of one ordinal stand in one `claim` of the XML report.
  ///   - columns: what an export calls the fields; empty for an 837.
  ///   - chunk: where to.
  public func encode(
    _ claim: Claim, audit: ClaimAudit, selection: Selection, stream: Int, ordinal: Int, columns: ColumnNames,
    into chunk: RecordChunk
  ) {
    unsafe storage.encode(
      claim, audit: audit, selection: selection, stream: stream, ordinal: ordinal, columns: columns, into: &chunk.bytes,
      count: &chunk.recordCount)
  }
}

/// The storage of an encoder, apart from the class so that a whole claim is one access to it.
private struct Storage: ~Copyable {
  /// What findings take from their rules where they change a part of it.
  let texts: [RuleCatalogue.Text]
  /// The claim's own cells: the first seven, then payer to billing_npi; behind them rendering_npi to type_of_bill of the line that came
  /// last, since most lines of a claim have the same.
  var shared = TableRow()
  /// What those last cells were made of, `nil` where there are none.
  var setting: Setting?
  var row = TableRow()
  var days = DayText()
  var elements = ElementNames()

  init(texts: [RuleCatalogue.Text]) { self.texts = texts }

  /// Who did what a line bills, when and where.
  struct Setting {
    var clinician: TextRange
    var from: DateValue
    var to: DateValue
    var place: CodedValue

    /// Whether the cells of another setting are the same; both stand in `text`.
    func isSame(as other: Setting, _ text: Span<UInt8>) -> Bool {
      from == other.from && to == other.to && place.code == other.place.code
        && (!place.code.isNone || place.text == other.place.text)
        && Setting.areSame(clinician, other.clinician, text)
    }

    private static func areSame(_ one: TextRange, _ other: TextRange, _ text: Span<UInt8>) -> Bool {
      if one == other { return true }
      if one.count != other.count { return false }
      for (left, right) in zip(one.indices, other.indices) where text[left] != text[right] { return false }
      return true
    }
  }

  /// How many of the claim's own cells stand before the line's number.
  static let leading = LineColumn.lineNumber - LineColumn.recorded.lowerBound

  mutating func encode(
    _ claim: Claim, audit: ClaimAudit, selection: LineRecordEncoder.Selection, stream: Int, ordinal: Int,
    columns: ColumnNames, into buffer: inout ByteBuffer, count: inout Int
  ) {
    let text = claim.text.bytes.span
    var isShared = false
    var nextFinding = 0
    var slot: UInt32 = 0
    var lastRecord = -1
    for index in claim.lines.indices {
      let place = claim.lines[index].location
      // Lines of a wide row share its record.
      slot = place.record == lastRecord ? slot + 1 : 0
      lastRecord = place.record
      let isWatched = index < audit.watched.count && audit.watched[index]
      let firstFinding = nextFinding
      while nextFinding < audit.findings.count, audit.findings[nextFinding].line <= index { nextFinding += 1 }
      guard selection.takes(claim.lines[index], isWatched: isWatched) else { continue }

      if !isShared {
        renderShared(claim, payer: audit.payer, text)
        isShared = true
      }
      renderLine(index, of: claim, text)

      var facts = Record.Header()
      facts.stream = UInt32(truncatingIfNeeded: stream)
      facts.record = UInt64(place.record)
      facts.byteOffset = UInt64(place.byteOffset)
      facts.claim = UInt64(ordinal)
      facts.traits = Record.Traits(kind: claim.kind.rawValue)
      facts.findings = UInt16(truncatingIfNeeded: nextFinding - firstFinding)
      facts.charge = claim.lines[index].charge.cents ?? Record.noAmount
      facts.allowed = claim.lines[index].allowed.cents ?? Record.noAmount
      facts.paid = claim.lines[index].paid.cents ?? Record.noAmount
      if isWatched { facts.traits.insert(.watched) }
      if claim.lines[index].isUnverified { facts.traits.insert(.unverified) }
      if claim.format == .csv { facts.traits.insert(.csv) }
      if !claim.lines[index].placeOfService.isEmpty { facts.traits.insert(.ownPlaceOfService) }

      let start = buffer.count
      buffer.beginRecord(facts, slot: slot, row: row)
      for position in firstFinding..<nextFinding {
        append(
          audit.findings[position], audit, claim, ownPlaceOfService: facts.traits.contains(.ownPlaceOfService), columns,
          to: &buffer)
      }
      buffer.finishRecord(at: start)
      count += 1
    }
  }

  /// Adds a finding.
  private mutating func append(
    _ finding: Finding, _ audit: ClaimAudit, _ claim: Claim, ownPlaceOfService: Bool, _ columns: ColumnNames,
    to buffer: inout ByteBuffer
  ) {
    let draft = buffer.beginFinding(finding.rule, finding.severity, isOwn: !finding.isOfRule)
    let start = buffer.count
    var traits: CellTraits = []
    if claim.format == .x12 {
      elements.append(finding.field, claim.kind, ownPlaceOfService: ownPlaceOfService, to: &buffer)
    } else {
      traits = buffer.append(
        element: finding.field, kind: claim.kind, format: claim.format, ownPlaceOfService: ownPlaceOfService,
        columns: columns)
    }
    let text = audit.text.span
    buffer.endElement(draft, from: start, traits, message: text.extracting(finding.message.indices))
    if finding.isOfRule { return }
    let rule = texts[Int(finding.rule.position)]
    for (position, (own, ofRule)) in [(finding.fix, rule.fix), (finding.carc, rule.carc), (finding.rarc, rule.rarc)]
      .enumerated()
    {
      if let own {
        buffer.appendOwn(draft, position, text.extracting(own.indices))
      } else {
        buffer.appendOwn(draft, position, ofRule.utf8Span.span)
      }
    }
  }

  /// The cells that all lines of the claim share.
  private mutating func renderShared(_ claim: Claim, payer: String, _ text: Span<UInt8>) {
    shared.truncate()
    shared.append(claim.interchangeControl, text)
    shared.append(claim.groupControl, text)
    shared.append(claim.transactionControl, text)
    shared.append(claim.id, text)
    switch claim.kind {
    case .professional: shared.append(word: "P")
    case .institutional: shared.append(word: "I")
    case .dental: shared.append(word: "D")
    }
    shared.append(claim.frequency, text)
    shared.append(claim.originalClaimID, text)
    shared.append(clean: payer)
    shared.append(claim.payerName, text)
    shared.append(claim.payerID, text)
    shared.append(claim.filingIndicator, text)
    shared.append(claim.billingNPI, text)
    setting = nil
    row.truncate()
    row.append(shared, 0..<Storage.leading)
  }

  /// How many cells of `shared` are the claim's.
  static let ofClaim = leading + LineColumn.billingNPI + 1 - LineColumn.payer

  /// All recorded cells of a line; those of the claim that come first are there already.
  private mutating func renderLine(_ index: Int, of claim: Claim, _ text: Span<UInt8>) {
    let line = claim.lines[index]
    // A bill type says where an institutional claim's services were given; its first two digits are no place of service.
    let hasNoPlace = claim.kind == .institutional && !claim.typeOfBill.isEmpty && line.placeOfService.isEmpty
    let setting = Setting(
      clinician: line.renderingNPI.isEmpty ? claim.renderingNPI : line.renderingNPI, from: line.serviceFrom,
      to: line.serviceTo, place: hasNoPlace ? .none : claim.effectivePlaceOfService(ofLine: index))
    if self.setting?.isSame(as: setting, text) != true { render(setting, typeOfBill: claim.typeOfBill.code, text) }

    row.truncate(to: Storage.leading)
    row.append(line.number, text)
    row.append(line.control, text)
    row.append(shared, Storage.leading..<shared.cells.count)
    row.append(line.revenueCode, text)
    row.append(line.procedure, text)
    for slot in 0..<3 { row.append(line.modifiers[slot], text) }
    row.append(line.modifiers[3], and: line.modifiers[4], text)
    row.appendDiagnoses(of: line, in: claim, text)
    row.append(line.units)
    row.append(cents: line.charge.cents)
    row.append(cents: line.allowed.cents)
    row.append(cents: line.paid.cents)
  }

  private mutating func render(_ setting: Setting, typeOfBill: Code, _ text: Span<UInt8>) {
    self.setting = setting
    shared.truncate(to: Storage.ofClaim)
    shared.append(setting.clinician, text)
    shared.append(setting.from, &days)
    shared.append(setting.to, &days)
    shared.append(setting.place, text)
    shared.append(code: typeOfBill)
  }
}
