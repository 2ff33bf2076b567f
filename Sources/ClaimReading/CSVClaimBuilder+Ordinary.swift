internal import CSV
internal import ClaimModel

/// Further lines of a claim whose values are all written as nearly all values are: by words, without a look at what they might be.
///
/// What it makes is what `add` makes of the same row; a row in which anything is written otherwise it leaves alone.
extension CSVClaimBuilder {
  /// The columns of such lines, -1 where there is none; plain integers, so that nothing is kept alive row by row.
  struct OrdinaryColumns {
    let number: Int
    let control: Int
    let procedure: Int
    let firstModifier: Int
    let lastModifier: Int
    let revenueCode: Int
    let placeOfService: Int
    let units: Int
    let charge: Int
    let allowed: Int
    let paid: Int
    let serviceFrom: Int
    let serviceTo: Int
    let renderingNPI: Int
    let firstDiagnosis: Int
    let lastDiagnosis: Int

    /// The columns of a plan whose lines can be read so: one line a row, with a date, without pointers or constants.
    init?(_ plan: ColumnPlan) {
      guard let slot = plan.slots.first, !plan.isWide, slot.procedure >= 0, slot.serviceFrom >= 0,
        slot.lineDiagnosis < 0,
        plan.pointers.isEmpty, plan.constants.isEmpty, plan.amounts == .us, plan[.procedureSystem] < 0,
        plan[.reversal] < 0,
        plan.nulls.allSatisfy({ ($0.first ?? 0x30) &- 0x30 > 9 }),
        plan.diagnoses.isEmpty || plan.diagnosisSpan != nil
      else { return nil }
      let first = slot.modifiers.first ?? 0
      guard slot.modifiers.elementsEqual(first..<first + slot.modifiers.count),
        slot.modifiers.count <= Modifiers.capacity
      else { return nil }
      number = plan[.lineNumber]
      control = plan[.lineControl]
      procedure = slot.procedure
      firstModifier = first
      lastModifier = first + slot.modifiers.count - 1
      revenueCode = slot.revenueCode
      placeOfService = slot.placeOfService
      units = slot.units
      charge = slot.charge
      allowed = slot.allowed
      paid = slot.paid
      serviceFrom = slot.serviceFrom
      serviceTo = slot.serviceTo
      renderingNPI = slot.renderingNPI
      firstDiagnosis = plan.diagnosisSpan?.lowerBound ?? -1
      lastDiagnosis = plan.diagnosisSpan?.upperBound ?? -1
    }
  }

  /// An identifier of ten bytes as its first and its last eight, 0 where it has another length.
  struct IdentifierWords {
    private(set) var low: UInt64 = 0
    private(set) var high: UInt64 = 0

    /// Nothing.
    init() {}

    /// The words of `text`.
    init(_ text: ArraySlice<UInt8>) {
      guard text.count == 10 else { return }
      for byte in text.suffix(8).reversed() { high = high << 8 | UInt64(byte) }
      for byte in text.prefix(8).reversed() { low = low << 8 | UInt64(byte) }
    }
  }

  /// The last date that was read.
  struct ReadDay {
    var low: UInt64 = 0
    var high: UInt64 = 0
    var value = DateValue.absent
  }

  /// Adds a further line of the claim; `false` where the row is not ordinary, and then nothing was added.
  mutating func addOrdinary(
    _ row: PlainRecord, _ record: Record, _ shared: SharedColumnPlan, at location: SourceLocation, ordinal: Int,
    isASCII: Bool
  ) -> Bool {
    let whole = record.whole
    guard let columns = ordinaryColumns, !claim.lines.isEmpty, isASCII || whole.isASCII else { return false }
    // Nothing may be told of the claim that its first row did not tell.
    for column in openColumns where !row.isEmpty(column) { return false }
    if columns.firstDiagnosis >= 0 {
      let start = row.start(columns.firstDiagnosis) &- row.start(0)
      let end = row.end(columns.lastDiagnosis) &- row.start(0)
      guard rowIsFirst, end > start, ByteView.holdsSame(firstDiagnoses, whole.part(start, end)) else { return false }
    }

    guard let line = ordinaryLine(row, record, columns, shared, at: location, textAt: claim.text.count) else {
      return false
    }
    // Nothing but the row's text is added, and only now that the line is sure.
    _ = whole.withSpan { claim.text.append($0) }
    append(line, ordinal: ordinal)
    note(record, at: location)
    return true
  }

  /// Adds a line to the claim, with its ordinal where it has no number.
  mutating func append(_ line: ServiceLine, ordinal: Int) {
    claim.lines.append(line)
    if line.number.isEmpty { claim.lines[claim.lines.count - 1].number = keep(ordinal) }
  }

  /// The line of an ordinary row whose text stands among the claim's at `base`; `nil` where a value is written otherwise.
  mutating func ordinaryLine(
    _ row: PlainRecord, _ record: Record, _ columns: OrdinaryColumns, _ shared: SharedColumnPlan,
    at location: SourceLocation, textAt base: Int
  ) -> ServiceLine? {
    var line = ServiceLine()
    line.location = location
    line.unitBasis = "UN"
    line.procedureQualifier = "HC"
    let rowStart = row.start(0)
    func text(_ start: Int, _ end: Int) -> TextRange {
      TextRange(
        start: UInt32(truncatingIfNeeded: base &+ start &- rowStart), count: UInt32(truncatingIfNeeded: end &- start))
    }
    /// A value that is kept as it stands; `nil` where it may be another than its bytes.
    func value(_ column: Int) -> TextRange? {
      guard column >= 0 else { return TextRange.none }
      let (start, end) = (row.start(column), row.end(column))
      if start == end { return TextRange.none }
      let first = row.byte(start)
      guard first > 0x20, first != record.quote, row.byte(end &- 1) > 0x20, !shared.mayBeNull(first) else { return nil }
      return text(start, end)
    }
    /// A code of `count` digits, or none.
    func digits(_ column: Int, _ count: Int) -> CodedValue? {
      guard column >= 0 else { return CodedValue.none }
      let (start, end) = (row.start(column), row.end(column))
      if start == end { return CodedValue.none }
      let shift = UInt64(truncatingIfNeeded: 64 &- 8 &* count)
      let word = row.word(start) &<< shift
      guard end &- start == count, CSVQuickCheck.areDigits(word | 0x3030_3030_3030_3030 &>> (64 &- shift)) else {
        return nil
      }
      return CodedValue(code: Code(bits: (word &>> shift).byteSwapped), text: text(start, end))
    }
    func amount(_ column: Int) -> Amount? {
      guard column >= 0 else { return Amount.absent }
      let (start, end) = (row.start(column), row.end(column))
      if start == end { return Amount.absent }
      guard end &- start >= 4, end &- start <= 8, end >= 8 else { return nil }
      let cents = CSVQuickCheck.cents(row.word(end &- 8), end &- start)
      return cents < 0 ? nil : Amount.cents(cents)
    }

    guard let number = value(columns.number), let control = value(columns.control) else { return nil }
    let code = row.start(columns.procedure)
    let codeBits = row.word(code) & 0xFF_FFFF_FFFF
    guard row.end(columns.procedure) &- code == 5, CSVQuickCheck.isCode(codeBits) else { return nil }
    line.control = control
    line.procedure = CodedValue(code: Code(bits: codeBits.byteSwapped), text: text(code, code &+ 5))
    var column = columns.firstModifier
    while column <= columns.lastModifier {
      let (start, end) = (row.start(column), row.end(column))
      column &+= 1
      if start == end { continue }
      let (first, second) = (row.byte(start), row.byte(start &+ 1))
      guard end &- start == 2, isAlphanumeric(first), isAlphanumeric(second), !shared.mayBeNull(first) else {
        return nil
      }
      func upper(_ byte: UInt8) -> UInt64 { UInt64(byte >= 0x61 ? byte &- 0x20 : byte) }
      line.modifiers.append(
        CodedValue(code: Code(bits: upper(first) &<< 56 | upper(second) &<< 48), text: text(start, end)))
    }
    guard let revenue = digits(columns.revenueCode, 4), let place = digits(columns.placeOfService, 2),
      let charge = amount(columns.charge), let allowed = amount(columns.allowed), let paid = amount(columns.paid)
    else { return nil }
    line.revenueCode = revenue
    line.placeOfService = place
    line.charge = charge
    line.allowed = allowed
    line.paid = paid
    if columns.units >= 0 {
      let start = row.start(columns.units)
      guard row.end(columns.units) &- start == 1, row.byte(start) &- 0x30 <= 9 else { return nil }
      line.units = .tenThousandths(Int64(row.byte(start) &- 0x30) &* 10_000)
    }
    guard let from = day(row, columns.serviceFrom), from != .absent, let to = day(row, columns.serviceTo) else {
      return nil
    }
    line.serviceFrom = from
    line.serviceTo = to == .absent ? from : to
    line.dateOrigin = .line
    if columns.renderingNPI >= 0 {
      let (start, end) = (row.start(columns.renderingNPI), row.end(columns.renderingNPI))
      if start != end {
        guard end &- start == 10, CSVQuickCheck.areDigits(row.word(start)),
          CSVQuickCheck.areDigits(row.word(start &+ 2))
        else { return nil }
        // Only what differs from the claim's.
        if row.word(start) != claimRendering.low || row.word(start &+ 2) != claimRendering.high {
          line.renderingNPI = text(start, end)
        }
      }
    }
    line.number = number
    return line
  }

  /// The day in a column as words; absent where nothing stands there, `nil` where it is written otherwise or is no day.
  private mutating func day(_ row: PlainRecord, _ column: Int) -> DateValue? {
    guard column >= 0 else { return DateValue.absent }
    let (start, end) = (row.start(column), row.end(column))
    if start == end { return DateValue.absent }
    guard end &- start == 10 else { return nil }
    let (low, high) = (row.word(start), row.word(start &+ 2))
    if low == lastDay.low, high == lastDay.high { return lastDay.value }
    guard let day = ExportDates.plainDay(low, high) else { return nil }
    lastDay = ReadDay(low: low, high: high, value: .day(day))
    return .day(day)
  }
}
