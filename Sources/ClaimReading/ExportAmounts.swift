internal import CSV
internal import ClaimModel

/// Reads numbers as exports write them: `1234.5`, `$1,234.50`, `(12.00)`, `$(12.00)`, `-$12.00`, `12.00-`, `0000000098.21`.
///
/// Groups must be groups of three and an exponent is no amount: what a spreadsheet has rounded is gone. A comma before the
/// decimals is read only where a mapping says so.
enum ExportAmounts {
  /// The amount in `cell`, which is trimmed.
  static func amount(_ cell: ByteView, _ format: ColumnMapping.AmountFormat) -> Amount {
    if cell.isEmpty { return .absent }
    if format == .us, cell.count >= 4, cell.count <= 8 {
      let cents = CSVQuickCheck.cents(
        cell.word(at: 0) &<< UInt64(truncatingIfNeeded: 64 &- 8 &* cell.count), cell.count)
      if cents >= 0 { return .cents(cents) }
    }
    switch format {
    case .us: return number(cell, decimals: 2, point: 0x2E, group: 0x2C).map { .cents($0) } ?? .malformed
    case .european: return number(cell, decimals: 2, point: 0x2C, group: 0x2E).map { .cents($0) } ?? .malformed
    case .cents: return number(cell, decimals: 0, point: 0x2E, group: 0x2C).map { .cents($0) } ?? .malformed
    }
  }

  /// The count of units in `cell`, which is trimmed.
  static func quantity(_ cell: ByteView, _ format: ColumnMapping.AmountFormat) -> Quantity {
    if cell.isEmpty { return .absent }
    if cell.count == 1, cell[0] &- 0x30 <= 9 { return .tenThousandths(Int64(cell[0] &- 0x30) * 10_000) }
    let isEuropean = format == .european
    let value = number(cell, decimals: 4, point: isEuropean ? 0x2C : 0x2E, group: isEuropean ? 0x2E : 0x2C)
    return value.map { .tenThousandths($0) } ?? .malformed
  }

  /// The number in `cell` times ten to the power `decimals`, or `nil` where it is none or too large.
  ///
  /// Decimals beyond those must be zeros.
  static func number(_ cell: ByteView, decimals: Int, point: UInt8, group: UInt8) -> Int64? {
    var index = 0
    var end = cell.count
    var isNegative = false
    var currencies = 0
    func skipBlanks() { while index < end, cell[index] == 0x20 { index += 1 } }
    if end >= 2, cell[end - 1] == 0x29 {
      // The currency may stand before the brackets, as in accounts.
      if cell[0] == 0x24 {
        currencies = 1
        index = 1
        skipBlanks()
      }
      guard cell[index] == 0x28 else { return nil }
      isNegative = true
      index += 1
      end -= 1
    }
    // Sign and currency, in either order.
    skipBlanks()
    var signs = isNegative ? 1 : 0
    while index < end, cell[index] == 0x2D || cell[index] == 0x2B || cell[index] == 0x24 {
      if cell[index] == 0x24 {
        currencies += 1
      } else {
        signs += 1
        if cell[index] == 0x2D { isNegative = true }
      }
      index += 1
      skipBlanks()
    }
    if end > index, cell[end - 1] == 0x2D {
      signs += 1
      isNegative = true
      end -= 1
    }
    while end > index, cell[end - 1] == 0x20 { end -= 1 }
    guard signs <= 1, currencies <= 1 else { return nil }

    var value: Int64 = 0
    var digits = 0
    var significant = 0
    var fraction = -1
    // Digits since the last group separator, where there was one.
    var inGroup = -1
    while index < end {
      let byte = cell[index]
      index += 1
      if byte == group {
        guard fraction < 0, digits > 0, inGroup == 3 || inGroup < 0 && digits <= 3 else { return nil }
        inGroup = 0
        continue
      }
      if byte == point {
        guard fraction < 0, inGroup == 3 || inGroup < 0 else { return nil }
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
      } else if inGroup >= 0 {
        inGroup += 1
      }
      if significant > 0 || byte != 0x30 { significant += 1 }
      guard significant <= 15 else { return nil }
      value = value * 10 + Int64(byte &- 0x30)
    }
    guard digits > 0, fraction >= 0 || inGroup < 0 || inGroup == 3 else { return nil }
    // Fifteen digits and four decimals are more than fits.
    for _ in 0..<max(0, decimals - max(fraction, 0)) {
      let (larger, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      if isTooLarge { return nil }
      value = larger
    }
    return isNegative ? -value : value
  }
}
