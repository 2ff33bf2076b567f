internal import ClaimModel

/// The days of reference files, in the ways CMS writes them.
enum WrittenDay {
  /// The day in a cell: `20260701`, `2026-07-01`, `7/1/2026`.
  static func parse(_ bytes: ArraySlice<UInt8>) -> Day? {
    if bytes.count == 8, let day = Day(digits: bytes) { return day }
    let parts = bytes.split { $0 == 0x2D || $0 == 0x2F }
    guard parts.count == 3 else { return nil }
    let numbers = parts.compactMap { part in
      part.count <= 4 ? DecimalNumber.parse(part, decimals: 0).map { Int($0) } : nil
    }
    guard numbers.count == 3 else { return nil }
    return parts[0].count == 4
      ? Day(year: numbers[0], month: numbers[1], day: numbers[2])
      : parts[2].count == 4 ? Day(year: numbers[2], month: numbers[0], day: numbers[1]) : nil
  }

  /// The first day in a text in upper case: `… EFF 07-01-2026.CSV`, `EFFECTIVE JULY 1, 2026`.
  static func find(in text: String) -> Day? {
    let words = text.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "/")) }
    for (index, word) in words.enumerated() {
      if let day = parse(Array(word.utf8)[...]) { return day }
      guard let month = months.firstIndex(where: { word == $0 || word == $0.prefix(3) }), index + 1 < words.count,
        let first = Int(words[index + 1])
      else { continue }
      // `JULY 1, 2026`, else `JULY 2026`.
      if first >= 1900 { return Day(year: first, month: month + 1, day: 1) }
      if index + 2 < words.count, let year = Int(words[index + 2]),
        let day = Day(year: year, month: month + 1, day: first)
      {
        return day
      }
    }
    return nil
  }

  private static let months = [
    "JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER",
    "DECEMBER",
  ]
}
