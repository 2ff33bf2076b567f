/// The place of another line in a message: `exact duplicate of the line of 32960 at april/a.837 record 71`.
///
/// A rule over the run names the other line by its file and record. Both are others as soon as a file is renamed or a claim is added
/// before it, and the finding is the same.
enum NamedPlace {
  private static let word = Array(" record ".utf8)
  /// What our messages have before a place.
  private static let before = [Array(" at ".utf8), Array(" (".utf8)]

  /// Where the place stands in a message, `nil` when it names none.
  ///
  /// A path may hold any text, ` at ` and parentheses too. What stands around a place is ours and holds neither, so the place begins
  /// behind the first of them and ends with the digits behind the last ` record `.
  static func range(in message: ArraySlice<UInt8>) -> Range<Int>? {
    guard let record = lastRecord(in: message) else { return nil }
    var start: Int?
    for opening in before {
      if let found = firstIndex(of: opening, in: message[..<record.lowerBound]) {
        start = min(start ?? .max, found + opening.count)
      }
    }
    return start.map { $0..<record.upperBound }
  }

  /// The last ` record ` with digits behind it.
  private static func lastRecord(in message: ArraySlice<UInt8>) -> Range<Int>? {
    var position = message.endIndex - word.count - 1
    while position >= message.startIndex {
      defer { position -= 1 }
      guard message[position] == 0x20, message[position...].starts(with: word) else { continue }
      var end = position + word.count
      while end < message.endIndex, (0x30...0x39).contains(message[end]) { end += 1 }
      if end > position + word.count { return position..<end }
    }
    return nil
  }

  private static func firstIndex(of word: [UInt8], in text: ArraySlice<UInt8>) -> Int? {
    var position = text.startIndex
    while position + word.count <= text.endIndex {
      if text[position...].starts(with: word) { return position }
      position += 1
    }
    return nil
  }
}
