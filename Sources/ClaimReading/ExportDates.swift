internal import CSV
internal import ClaimModel

/// Reads dates as exports write them.
///
///     2026-01-31   2026/01/31   20260131   1/31/2026   01-31-26   31-JAN-2026   31JAN2026
///
/// and each with a time behind it. The calendar date written is the day: no zone is ever applied. A number with a separator
/// is read in the order that is asked for; a number alone is a date only when it has eight digits, since five are what a
/// spreadsheet counts days with, and nobody can tell them from anything else.
struct ExportDates: Sendable {
  /// Whether the month stands first in dates like `1/2/2026`.
  var order = ColumnMapping.DateOrder.automatic

  /// What a cell holds.
  enum Reading: Equatable {
    case blank
    case day(Day)
    /// A day that could as well be read the other way round.
    case ambiguous(Day)
    /// A bare number such as a spreadsheet's day count.
    case serial
    case malformed

    /// The day, also where it could be another one.
    var day: Day? {
      switch self {
      case .day(let day), .ambiguous(let day): day
      case .blank, .serial, .malformed: nil
      }
    }
  }

  /// The date in `cell`, which is trimmed.
  func read(_ cell: ByteView) -> Reading {
    let count = cell.count
    guard count > 0 else { return .blank }
    if count == 10, let day = ExportDates.plainDay(cell.word(at: 0), cell.word(at: 2)) { return .day(day) }
    let first = cell.digits(from: 0)
    if first == count { return digits(cell) }
    guard first > 0, first < count else { return .malformed }
    let separator = cell[first]
    if first == 4 {
      guard separator == 0x2D || separator == 0x2F else { return .malformed }
      let month = cell.digits(from: 5)
      guard month == 1 || month == 2, 5 + month < count, cell[5 + month] == separator else { return .malformed }
      let start = 6 + month
      let day = cell.digits(from: start)
      guard day == 1 || day == 2, isTime(cell, from: start + day) else { return .malformed }
      let found = reading(cell.number(0, 4), cell.number(5, 5 + month), cell.number(start, start + day))
      // Exporters that have no date write the first second of 1970.
      if start + day < count, found == .day(Day(ordinal: 0)) { return .blank }
      return found
    }
    if first == 8, separator == 0x54 || separator == 0x20, isTime(cell, from: 8) { return digits(cell.part(0, 8)) }
    guard first <= 2 else { return .malformed }
    if isLetter(separator) || first + 1 < count && isLetter(cell[first + 1]) { return namedMonth(cell, first) }
    return separated(cell, first)
  }

  /// The day in `2026-01-31`, which is how most exports write it; `nil` for another form and for a day that there is not.
  ///
  /// `word` holds its first eight bytes and `last` its last eight.
  static func plainDay(_ word: UInt64, _ last: UInt64) -> Day? {
    let digits = plainDigits(word, last)
    guard hasPlainForm(word), CSVQuickCheck.areDigits(digits) else { return nil }
    func pair(_ shift: UInt64) -> Int {
      Int(truncatingIfNeeded: (digits &>> shift & 0xF) &* 10 &+ digits &>> (shift &+ 8) & 0xF)
    }
    return Day(year: pair(0) &* 100 &+ pair(16), month: pair(32), day: pair(48))
  }

  /// Whether there is a day that `plainDay` would give.
  @inline(__always)
  static func isPlainDay(_ word: UInt64, _ last: UInt64) -> Bool {
    let digits = plainDigits(word, last)
    guard hasPlainForm(word), CSVQuickCheck.areDigits(digits) else { return false }
    return CSVQuickCheck.isDay(digits) || plainDay(word, last) != nil
  }

  @inline(__always)
  private static func hasPlainForm(_ word: UInt64) -> Bool { word & 0xFF00_00FF_0000_0000 == 0x2D00_002D_0000_0000 }

  @inline(__always)
  private static func plainDigits(_ word: UInt64, _ last: UInt64) -> UInt64 {
    word & 0xFFFF_FFFF | word &>> 8 & 0xFFFF_0000_0000 | last & 0xFFFF_0000_0000_0000
  }

  private func digits(_ cell: ByteView) -> Reading {
    guard cell.count == 8 else {
      if cell.allSatisfy({ $0 == 0x30 }) { return .blank }
      return cell.count == 5 ? .serial : .malformed
    }
    if cell.allSatisfy({ $0 == 0x30 }) { return .blank }
    switch order {
    case .automatic: break
    case .monthFirst:
      let found = reading(cell.number(4, 8), cell.number(0, 2), cell.number(2, 4))
      if found != .malformed { return found }
    case .dayFirst:
      let found = reading(cell.number(4, 8), cell.number(2, 4), cell.number(0, 2))
      if found != .malformed { return found }
    }
    return reading(cell.number(0, 4), cell.number(4, 6), cell.number(6, 8))
  }

  /// `1/31/2026`, and `31.1.2026` where the order is known: dots are used by those who put the day first and by others too.
  private func separated(_ cell: ByteView, _ first: Int) -> Reading {
    let separator = cell[first]
    guard separator == 0x2F || separator == 0x2D || separator == 0x2E && order != .automatic else { return .malformed }
    let second = cell.digits(from: first + 1)
    let third = first + 1 + second
    guard second == 1 || second == 2, third < cell.count, cell[third] == separator else { return .malformed }
    let yearDigits = cell.digits(from: third + 1)
    let end = third + 1 + yearDigits
    guard yearDigits == 4 || yearDigits == 2, isTime(cell, from: end) else { return .malformed }
    var year = cell.number(third + 1, end)
    if yearDigits == 2 { year += year < 70 ? 2000 : 1900 }
    let left = cell.number(0, first)
    let right = cell.number(first + 1, third)
    switch order {
    case .monthFirst: return reading(year, left, right)
    case .dayFirst: return reading(year, right, left)
    case .automatic:
      guard let monthFirst = Day(year: year, month: left, day: right) else { return reading(year, left, right) }
      return left == right || right > 12 ? .day(monthFirst) : .ambiguous(monthFirst)
    }
  }

  /// `31-JAN-2026`, `31 Jan 2026`, `31JAN2026`, `31-Jan-26`.
  private func namedMonth(_ cell: ByteView, _ first: Int) -> Reading {
    var index = first
    let separator = cell[index]
    let hasSeparator = !isLetter(separator)
    if hasSeparator {
      guard separator == 0x2D || separator == 0x20 || separator == 0x2F else { return .malformed }
      index += 1
    }
    guard index + 3 <= cell.count, let month = ExportDates.month(cell.part(index, index + 3)) else { return .malformed }
    index += 3
    if hasSeparator {
      guard index < cell.count, cell[index] == separator else { return .malformed }
      index += 1
    }
    let yearDigits = cell.digits(from: index)
    guard yearDigits == 4 || yearDigits == 2, isTime(cell, from: index + yearDigits) else { return .malformed }
    var year = cell.number(index, index + yearDigits)
    if yearDigits == 2 { year += year < 70 ? 2000 : 1900 }
    return reading(year, month, cell.number(0, first))
  }

  private static func month(_ name: ByteView) -> Int? {
    let letters = UInt32(name[0] | 0x20) << 16 | UInt32(name[1] | 0x20) << 8 | UInt32(name[2] | 0x20)
    return months.firstIndex(of: letters).map { $0 + 1 }
  }

  private static let months: [UInt32] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ].map { name in name.utf8.reduce(0) { $0 << 8 | UInt32($1) } }

  private func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }

  /// Whether nothing follows the date, or a time of day: `T08:45:50Z`, ` 12:00:00 AM`, `T23:30:00-06:00`.
  private func isTime(_ cell: ByteView, from start: Int) -> Bool {
    if start == cell.count { return true }
    guard cell[start] | 0x20 == 0x74 || cell[start] == 0x20, cell.count - start <= 34 else { return false }
    guard cell.digits(from: start + 1) > 0 else { return false }
    for index in start + 1..<cell.count {
      switch cell[index] {
      case 0x30...0x3A, 0x2B, 0x2D, 0x2E, 0x20, 0x5A, 0x7A: break
      case 0x41, 0x50, 0x4D, 0x61, 0x70, 0x6D, 0x55, 0x54, 0x43: break
      default: return false
      }
    }
    return true
  }

  private func reading(_ year: Int, _ month: Int, _ day: Int) -> Reading {
    // The open end of a period, as some systems write it.
    if year == 9999 { return .blank }
    return Day(year: year, month: month, day: day).map { .day($0) } ?? .malformed
  }

  /// Whether `cell` is a date when it is read day first, and none month first.
  static func isDayFirst(_ cell: ByteView) -> Bool {
    guard evidence(cell) < 0, case .day = ExportDates(order: .dayFirst).read(cell) else { return false }
    return true
  }

  /// What the digits of `1/2/2026` prove about the order: 1 month first, -1 day first, 0 nothing.
  static func evidence(_ cell: ByteView) -> Int {
    let first = cell.digits(from: 0)
    guard first == 1 || first == 2, first < cell.count, cell[first] == 0x2F || cell[first] == 0x2D else { return 0 }
    let second = cell.digits(from: first + 1)
    guard second == 1 || second == 2 else { return 0 }
    let left = cell.number(0, first)
    let right = cell.number(first + 1, first + 1 + second)
    if left > 12, left <= 31, right <= 12 { return -1 }
    if right > 12, right <= 31, left <= 12 { return 1 }
    return 0
  }
}
