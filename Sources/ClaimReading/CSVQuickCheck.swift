internal import CSV
internal import ClaimModel

/// Passes the rows about which there is nothing to say: a code, plain amounts, dates and units, the right number of columns.
///
/// It answers for nearly every row of a sound file what `CSVRowCheck` would: that no issue is to be raised. A row it does not
/// pass is not bad, only in need of the closer look. It works on the record where it stands, without a copy.
struct CSVQuickCheck {
  /// Whether rows of this file can be passed at all: those of wide tables and ledgers need the closer look.
  let isUseful: Bool
  let width: Int
  let claimID: Int
  let procedure: Int
  let serviceFrom: Int
  let charge: Int
  let units: Int
  let amounts: [Int]
  let identifiers: [Int]
  // The same columns one by one, -1 where there is none: no list is walked for an ordinary row.
  let amount0: Int
  let amount1: Int
  let amount2: Int
  let identifier0: Int
  let identifier1: Int
  let place: Int
  let revenue: Int
  let bill: Int
  let modifiers: [Int]
  /// How long a modifier column may be without a look at how many it holds.
  let modifierLength: Int
  /// The first and the last modifier column where they stand side by side, else -1.
  let firstModifier: Int
  let lastModifier: Int
  let modifierSpan: Int
  let dateColumns: [Int]
  let dates: ExportDates
  let nulls: [[UInt8]]
  var known: [KnownDate]

  /// The last value of a date column that was a date: most rows repeat it.
  struct KnownDate {
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
  func isOrdinary(_ record: PlainRecord, _ check: CSVRowCheck, _ pass: inout Pass) -> Bool {
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
  func ordinaryAmount(_ record: PlainRecord, _ column: Int) -> Int64 {
    let start = record.start(column)
    let end = record.end(column)
    let count = end &- start
    if count == 0 { return 0 }
    guard count >= 4, count <= 8, start >= 4 else { return -1 }
    return CSVQuickCheck.cents(record.word(end &- 8), count)
  }

  @inline(__always)
  func isKnownDate(_ record: PlainRecord, _ index: Int) -> Bool {
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
  func isOrdinaryIdentifier(_ record: PlainRecord, _ column: Int) -> Bool {
    let start = record.start(column)
    let count = record.end(column) &- start
    return count == 0
      || count == 10 && CSVQuickCheck.areDigits(record.word(start)) && CSVQuickCheck.areDigits(record.word(start &+ 2))
  }

  @inline(__always)
  func isOrdinaryCode(_ record: PlainRecord, _ column: Int, _ length: Int) -> Bool {
    let start = record.start(column)
    let end = record.end(column)
    return start == end || end &- start == length && isVisible(record.byte(start)) && isVisible(record.byte(end &- 1))
  }

  /// The cents that the last `count` bytes of `word` spell, `0.00` to `99999.99`; -1 when they spell nothing of that form.
  @inline(__always)
  static func cents(_ word: UInt64, _ count: Int) -> Int64 {
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
  static func areDigits(_ word: UInt64) -> Bool {
    word & 0xF0F0_F0F0_F0F0_F0F0 == 0x3030_3030_3030_3030
      && (word &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0 == 0x3030_3030_3030_3030
  }

  // MARK: Value by value

  @inline(never)
  mutating func passesByValue(_ record: Record, _ check: CSVRowCheck, _ pass: inout Pass) -> Bool {
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
}
