import TestSupport
import Testing

@testable import ByteInput

@Suite("A gzip file")
struct GzipTests {
  static let text = claimText(300_000)

  @Test("gives the bytes that were compressed", arguments: ReadSizes.all)
  func roundTrip(sizes: ReadSizes) throws {
    let (streams, remarks) = try open(gzip(Self.text), sizes)
    #expect(streams == [ReadStream(name: "input", compression: "gzip", bytes: Self.text)])
    #expect(remarks.isEmpty)
  }

  @Test("gives all of its members, empty ones too", arguments: ReadSizes.all)
  func members(sizes: ReadSizes) throws {
    let parts = [Array(Self.text[..<1000]), [], Array(Self.text[1000..<70_000]), Array(Self.text[70_000...]), []]
    let (streams, _) = try open(parts.flatMap { gzip($0) }, sizes)
    #expect(streams == [ReadStream(name: "input", compression: "gzip", bytes: Self.text)])
  }

  @Test("skips the fields of its header and checks the header's own checksum", arguments: ReadSizes.all)
  func headerFields(sizes: ReadSizes) throws {
    let fields = little(5, 2) + [1, 2, 3, 4, 5] + Array("PATIENT.837\0a comment\0".utf8)
    let header: [UInt8] = [0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3] + fields
    let checksum = little(Int(Deflate.crc32(header) & 0xffff), 2)
    let good = try open(gzip(Self.text, flags: 0x1e, fields: fields + checksum), sizes)
    #expect(good.streams == [ReadStream(name: "input", compression: "gzip", bytes: Self.text)])
    let bad = try open(gzip(Self.text, flags: 0x1e, fields: fields + [0, 0]), sizes)
    #expect(bad.streams.map(\.bytes) == [Self.text])
    #expect(bad.streams.map(\.codes) == [[.gzipCRC]])
  }

  @Test("with a checksum that does not match is read on and marked from that member on", arguments: ReadSizes.all)
  func checksum(sizes: ReadSizes) throws {
    let first = gzip(Array("first".utf8))
    let second = gzip(Array("second".utf8), crc: 1)
    let (streams, _) = try open(first + second + gzip(Array("third".utf8)), sizes)
    #expect(streams.map(\.bytes) == [Array("firstsecondthird".utf8)])
    let remark = try #require(streams.first?.remarks.first)
    #expect(streams.first?.remarks.count == 1)
    #expect(remark.code == .gzipCRC)
    #expect(remark.effect == .unverified)
    #expect(remark.firstUnverifiedOffset == 5)
    #expect(remark.decompressedOffset == 11)
    #expect(remark.compressedOffset == first.count + second.count - 8)
  }

  @Test("with a length that does not match is marked", arguments: ReadSizes.all)
  func length(sizes: ReadSizes) throws {
    let (streams, _) = try open(gzip(Self.text, length: 7), sizes)
    #expect(streams.map(\.bytes) == [Self.text])
    #expect(streams.map(\.codes) == [[.gzipLength]])
    #expect(streams.first?.remarks.first?.effect == .unverified)
  }

  @Test("may be padded with zero bytes, which is a notice", arguments: ReadSizes.all)
  func padding(sizes: ReadSizes) throws {
    let member = gzip(Array("data".utf8))
    let (streams, _) = try open(member + [UInt8](repeating: 0, count: 600_000), sizes)
    #expect(streams.map(\.bytes) == [Array("data".utf8)])
    let remark = try #require(streams.first?.remarks.first)
    #expect(remark.code == .gzipPadding)
    #expect(remark.severity == .info)
    #expect(remark.effect == .none)
    #expect(remark.compressedOffset == member.count)
  }

  @Test("followed by garbage keeps everything before it", arguments: ReadSizes.all)
  func garbage(sizes: ReadSizes) throws {
    let member = gzip(Array("data".utf8))
    let (streams, _) = try open(member + Array("garbage".utf8), sizes)
    #expect(streams.map(\.bytes) == [Array("data".utf8)])
    let remark = try #require(streams.first?.remarks.first)
    #expect(remark.code == .gzipTrailing)
    #expect(remark.effect == .fileCut)
    #expect(remark.compressedOffset == member.count)
    #expect(remark.firstUnverifiedOffset == nil)
  }

  @Test("with flags or a method that no standard defines is refused as damaged")
  func header() throws {
    for damaged in [gzip(Self.text, flags: 0x20), gzip(Self.text, method: 7)] {
      let (streams, _) = try open(damaged)
      #expect(streams.map(\.bytes) == [[]])
      #expect(streams.map(\.codes) == [[.gzipData]])
    }
  }

  @Test("without data is empty, and says so once", arguments: ReadSizes.all)
  func empty(sizes: ReadSizes) throws {
    let (streams, _) = try open(gzip([]), sizes)
    #expect(streams.map(\.codes) == [[.empty]])
  }

  @Test("cut at any point gives what came before and says that it was cut")
  func truncation() throws {
    let text = claimText(900)
    let whole = gzip(Array(text.prefix(400))) + gzip(Array(text.dropFirst(400)))
    let boundary = gzip(Array(text.prefix(400))).count
    for end in 1..<whole.count {
      let (streams, _) = try open(Array(whole.prefix(end)))
      #expect(streams.count == 1)
      let stream = try #require(streams.first)
      #expect(text.starts(with: stream.bytes), "cut at \(end)")
      if end == boundary {
        #expect(stream.codes.isEmpty)
        #expect(stream.bytes.count == 400)
      } else {
        #expect(stream.codes == [.gzipTruncated], "cut at \(end)")
        #expect(stream.remarks.first?.compressedOffset == end)
        #expect(stream.remarks.first?.decompressedOffset == stream.bytes.count)
        #expect(stream.remarks.first?.firstUnverifiedOffset == (end < boundary ? 0 : 400))
        if end > boundary { #expect(stream.bytes.count >= 400) }
      }
    }
  }

  @Test("cut or damaged gives the same bytes and remarks however it is read")
  func readSizesDoNotMatter() {
    var generator = SeededGenerator(seed: 11)
    let whole = gzip(claimText(40_000))
    for _ in 0..<60 {
      var bytes = Array(whole.prefix(Int.random(in: 1...whole.count, using: &generator)))
      if Bool.random(using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1 << UInt8.random(in: 0...7, using: &generator)
      }
      let results = ReadSizes.all.flatMap { input in
        ReadSizes.all.map { output in
          readAll(GzipSource(PieceSource(bytes, input), meter: ExpansionMeter(InputLimits())), output)
        }
      }
      for result in results.dropFirst() {
        #expect(result.bytes == results[0].bytes)
        #expect(result.remarks == results[0].remarks)
      }
    }
  }

  @Test("whose file cannot be read on says that, and does not call itself cut as well")
  func upstreamFault() {
    let source = PieceSource(Array(gzip(Self.text).prefix(1000)), .whole)
    source.remarksAtEnd = [InputRemark(.readError, .error, effect: .fileCut, at: 1000, "the disk is gone")]
    let (bytes, remarks) = readAll(GzipSource(source, meter: ExpansionMeter(InputLimits())))
    #expect(Self.text.starts(with: bytes))
    #expect(remarks.map(\.code) == [.readError])
    #expect(remarks.first?.compressedOffset == 1000)
    #expect(remarks.first?.decompressedOffset == bytes.count)
  }
}
