import TestSupport
import Testing

@testable import X12

@Suite("The ISA segment")
struct InterchangeHeaderTests {
  /// A sound ISA with a group behind it.
  static let sound =
    "ISA*00*          *00*          *ZZ*EXSENDER       *ZZ*EXRECEIVER     *260410*1200*^*00501*000000901*0*T*:~GS*HC*A~"

  private func read(_ text: String, isLast: Bool = true) -> InterchangeHeader.Outcome {
    let bytes = Array(text.utf8)
    return InterchangeHeader.read(bytes.span, isLast: isLast)
  }

  private func header(_ text: String) -> InterchangeHeader? {
    if case .header(let header) = read(text) { header } else { nil }
  }

  private func fault(_ text: String) -> String? {
    if case .fault(let fault) = read(text) { "\(fault.code) \(fault.offset)" } else { nil }
  }

  @Test("names its delimiters by where they stand")
  func sound() throws {
    let found = try #require(header(Self.sound))
    #expect(found.delimiters == Delimiters(element: 0x2A, component: 0x3A, repetition: 0x5E, terminator: 0x7E))
    #expect(found.length == 106)
    #expect(found.isFixedWidth && !found.isWrapped)
    #expect(found.controlNumber == Array("000000901".utf8))
  }

  @Test("of 4010 has no repetition separator: ISA11 is a letter there")
  func version4010() throws {
    let found = try #require(header(Self.sound.replacing("*^*00501*", with: "*U*00401*")))
    #expect(found.delimiters.repetition == nil)
  }

  @Test(
    "may use any bytes that are no letters and digits",
    arguments: [
      ("|", ">", "'"), ("^", "&", "\n"), ("\u{1D}", "\u{1F}", "\u{1C}"), ("\t", ":", "~"), ("+", "@", "!"),
      ("*", "<", "\r"),
    ])
  func delimiters(element: String, component: String, terminator: String) throws {
    let text = Self.sound.replacing("^", with: "U").replacing("*", with: element).replacing(":~", with: component + "~")
      .replacing("~", with: terminator)
    let found = try #require(header(text))
    #expect(found.delimiters.element == element.utf8.first)
    #expect(found.delimiters.component == component.utf8.first)
    #expect(found.delimiters.terminator == terminator.utf8.first)
    #expect(found.length == 106)
  }

  @Test("without its padding is read by its sixteen elements")
  func short() throws {
    let found = try #require(header("ISA*00**00**ZZ*A*ZZ*B*260410*1200*^*00501*9*0*T*:~GS*HC*A~"))
    #expect(found.delimiters == .customary)
    #expect(!found.isFixedWidth)
    #expect(found.controlNumber == Array("9".utf8))
    #expect(found.length == 50)
  }

  @Test("wrapped into lines is read without the line breaks", arguments: [10, 40, 79, 80, 103])
  func wrapped(width: Int) throws {
    for lineBreak in ["\n", "\r\n"] {
      var text = ""
      for (index, character) in Self.sound.enumerated() {
        if index > 0, index % width == 0 { text += lineBreak }
        text.append(character)
      }
      let found = try #require(header(text), "width \(width)")
      #expect(found.delimiters == .customary)
      #expect(found.isFixedWidth)
      #expect(found.isWrapped)
      #expect(found.controlNumber == Array("000000901".utf8))
    }
  }

  @Test("that misses an element is said to, not read one element off")
  func fifteenElements() {
    #expect(fault(Self.sound.replacing("*0*T*:", with: "*0*:")) == "ISA_ELEMENTS 0")
    #expect(
      fault("ISA*00*THIS IS NO INTERCHANGE~GS*HC~ST*837*0001~" + String(repeating: "X", count: 300)) == "ISA_ELEMENTS 0"
    )
  }

  @Test("whose delimiters cannot be told apart or be delimiters is refused at their place")
  func badDelimiters() {
    #expect(fault(Self.sound.replacing(":~", with: "*~")) == "DELIMITER 105")
    #expect(fault(Self.sound.replacing(":~", with: "~~")) == "DELIMITER 105")
    #expect(fault(Self.sound.replacing(":~", with: ":X")) == "DELIMITER 105")
    #expect(fault(Self.sound.replacing(":~", with: ": ")) == "DELIMITER 105")
    #expect(fault(Self.sound.replacing(":~", with: "A~")) == "DELIMITER 104")
    #expect(fault("ISAA" + Self.sound.dropFirst(4)) == "DELIMITER 3")
    for separator in [" ", "\n", "\r", "\0"] {
      #expect(fault("ISA" + separator + Self.sound.dropFirst(4)) == "DELIMITER 3")
    }
  }

  @Test("cut anywhere needs more bytes while there may be some, and is cut when there are none", arguments: 0..<106)
  func cut(count: Int) {
    let text = String(Self.sound.prefix(count))
    if case .needsMore = read(text, isLast: false) {} else { Issue.record("did not wait at \(count)") }
    if case .fault(let fault) = read(text) {
      #expect(fault.code == "ISA_TRUNCATED")
    } else {
      Issue.record("read a header of \(count) bytes")
    }
  }

  @Test("alone in a file is a header")
  func alone() throws { #expect(header(String(Self.sound.prefix(106)))?.length == 106) }

  @Test("never makes the reader trap or wait for more than its reach, whatever stands there")
  func anything() {
    var generator = SeededGenerator(seed: RandomRuns.seed)
    for round in 0..<RandomRuns.rounds(3000) {
      var bytes = Array(Self.sound.utf8)
      if round % 3 == 0 { bytes += Array(repeating: 0x2A, count: 300) }
      for _ in 0...generator.number(0...3) { bytes = Mutation.byte(bytes, &generator) }
      for isLast in [true, false] {
        let outcome = InterchangeHeader.read(bytes.span, isLast: isLast)
        switch outcome {
        case .header(let header):
          #expect(header.length <= bytes.count)
          #expect(bytes[3] == header.delimiters.element)
          #expect(bytes[header.length - 1] == header.delimiters.terminator)
        case .needsMore:
          #expect(!isLast && bytes.count < InterchangeHeader.reach + 80, "seed \(RandomRuns.seed) round \(round)")
        case .fault: break
        }
      }
    }
  }

  @Test(
    "cut anywhere waits for more, or is said to be cut; once it is whole, what follows changes nothing",
    arguments: ["", "\n", "\r\n"])
  func cut(lineBreak: String) throws {
    // With line breaks, as files wrapped at a width have them, also right before the component and the terminator.
    let parts = [String(Self.sound.prefix(40)), String(Self.sound.prefix(104).suffix(64)), ":", "~"]
    let text = parts.joined(separator: lineBreak) + lineBreak + "GS*HC*A*B*20260410*1200*1*X*005010X222A1~"
    let bytes = Array(text.utf8)
    var length: Int?
    for count in 0...bytes.count {
      let prefix = Array(bytes.prefix(count))
      let more = InterchangeHeader.read(prefix.span, isLast: false)
      let last = InterchangeHeader.read(prefix.span, isLast: true)
      switch (more, last) {
      case (.header(let one), .header(let other)):
        #expect(one.length == other.length && one.delimiters == other.delimiters)
        #expect(length == nil || length == one.length)
        length = one.length
      case (.needsMore, .fault(let fault)): #expect(fault.code == "ISA_TRUNCATED" && length == nil, "\(count)")
      case (.needsMore, .header): #expect(length == nil)
      default: Issue.record("\(count): \(more) \(last)")
      }
    }
    #expect(length == 106 + 3 * lineBreak.utf8.count)
  }
}
