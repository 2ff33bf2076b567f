/// The tree of a pack as bytes, so that the built-in packs need no YAML parser at start-up.
///
/// Depth first: a byte for the kind, the place, then a scalar's text, a list's count and items, or a mapping's count, keys and
/// values. Numbers are in groups of seven bits, the lowest first. The bytes are made from the YAML by a test, which also fails when
/// they are stale; nothing else reads or writes them.
enum CompactNode {
  private static let plain: UInt8 = 0
  private static let text: UInt8 = 1
  private static let sequence: UInt8 = 2
  private static let mapping: UInt8 = 3

  /// The bytes of a tree.
  static func bytes(of node: PackNode) -> [UInt8] {
    var bytes: [UInt8] = []
    write(node, &bytes)
    return bytes
  }

  /// The tree in `bytes`, which must be what `bytes(of:)` gave.
  static func node(in bytes: [UInt8]) -> PackNode {
    var index = 0
    return read(bytes, &index)
  }

  private static func write(_ node: PackNode, _ bytes: inout [UInt8]) {
    switch node.value {
    case .scalar(_, let isText): bytes.append(isText ? text : plain)
    case .sequence: bytes.append(sequence)
    case .mapping: bytes.append(mapping)
    }
    write(node.line, &bytes)
    write(node.column, &bytes)
    switch node.value {
    case .scalar(let string, _): write(string, &bytes)
    case .sequence(let items):
      write(items.count, &bytes)
      for item in items { write(item, &bytes) }
    case .mapping(let entries):
      write(entries.count, &bytes)
      for entry in entries {
        write(entry.key, &bytes)
        write(entry.keyLine, &bytes)
        write(entry.keyColumn, &bytes)
        write(entry.value, &bytes)
      }
    }
  }

  private static func write(_ string: String, _ bytes: inout [UInt8]) {
    write(string.utf8.count, &bytes)
    bytes.append(contentsOf: string.utf8)
  }

  private static func write(_ number: Int, _ bytes: inout [UInt8]) {
    var rest = UInt(number)
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private static func read(_ bytes: [UInt8], _ index: inout Int) -> PackNode {
    let kind = bytes[index]
    index += 1
    let line = number(bytes, &index)
    let column = number(bytes, &index)
    let value: PackNode.Value
    switch kind {
    case sequence:
      let count = number(bytes, &index)
      var items: [PackNode] = []
      items.reserveCapacity(count)
      for _ in 0..<count { items.append(read(bytes, &index)) }
      value = .sequence(items)
    case mapping:
      let count = number(bytes, &index)
      var entries: [PackNode.Entry] = []
      entries.reserveCapacity(count)
      for _ in 0..<count {
        let key = string(bytes, &index)
        let keyLine = number(bytes, &index)
        let keyColumn = number(bytes, &index)
        entries.append(
          PackNode.Entry(key: key, keyLine: keyLine, keyColumn: keyColumn, value: read(bytes, &index)))
      }
      value = .mapping(entries)
    default:
      value = .scalar(string(bytes, &index), isText: kind == text)
    }
    return PackNode(value: value, line: line, column: column)
  }

  private static func string(_ bytes: [UInt8], _ index: inout Int) -> String {
    let count = number(bytes, &index)
    defer { index += count }
    return String(decoding: bytes[index..<index + count], as: UTF8.self)
  }

  private static func number(_ bytes: [UInt8], _ index: inout Int) -> Int {
    var value: UInt = 0
    var shift: UInt = 0
    while true {
      let byte = bytes[index]
      index += 1
      value |= UInt(byte & 0x7F) << shift
      if byte < 0x80 { return Int(value) }
      shift += 7
    }
  }
}
