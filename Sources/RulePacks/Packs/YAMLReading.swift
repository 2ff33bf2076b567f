internal import Yams

/// Reads the YAML of a pack into nodes, and refuses what we do not follow.
enum YAMLReading {
  /// How large a pack may be.
  static let sizeLimit = 1 << 20

  /// The one document in `bytes`, which may be at most `limit`.
  static func node(of bytes: [UInt8], file: String, limit: Int = sizeLimit) throws(PackErrors) -> PackNode {
    guard bytes.count <= limit else {
      throw fault(.size, file, 1, 1, "the file has \(bytes.count) bytes", "at most \(limit)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let (line, column) = invalidPosition(bytes)
      throw fault(.encoding, file, line, column, "the bytes are not UTF-8 text", "a YAML file in UTF-8")
    }
    if let control = controlPosition(bytes) {
      throw fault(.encoding, file, control.line, control.column, "a control character stands in the file", "YAML text")
    }
    if let refused = PackScan.firstFault(in: bytes, file: file) { throw PackErrors([refused]) }
    let root: Yams.Node?
    do {
      root = try Yams.Parser(yaml: text, encoding: .utf8).singleRoot()
    } catch let error as YamlError {
      throw PackErrors([packError(error, file: file)])
    } catch {
      throw fault(.syntax, file, 1, 1, "the text is not YAML", nil)
    }
    guard let root else {
      throw fault(.empty, file, 1, 1, "the file is empty", "a mapping that begins with version: 1")
    }
    var faults: [PackError] = []
    let node = convert(root, file: file, depth: 0, &faults)
    if node.isNull, faults.isEmpty {
      throw fault(.empty, file, 1, 1, "the file is empty", "a mapping that begins with version: 1")
    }
    if !faults.isEmpty { throw PackErrors(faults) }
    return node
  }

  private static func fault(
    _ kind: PackError.Kind, _ file: String, _ line: Int, _ column: Int, _ message: String, _ expected: String?
  ) -> PackErrors {
    PackErrors([PackError(kind, file: file, line: line, column: column, message, expected: expected)])
  }

  private static func convert(_ node: Yams.Node, file: String, depth: Int, _ faults: inout [PackError]) -> PackNode {
    let line = node.mark?.line ?? 1
    let column = node.mark?.column ?? 1
    guard depth <= PackScan.depthLimit else {
      faults.append(PackError(.depth, file: file, line: line, column: column, "the values are nested too deeply"))
      return PackNode(value: .scalar("", isText: false), line: line, column: column)
    }
    if node.anchor != nil {
      faults.append(PackError(.alias, file: file, line: line, column: column, "an anchor (&) is not followed here"))
    }
    switch node {
    case .scalar(let scalar):
      for unicode in scalar.string.unicodeScalars where isControl(unicode) {
        faults.append(
          PackError(
            .id, file: file, line: line, column: column,
            "the text holds the control character U+\(hex(unicode.value))", expected: "printable text"))
        break
      }
      return PackNode(value: .scalar(scalar.string, isText: scalar.style != .plain), line: line, column: column)
    case .sequence(let sequence):
      return PackNode(
        value: .sequence(sequence.map { convert($0, file: file, depth: depth + 1, &faults) }), line: line,
        column: column)
    case .mapping(let mapping):
      var entries: [PackNode.Entry] = []
      for (key, value) in mapping {
        guard case .scalar(let scalar) = key else {
          faults.append(
            PackError(
              .type, file: file, line: key.mark?.line ?? line, column: key.mark?.column ?? column,
              "a key is not a single word", expected: "a word"))
          continue
        }
        if scalar.string == "<<" {
          faults.append(
            PackError(
              .alias, file: file, line: key.mark?.line ?? line, column: key.mark?.column ?? column,
              "a merge (<<) is not followed here"))
        }
        entries.append(
          PackNode.Entry(
            key: scalar.string, keyLine: key.mark?.line ?? line, keyColumn: key.mark?.column ?? column,
            value: convert(value, file: file, depth: depth + 1, &faults)))
      }
      return PackNode(value: .mapping(entries), line: line, column: column)
    default:
      faults.append(PackError(.alias, file: file, line: line, column: column, "an alias (*) is not followed here"))
      return PackNode(value: .scalar("", isText: false), line: line, column: column)
    }
  }

  private static func packError(_ error: YamlError, file: String) -> PackError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return PackError(.syntax, file: file, line: mark.line, column: mark.column, "not YAML: \(problem)")
    case .duplicatedKeysInMapping(let duplicates, let context):
      return PackError(
        .duplicate, file: file, line: context.mark.line, column: context.mark.column,
        "the key \"\(duplicates.first ?? "")\" stands twice", expected: "each key once")
    default:
      return PackError(.syntax, file: file, line: 1, column: 1, "the text is not YAML")
    }
  }

  /// C0 controls but tab and line ends, DEL, C1, and the marks that turn the direction of text or break lines.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00...0x08, 0x0B...0x1F, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  private static func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  private static func controlPosition(_ bytes: [UInt8]) -> (line: Int, column: Int)? {
    var line = 1
    var start = 0
    for (index, byte) in bytes.enumerated() {
      if byte == 0x0A {
        line += 1
        start = index + 1
      } else if byte < 0x20 && byte != 0x09 && byte != 0x0D || byte == 0x7F {
        return (line, index - start + 1)
      }
    }
    return nil
  }

  /// Where the first byte stands that is not UTF-8.
  private static func invalidPosition(_ bytes: [UInt8]) -> (line: Int, column: Int) {
    var line = 1
    var start = 0
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let length = byte < 0x80 ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 0
      let end = index + length
      guard length > 0, end <= bytes.count, String(validating: bytes[index..<end], as: UTF8.self) != nil else { break }
      if byte == 0x0A {
        line += 1
        start = end
      }
      index = end
    }
    return (line, index - start + 1)
  }
}
