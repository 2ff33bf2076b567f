import Testing

@testable import ByteInput

@Suite("Compression inside compression")
struct NestingTests {
  static let text = claimText(50_000)

  @Test("is unwrapped three levels deep", arguments: ReadSizes.all)
  func threeLevels(sizes: ReadSizes) throws {
    let zip = ZipBuilder("a.837", Self.text).bytes()
    let cases: [(bytes: [UInt8], compression: String, name: String)] = [
      (gzip(gzip(Self.text)), "gzip+gzip", "input"),
      (gzip(gzip(gzip(Self.text))), "gzip+gzip+gzip", "input"),
      (gzip(zlib(Self.text)), "gzip+zlib", "input"),
      (gzip(zip), "gzip+zip", "input!a.837"),
      (ZipBuilder("in.zip", zip).bytes(), "zip+zip", "input!in.zip!a.837"),
      (ZipBuilder("a.837.gz", gzip(Self.text)).bytes(), "zip+gzip", "input!a.837.gz"),
      (ZipBuilder("in.zip.gz", gzip(zip)).bytes(), "zip+gzip+zip", "input!in.zip.gz!a.837"),
    ]
    for nested in cases {
      let (streams, remarks) = try open(nested.bytes, sizes)
      #expect(streams.map(\.compression) == [nested.compression])
      #expect(streams.map(\.name) == [nested.name])
      #expect(streams.map(\.bytes) == [Self.text])
      #expect(streams.map(\.codes) == [[.nestedCompression]])
      #expect(streams.flatMap(\.remarks).map(\.severity) == [.info])
      #expect(remarks.isEmpty)
    }
  }

  @Test("is refused at the fourth level")
  func fourthLevel() throws {
    let (streams, remarks) = try open(gzip(gzip(gzip(gzip(Self.text)))))
    #expect(streams.isEmpty)
    #expect(remarks.map(\.code) == [.nestedCompression])
    #expect(remarks.map(\.effect) == [.fileRefused])
    let entry = try open(ZipBuilder("deep", gzip(gzip(gzip(Self.text)))).bytes())
    #expect(entry.remarks.first?.entryName?.hasSuffix("input!deep") == true)
  }

  @Test("that is cut outside says so once", arguments: ReadSizes.all)
  func outerCut(sizes: ReadSizes) throws {
    let inner = gzip(Self.text, level: 0)
    let whole = gzip(inner)
    let (streams, _) = try open(Array(whole.prefix(whole.count / 2)), sizes)
    let stream = try #require(streams.first)
    #expect(Self.text.starts(with: stream.bytes))
    #expect(stream.bytes.count > 10_000)
    #expect(stream.codes == [.nestedCompression, .gzipTruncated])
    #expect(stream.remarks.last?.decompressedOffset == stream.bytes.count)
    #expect(stream.remarks.last?.compressedOffset == whole.count / 2)
  }

  @Test("that fails its checksum outside leaves all inside unverified")
  func outerChecksum() throws {
    let (streams, _) = try open(gzip(gzip(Self.text), crc: 1))
    let remark = try #require(streams.first?.remarks.last)
    #expect(streams.first?.bytes == Self.text)
    #expect(remark.code == .gzipCRC)
    #expect(remark.firstUnverifiedOffset == 0)
    #expect(remark.decompressedOffset == Self.text.count)
  }
}

@Suite("The expansion bound")
struct ExpansionTests {
  static let zeros = [UInt8](repeating: 0, count: 8 << 20)

  @Test("ends a stream that expands beyond it, at the same byte however it is read")
  func bound() throws {
    var limits = InputLimits()
    limits.maxExpansion = 100
    limits.expansionGrace = 1 << 20
    let results = try [ReadSizes.whole, .random(seed: 5)].map { try open(gzip(Self.zeros), $0, limits: limits).streams }
    let stream = try #require(results[0].first)
    #expect(stream.codes == [.ratio])
    #expect(stream.remarks.first?.effect == .fileCut)
    #expect(stream.bytes.count == 2 << 20)
    #expect(results[0] == results[1])
  }

  @Test("leaves what one layer of deflate can do alone")
  func defaults() throws {
    var limits = InputLimits()
    limits.expansionGrace = 0
    let (streams, _) = try open(gzip(Self.zeros), limits: limits)
    #expect(streams.map(\.codes) == [[]])
    #expect(streams.map(\.bytes.count) == [8 << 20])
  }

  @Test("looks at all layers together")
  func layers() throws {
    var limits = InputLimits()
    limits.expansionGrace = 1 << 20
    let (streams, _) = try open(gzip(gzip(Self.zeros)), limits: limits)
    #expect(streams.map(\.codes) == [[.nestedCompression, .ratio]])
  }

  @Test("looks at all entries of an archive together")
  func entries() throws {
    var limits = InputLimits()
    limits.maxExpansion = 500
    limits.expansionGrace = 20 << 20
    let entries = (0..<5).map { ZipBuilder.Entry("\($0)", Self.zeros) }
    let (streams, _) = try open(ZipBuilder(entries).bytes(), limits: limits)
    #expect(streams.map(\.codes) == [[], [], [.ratio], [.ratio], [.ratio]])
  }
}
