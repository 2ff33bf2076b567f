/// Reads decimal numbers exactly, into an integer of a fixed number of decimals.
///
/// No floating point and no locale: `1234.5` with two decimals is 123450. Digits beyond the asked decimals must be zeros,
/// so that nothing is rounded in silence; an exponent, a group separator, a second point, a blank inside or more than
/// seventeen significant digits is not a number here. What exports add around a number (currency, parentheses, grouping) is taken off
/// by the reader that knows about it.
public enum DecimalNumber {
  /// The value of `bytes` times ten to the power `decimals`, or `nil` when they do not spell a number.
  @inlinable
  public static func parse(_ bytes: some RandomAccessCollection<UInt8>, decimals: Int) -> Int64? {
    var index = bytes.startIndex
    let end = bytes.endIndex
    guard index < end else { return nil }
    var negative = false
    if bytes[index] == 0x2D || bytes[index] == 0x2B {
      negative = bytes[index] == 0x2D
      index = bytes.index(after: index)
    }
    var value: Int64 = 0
    var digits = 0
    var significant = 0
    var fraction = -1
    while index < end {
      let byte = bytes[index]
      index = bytes.index(after: index)
      if byte == 0x2E {
        guard fraction < 0 else { return nil }
        fraction = 0
        continue
      }
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      digits += 1
      if fraction >= 0 {
        fraction += 1
        if fraction > decimals {
          guard byte == 0x30 else { return nil }
          continue
        }
      }
      if significant > 0 || byte != 0x30 { significant += 1 }
      guard significant <= 17 else { return nil }
      value = value * 10 + Int64(byte &- 0x30)
    }
    guard digits > 0 else { return nil }
    var missing = decimals - max(fraction, 0)
    while missing > 0 {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      value = product
      missing -= 1
    }
    return negative ? -value : value
  }
}
