/// Readers of CSV and JSON that share nothing with the writers, slow and obvious.

/// The records of RFC 4180 text.
func readCSV(_ text: String) -> [[String]] {
  var records: [[String]] = []
  var record: [String] = []
  var cell = ""
  var isQuoted = false
  let scalars = Array(text.unicodeScalars)
  var index = 0
  while index < scalars.count {
    let scalar = scalars[index]
    index += 1
    if isQuoted {
      if scalar != "\"" {
        cell.unicodeScalars.append(scalar)
      } else if index < scalars.count, scalars[index] == "\"" {
        cell.unicodeScalars.append("\"")
        index += 1
      } else {
        isQuoted = false
      }
    } else if scalar == "\"" {
      isQuoted = true
    } else if scalar == "," {
      record.append(cell)
      cell = ""
    } else if scalar == "\n" {
      if cell.unicodeScalars.last == "\r" { cell.unicodeScalars.removeLast() }
      records.append(record + [cell])
      record = []
      cell = ""
    } else {
      cell.unicodeScalars.append(scalar)
    }
  }
  return records
}

/// A JSON value.
indirect enum JSON: Equatable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([JSON])
  case object([(String, JSON)])

  static func == (left: JSON, right: JSON) -> Bool { "\(left)" == "\(right)" }

  subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.0 == name }?.1
  }

  subscript(index: Int) -> JSON? {
    guard case .array(let elements) = self, index < elements.count else { return nil }
    return elements[index]
  }

  var text: String? { if case .string(let text) = self { text } else { nil } }

  var integer: Int? { if case .number(let digits) = self { Int(digits) } else { nil } }

  var names: [String] { if case .object(let members) = self { members.map(\.0) } else { [] } }

  var elements: [JSON] { if case .array(let elements) = self { elements } else { [] } }

  /// The value that `text` spells, `nil` when it is no JSON.
  init?(_ text: String) {
    var parser = Parser(rest: Array(text.unicodeScalars)[...])
    guard let value = parser.value() else { return nil }
    parser.skipBlanks()
    guard parser.rest.isEmpty else { return nil }
    self = value
  }

  private struct Parser {
    var rest: ArraySlice<Unicode.Scalar>

    mutating func skipBlanks() {
      while let next = rest.first, [" ", "\n", "\t", "\r"].contains(next) { rest.removeFirst() }
    }

    mutating func take(_ word: String) -> Bool {
      skipBlanks()
      guard rest.starts(with: word.unicodeScalars) else { return false }
      rest.removeFirst(word.unicodeScalars.count)
      return true
    }

    mutating func value() -> JSON? {
      if take("null") { return .null }
      if take("true") { return .bool(true) }
      if take("false") { return .bool(false) }
      if take("{") { return members() }
      if take("[") { return list() }
      if take("\"") { return string().map { .string($0) } }
      var digits = ""
      while let next = rest.first, "-+.eE0123456789".unicodeScalars.contains(next) {
        digits.unicodeScalars.append(next)
        rest.removeFirst()
      }
      return digits.isEmpty ? nil : .number(digits)
    }

    mutating func members() -> JSON? {
      var members: [(String, JSON)] = []
      if take("}") { return .object(members) }
      repeat {
        guard take("\""), let name = string(), take(":"), let value = value() else { return nil }
        members.append((name, value))
      } while take(",")
      return take("}") ? .object(members) : nil
    }

    mutating func list() -> JSON? {
      var elements: [JSON] = []
      if take("]") { return .array(elements) }
      repeat {
        guard let value = value() else { return nil }
        elements.append(value)
      } while take(",")
      return take("]") ? .array(elements) : nil
    }

    mutating func string() -> String? {
      var text = ""
      while let next = rest.popFirst() {
        switch next {
        case "\"": return text
        case "\\":
          guard let escape = rest.popFirst() else { return nil }
          switch escape {
          case "\"", "\\", "/": text.unicodeScalars.append(escape)
          case "n": text.unicodeScalars.append("\n")
          case "r": text.unicodeScalars.append("\r")
          case "t": text.unicodeScalars.append("\t")
          default: return nil
          }
        // A control character may not stand in a string.
        case "\u{0}"..."\u{1F}": return nil
        default: text.unicodeScalars.append(next)
        }
      }
      return nil
    }
  }
}

/// What of `value` does not meet a JSON Schema, for the keywords our schema uses.
func violations(_ value: JSON, _ schema: JSON, root: JSON, at path: String = "$") -> [String] {
  var found: [String] = []
  func fail(_ reason: String) { found.append("\(path): \(reason)") }
  if let reference = schema["$ref"]?.text {
    let name = String(reference.split(separator: "/").last ?? "")
    guard let target = root["$defs"]?[name] else { return ["\(path): no definition \(name)"] }
    found += violations(value, target, root: root, at: path)
  }
  if let constant = schema["const"], constant != value { fail("is not \(constant)") }
  if let allowed = schema["enum"]?.elements, !allowed.contains(value) { fail("is none of the values") }
  if let type = schema["type"] {
    let names = type.text.map { [$0] } ?? type.elements.compactMap(\.text)
    if !names.contains(where: { value.isOfType($0) }) { fail("is not of type \(names)") }
  }
  if let minimum = schema["minimum"]?.integer, let number = value.integer, number < minimum {
    fail("is below \(minimum)")
  }
  for name in schema["required"]?.elements.compactMap(\.text) ?? [] where value[name] == nil { fail("lacks \(name)") }
  for name in value.names {
    guard let member = value[name] else { continue }
    if let known = schema["properties"]?[name] {
      found += violations(member, known, root: root, at: path + "." + name)
    } else if let other = schema["additionalProperties"] {
      if other == .bool(false) {
        fail("has \(name)")
      } else {
        found += violations(member, other, root: root, at: path + "." + name)
      }
    }
  }
  if let items = schema["items"] {
    for (index, element) in value.elements.enumerated() {
      found += violations(element, items, root: root, at: "\(path)[\(index)]")
    }
  }
  return found
}

extension JSON {
  fileprivate func isOfType(_ name: String) -> Bool {
    switch (self, name) {
    case (.null, "null"), (.bool, "boolean"), (.string, "string"), (.array, "array"), (.object, "object"): true
    case (.number(let digits), "integer"): Int(digits) != nil
    default: false
    }
  }
}
