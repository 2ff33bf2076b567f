import Testing

@testable import CSV

/// The same numbers for the same seed, so that a failure can be run again.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}

/// What an index holds, to compare two.
struct IndexContent: Equatable {
  var fields: [[Int]] = []
  var end = 0
  var endsAtOddRecord = false
  var quotedLineBreaks = 0

  init(_ index: StructuralIndex, _ bytes: ByteView) {
    let rows = index.rows(in: bytes)
    for row in 0..<rows.count {
      let record = rows[row]
      fields.append((0..<record.count).map { record.mark($0) })
    }
    end = index.end
    endsAtOddRecord = index.endsAtOddRecord
    quotedLineBreaks = index.quotedLineBreaks
  }
}

func withView<Result>(_ bytes: [UInt8], _ body: (ByteView) -> Result) -> Result {
  bytes.withUnsafeBytes { body(ByteView($0)) }
}

@Suite("The structural index")
struct StructuralIndexTests {
  @Test("found by blocks is the one found byte by byte", arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
  func agreement(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let alphabets: [[UInt8]] = [
      Array("abc123,,,\"\"\n".utf8), Array("ab,,,,,\n\n\r\"\"".utf8), Array("abcdefgh,,\r\n".utf8),
      Array("abcdefghijklmnopqrstuvwxyz,,,,\n".utf8), Array("ab;;\t\n\"\u{e9}".utf8) + [0], Array(",\"\"\"".utf8),
    ]
    for round in 0..<4000 {
      var bytes: [UInt8] = []
      let alphabet = alphabets[round % alphabets.count]
      if round % 3 == 0 {
        // Mostly sound: fields that are quoted where need be, and now and then a stray byte.
        for _ in 0..<Int.random(in: 1..<30, using: &generator) {
          let text = (0..<Int.random(in: 0..<14, using: &generator)).map { _ in
            alphabet.randomElement(using: &generator) ?? 0x61
          }
          if Bool.random(using: &generator) {
            bytes.append(0x22)
            for byte in text { bytes += byte == 0x22 ? [0x22, 0x22] : [byte] }
            bytes.append(0x22)
          } else {
            bytes += text.filter { $0 != 0x22 && $0 != 0x2C && $0 != 0x0A && $0 != 0x0D }
          }
          bytes += [[0x2C], [0x0A], [0x0D, 0x0A], [0x0D]].randomElement(using: &generator) ?? []
        }
      } else {
        let count = Int.random(in: 0..<300, using: &generator)
        bytes = (0..<count).map { _ in alphabet.randomElement(using: &generator) ?? 0x61 }
      }
      for dialect in [Dialect(), Dialect(delimiter: 0x09), Dialect(quote: nil), Dialect(lineBreak: .carriageReturn)] {
        for accepts in [false, true] {
          var fast = StructuralIndex(dialect: dialect)
          var slow = StructuralIndex(dialect: dialect)
          fast.acceptsHighBytes = accepts
          slow.acceptsHighBytes = accepts
          withView(bytes) { view in
            let start = bytes.isEmpty ? 0 : Int.random(in: 0..<bytes.count, using: &generator)
            fast.build(view, from: start, to: view.count)
            slow.buildByByte(view, from: start, to: view.count)
            let (a, b) = (IndexContent(fast, view), IndexContent(slow, view))
            // What is odd about a record that does not end may be seen by the one and not yet by the other.
            #expect(
              a.fields == b.fields && a.end == b.end && a.quotedLineBreaks == b.quotedLineBreaks,
              "seed \(seed), round \(round), \(dialect), \(bytes)")
          }
        }
      }
    }
  }
}
