internal import X12

/// The segments that count or number others, made right for what goes out.
enum X12Rewriting {
  /// An HL segment with its number, the number of the level above (`nil`: none) and whether a level below follows.
  ///
  /// It stays as it came where all three are right; otherwise only these elements change. `text` is the segment without its
  /// terminator and line breaks.
  static func level(
    _ segment: [UInt8], text: [UInt8], delimiters: Delimiters, number: Int, parent: Int?, hasChildren: Bool
  ) -> [UInt8] {
    let wanted: [Int: [UInt8]] = [
      1: Array("\(number)".utf8), 2: parent.map { Array("\($0)".utf8) } ?? [], 4: [hasChildren ? 0x31 : 0x30],
    ]
    return replacing(wanted, in: segment, text: text, delimiters)
  }

  /// A trailer with its count and its control number; without one (`nil`) that stays as it came.
  static func trailer(
    _ segment: [UInt8], text: [UInt8], count: Int, control: [UInt8]?, delimiters: Delimiters
  ) -> [UInt8] {
    var wanted: [Int: [UInt8]] = [1: Array("\(count)".utf8)]
    if let control { wanted[2] = control }
    return replacing(wanted, in: segment, text: text, delimiters)
  }

  /// A trailer that the input does not have.
  static func trailer(_ id: StaticString, count: Int, control: [UInt8], delimiters: Delimiters) -> [UInt8] {
    var bytes = Array(id.description.utf8)
    bytes.append(delimiters.element)
    bytes += "\(count)".utf8
    bytes.append(delimiters.element)
    bytes += control
    bytes.append(delimiters.terminator)
    return bytes
  }

  /// An element without the blanks around it; empty where there is none.
  static func element(_ position: Int, of text: [UInt8], _ delimiters: Delimiters) -> [UInt8] {
    let elements = text.split(separator: delimiters.element, omittingEmptySubsequences: false)
    return position < elements.count ? trimmed(elements[position]) : []
  }

  private static func replacing(
    _ wanted: [Int: [UInt8]], in segment: [UInt8], text: [UInt8], _ delimiters: Delimiters
  ) -> [UInt8] {
    var elements = text.split(separator: delimiters.element, omittingEmptySubsequences: false).map { Array($0) }
    let isRight = wanted.allSatisfy { position, value in
      trimmed((position < elements.count ? elements[position] : [])[...]) == value
    }
    if isRight { return segment }
    while elements.count <= wanted.keys.max() ?? 0 { elements.append([]) }
    for (position, value) in wanted { elements[position] = value }
    return Array(elements.joined(separator: [delimiters.element])) + [delimiters.terminator]
  }

  private static func trimmed(_ element: ArraySlice<UInt8>) -> [UInt8] {
    Array(element.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed())
  }
}
