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
    append(decimal: amount / 100)
    append(0x2E)
    append(twoDigits: Int(amount % 100))
  }

  /// Adds a count of ten-thousandths without trailing zeros: `1`, `1.5`, `0.0001`.
  mutating func append(tenThousandths value: Int64) {
    if value < 0 { append(0x2D) }
    let magnitude = value.magnitude
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

  /// Adds a day as `YYYY-MM-DD`.
  mutating func append(_ day: Day) {
    let (year, month, date) = day.components
    append(twoDigits: year / 100)
    append(twoDigits: year % 100)
    append(0x2D)
    append(twoDigits: month)
    append(0x2D)
    append(twoDigits: date)
  }

  /// Adds the bytes of a code.
  @inline(__always)
  mutating func append(_ code: Code) { append(packed: code.bits, count: code.count) }

  @inline(__always)
  private mutating func append(twoDigits value: Int) {
    append(0x30 &+ UInt8(truncatingIfNeeded: value / 10))
    append(0x30 &+ UInt8(truncatingIfNeeded: value % 10))
  }
}
