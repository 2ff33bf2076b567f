import CScan
import TestSupport
import Testing

@testable import CSV

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
  unsafe bytes.withUnsafeBytes { body(unsafe ByteView($0)) }
}

@Suite("The structural index")
struct StructuralIndexTests {
  /// Every set of instructions that this processor has.
  static let instructions = [
    claimaudit_csv_words, claimaudit_csv_sse2, claimaudit_csv_avx2, claimaudit_csv_avx512,
  ].filter { $0.rawValue <= claimaudit_csv_widest().rawValue }

  @Test(
    "found by blocks is the one found byte by byte, whatever the instructions",
    arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
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
            slow.buildByByte(view, from: start, to: view.count)
            let expected = IndexContent(slow, view)
            if accepts {
              let counted = StructuralIndex.count(view, from: start, to: view.count, dialect: dialect)
              let isSame =
                counted.rows == expected.fields.count && counted.end == expected.end
                && counted.quotedLineBreaks == expected.quotedLineBreaks
              if !isSame { Issue.record("counted, seed \(seed), round \(round), \(dialect), \(bytes)") }
            }
            for instructions in StructuralIndexTests.instructions {
              fast.build(view, from: start, to: view.count, with: instructions)
              let found = IndexContent(fast, view)
              // What is odd about a record that does not end may be seen by the one and not yet by the other.
              let isSame =
                found.fields == expected.fields && found.end == expected.end
                && found.quotedLineBreaks == expected.quotedLineBreaks
              if !isSame {
                Issue.record("seed \(seed), round \(round), \(dialect), \(instructions.rawValue), \(bytes)")
              }
            }
          }
        }
      }
    }
  }
}
