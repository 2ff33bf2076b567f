internal import ClaimModel

/// Numbers and dates in the one form the reports write them.
extension ByteBuffer {
  /// Adds `value` in decimal digits.
  mutating func append(decimal value: Int) {
    if value < 0 { append(0x2D) }
    append(decimal: UInt64(value.magnitude))
  }

  /// Adds an amount of cents with two decimals: `1234.50`, `-0.05`.
  mutating func append(cents: Int64) {
    if cents < 0 { append(0x2D) }
    let amount = cents.magnitude
    if amount < 100_000_000 { return append(smallCents: amount) }
    append(decimal: amount / 100)
    append(0x2E)
    append(twoDigits: UInt8(truncatingIfNeeded: amount % 100))
  }

  /// Adds a count of ten-thousandths without trailing zeros: `1`, `1.5`, `0.0001`.
  mutating func append(tenThousandths value: Int64) {
    if value < 0 { append(0x2D) }
    let magnitude = value.magnitude
    // Nearly all units are one.
    if magnitude == 10_000 { return append(0x31) }
    append(decimal: magnitude / 10_000)
    var fraction = magnitude % 10_000
    guard fraction != 0 else { return }
    append(0x2E)
    var place: UInt64 = 1000
    while fraction != 0 {
      append(0x30 &+ UInt8(truncatingIfNeeded: fraction / place))
      fraction %= place
      place /= 10
    }
  }

  /// Adds the bytes of a code.
  @inline(__always)
  mutating func append(_ code: Code) { append(packed: code.bits, count: code.count) }

  @inline(__always)
  private mutating func append(twoDigits value: UInt8) {
    append(little: UInt16(0x3030) &+ UInt16(value / 10) &+ UInt16(value % 10) << 8)
  }
}

/// Days as `YYYY-MM-DD`, the last one remembered: most cells hold the day of the one before.
struct DayText {
  private var day: Day?
  /// The first eight bytes and the last two, the first byte highest.
  private var text: (UInt64, UInt64) = (0, 0)

  /// Adds a day to `bytes`.
  @inline(__always)
  mutating func append(_ day: Day, to bytes: inout ByteBuffer) {
    if day != self.day { render(day) }
    bytes.append(packed: text.0, count: 8)
    bytes.append(packed: text.1, count: 2)
  }

  private mutating func render(_ day: Day) {
    func two(_ value: Int) -> UInt64 {
      let tens = UInt64(value) / 10
      return 0x3030 + tens << 8 + UInt64(value) - 10 * tens
    }
    let (year, month, date) = day.components
    self.day = day
    text.0 = two(year / 100) << 48 | two(year % 100) << 32 | 0x2D << 24 | two(month) << 8 | 0x2D
    text.1 = two(date) << 48
  }
}
