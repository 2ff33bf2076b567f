import CLibXML2
import Glibc

/// An element of the page, read by libxml2 as XML: what is not well-formed has no root.
struct PageElement {
  let name: String
  let attributes: [(name: String, value: String)]
  let children: [PageElement]
  /// The text in it and in its children.
  let content: String

  subscript(name: String) -> String? { attributes.first { $0.name == name }?.value }

  /// All elements of that name, in order.
  func all(_ name: String) -> [PageElement] { children.flatMap { ($0.name == name ? [$0] : []) + $0.all(name) } }

  /// The names of all attributes.
  var everyAttribute: [String] { attributes.map(\.name) + children.flatMap(\.everyAttribute) }

  /// All ids.
  var everyID: [String] { (self["id"].map { [$0] } ?? []) + children.flatMap(\.everyID) }

  init?(document: [UInt8]) {
    guard let element = unsafe rootElement(of: document, { unsafe PageElement(node: $0) }) else { return nil }
    self = element
  }

  private init(node: xmlNodePtr) {
    var attributes: [(String, String)] = []
    var attribute = unsafe node.pointee.properties
    while let current = unsafe attribute {
      let value = unsafe UnsafeMutableRawPointer(current).assumingMemoryBound(to: xmlNode.self)
      unsafe attributes.append((String(cString: current.pointee.name), PageElement.text(of: value)))
      unsafe attribute = current.pointee.next
    }
    var children: [PageElement] = []
    var child = unsafe node.pointee.children
    while let current = unsafe child {
      if unsafe current.pointee.type == XML_ELEMENT_NODE { unsafe children.append(PageElement(node: current)) }
      unsafe child = current.pointee.next
    }
    name = unsafe String(cString: node.pointee.name)
    content = unsafe PageElement.text(of: node)
    self.attributes = attributes
    self.children = children
  }

  private static func text(of node: xmlNodePtr) -> String {
    guard let content = unsafe xmlNodeGetContent(node) else { return "" }
    defer { unsafe free(content) }
    return unsafe String(cString: content)
  }
}

/// The page as an element tree.
extension Published {
  var html: PageElement? { PageElement(document: folder.bytes("report.html")) }
}

/// The digest of FIPS 180-4, slow and obvious.
func sha256(_ message: [UInt8]) -> [UInt8] {
  // The fractions of the square and cube roots of the first primes, found as the standard defines them.
  var primes: [UInt64] = []
  var candidate: UInt64 = 2
  while primes.count < 64 {
    if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
    candidate += 1
  }
  func fraction(_ prime: UInt64, power: Int) -> UInt32 {
    // The greatest r with r^power ≤ prime · 2^(32 · power), modulo 2^32.
    var low: UInt128 = 0
    var high: UInt128 = 1 << 37
    let target = UInt128(prime) << UInt128(32 * power)
    while high - low > 1 {
      let middle = (low + high) / 2
      var value = middle
      for _ in 1..<power { value *= middle }
      if value <= target { low = middle } else { high = middle }
    }
    return UInt32(truncatingIfNeeded: low)
  }
  var state = primes.prefix(8).map { fraction($0, power: 2) }
  let constants = primes.map { fraction($0, power: 3) }
  var bytes = message + [0x80]
  while bytes.count % 64 != 56 { bytes.append(0) }
  for shift in stride(from: 56, through: 0, by: -8) {
    bytes.append(UInt8(truncatingIfNeeded: UInt64(message.count * 8) >> UInt64(shift)))
  }
  func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }
  for block in stride(from: 0, to: bytes.count, by: 64) {
    var words = (0..<16).map { index in
      (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[block + index * 4 + $1]) }
    }
    for index in 16..<64 {
      let a = words[index - 15]
      let b = words[index - 2]
      let first = rotated(a, 7) ^ rotated(a, 18) ^ a >> 3
      let second = rotated(b, 17) ^ rotated(b, 19) ^ b >> 10
      words.append(words[index - 16] &+ first &+ words[index - 7] &+ second)
    }
    var s = state
    for index in 0..<64 {
      let first = rotated(s[4], 6) ^ rotated(s[4], 11) ^ rotated(s[4], 25)
      let choice = (s[4] & s[5]) ^ (~s[4] & s[6])
      let one = s[7] &+ first &+ choice &+ constants[index] &+ words[index]
      let second = rotated(s[0], 2) ^ rotated(s[0], 13) ^ rotated(s[0], 22)
      let majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2])
      s = [one &+ second &+ majority, s[0], s[1], s[2], s[3] &+ one, s[4], s[5], s[6]]
    }
    for index in 0..<8 { state[index] = state[index] &+ s[index] }
  }
  return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * UInt32($0))) } }
}

/// RFC 4648.
func base64(_ bytes: [UInt8]) -> String {
  let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  var text = ""
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = bytes[start..<min(start + 3, bytes.count)]
    let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
    for digit in 0..<4 { text.append(digit <= group.count ? digits[word >> (18 - 6 * digit) & 63] : "=") }
  }
  return text
}
