/// Puts a JSON document together: members in the order they are added, two blanks an indent, a line feed at the end.
struct JSONText: ~Copyable {
  private var bytes = ByteBuffer(capacity: 4096)
  private var depth = 0
  private var isFirst = true

  /// The document's bytes.
  consuming func finish() -> ByteBuffer {
    bytes.append(0x0A)
    return bytes
  }

  /// Adds an object with the members that `content` adds; `name` is its own where it is a member itself.
  mutating func object(_ name: String? = nil, _ content: (inout JSONText) -> Void) {
    open(name, 0x7B)
    content(&self)
    close(0x7D)
  }

  /// Adds an array with the elements that `content` adds.
  mutating func array(_ name: String? = nil, _ content: (inout JSONText) -> Void) {
    open(name, 0x5B)
    content(&self)
    close(0x5D)
  }

  /// Adds a text as an element of an array.
  mutating func element(_ text: String) {
    begin(nil)
    append(quoted: text)
  }

  /// Adds a text or `null`.
  mutating func value(_ name: String, _ text: String?) {
    begin(name)
    if let text { append(quoted: text) } else { bytes.append("null") }
  }

  /// Adds a number.
  mutating func value(_ name: String, _ number: Int) {
    begin(name)
    bytes.append(decimal: number)
  }

  /// Adds a number or `null`.
  mutating func value(_ name: String, _ number: Int64?) {
    begin(name)
    if let number { bytes.append(decimal: Int(number)) } else { bytes.append("null") }
  }

  private mutating func open(_ name: String?, _ bracket: UInt8) {
    begin(name)
    bytes.append(bracket)
    depth += 1
    isFirst = true
  }

  private mutating func close(_ bracket: UInt8) {
    depth -= 1
    if !isFirst { newLine() }
    bytes.append(bracket)
    isFirst = false
  }

  private mutating func begin(_ name: String?) {
    if depth > 0 {
      if !isFirst { bytes.append(0x2C) }
      newLine()
    }
    isFirst = false
    guard let name else { return }
    append(quoted: name)
    bytes.append(": ")
  }

  private mutating func newLine() {
    bytes.append(0x0A)
    for _ in 0..<depth { bytes.append("  ") }
  }

  private mutating func append(quoted text: String) {
    var clean = ByteBuffer()
    _ = clean.append(clean: text)
    bytes.append(0x22)
    bytes.append(jsonEscaped: clean, 0..<clean.count)
    bytes.append(0x22)
  }
}
