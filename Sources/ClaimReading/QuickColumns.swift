internal import CSV
internal import ClaimModel

/// The columns whose values are looked at in every row, -1 where there is none, and the look at values of the form that nearly all
/// have: plain integers, which a loop over rows keeps at hand.
struct QuickColumns {
  /// How many columns there are.
  let width: Int
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
  let hasModifiers: Bool
  /// The first and the last modifier column where they stand side by side, else -1.
  let firstModifier: Int
  let lastModifier: Int
  let modifierSpan: Int
  let dateCount: Int
  let dateColumns: InlineArray<6, Int>
  /// Whether eight digits are a year, a month and a day.
  let isDateOrderAutomatic: Bool

  /// The columns of a plan.
  init(_ plan: ColumnPlan) {
    let slot = plan.slots.first ?? ColumnPlan.Slot()
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
    let first = slot.modifiers.first ?? 0
    let count = slot.modifiers.count
    hasModifiers = count > 0
    let isSpan = count > 0 && count <= Modifiers.capacity && slot.modifiers.elementsEqual(first..<first + count)
    firstModifier = isSpan ? first : -1
    lastModifier = isSpan ? first + count - 1 : -1
    // A field of n bytes makes half as many modifiers, rounded up; one delimiter less than there are fields stands between them.
    modifierSpan = 2 * Modifiers.capacity - 1
    let dates = [
      slot.serviceFrom, slot.serviceTo, plan[.claimStart], plan[.claimEnd], plan[.admission], plan[.discharge],
    ].filter { $0 >= 0 }
    dateCount = dates.count
    dateColumns = InlineArray { $0 < dates.count ? dates[$0] : -1 }
    isDateOrderAutomatic = plan.dates.order == .automatic
  }

  /// Whether every value has the form that nearly all have.
  ///
  /// All are looked at whatever the first ones are, and the answer is one branch: what is wrong gathers as bits.
  @inline(__always)
  func areOrdinary(_ record: PlainRecord, _ said: CSVRowCheck.Said, _ pass: inout CSVQuickCheck.Pass) -> Bool {
    // So that eight bytes stand before the end of any field.
    guard record.start(0) >= 8 else { return false }
    let idStart = record.start(claimID)
    let idEnd = record.end(claimID)
    let isLong = idEnd &- idStart >= 5
    var wrong = CSVQuickCheck.bit(!isLong)
    wrong |= CSVQuickCheck.bit(record.byte(idStart) &- 0x28 >= 0x57)
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
    if hasModifiers {
      wrong |= CSVQuickCheck.bit(lastModifier < 0)
      let (first, last) = lastModifier < 0 ? (0, 0) : (firstModifier, lastModifier)
      wrong |= CSVQuickCheck.bit(record.end(last) &- record.start(first) > modifierSpan)
    }
    if place >= 0, !said.place { wrong |= CSVQuickCheck.bit(!CSVQuickCheck.isOrdinaryCode(record, place, 2)) }
    if revenue >= 0, !said.revenue { wrong |= CSVQuickCheck.bit(!CSVQuickCheck.isOrdinaryCode(record, revenue, 4)) }
    if bill >= 0, !said.bill { wrong |= CSVQuickCheck.bit(!CSVQuickCheck.isOrdinaryCode(record, bill, 4)) }
    return wrong == 0
  }

  /// The cents of `0.00` to `99999.99`, 0 for nothing; of any other form some bits of `wrong` are set.
  @inline(__always)
  private func amount(_ record: PlainRecord, _ column: Int, _ wrong: inout UInt64) -> Int64 {
    let end = record.end(column)
    let count = end &- record.start(column)
    if count == 0 { return 0 }
    wrong |= CSVQuickCheck.bit(UInt(bitPattern: count &- 4) > 4)
    // Of the eight bytes that end with the field those before it become zeros, and its own their digits.
    let keep = UInt64.max &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count)
    let digits = (record.word(end &- 8) ^ 0x3030_2E30_3030_3030) & keep
    wrong |= (digits | (digits &+ 0x0606_0006_0606_0606)) & 0xF0F0_FFF0_F0F0_F0F0
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
      wrong |= CSVQuickCheck.bit(count != 8) | CSVQuickCheck.bit(!isDateOrderAutomatic)
    }
    wrong |= CSVQuickCheck.notDigits(digits)
    wrong |= CSVQuickCheck.bit(!CSVQuickCheck.isDay(digits))
  }

  @inline(__always)
  private func checkIdentifier(_ record: PlainRecord, _ column: Int, _ wrong: inout UInt64) {
    let start = record.start(column)
    let end = record.end(column)
    let count = end &- start
    if count == 0 { return }
    wrong |= UInt64(bitPattern: Int64(count)) ^ 10
    // The last eight bytes by the end, whatever the length: behind the record they may not be readable.
    wrong |= CSVQuickCheck.notDigits(record.word(start)) | CSVQuickCheck.notDigits(record.word(end &- 8))
  }
}

extension CSVQuickCheck {
  @inline(__always)
  static func bit(_ isWrong: Bool) -> UInt64 { isWrong ? 1 : 0 }

  /// Bits of the bytes that are no digits.
  @inline(__always)
  static func notDigits(_ word: UInt64) -> UInt64 {
    let digits = word ^ 0x3030_3030_3030_3030
    return (digits | (digits &+ 0x0606_0606_0606_0606)) & 0xF0F0_F0F0_F0F0_F0F0
  }

  /// Whether eight digits, `20260131`, are a day of 1900 to 2199, the 29th of February aside.
  @inline(__always)
  static func isDay(_ digits: UInt64) -> Bool {
    // Century, year, month and day, each in sixteen bits.
    let pairs = ((digits & 0x0F0F_0F0F_0F0F_0F0F) &* 2561) &>> 8 & 0x00FF_00FF_00FF_00FF
    let month = pairs &>> 32 & 0xFF
    // How many days more than 28 a month has, two bits a month.
    let length = 28 &+ (0x3BB_EECC as UInt64) &>> (2 &* month) & 3
    return (pairs & 0xFF &- 19 < 3) & (month &- 1 < 12) & (pairs &>> 48 &- 1 < length)
  }
}

extension Bool {
  /// Both, without a branch.
  @inline(__always)
  fileprivate static func & (left: Bool, right: Bool) -> Bool {
    (left ? 1 : 0 as UInt8) & (right ? 1 : 0 as UInt8) != 0
  }
}
