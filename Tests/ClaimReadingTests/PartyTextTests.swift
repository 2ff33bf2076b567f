import ClaimModel
import Testing

@testable import ClaimReading

@Suite("Texts kept above a claim")
struct PartyTextTests {
  @Test("hold what was added, however long and in whatever pieces", arguments: [0, 1, 16, 63, 64, 65, 130])
  func pieces(length: Int) {
    let bytes = (0..<length).map { UInt8(0x41 + $0 % 26) }
    for cut in 0...length {
      var text = PartyText()
      // Something longer or shorter stood there before.
      text.replace(with: Array(repeating: 0x2A, count: 100).span, 0..<(cut % 2 == 0 ? 100 : 3))
      text.replace(with: bytes.span, 0..<cut)
      text.append(bytes.span, cut..<length)
      text.append(0x1F)
      #expect(text.lend { span in span.indices.map { span[$0] } } == bytes + [0x1F])
      #expect(!text.isEmpty)
      var arena = TextArena()
      let copy = text.copy(to: &arena)
      #expect(Array(arena[copy]) == bytes + [0x1F])
      text.removeAll()
      #expect(text.isEmpty && text.lend { $0.isEmpty })
    }
  }
}
