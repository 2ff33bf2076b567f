import Testing

@testable import X12

@Suite("The elements of a segment")
struct SegmentElementsTests {
  /// The elements as texts.
  private func split(_ text: String, by separator: Unicode.Scalar = "*") -> [String] {
    let bytes = Array(text.utf8)
    var elements = SegmentElements()
    elements.split(bytes.span, by: UInt8(ascii: separator))
    return (0...elements.count).map { String(decoding: bytes[elements[$0]], as: UTF8.self) }
  }

  @Test("are what stands between separators, the id first")
  func plain() {
    #expect(split("NM1*PR*2*AETNA*****PI*60054") == ["NM1", "PR", "2", "AETNA", "", "", "", "", "PI", "60054"])
    #expect(split("SE") == ["SE"])
    #expect(split("") == [""])
    #expect(split("*") == ["", ""])
    #expect(split("LX*1*") == ["LX", "1", ""])
    #expect(split("LX|1*2", by: "|") == ["LX", "1*2"])
  }

  @Test("are empty past the end and before the beginning")
  func outside() {
    let bytes = Array("LX*1".utf8)
    var elements = SegmentElements()
    elements.split(bytes.span, by: 0x2A)
    for position in [-1, 2, 3, 31, 32, 33, 34, 1000, .max] { #expect(elements[position].isEmpty) }
  }

  @Test("are counted beyond those that have a place", arguments: [31, 32, 33, 34, 1000])
  func many(count: Int) {
    let text = "ZZ" + (1...count).map { "*\($0)" }.joined()
    let bytes = Array(text.utf8)
    var elements = SegmentElements()
    elements.split(bytes.span, by: 0x2A)
    #expect(elements.count == count)
    for position in 1...min(count, SegmentElements.capacity) {
      #expect(String(decoding: bytes[elements[position]], as: UTF8.self) == "\(position)")
    }
    #expect(elements[SegmentElements.capacity + 1].isEmpty)
  }

  @Test(
    "are the same where the separators are known",
    arguments: ["", "*", "SE", "LX*1*", "NM1*PR*2*AETNA*****PI*60054", "**1", "A" + String(repeating: "*", count: 40)])
  func known(text: String) {
    let bytes = Array(text.utf8)
    var elements = SegmentElements()
    elements.split(bytes.span, by: 0x2A)
    var separators: UInt64 = 0
    for index in bytes.indices where bytes[index] == 0x2A { separators |= 1 << UInt64(index) }
    // One that was used before, for a longer segment or for one like this.
    for before in ["NM1*1*2*3*4*5*6*7*8*9", "X*1"] {
      var known = SegmentElements()
      known.split(Array(before.utf8).span, by: 0x2A)
      known.split(separators: separators, length: bytes.count)
      #expect(known.count == elements.count)
      for position in -1...30 {
        #expect(known[position].isEmpty == elements[position].isEmpty, "\(position)")
        if !elements[position].isEmpty { #expect(known[position] == elements[position], "\(position)") }
      }
      known.split(Array(before.utf8).span, by: 0x2A)
      #expect(known[1] == (before.first == "N" ? 4..<5 : 2..<3))
    }
  }

  @Test("of the segment before do not stay")
  func again() {
    var elements = SegmentElements()
    let long = Array("NM1*PR*2*AETNA".utf8)
    elements.split(long.span, by: 0x2A)
    let short = Array("SE*1".utf8)
    elements.split(short.span, by: 0x2A)
    #expect(elements.count == 1)
    #expect(elements[1] == 3..<4)
    #expect(elements[2].isEmpty)
  }
}

@Suite("The components of an element")
struct ComponentCursorTests {
  private func components(_ text: String, _ range: Range<Int>? = nil) -> [String] {
    let bytes = Array(text.utf8)
    var cursor = ComponentCursor(range ?? 0..<bytes.count)
    var found: [String] = []
    while let part = cursor.component(of: bytes.span, separator: 0x3A) {
      found.append(String(decoding: bytes[part], as: UTF8.self))
    }
    return found
  }

  @Test("are what stands between component separators, empty ones included")
  func plain() {
    #expect(components("HC:32960:RT") == ["HC", "32960", "RT"])
    #expect(components("HC:99213:QZ:::") == ["HC", "99213", "QZ", "", "", ""])
    #expect(components(":") == ["", ""])
    #expect(components("22") == ["22"])
  }

  @Test("of an empty element are none")
  func empty() {
    #expect(components("") == [])
    #expect(components("A:B:C", 2..<2) == [])
  }

  @Test("stay inside their element")
  func inside() { #expect(components("SV1*HC:1*2:3", 4..<8) == ["HC", "1"]) }
}
