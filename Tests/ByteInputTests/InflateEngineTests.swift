import TestSupport
import Testing

@testable import ByteInput

#if ISAL
  /// What ISA-L makes of compressed data is what zlib makes of it, in every byte and every remark.
  @Suite("ISA-L")
  struct InflateEngineTests {
    /// Text small enough to try every bit of it.
    static let text = claimText(1500)

    /// Stored, fast with fixed codes, small with codes of its own.
    static let levels: [Int32] = [0, 1, 6]

    /// Through the opener, as a file.
    private func expectSame(file path: String, _ sizes: ReadSizes) {
      let zlib = open(InputReference(path: path), sizes, engine: .zlib)
      let isal = open(InputReference(path: path), sizes, engine: .isal)
      #expect(isal.streams == zlib.streams, "\(path)")
      #expect(isal.outcome == zlib.outcome, "\(path)")
    }

    /// In memory, as gzip or zlib data.
    private func expectSame(_ bytes: [UInt8], _ what: @autoclosure () -> String, _ sizes: ReadSizes = .whole) {
      let (zlib, isal) = both(bytes, sizes)
      #expect(isal.bytes == zlib.bytes, "\(what())")
      #expect(isal.remarks == zlib.remarks, "\(what())")
    }

    private typealias Read = (bytes: [UInt8], remarks: [InputRemark])

    private func both(_ bytes: [UInt8], _ sizes: ReadSizes) -> (zlib: Read, isal: Read) {
      let read = { (engine: InflateEngine) in
        let meter = ExpansionMeter(InputLimits())
        let source = PieceSource(bytes, .whole)
        let unwrapped: any ByteSource =
          bytes.first == 0x78
          ? ZlibSource(source, meter: meter, engine: engine) : GzipSource(source, meter: meter, engine: engine)
        return readAll(unwrapped, sizes, limit: bytes.count < 4096 ? 4096 : 1 << 18)
      }
      return (read(.zlib), read(.isal))
    }

    @Test("reads all fixtures as zlib does", arguments: ReadSizes.all)
    func fixtures(sizes: ReadSizes) {
      let fixtures = ["compressed", "hostile/gzip", "hostile/zip"].flatMap { Fixture.all(in: $0, ending: "") }
      #expect(fixtures.count >= 20)
      for fixture in fixtures { expectSame(file: fixture.path, sizes) }
    }

    @Test("meets the end at any byte as zlib does", arguments: levels)
    func truncation(level: Int32) {
      let half = Self.text.count / 2
      let whole = gzip(Array(Self.text[..<half]), level: level) + gzip(Array(Self.text[half...]), level: level)
      for end in 1..<whole.count { expectSame(Array(whole.prefix(end)), "cut at \(end)") }
      let single = zlib(Self.text)
      for end in 1..<single.count { expectSame(Array(single.prefix(end)), "zlib data cut at \(end)") }
    }

    @Test("meets a flipped bit anywhere as zlib does", arguments: levels)
    func flippedBits(level: Int32) {
      let whole = gzip(Array(Self.text.prefix(700)), level: level) + gzip(Array(Self.text.suffix(50)), level: level)
      var surprises = 0
      for bit in 0..<whole.count * 8 {
        var bytes = whole
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        let (zlib, isal) = both(bytes, .whole)
        if isal.bytes == zlib.bytes, isal.remarks == zlib.remarks { continue }
        // A block header that zlib refuses for codes nobody uses: the bytes are out before the checksum tells.
        surprises += 1
        #expect(isal.bytes.starts(with: zlib.bytes), "bit \(bit) flipped")
        #expect(isal.remarks.map(\.code) == zlib.remarks.map(\.code), "bit \(bit) flipped")
        #expect(isal.remarks.map(\.effect) == zlib.remarks.map(\.effect), "bit \(bit) flipped")
      }
      #expect(surprises <= 2)
    }

    @Test("reads members of any size and what stands between them", arguments: ReadSizes.all)
    func members(sizes: ReadSizes) {
      var generator = SeededGenerator(seed: 5)
      var bytes: [UInt8] = []
      for _ in 0..<40 {
        let size = Int.random(in: 0...40_000, using: &generator)
        bytes += gzip(claimText(size, seed: UInt64(size)), level: Int32.random(in: 0...9, using: &generator))
      }
      expectSame(bytes, "many members", sizes)
      expectSame(bytes + [0, 0, 0], "padded", sizes)
      expectSame(bytes + Array("garbage".utf8), "followed by garbage", sizes)
    }

    @Test("reads more than its window and its buffers hold, damaged late or not at all", arguments: ReadSizes.all)
    func long(sizes: ReadSizes) {
      if case .bytewise = sizes { return }
      let whole = gzip(claimText(3_000_000))
      expectSame(whole, "whole", sizes)
      var generator = SeededGenerator(seed: 9)
      for _ in 0..<6 {
        var damaged = whole
        damaged[Int.random(in: 0..<whole.count, using: &generator)] ^= 1 << UInt8.random(in: 0...7, using: &generator)
        expectSame(damaged, "damaged", sizes)
        expectSame(Array(damaged.prefix(Int.random(in: 1...whole.count, using: &generator))), "cut", sizes)
      }
    }

    @Test("leaves what cannot be read twice to zlib")
    func pipes() {
      let whole = gzip(Self.text)
      for end in [whole.count / 2, whole.count] {
        let read = { (engine: InflateEngine) in
          readAll(
            GzipSource(
              PieceSource(Array(whole.prefix(end)), .bytewise, canRewind: false), meter: ExpansionMeter(InputLimits()),
              engine: engine))
        }
        #expect(read(.isal).bytes == read(.zlib).bytes)
        #expect(read(.isal).remarks == read(.zlib).remarks)
      }
    }
  }
#endif

@Suite("Checksums")
struct ChecksumTests {
  @Test("carry on from piece to piece as zlib's do")
  func pieces() {
    let text = claimText(100_000)
    for cut in [0, 1, 7, 4096, 99_999, 100_000] {
      let crc = unsafe text.withUnsafeBytes { text in
        unsafe Checksum.crc32(
          Checksum.crc32(0, UnsafeRawBufferPointer(rebasing: text[..<cut])),
          UnsafeRawBufferPointer(rebasing: text[cut...]))
      }
      #expect(crc == Deflate.crc32(text))
    }
  }
}
