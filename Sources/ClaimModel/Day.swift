/// A calendar day, counted from 1970-01-01 in the proleptic Gregorian calendar; no time, no zone.
///
/// Dates of service are written dates: the day on the claim is the day, whatever zone anything runs in.
public struct Day: Hashable, Sendable, Comparable {
  /// Days since 1970-01-01.
  public let ordinal: Int32

  /// The day that many days after 1970-01-01.
  @inlinable
  public init(ordinal: Int32) { self.ordinal = ordinal }

  /// The day of a calendar date, or `nil` when there is no such date or the year is not in 1900...2199.
  ///
  /// The bounds are where claims live: an all-zero or a five-digit year is a damaged field, not a date.
  @inlinable
  public init?(year: Int, month: Int, day: Int) {
    guard year >= 1900, year <= 2199, month >= 1, month <= 12, day >= 1, day <= Day.length(ofMonth: month, year: year)
    else {
      return nil
    }
    // Days from civil: years counted from March, so that the leap day is the last of its year.
    let y = month <= 2 ? year - 1 : year
    let era = y / 400
    let yearOfEra = y - era * 400
    let monthFromMarch = month > 2 ? month - 3 : month + 9
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    self.ordinal = Int32(era * 146_097 + dayOfEra - 719_468)
  }

  /// How many days a month has.
  @inlinable
  public static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Year, month and day.
  @inlinable
  public var components: (year: Int, month: Int, day: Int) {
    // Days since 0000-03-01; before that day, whole eras are added so that the numbers below are positive.
    let past = Int(ordinal) + 719_468
    let eras = past >= 0 ? 0 : (146_096 - past) / 146_097
    let z = UInt32(truncatingIfNeeded: past + eras * 146_097)
    let era = z / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    let month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
    let year = Int(yearOfEra + era * 400) - eras * 400 + (month <= 2 ? 1 : 0)
    return (year, month, day)
  }

  /// The day `count` days later.
  @inlinable
  public func advanced(by count: Int) -> Day { Day(ordinal: ordinal + Int32(count)) }

  /// Earlier days first.
  @inlinable
  public static func < (left: Day, right: Day) -> Bool { left.ordinal < right.ordinal }
}

extension Day: CustomStringConvertible {
  /// The day from `YYYY-MM-DD`, or `nil`.
  public init?(iso text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D else { return nil }
    self.init(digits: [bytes[0], bytes[1], bytes[2], bytes[3], bytes[5], bytes[6], bytes[8], bytes[9]])
  }

  /// The day from the eight digits `YYYYMMDD`, or `nil`.
  @inlinable
  public init?(digits: some RandomAccessCollection<UInt8>) {
    guard digits.count == 8 else { return nil }
    var number = 0
    for byte in digits {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      number = number * 10 + Int(byte &- 0x30)
    }
    self.init(year: number / 10_000, month: number / 100 % 100, day: number % 100)
  }

  /// `YYYY-MM-DD`.
  public var description: String {
    let (year, month, day) = components
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(year)-\(two(month))-\(two(day))"
  }
}

/// A date as a claim carries it: there, absent, or there but not a date.
public enum DateValue: Hashable, Sendable {
  /// The field is absent or empty.
  case absent
  /// The field holds something that is no date.
  case malformed
  /// The date.
  case day(Day)

  /// The day, where there is one.
  @inlinable
  public var day: Day? {
    if case .day(let day) = self { day } else { nil }
  }
}
