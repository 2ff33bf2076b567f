internal import CSV
internal import ClaimModel

/// Passes the rows about which there is nothing to say: a code, plain amounts, dates and units, the right number of columns.
///
/// It answers for nearly every row of a sound file what `CSVRowCheck` would: that no issue is to be raised. A row it does not
/// pass is not bad, only in need of the closer look. It works on the record where it stands, without a copy.
struct CSVQuickCheck {
  /// Whether rows of this file can be passed at all: those of wide tables and ledgers need the closer look.
  let isUseful: Bool
  private let width: Int
  private let claimID: Int
  private let procedure: Int
  private let serviceFrom: Int
  private let charge: Int
  private let units: Int
  private let amounts: [Int]
  private let identifiers: [Int]
  // The same columns one by one, -1 where there is none: no list is walked for an ordinary row.
  private let amount0: Int
  private let amount1: Int
  private let amount2: Int
  private let identifier0: Int
  private let identifier1: Int
  private let place: Int
  private let revenue: Int
  private let bill: Int
  private let modifiers: [Int]
  /// How long a modifier column may be without a look at how many it holds.
  private let modifierLength: Int
  /// The first and the last modifier column where they stand side by side, else -1.
  private let firstModifier: Int
  private let lastModifier: Int
  private let modifierSpan: Int
  private let dateColumns: [Int]
  private let dates: ExportDates
  private let nulls: [[UInt8]]
  private var known: [KnownDate]

  /// The last value of a date column that was a date: most rows repeat it.
  private struct KnownDate {
    var low: UInt64 = 0
    var high: UInt64 = 0
    var count = -1
  }

  /// What is to be known about a row that passes.
  struct Pass {
    var idStart = 0
    var idEnd = 0
    /// The procedure's code as bits, 0 where there is none.
    var code: UInt64 = 0
    /// The charge in cents, 0 where there is none.
    var cents: Int64 = 0
  }

  init(_ plan: ColumnPlan) {
    let slot = plan.slots.first ?? ColumnPlan.Slot()
    isUseful =
      !plan.isWide && !plan.groupsByDate && !plan.isContinuation && plan[.recordKind] < 0 && plan.amounts == .us
      && plan[.claimID] >= 0 && slot.procedure >= 0 && plan.nulls.allSatisfy { $0.count < 5 }
    width = plan.headers.count
    claimID = plan[.claimID]
    procedure = slot.procedure
    serviceFrom = slot.serviceFrom
    charge = slot.charge
    units = slot.units
    amounts = [slot.allowed, slot.paid, plan[.claimTotal]].filter { $0 >= 0 }
    identifiers = [slot.renderingNPI, plan[.billingNPI]].filter { $0 >= 0 }
    modifiers = slot.modifiers
    // Nine bytes are five modifiers at most; of several columns each is to hold one.
    modifierLength = slot.modifiers.count == 1 ? 9 : slot.modifiers.count <= Modifiers.capacity ? 2 : 0
    let first = slot.modifiers.first ?? 0
    let count = slot.modifiers.count
    let isSpan = count > 0 && count <= Modifiers.capacity && slot.modifiers.elementsEqual(first..<first + count)
    firstModifier = isSpan ? first : -1
    lastModifier = isSpan ? first + count - 1 : -1
    // A field of n bytes makes half as many modifiers, rounded up; n - 1 delimiters stand between n fields.
    modifierSpan = 2 * Modifiers.capacity - count + (count - 1)
    amount0 = slot.allowed
    amount1 = slot.paid
    amount2 = plan[.claimTotal]
    identifier0 = slot.renderingNPI
    identifier1 = plan[.billingNPI]
    place = slot.placeOfService
    revenue = slot.revenueCode
    bill = plan[.billType]
    let columns = [
      slot.serviceFrom, slot.serviceTo, plan[.claimStart], plan[.claimEnd], plan[.admission], plan[.discharge],
    ]
    dateColumns = columns.filter { $0 >= 0 }
    dates = plan.dates
    nulls = plan.nulls
    known = Array(repeating: KnownDate(), count: dateColumns.count)
  }

  /// Whether nothing is to be said about the record.
  ///
  /// Tried first in the forms that nearly all values have, all at once and without a call; what has another form is looked at
  /// value by value.
  @inline(__always)
  mutating func passes(_ record: Record, _ check: CSVRowCheck, _ pass: inout Pass) -> Bool {
    if let plain = PlainRecord(record, width: width), isOrdinary(plain, check, &pass) { return true }
    return passesByValue(record, check, &pass)
  }

  @inline(__always)
  private func isOrdinary(_ record: PlainRecord, _ check: CSVRowCheck, _ pass: inout Pass) -> Bool {
    let idStart = record.start(claimID)
    let idEnd = record.end(claimID)
    let codeStart = record.start(procedure)
    guard idEnd &- idStart >= 5, isVisible(record.byte(idStart)), isVisible(record.byte(idEnd &- 1)),
      record.end(procedure) &- codeStart == 5
    else { return false }
    let code = record.word(codeStart) & 0xFF_FFFF_FFFF
    guard isCode(code) else { return false }
    pass.idStart = idStart
    pass.idEnd = idEnd
    pass.code = code.byteSwapped
    pass.cents = 0
    if charge >= 0 {
      let cents = ordinaryAmount(record, charge)
      guard cents >= 0 else { return false }
      pass.cents = cents
    }
    if amount0 >= 0, ordinaryAmount(record, amount0) < 0 { return false }
    if amount1 >= 0, ordinaryAmount(record, amount1) < 0 { return false }
    if amount2 >= 0, ordinaryAmount(record, amount2) < 0 { return false }
    if units >= 0 {
      let start = record.start(units)
      guard record.end(units) &- start == 1, record.byte(start) &- 0x30 <= 9 else { return false }
    }
    for index in 0..<dateColumns.count where !isKnownDate(record, index) { return false }
    if identifier0 >= 0, !isOrdinaryIdentifier(record, identifier0) { return false }
    if identifier1 >= 0, !isOrdinaryIdentifier(record, identifier1) { return false }
    if lastModifier >= 0 {
      guard record.end(lastModifier) &- record.start(firstModifier) <= modifierSpan else { return false }
    } else if !modifiers.isEmpty {
      return false
    }
    if place >= 0, !check.hasSaidPlace, !isOrdinaryCode(record, place, 2) { return false }
    if revenue >= 0, !check.hasSaidRevenue, !isOrdinaryCode(record, revenue, 4) { return false }
    if bill >= 0, !check.hasSaidBill, !isOrdinaryCode(record, bill, 4) { return false }
    return true
  }

  /// The cents of `0.00` to `99999.99`, 0 for nothing, -1 for any other form.
  @inline(__always)
  private func ordinaryAmount(_ record: PlainRecord, _ column: Int) -> Int64 {
    let start = record.start(column)
    let end = record.end(column)
    let count = end &- start
    if count == 0 { return 0 }
    guard count >= 4, count <= 8, start >= 4 else { return -1 }
    return CSVQuickCheck.cents(record.word(end &- 8), count)
  }

  @inline(__always)
  private func isKnownDate(_ record: PlainRecord, _ index: Int) -> Bool {
    let column = dateColumns[index]
    let start = record.start(column)
    let end = record.end(column)
    let count = end &- start
    if count == 0 { return true }
    let date = known[index]
    guard count == date.count else { return false }
    if count <= 8 { return record.word(start) &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count) == date.low }
    return record.word(start) == date.low && record.word(end &- 8) == date.high
  }

  @inline(__always)
  private func isOrdinaryIdentifier(_ record: PlainRecord, _ column: Int) -> Bool {
    let start = record.start(column)
    let count = record.end(column) &- start
    return count == 0
      || count == 10 && CSVQuickCheck.areDigits(record.word(start)) && CSVQuickCheck.areDigits(record.word(start &+ 2))
  }

  @inline(__always)
  private func isOrdinaryCode(_ record: PlainRecord, _ column: Int, _ length: Int) -> Bool {
    let start = record.start(column)
    let end = record.end(column)
    return start == end || end &- start == length && isVisible(record.byte(start)) && isVisible(record.byte(end &- 1))
  }

  /// The cents that the last `count` bytes of `word` spell, `0.00` to `99999.99`; -1 when they spell nothing of that form.
  @inline(__always)
  private static func cents(_ word: UInt64, _ count: Int) -> Int64 {
    // Zeros before the field, and the point taken out.
    let keep = UInt64.max &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count)
    let word = word & keep | 0x3030_3030_3030_3030 & ~keep
    let digits = (word & 0xFF_FFFF_FFFF) &<< 8 | (word &>> 48) &<< 48 | 0x30
    guard word &>> 40 & 0xFF == 0x2E, areDigits(digits) else { return -1 }
    // Eight digits at once: pairs, fours, then the whole.
    let pairs = ((digits & 0x0F0F_0F0F_0F0F_0F0F) &* 2561) &>> 8 & 0x00FF_00FF_00FF_00FF
    let fours = (pairs &* 6_553_601) &>> 16 & 0x0000_FFFF_0000_FFFF
    return Int64(truncatingIfNeeded: (fours &* 42_949_672_960_001) &>> 32)
  }

  @inline(__always)
  private static func areDigits(_ word: UInt64) -> Bool {
    word & 0xF0F0_F0F0_F0F0_F0F0 == 0x3030_3030_3030_3030
      && (word &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0 == 0x3030_3030_3030_3030
  }

  // MARK: Value by value

  @inline(never)
  private mutating func passesByValue(_ record: Record, _ check: CSVRowCheck, _ pass: inout Pass) -> Bool {
    guard record.count == width else { return false }
    let bytes = record.bytes

    // The claim's id: there, and nothing about it that would have to be taken off.
    let (idStart, idEnd) = inner(record, claimID)
    guard idStart < idEnd, isVisible(bytes[idStart]), isVisible(bytes[idEnd - 1]) else { return false }
    if idEnd - idStart < 5 || bytes[idStart - (idStart > 0 ? 1 : 0)] == record.quote {
      guard isPlainID(bytes.part(idStart, idEnd), record.quote) else { return false }
    }
    pass.idStart = idStart
    pass.idEnd = idEnd

    let (codeStart, codeEnd) = inner(record, procedure)
    if codeEnd - codeStart == 5 {
      let word = bytes.word(at: codeStart) & 0xFF_FFFF_FFFF
      guard isCode(word) else { return false }
      pass.code = word.byteSwapped
    } else {
      // A line without a procedure; a row of sums has no date either.
      guard codeStart == codeEnd, serviceFrom >= 0 else { return false }
      let (start, end) = inner(record, serviceFrom)
      guard end - start >= 6 else { return false }
      pass.code = 0
    }

    pass.cents = 0
    if charge >= 0 {
      guard let cents = plainAmount(record, charge) else { return false }
      pass.cents = cents
    }
    for column in amounts { guard plainAmount(record, column) != nil else { return false } }
    if units >= 0 { guard isPlainCount(record, units) else { return false } }
    for index in dateColumns.indices { guard isDate(record, index, check) else { return false } }
    for column in identifiers { guard isPlainIdentifier(record, column) else { return false } }
    guard areFewModifiers(record) else { return false }
    return arePlacesPlain(record, check)
  }

  // MARK: Values

  /// Whether the row cannot have more modifiers than a line can carry.
  @inline(__always)
  private func areFewModifiers(_ record: Record) -> Bool {
    if lastModifier >= 0 {
      // Side by side: so few bytes in all make no more than five modifiers, however they are divided.
      let start = record.bounds(firstModifier).start
      if record.bounds(lastModifier).end - start <= modifierSpan { return true }
    }
    for column in modifiers {
      let (start, end) = inner(record, column)
      guard end - start <= modifierLength else { return false }
    }
    return true
  }

  /// The bounds of a field without its quotes.
  @inline(__always)
  private func inner(_ record: Record, _ column: Int) -> (Int, Int) {
    let (start, end) = record.bounds(column)
    guard end - start >= 2, record.bytes[start] == record.quote else { return (start, end) }
    return (start + 1, end - 1)
  }

  private func isPlainID(_ id: ByteView, _ quote: UInt8?) -> Bool {
    if let quote, id.firstIndex(of: quote, from: 0) != nil { return false }
    for null in nulls where null.count == id.count && id.elementsEqual(null) { return false }
    return true
  }

  @inline(__always)
  private func isVisible(_ byte: UInt8) -> Bool { byte > 0x22 && byte < 0x7F }

  /// Whether the low five bytes of `word` are a code: digits, at either end a capital letter too.
  @inline(__always)
  private func isCode(_ word: UInt64) -> Bool {
    func areDigits(_ word: UInt64, _ mask: UInt64) -> Bool {
      (word & 0xF0_F0F0_F0F0 & mask) == 0x30_3030_3030 & mask
        && ((word &+ 0x06_0606_0606) & 0xF0_F0F0_F0F0 & mask) == 0x30_3030_3030 & mask
    }
    if areDigits(word, 0xFF_FFFF_FFFF) { return true }
    guard areDigits(word & 0x00_FFFF_FF00, 0x00_FFFF_FF00) else { return false }
    func isEdge(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 || byte >= 0x41 && byte <= 0x5A }
    return isEdge(UInt8(truncatingIfNeeded: word)) && isEdge(UInt8(truncatingIfNeeded: word >> 32))
  }

  /// The cents of `123`, `123.4`, `123.45`; 0 for nothing, `nil` for whatever is written otherwise.
  @inline(__always)
  private func plainAmount(_ record: Record, _ column: Int) -> Int64? {
    let (start, end) = inner(record, column)
    let count = end - start
    if count == 0 { return 0 }
    guard count >= 4, count <= 8, end >= 8 else { return anyPlainAmount(record.bytes, start, end) }
    let cents = CSVQuickCheck.cents(record.bytes.word(at: end - 8), count)
    return cents >= 0 ? cents : anyPlainAmount(record.bytes, start, end)
  }

  private func anyPlainAmount(_ bytes: ByteView, _ start: Int, _ end: Int) -> Int64? {
    guard end - start <= 15 else { return nil }
    var value: Int64 = 0
    var index = start
    while index < end {
      let digit = bytes[index] &- 0x30
      if digit > 9 { break }
      value = value &* 10 &+ Int64(digit)
      index += 1
    }
    guard index > start else { return nil }
    if index == end { return value &* 100 }
    guard bytes[index] == 0x2E, end - index == 3 || end - index == 2 else { return nil }
    let tenths = bytes[index + 1] &- 0x30
    guard tenths <= 9 else { return nil }
    if end - index == 2 { return value &* 100 &+ Int64(tenths) &* 10 }
    let hundredths = bytes[index + 2] &- 0x30
    guard hundredths <= 9 else { return nil }
    return value &* 100 &+ Int64(tenths) &* 10 &+ Int64(hundredths)
  }

  @inline(__always)
  private func isPlainCount(_ record: Record, _ column: Int) -> Bool {
    let (start, end) = inner(record, column)
    if end - start == 1 { return record.bytes[start] &- 0x30 <= 9 }
    if start == end { return true }
    return ExportAmounts.quantity(record.bytes.part(start, end), .us) != .malformed
  }

  @inline(__always)
  private mutating func isDate(_ record: Record, _ index: Int, _ check: CSVRowCheck) -> Bool {
    let (start, end) = inner(record, dateColumns[index])
    let count = end - start
    if count == 0 { return true }
    let date = known[index]
    if count == date.count {
      let bytes = record.bytes
      if count <= 8 {
        if bytes.word(at: start) << UInt64(64 - 8 * count) == date.low { return true }
      } else if bytes.word(at: start) == date.low, bytes.word(at: end - 8) == date.high {
        return true
      }
    }
    return isNewDate(record, start, end, index, check)
  }

  private mutating func isNewDate(_ record: Record, _ start: Int, _ end: Int, _ index: Int, _ check: CSVRowCheck)
    -> Bool
  {
    switch dates.read(record.bytes.part(start, end)) {
    case .day: break
    case .ambiguous: guard check.hasSaidDateOrder else { return false }
    case .blank: return true
    case .serial, .malformed: return false
    }
    let count = end - start
    guard count <= 16 else { return true }
    let bytes = record.bytes
    if count <= 8 {
      known[index] = KnownDate(low: bytes.word(at: start) << UInt64(64 - 8 * count), high: 0, count: count)
    } else {
      known[index] = KnownDate(low: bytes.word(at: start), high: bytes.word(at: end - 8), count: count)
    }
    return true
  }

  @inline(__always)
  private func isPlainIdentifier(_ record: Record, _ column: Int) -> Bool {
    let (start, end) = inner(record, column)
    if end - start == 10 {
      // Ten digits; whatever else has ten bytes is looked at.
      if CSVQuickCheck.areDigits(record.bytes.word(at: start)),
        CSVQuickCheck.areDigits(record.bytes.word(at: start + 2))
      {
        return true
      }
    }
    if start == end { return true }
    if case .rounded = ExportCodes.identifier(record.bytes.part(start, end).trimmed) { return false }
    return true
  }

  /// Whether no code of the row has lost a zero of which nothing was said yet.
  @inline(__always)
  private func arePlacesPlain(_ record: Record, _ check: CSVRowCheck) -> Bool {
    if place >= 0 {
      let (start, end) = inner(record, place)
      if start != end, !isWhole(record.bytes, start, end, 2), !check.hasSaidPlace { return false }
    }
    if revenue >= 0 {
      let (start, end) = inner(record, revenue)
      if start != end, !isWhole(record.bytes, start, end, 4), !check.hasSaidRevenue { return false }
    }
    if bill >= 0 {
      let (start, end) = inner(record, bill)
      if start != end, !isWhole(record.bytes, start, end, 4), !check.hasSaidBill { return false }
    }
    return true
  }

  /// Whether a code has all its characters and no blanks around it.
  @inline(__always)
  private func isWhole(_ bytes: ByteView, _ start: Int, _ end: Int, _ count: Int) -> Bool {
    end - start == count && isVisible(bytes[start]) && isVisible(bytes[end - 1])
  }
}
