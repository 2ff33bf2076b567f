internal import CSV
internal import ClaimModel

/// Passes the rows about which there is nothing to say: a code, plain amounts, dates and units, the right number of columns.
///
/// It answers for nearly every row of a sound file what `CSVRowCheck` would: that no issue is to be raised. A row it does not
/// pass is not bad, only in need of the closer look. It works on the record where it stands, without a copy. Every field is tried
/// in the form that nearly all of its values have, by words and without a call; a value of another form is looked at by itself.
struct CSVQuickCheck {
  /// Whether rows of this file can be passed at all: those of wide tables and ledgers need the closer look.
  let isUseful: Bool
  let width: Int
  // Columns, -1 where there is none.
  let claimID: Int
  let procedure: Int
  let serviceFrom: Int
  let charge: Int
  let allowed: Int
  let paid: Int
  let claimTotal: Int
  let units: Int
  let renderingNPI: Int
  let billingNPI: Int
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
  let dateCount: Int
  let dateColumns: InlineArray<6, Int>
  let dates: ExportDates
  let nulls: [[UInt8]]
  /// What was said for the file already, so that a row may pass without a closer look.
  var said = CSVRowCheck.Said()
  var known: InlineArray<6, KnownDate>

  /// The last value of a date column that was written otherwise than `2026-01-31` and was a date: many rows repeat it.
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
    allowed = slot.allowed
    paid = slot.paid
    claimTotal = plan[.claimTotal]
    units = slot.units
    renderingNPI = slot.renderingNPI
    billingNPI = plan[.billingNPI]
    place = slot.placeOfService
    revenue = slot.revenueCode
    bill = plan[.billType]
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
    let columns = [
      slot.serviceFrom, slot.serviceTo, plan[.claimStart], plan[.claimEnd], plan[.admission], plan[.discharge],
    ].filter { $0 >= 0 }
    dateCount = columns.count
    dateColumns = InlineArray { $0 < columns.count ? columns[$0] : -1 }
    dates = plan.dates
    nulls = plan.nulls
    known = InlineArray(repeating: KnownDate())
  }

  /// Whether nothing is to be said about the record at `row`.
  @inline(__always)
  mutating func passes(_ rows: StructuralIndex.Rows, _ row: Int, _ pass: inout Pass) -> Bool {
    guard let plain = PlainRecord(rows, row, width: width) else { return false }
    return isOrdinary(plain, &pass) || passesByValue(plain, rows[row], &pass)
  }

  /// Whether every value has the form that nearly all have.
  ///
  /// All are looked at whatever the first ones are, and the answer is one branch: what is wrong gathers as bits.
  @inline(__always)
  private func isOrdinary(_ record: PlainRecord, _ pass: inout Pass) -> Bool {
    let idStart = record.start(claimID)
    let idEnd = record.end(claimID)
    let isLong = idEnd &- idStart >= 5
    var wrong = CSVQuickCheck.bit(!isLong)
    wrong |= CSVQuickCheck.bit(record.byte(idStart) &- 0x23 >= 0x5C)
    wrong |= CSVQuickCheck.bit(record.byte(isLong ? idEnd &- 1 : idStart) &- 0x23 >= 0x5C)
    pass.idStart = idStart
    pass.idEnd = idEnd

    let codeStart = record.start(procedure)
    let code = record.word(codeStart) & 0xFF_FFFF_FFFF
    wrong |= UInt64(bitPattern: Int64(record.end(procedure) &- codeStart)) ^ 5
    wrong |= CSVQuickCheck.notDigits(code) & 0x00_F0F0_F000
    let first = UInt8(truncatingIfNeeded: code)
    let last = UInt8(truncatingIfNeeded: code &>> 32)
    wrong |= CSVQuickCheck.bit((first &- 0x30 > 9) & (first &- 0x41 > 25))
    wrong |= CSVQuickCheck.bit((last &- 0x30 > 9) & (last &- 0x41 > 25))
    pass.code = code.byteSwapped

    pass.cents = 0
    if charge >= 0 { pass.cents = amount(record, charge, &wrong) }
    if allowed >= 0 { _ = amount(record, allowed, &wrong) }
    if paid >= 0 { _ = amount(record, paid, &wrong) }
    if claimTotal >= 0 { _ = amount(record, claimTotal, &wrong) }
    if units >= 0 {
      let start = record.start(units)
      wrong |= UInt64(bitPattern: Int64(record.end(units) &- start)) ^ 1
      wrong |= CSVQuickCheck.bit(record.byte(start) &- 0x30 > 9)
    }
    var index = 0
    while index < dateCount {
      checkDay(record, dateColumns[index], &wrong)
      index &+= 1
    }
    if renderingNPI >= 0 { checkIdentifier(record, renderingNPI, &wrong) }
    if billingNPI >= 0 { checkIdentifier(record, billingNPI, &wrong) }
    if !modifiers.isEmpty {
      wrong |= CSVQuickCheck.bit(lastModifier < 0)
      let (first, last) = lastModifier < 0 ? (0, 0) : (firstModifier, lastModifier)
      wrong |= CSVQuickCheck.bit(record.end(last) &- record.start(first) > modifierSpan)
    }
    if place >= 0, !said.place { wrong |= CSVQuickCheck.bit(!isOrdinaryCode(record, place, 2)) }
    if revenue >= 0, !said.revenue { wrong |= CSVQuickCheck.bit(!isOrdinaryCode(record, revenue, 4)) }
    if bill >= 0, !said.bill { wrong |= CSVQuickCheck.bit(!isOrdinaryCode(record, bill, 4)) }
    return wrong == 0
  }

  /// The cents of `0.00` to `99999.99`, 0 for nothing; of any other form some bits of `wrong` are set.
  @inline(__always)
  private func amount(_ record: PlainRecord, _ column: Int, _ wrong: inout UInt64) -> Int64 {
    let end = record.end(column)
    let count = end &- record.start(column)
    if count == 0 { return 0 }
    wrong |= CSVQuickCheck.bit(UInt(bitPattern: count &- 4) > 4) | CSVQuickCheck.bit(end < 8)
    // Of the eight bytes that end with the field those before it become zeros, and its own their digits.
    let keep = UInt64.max &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count)
    let digits = (record.word(max(end &- 8, 0)) ^ 0x3030_2E30_3030_3030) & keep
    wrong |= (digits | digits &+ 0x0606_0006_0606_0606) & 0xF0F0_FFF0_F0F0_F0F0
    return CSVQuickCheck.cents(ofDigits: (digits & 0xFF_FFFF_FFFF) &<< 8 | (digits &>> 48) &<< 48)
  }

  @inline(__always)
  private func checkDay(_ record: PlainRecord, _ column: Int, _ wrong: inout UInt64) {
    let start = record.start(column)
    let count = record.end(column) &- start
    if count == 0 { return }
    var digits = record.word(start)
    if count == 10 {
      wrong |= (digits ^ 0x2D00_002D_0000_0000) & 0xFF00_00FF_0000_0000
      digits = digits & 0xFFFF_FFFF | digits &>> 8 & 0xFFFF_0000_0000 | record.word(start &+ 8) &<< 48
    } else {
      wrong |= CSVQuickCheck.bit(count != 8) | CSVQuickCheck.bit(dates.order != .automatic)
    }
    wrong |= CSVQuickCheck.notDigits(digits)
    wrong |= CSVQuickCheck.bit(!CSVQuickCheck.isDay(digits))
  }

  @inline(__always)
  private func checkIdentifier(_ record: PlainRecord, _ column: Int, _ wrong: inout UInt64) {
    let start = record.start(column)
    let count = record.end(column) &- start
    if count == 0 { return }
    wrong |= UInt64(bitPattern: Int64(count)) ^ 10
    wrong |= CSVQuickCheck.notDigits(record.word(start)) | CSVQuickCheck.notDigits(record.word(start &+ 2))
  }

  @inline(__always)
  private static func bit(_ isWrong: Bool) -> UInt64 { isWrong ? 1 : 0 }

  /// Bits of the bytes that are no digits.
  @inline(__always)
  private static func notDigits(_ word: UInt64) -> UInt64 {
    let digits = word ^ 0x3030_3030_3030_3030
    return (digits | digits &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0
  }

  /// The same value by value: one that has another form is looked at by itself.
  @inline(never)
  private mutating func passesByValue(_ plain: PlainRecord, _ record: Record, _ pass: inout Pass) -> Bool {
    // The claim's id: there, and nothing about it that would have to be taken off.
    let idStart = plain.start(claimID)
    let idEnd = plain.end(claimID)
    if idEnd &- idStart >= 5, isVisible(plain.byte(idStart)), isVisible(plain.byte(idEnd &- 1)) {
      pass.idStart = idStart
      pass.idEnd = idEnd
    } else {
      guard findsPlainID(record, &pass) else { return false }
    }

    let codeStart = plain.start(procedure)
    let code = plain.word(codeStart) & 0xFF_FFFF_FFFF
    if plain.end(procedure) &- codeStart == 5, CSVQuickCheck.isCode(code) {
      pass.code = code.byteSwapped
    } else {
      guard findsCode(record, &pass) else { return false }
    }

    pass.cents = 0
    if charge >= 0 {
      pass.cents = ordinaryAmount(plain, charge)
      if pass.cents < 0 {
        guard let cents = plainAmount(record, charge) else { return false }
        pass.cents = cents
      }
    }
    if allowed >= 0, ordinaryAmount(plain, allowed) < 0, plainAmount(record, allowed) == nil { return false }
    if paid >= 0, ordinaryAmount(plain, paid) < 0, plainAmount(record, paid) == nil { return false }
    if claimTotal >= 0, ordinaryAmount(plain, claimTotal) < 0, plainAmount(record, claimTotal) == nil { return false }
    if units >= 0 {
      let start = plain.start(units)
      if plain.end(units) &- start != 1 || plain.byte(start) &- 0x30 > 9 {
        guard isPlainCount(record, units) else { return false }
      }
    }
    var index = 0
    while index < dateCount {
      if !isOrdinaryDay(plain, dateColumns[index]) {
        guard isDate(record, index) else { return false }
      }
      index &+= 1
    }
    if renderingNPI >= 0, !isOrdinaryIdentifier(plain, renderingNPI), !isPlainIdentifier(record, renderingNPI) {
      return false
    }
    if billingNPI >= 0, !isOrdinaryIdentifier(plain, billingNPI), !isPlainIdentifier(record, billingNPI) {
      return false
    }
    if lastModifier < 0 || plain.end(lastModifier) &- plain.start(firstModifier) > modifierSpan {
      guard areFewModifiers(record) else { return false }
    }
    if place >= 0, !said.place, !isOrdinaryCode(plain, place, 2), !isWhole(record, place, 2) { return false }
    if revenue >= 0, !said.revenue, !isOrdinaryCode(plain, revenue, 4), !isWhole(record, revenue, 4) { return false }
    if bill >= 0, !said.bill, !isOrdinaryCode(plain, bill, 4), !isWhole(record, bill, 4) { return false }
    return true
  }

  @inline(__always)
  func isVisible(_ byte: UInt8) -> Bool { byte > 0x22 && byte < 0x7F }

  /// Whether the low five bytes of `word` are a code: digits, at either end a capital letter too.
  @inline(__always)
  static func isCode(_ word: UInt64) -> Bool {
    func areDigits(_ word: UInt64, _ mask: UInt64) -> Bool {
      (word & 0xF0_F0F0_F0F0 & mask) == 0x30_3030_3030 & mask
        && ((word &+ 0x06_0606_0606) & 0xF0_F0F0_F0F0 & mask) == 0x30_3030_3030 & mask
    }
    if areDigits(word, 0xFF_FFFF_FFFF) { return true }
    guard areDigits(word & 0x00_FFFF_FF00, 0x00_FFFF_FF00) else { return false }
    func isEdge(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 || byte >= 0x41 && byte <= 0x5A }
    return isEdge(UInt8(truncatingIfNeeded: word)) && isEdge(UInt8(truncatingIfNeeded: word >> 32))
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

  /// Whether the field is empty or a day that there is, written `2026-01-31` or `20260131`.
  ///
  /// The 29th of February is for the closer look.
  @inline(__always)
  func isOrdinaryDay(_ record: PlainRecord, _ column: Int) -> Bool {
    let start = record.start(column)
    let count = record.end(column) &- start
    if count == 0 { return true }
    var digits = record.word(start)
    if count == 10 {
      guard digits & 0xFF00_00FF_0000_0000 == 0x2D00_002D_0000_0000 else { return false }
      digits = digits & 0xFFFF_FFFF | digits &>> 8 & 0xFFFF_0000_0000 | record.word(start &+ 8) &<< 48
    } else {
      guard count == 8, dates.order == .automatic else { return false }
    }
    return CSVQuickCheck.areDigits(digits) && CSVQuickCheck.isDay(digits)
  }

  /// Whether eight digits, `20260131`, are a day of 1900 to 2199, the 29th of February aside.
  @inline(__always)
  static func isDay(_ digits: UInt64) -> Bool {
    let century = digits & 0xFFFF
    let month = (digits &>> 32 & 0xF) &* 10 &+ digits &>> 40 & 0xF
    let day = (digits &>> 48 & 0xF) &* 10 &+ digits &>> 56 & 0xF
    let length = month == 2 ? 28 : 30 &+ ((month ^ month &>> 3) & 1)
    // `19`, `20` or `21`.
    let isCentury = (century == 0x3931) | (century == 0x3032) | (century == 0x3132)
    return isCentury & (month &- 1 < 12) & (day &- 1 < length)
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
    return cents(ofDigits: digits & 0x0F0F_0F0F_0F0F_0F0F)
  }

  /// The number that eight digits spell, the first one lowest: pairs, fours, then the whole.
  @inline(__always)
  private static func cents(ofDigits digits: UInt64) -> Int64 {
    let pairs = (digits &* 2561) &>> 8 & 0x00FF_00FF_00FF_00FF
    let fours = (pairs &* 6_553_601) &>> 16 & 0x0000_FFFF_0000_FFFF
    return Int64(truncatingIfNeeded: (fours &* 42_949_672_960_001) &>> 32)
  }

  @inline(__always)
  static func areDigits(_ word: UInt64) -> Bool {
    word & 0xF0F0_F0F0_F0F0_F0F0 == 0x3030_3030_3030_3030
      && (word &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0 == 0x3030_3030_3030_3030
  }
}

extension Bool {
  /// Both, without a branch.
  @inline(__always)
  fileprivate static func & (left: Bool, right: Bool) -> Bool {
    (left ? 1 : 0 as UInt8) & (right ? 1 : 0 as UInt8) != 0
  }
  /// One or both, without a branch.
  @inline(__always)
  fileprivate static func | (left: Bool, right: Bool) -> Bool {
    (left ? 1 : 0 as UInt8) | (right ? 1 : 0 as UInt8) != 0
  }
}
