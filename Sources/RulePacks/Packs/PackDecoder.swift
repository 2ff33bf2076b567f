internal import Auditing
internal import ClaimModel

/// Takes values out of nodes and collects what is wrong with them, so that a file is told all its faults at once.
///
/// Every mapping is read through `Keys`, which knows at its end what nobody asked for.
final class PackDecoder {
  let file: String
  private(set) var errors: [PackError] = []

  init(file: String) { self.file = file }

  /// Throws what was collected.
  func finish() throws(PackErrors) {
    if !errors.isEmpty { throw PackErrors(errors) }
  }

  func report(_ kind: PackError.Kind, _ node: PackNode, _ message: String, expected: String? = nil) {
    report(kind, node.line, node.column, message, expected: expected)
  }

  func report(_ kind: PackError.Kind, _ line: Int, _ column: Int, _ message: String, expected: String? = nil) {
    // A file of nothing but faults need not be listed to the end.
    if errors.count < 100 {
      errors.append(PackError(kind, file: file, line: line, column: column, message, expected: expected))
    }
  }

  /// The entries of a mapping, taken one by one.
  struct Keys {
    let node: PackNode
    let what: String
    fileprivate var entries: [PackNode.Entry]
    fileprivate var known: [String] = []

    /// The value of a key; asked once, whether it is there or not.
    mutating func take(_ key: String) -> PackNode? {
      known.append(key)
      guard let index = entries.firstIndex(where: { $0.key == key }) else { return nil }
      let value = entries.remove(at: index).value
      return value.isNull ? nil : value
    }

    /// Whether a key stands there that nobody took yet.
    func has(_ key: String) -> Bool { entries.contains { $0.key == key && !$0.value.isNull } }

    /// Every key that is left.
    mutating func takeAll() -> [PackNode.Entry] {
      defer { entries = [] }
      return entries
    }
  }

  /// The keys of a mapping, `nil` with a fault when it is none.
  func keys(_ node: PackNode, _ what: String) -> Keys? {
    guard case .mapping(let entries) = node.value else {
      report(.type, node, "\(what) is \(node.kind)", expected: "a mapping")
      return nil
    }
    return Keys(node: node, what: what, entries: entries)
  }

  /// Reports the keys that nobody took.
  func close(_ keys: Keys) {
    for entry in keys.entries {
      switch entry.key {
      case "include", "import", "extends", "from_file":
        report(
          .include, entry.keyLine, entry.keyColumn, "\"\(entry.key)\" is not followed: no other file is read",
          expected: "everything in this file")
      case "match", "regex", "regexp", "pattern":
        report(
          .regex, entry.keyLine, entry.keyColumn, "\"\(entry.key)\" is not known: there are no regular expressions",
          expected: "a condition with in, not_in, matches (beginnings), exists or a comparison")
      default:
        let near = keys.known.filter { $0.first == entry.key.first && EditDistance.between($0, entry.key) <= 2 }
        let expected = near.isEmpty ? keys.known.sorted().joined(separator: ", ") : near.joined(separator: " or ")
        report(
          .unknownKey, entry.keyLine, entry.keyColumn, "unknown key \"\(entry.key)\" in \(keys.what)",
          expected: expected)
        if let number = outOfRange(entry.value) {
          report(
            .range, number.line, number.column, "not a number that can be used here", expected: "a positive number")
        }
      }
    }
  }

  /// A negative or no number in a value that nobody knows: said too, since the one is likely to hide behind the other.
  private func outOfRange(_ node: PackNode) -> PackNode? {
    switch node.value {
    case .scalar(let text, isText: false):
      let isOdd = [".nan", ".NaN", ".inf", "-.inf"].contains(text)
      return isOdd
        || (text.hasPrefix("-") && text.utf8.dropFirst().allSatisfy { $0 >= 0x30 && $0 <= 0x39 } && text.utf8.count > 1)
        ? node : nil
    case .mapping(let entries): return entries.lazy.compactMap { self.outOfRange($0.value) }.first
    default: return nil
    }
  }

  func required(_ keys: inout Keys, _ key: String) -> PackNode? {
    if let node = keys.take(key) { return node }
    report(.missing, keys.node, "\(keys.what) has no \"\(key)\"", expected: "\"\(key)\"")
    return nil
  }

  /// The version, which must be 1.
  func version(_ keys: inout Keys) {
    guard let node = required(&keys, "version") else { return }
    guard let number = integer(node, "version", 0...Int64(Int32.max)) else { return }
    if number != 1 {
      report(.version, node, "version \(number) is not known to this program", expected: "version 1")
    }
  }

  /// A text of one line.
  func text(_ node: PackNode, _ what: String, limit: Int = 1000) -> String? {
    guard case .scalar(let text, _) = node.value else {
      report(.type, node, "\(what) is \(node.kind)", expected: "a text")
      return nil
    }
    guard text.utf8.count <= limit else {
      report(.range, node, "\(what) has \(text.utf8.count) bytes", expected: "at most \(limit)")
      return nil
    }
    return text.split(whereSeparator: { $0 == "\n" || $0 == "\t" }).joined(separator: " ")
  }

  /// One of a few words.
  func choice(_ node: PackNode, _ what: String, _ words: [String]) -> String? {
    guard let text = text(node, what) else { return nil }
    guard words.contains(text) else {
      report(.type, node, "\(what) is \"\(text)\"", expected: words.joined(separator: ", "))
      return nil
    }
    return text
  }

  /// A sentence for findings, which must not hold what joins them.
  func sentence(_ node: PackNode, _ what: String) -> String? {
    guard let text = text(node, what) else { return nil }
    guard !text.contains("; ") else {
      report(
        .conflict, node, "\(what) holds \"; \", which parts messages in reports", expected: "a sentence without it")
      return nil
    }
    return text
  }

  /// A whole number within bounds.
  func integer(_ node: PackNode, _ what: String, _ range: ClosedRange<Int64>) -> Int64? {
    guard case .scalar(let text, isText: false) = node.value,
      let number = DecimalNumber.parse(Array(text.utf8), decimals: 0)
    else {
      reportNumber(node, what, "a whole number")
      return nil
    }
    guard range.contains(number) else {
      report(.range, node, "\(what) is \(number)", expected: "\(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return number
  }

  /// A decimal number within bounds, times ten to the power `decimals`.
  func decimal(_ node: PackNode, _ what: String, decimals: Int, _ range: ClosedRange<Int64>) -> Int64? {
    guard case .scalar(let text, isText: false) = node.value,
      let number = DecimalNumber.parse(Array(text.utf8), decimals: decimals)
    else {
      reportNumber(node, what, "a number with at most \(decimals) decimals")
      return nil
    }
    guard range.contains(number) else {
      report(.range, node, "\(what) is out of range")
      return nil
    }
    return number
  }

  private func reportNumber(_ node: PackNode, _ what: String, _ expected: String) {
    let isOdd: Bool
    if case .scalar(let text, _) = node.value {
      isOdd = text.lowercased().contains("nan") || text.lowercased().contains("inf")
    } else {
      isOdd = false
    }
    report(
      isOdd ? .range : .type, node,
      "\(what) is \(isOdd ? "not a number that can be counted with" : "no number but \(node.kind)")", expected: expected
    )
  }

  /// `true` or `false`.
  func boolean(_ node: PackNode, _ what: String) -> Bool? {
    switch node.value {
    case .scalar("true", isText: false): return true
    case .scalar("false", isText: false): return false
    default:
      report(.type, node, "\(what) is neither true nor false", expected: "true or false")
      return nil
    }
  }

  /// A day, `YYYY-MM-DD`.
  func day(_ node: PackNode, _ what: String) -> Day? {
    guard case .scalar(let text, _) = node.value, let day = Day(iso: text) else {
      report(.date, node, "\(what) is no date", expected: "a date as 2026-07-01")
      return nil
    }
    return day
  }

  /// The days of `from` and `to`, in order.
  func period(_ keys: inout Keys, to: String = "to") -> (from: Day?, to: Day?) {
    let from = keys.take("from").flatMap { day($0, "from") }
    let toNode = keys.take(to)
    let until = toNode.flatMap { day($0, to) }
    if let from, let until, let toNode, until < from {
      report(.date, toNode, "\(to) (\(until)) is before from (\(from))", expected: "a day on or after \(from)")
    }
    return (from, until)
  }

  /// The items of a list.
  func items(_ node: PackNode, _ what: String) -> [PackNode] {
    guard case .sequence(let items) = node.value else {
      report(.type, node, "\(what) is \(node.kind)", expected: "a list")
      return []
    }
    return items
  }

  /// A text or a list of texts.
  func texts(_ node: PackNode, _ what: String) -> [(text: String, node: PackNode)] {
    if case .sequence(let items) = node.value {
      return items.compactMap { item in text(item, what).map { ($0, item) } }
    }
    return text(node, what).map { [($0, node)] } ?? []
  }

  /// The words of a list of codes: a list of single codes, or one text with blanks between them.
  ///
  /// A plain scalar of digits that begins with a zero is refused: other YAML readers take it for a number and drop the zero, so that
  /// nobody could say which code was meant.
  func words(_ node: PackNode, _ what: String) -> [(word: String, node: PackNode)] {
    var words: [(word: String, node: PackNode)] = []
    let parts: [PackNode]
    switch node.value {
    case .sequence(let items): parts = items
    default: parts = [node]
    }
    for part in parts {
      guard case .scalar(let text, let isText) = part.value else {
        report(.type, part, "\(what) is \(part.kind)", expected: "codes")
        continue
      }
      if !isText, text.utf8.count > 1, text.utf8.first == 0x30, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
        report(.code, part, "the code \(text) would lose its leading zeros", expected: "it in quotes: \"\(text)\"")
        continue
      }
      let pieces = text.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x0A })
      if pieces.isEmpty { report(.code, part, "\(what) is empty", expected: "a code") }
      for piece in pieces { words.append((String(Substring(piece)), part)) }
    }
    return words
  }

  /// Codes of one shape.
  func codes(_ node: PackNode, _ what: String, _ shape: CodeShape) -> [Code] {
    patterns(node, what, shape, allowsPatterns: false).exact
  }

  /// Codes, ranges and beginnings of one shape.
  func patterns(
    _ node: PackNode, _ what: String, _ shape: CodeShape, allowsPatterns: Bool = true
  ) -> (exact: [Code], prefixes: [Code]) {
    var exact: [Code] = []
    var prefixes: [Code] = []
    for (word, part) in words(node, what) {
      if shape != .diagnosis, case .scalar(let text, isText: false) = part.value, text.utf8.contains(0x2E) {
        report(.type, part, "\(what) \(text) is a number with decimals", expected: shape.expected)
        continue
      }
      guard let parsed = shape.parse(word), allowsPatterns || parsed.isPlain else {
        report(.code, part, "\(what) \"\(word)\" is none", expected: shape.expected)
        continue
      }
      switch parsed {
      case .code(let code): exact.append(code)
      case .prefix(let code): prefixes.append(code)
      case .range(let low, let high):
        for number in low...high {
          let digits = String(number)
          exact.append(Code(String(repeating: "0", count: 5 - digits.count) + digits))
        }
      }
    }
    return (exact, prefixes)
  }
}

/// What codes of a kind look like.
enum CodeShape {
  case procedure
  case modifier
  case place
  case billType
  case revenue
  case diagnosis
  case filing
  case any

  /// A word of a list of codes.
  enum Word {
    case code(Code)
    case prefix(Code)
    case range(Int, Int)

    var isPlain: Bool {
      switch self {
      case .code, .range: true
      case .prefix: false
      }
    }
  }

  /// What a list of such codes may hold.
  var expected: String {
    switch self {
    case .procedure: "five characters as 32960, or a range as 99202-99215"
    case .modifier: "two letters or digits"
    case .place: "two digits"
    case .billType: "two digits, facility and care"
    case .revenue: "four digits, or a beginning as 036x"
    case .diagnosis: "a diagnosis as J93.0, or a beginning as J93.-"
    case .filing: "one or two letters or digits"
    case .any: "at most eight letters or digits"
    }
  }

  func parse(_ word: String) -> Word? {
    let bytes = Array(word.uppercased().utf8)
    func all(_ slice: some Sequence<UInt8>, digits: Bool) -> Bool {
      slice.allSatisfy { $0 >= 0x30 && $0 <= 0x39 || (!digits && $0 >= 0x41 && $0 <= 0x5A) }
    }
    switch self {
    case .procedure:
      if bytes.count == 11, bytes[5] == 0x2D, all(bytes[..<5], digits: true), all(bytes[6...], digits: true),
        let low = Int(String(decoding: bytes[..<5], as: UTF8.self)),
        let high = Int(String(decoding: bytes[6...], as: UTF8.self)),
        low <= high, high - low <= 5000
      {
        return .range(low, high)
      }
      if bytes.last == 0x2D, bytes.count >= 2, bytes.count <= 5, all(bytes.dropLast(), digits: false) {
        return .prefix(Code(bytes.dropLast()))
      }
      return bytes.count == 5 && all(bytes, digits: false) ? .code(Code(bytes)) : nil
    case .modifier: return bytes.count == 2 && all(bytes, digits: false) ? .code(Code(bytes)) : nil
    case .place, .billType: return bytes.count == 2 && all(bytes, digits: true) ? .code(Code(bytes)) : nil
    case .revenue:
      guard bytes.count == 4 else { return nil }
      let digits = bytes.prefix { $0 != 0x58 }
      guard !digits.isEmpty, all(digits, digits: true), bytes[digits.count...].allSatisfy({ $0 == 0x58 }) else {
        return nil
      }
      return digits.count == 4 ? .code(Code(bytes)) : .prefix(Code(digits))
    case .diagnosis:
      let plain = bytes.filter { $0 != 0x2E }
      let code = plain.last == 0x2D ? Array(plain.dropLast()) : plain
      guard code.count >= (plain.last == 0x2D ? 1 : 3), code.count <= 7, all(code, digits: false),
        let first = code.first, first >= 0x41
      else { return nil }
      return plain.last == 0x2D ? .prefix(Code(code)) : .code(Code(code))
    case .filing: return bytes.count <= 2 && !bytes.isEmpty && all(bytes, digits: false) ? .code(Code(bytes)) : nil
    case .any: return bytes.count <= 8 && !bytes.isEmpty && all(bytes, digits: false) ? .code(Code(bytes)) : nil
    }
  }
}
