import Testing

@testable import ByteInput

@Suite("A compression that is not read")
struct CompressionFormatTests {
  static let known: [(name: String, front: [UInt8])] = [
    ("bzip2", Array("BZh9".utf8) + [0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 1, 2]),
    ("zstd", [0x28, 0xb5, 0x2f, 0xfd, 0]), ("zstd", [0x5a, 0x2a, 0x4d, 0x18, 0]),
    ("xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), ("lz4", [0x04, 0x22, 0x4d, 0x18, 0]),
    ("7z", [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]), ("rar", Array("Rar!".utf8) + [0x1a, 7, 0]),
    ("compress", [0x1f, 0x9d, 0x90]), ("tar", [UInt8](repeating: 65, count: 257) + Array("ustar\0".utf8)),
  ]

  @Test("is refused by its name", arguments: known.indices)
  func refused(index: Int) throws {
    let (streams, remarks) = try open(Self.known[index].front)
    #expect(streams.isEmpty)
    #expect(remarks.map(\.code) == [.compression])
    #expect(remarks.first?.message.contains(Self.known[index].name) == true)
  }

  @Test("is refused by its name in an archive, and the other entries are read")
  func entry() throws {
    let archive = ZipBuilder([
      ZipBuilder.Entry("a.zst", [0x28, 0xb5, 0x2f, 0xfd, 0]), ZipBuilder.Entry("b.837", claimText(100)),
    ])
    let (streams, remarks) = try open(archive.bytes())
    #expect(streams.map(\.name) == ["input!b.837"])
    #expect(remarks.first?.entryName?.hasSuffix("input!a.zst") == true)
  }

  @Test(
    "is not seen in text", arguments: ["BZh", "BZh9 units", "PKG,claim", "MZ,a", "#!x", "Rar", "7z", "P", "ISA*00"])
  func text(text: String) throws {
    let (streams, remarks) = try open(Array(text.utf8))
    #expect(streams == [ReadStream(name: "input", compression: "none", bytes: Array(text.utf8))])
    #expect(remarks.isEmpty)
  }

  @Test("or one that the name promises and the content lacks, is a notice; the content decides")
  func mismatch() throws {
    let folder = try TemporaryFolder()
    for (name, bytes, expected) in [
      ("plain.837.gz", claimText(10), true), ("hidden.837", gzip(claimText(10)), true),
      ("right.837.gz", gzip(claimText(10)), false), ("right.csv", claimText(10), false),
    ] {
      let (streams, _) = open(InputReference(path: try folder.write(name, bytes)))
      #expect(streams.map(\.bytes) == [claimText(10)])
      #expect(streams.map(\.codes) == [expected ? [.formatMismatch] : []])
    }
  }
}
