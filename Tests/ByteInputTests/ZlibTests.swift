import Testing

@testable import ByteInput

@Suite("A zlib stream")
struct ZlibTests {
  static let text = claimText(100_000)

  @Test("gives the bytes that were compressed", arguments: ReadSizes.all)
  func roundTrip(sizes: ReadSizes) throws {
    for header: [UInt8] in [[0x78, 0x01], [0x78, 0x5e], [0x78, 0x9c], [0x78, 0xda]] {
      let (streams, remarks) = try open(zlib(Self.text, header: header), sizes)
      #expect(streams == [ReadStream(name: "input", compression: "zlib", bytes: Self.text)])
      #expect(remarks.isEmpty)
    }
  }

  @Test("with a checksum that does not match is marked", arguments: ReadSizes.all)
  func checksum(sizes: ReadSizes) throws {
    let (streams, _) = try open(zlib(Self.text, adler: 1), sizes)
    #expect(streams.map(\.bytes) == [Self.text])
    #expect(streams.map(\.codes) == [[.zlibChecksum]])
    #expect(streams.first?.remarks.first?.effect == .unverified)
  }

  @Test("that is damaged gives what came before", arguments: ReadSizes.all)
  func damaged(sizes: ReadSizes) throws {
    // Stored blocks: type, length, its complement, data. The second block is given a type that does not exist.
    var body = Deflate.raw(Self.text, level: 0)
    let firstLength = Int(body[1]) | Int(body[2]) << 8
    body[5 + firstLength] = 7
    let (streams, _) = try open([0x78, 0x01] + body, sizes)
    #expect(streams.map(\.bytes) == [Array(Self.text.prefix(firstLength))])
    #expect(streams.map(\.codes) == [[.zlibData]])
    #expect(streams.first?.remarks.first?.effect == .fileCut)
  }

  @Test("that ends too early by damage is both unverified and cut")
  func endsInside() throws {
    let inner = zlib(Array(Self.text.prefix(1000)), adler: 1)
    let (streams, _) = try open(inner + zlib(Self.text))
    #expect(streams.map(\.bytes) == [Array(Self.text.prefix(1000))])
    #expect(streams.map(\.codes) == [[.zlibChecksum, .zlibData]])
    #expect(streams.first?.remarks.map(\.effect) == [.unverified, .fileCut])
  }

  @Test("followed by other bytes keeps everything before them", arguments: ReadSizes.all)
  func trailing(sizes: ReadSizes) throws {
    let (streams, _) = try open(zlib(Self.text) + [1], sizes)
    #expect(streams.map(\.bytes) == [Self.text])
    #expect(streams.map(\.codes) == [[.zlibData]])
  }

  @Test("cut at any point after its header gives what came before and says that it was cut")
  func truncation() throws {
    let text = claimText(700)
    let whole = zlib(text)
    for end in 2..<whole.count {
      let (streams, _) = try open(Array(whole.prefix(end)))
      let stream = try #require(streams.first)
      #expect(text.starts(with: stream.bytes), "cut at \(end)")
      #expect(stream.codes == [.zlibTruncated], "cut at \(end)")
      #expect(stream.remarks.first?.compressedOffset == end)
    }
  }

  @Test(
    "is not seen in text that begins like one",
    arguments: [
      "x^2 is the square", "x", "x^", "x^bbbbbbbbbbbbbbb", "xISA*00*", "x\u{1}", "x\u{1}plain text that goes on",
    ])
  func text(text: String) throws {
    let (streams, _) = try open(Array(text.utf8))
    if text != "x\u{1}" { #expect(streams.map(\.compression) == ["none"]) }
    if text != "x\u{1}" { #expect(streams.map(\.bytes) == [Array(text.utf8)]) }
  }
}
