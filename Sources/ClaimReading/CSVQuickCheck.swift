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
  /// The columns whose values are looked at.
  let columns: QuickColumns
  let modifiers: [Int]
  /// How long a modifier column may be without a look at how many it holds.
  let modifierLength: Int
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
    modifiers = slot.modifiers
    // Nine bytes are five modifiers at most; of several columns each is to hold one.
    modifierLength = slot.modifiers.count == 1 ? 9 : slot.modifiers.count <= Modifiers.capacity ? 2 : 0
    columns = QuickColumns(plan)
    dates = plan.dates
    nulls = plan.nulls
    known = InlineArray(repeating: KnownDate())
  }

  /// Whether nothing is to be said about a record, looked at value by value: one that has another form than nearly all is looked at by
  /// itself.
  @inline(never)
  mutating func pass(_ plain: PlainRecord, _ record: Record) -> Pass? {
    var pass = Pass()
    return passes(plain, record, &pass) ? pass : nil
  }

  private mutating func passes(_ plain: PlainRecord, _ record: Record, _ pass: inout Pass) -> Bool {
    // The claim's id: there, and nothing about it that would have to be taken off.
    let idStart = plain.start(columns.claimID)
    let idEnd = plain.end(columns.claimID)
    if idEnd &- idStart >= 5, CSVQuickCheck.isVisible(plain.byte(idStart)), plain.byte(idStart) != ByteView.apostrophe,
      CSVQuickCheck.isVisible(plain.byte(idEnd &- 1))
    {
      pass.idStart = idStart
      pass.idEnd = idEnd
    } else {
      guard findsPlainID(record, &pass) else { return false }
    }

    let codeStart = plain.start(columns.procedure)
    let code = plain.word(codeStart) & 0xFF_FFFF_FFFF
    if plain.end(columns.procedure) &- codeStart == 5, CSVQuickCheck.isCode(code) {
      pass.code = code.byteSwapped
    } else {
      guard findsCode(record, &pass) else { return false }
    }

    pass.cents = 0
    if columns.charge >= 0 {
      pass.cents = ordinaryAmount(plain, columns.charge)
      if pass.cents < 0 {
        guard let cents = plainAmount(record, columns.charge) else { return false }
        pass.cents = cents
      }
    }
    if columns.allowed >= 0, ordinaryAmount(plain, columns.allowed) < 0, plainAmount(record, columns.allowed) == nil {
      return false
    }
    if columns.paid >= 0, ordinaryAmount(plain, columns.paid) < 0, plainAmount(record, columns.paid) == nil {
      return false
    }
    if columns.claimTotal >= 0, ordinaryAmount(plain, columns.claimTotal) < 0,
      plainAmount(record, columns.claimTotal) == nil
    {
      return false
    }
    if columns.units >= 0 {
      let start = plain.start(columns.units)
      if plain.end(columns.units) &- start != 1 || plain.byte(start) &- 0x30 > 9 {
        guard isPlainCount(record, columns.units) else { return false }
      }
    }
    var index = 0
    while index < columns.dateCount {
      if !isOrdinaryDay(plain, columns.dateColumns[index]) {
        guard isDate(record, index) else { return false }
      }
      index &+= 1
    }
    if columns.renderingNPI >= 0, !isOrdinaryIdentifier(plain, columns.renderingNPI),
      !isPlainIdentifier(record, columns.renderingNPI)
    {
      return false
    }
    if columns.billingNPI >= 0, !isOrdinaryIdentifier(plain, columns.billingNPI),
      !isPlainIdentifier(record, columns.billingNPI)
    {
      return false
    }
    if columns.lastModifier < 0
      || plain.end(columns.lastModifier) &- plain.start(columns.firstModifier) > columns.modifierSpan
    {
      guard areFewModifiers(record) else { return false }
    }
    if columns.place >= 0, !said.place, !CSVQuickCheck.isOrdinaryCode(plain, columns.place, 2),
      !isWhole(record, columns.place, 2)
    {
      return false
    }
    if columns.revenue >= 0, !said.revenue, !CSVQuickCheck.isOrdinaryCode(plain, columns.revenue, 4),
      !isWhole(record, columns.revenue, 4)
    {
      return false
    }
    if columns.bill >= 0, !said.bill, !CSVQuickCheck.isOrdinaryCode(plain, columns.bill, 4),
      !isWhole(record, columns.bill, 4)
    {
      return false
    }
    return true
  }

  @inline(__always)
  static func isVisible(_ byte: UInt8) -> Bool { byte > 0x22 && byte < 0x7F }

  /// Whether a value may begin with a byte: it is visible, neither a quote nor an apostrophe, which marks texts, nor any of the few
  /// between these two.
  @inline(__always)
  static func isBeginning(_ byte: UInt8) -> Bool { byte > 0x27 && byte < 0x7F }

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

  @inline(__always)
  func isOrdinaryIdentifier(_ record: PlainRecord, _ column: Int) -> Bool {
    let start = record.start(column)
    let count = record.end(column) &- start
    return count == 0
      || count == 10 && CSVQuickCheck.areDigits(record.word(start)) && CSVQuickCheck.areDigits(record.word(start &+ 2))
  }

  @inline(__always)
  static func isOrdinaryCode(_ record: PlainRecord, _ column: Int, _ length: Int) -> Bool {
    let start = record.start(column)
    let end = record.end(column)
    return start == end
      || end &- start == length && CSVQuickCheck.isBeginning(record.byte(start))
        && CSVQuickCheck.isVisible(record.byte(end &- 1))
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
  static func cents(ofDigits digits: UInt64) -> Int64 {
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
