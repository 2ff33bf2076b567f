import Testing

@testable import ByteInput

@Suite("Reading ahead")
struct ReadAheadTests {
  @Test("gives the same bytes and remarks as reading directly", arguments: ReadSizes.all)
  func same(sizes: ReadSizes) {
    let text = claimText(3_000_000)
    let whole = gzip(text, level: 1)
    for bytes in [whole, Array(whole.prefix(whole.count / 2)), gzip(text, crc: 1), gzip([])] {
      func source() -> GzipSource { GzipSource(PieceSource(bytes, .whole), meter: ExpansionMeter(InputLimits())) }
      if case .bytewise = sizes, bytes.count == whole.count { continue }
      let direct = readAll(source())
      let ahead = readAll(ReadAheadSource(source()), sizes)
      #expect(ahead.bytes == direct.bytes)
      #expect(ahead.remarks == direct.remarks)
    }
  }

  @Test("lends its slots whole")
  func slots() {
    let text = claimText(1_000_000)
    let source = ReadAheadSource(PieceSource(text, .random(seed: 3)))
    var bytes: [UInt8] = []
    while let slot = unsafe source.withNextSlot({ unsafe Array($0) }) { bytes += slot }
    #expect(bytes == text)
    let afterEnd: Bool? = unsafe source.withNextSlot { _ in true }
    #expect(afterEnd == nil)
  }

  @Test("stops when it is dropped early, at any point", arguments: 0..<20)
  func dropped(reads: Int) {
    weak var upstream: PieceSource?
    do {
      let pieces = PieceSource(claimText(4_000_000), .whole)
      upstream = pieces
      let source = ReadAheadSource(pieces)
      for _ in 0..<reads {
        _ = unsafe source.withNextSlot { _ in true }
      }
    }
    #expect(upstream == nil)
  }
}
