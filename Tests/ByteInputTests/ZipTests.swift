import Testing

@testable import ByteInput

@Suite("A zip archive")
struct ZipTests {
  typealias Entry = ZipBuilder.Entry

  static let text = claimText(60_000)

  /// An entry with something changed about it.
  static func entry(_ name: String, _ content: [UInt8] = text, _ change: (inout Entry) -> Void = { _ in }) -> Entry {
    var entry = Entry(name, content)
    change(&entry)
    return entry
  }

  @Test("gives every stored and deflated entry in the order of its directory", arguments: ReadSizes.all)
  func roundTrip(sizes: ReadSizes) throws {
    let archive = ZipBuilder([
      Self.entry("b.837"),
      Self.entry("a/", []) {
        $0.method = 0; $0.mode = 0o040755
      },
      Self.entry("a/c.837", claimText(5000, seed: 2)) { $0.method = 0 },
      Self.entry("d.837", claimText(10, seed: 3)) { $0.flags = 8 },
      Self.entry("e.837", claimText(500, seed: 4)) { $0.isZip64 = true },
    ])
    let (streams, remarks) = try open(archive.bytes(), sizes)
    #expect(streams.map(\.name) == ["input!b.837", "input!a/c.837", "input!d.837", "input!e.837"])
    #expect(streams.allSatisfy { $0.compression == "zip" && $0.remarks.isEmpty })
    #expect(
      streams.map(\.bytes) == [Self.text, claimText(5000, seed: 2), claimText(10, seed: 3), claimText(500, seed: 4)])
    #expect(remarks.isEmpty)
  }

  @Test("may have a zip64 end record, and more entries than two bytes count")
  func zip64() throws {
    var archive = ZipBuilder((0..<65_600).map { Self.entry("\($0)", [UInt8(ascii: "x")]) { $0.method = 0 } })
    archive.hasZip64Record = true
    let folder = try TemporaryFolder()
    let path = try folder.write("a.zip", archive.bytes())
    var names: [String] = []
    let outcome = InputOpener().forEachStream(of: InputReference(path: path)) { stream in
      names.append(stream.name)
      #expect(stream.peek(9) == [UInt8(ascii: "x")])
    }
    #expect(names.count == 65_600)
    #expect(names.last == "\(path)!65599")
    #expect(outcome == .read(remarks: []))
  }

  @Test("beyond the limit of entries is read up to it, and says so")
  func entryLimit() throws {
    var limits = InputLimits()
    limits.maxEntries = 3
    let archive = ZipBuilder((0..<5).map { Self.entry("\($0)", [1]) })
    let (streams, remarks) = try open(archive.bytes(), limits: limits)
    #expect(streams.count == 3)
    #expect(remarks.map(\.code) == [.entryLimit])
    #expect(remarks.first?.effect == .fileCut)
  }

  @Test("refuses an entry that it cannot read by name, and reads the others", arguments: ReadSizes.all)
  func refusedEntries(sizes: ReadSizes) throws {
    let archive = ZipBuilder([
      Self.entry("secret.837") { $0.flags = 1 }, Self.entry("aes.837") { $0.method = 99 },
      Self.entry("bzip2.837") { $0.method = 12 }, Self.entry("good.837"),
      Self.entry("link.837", Array("/etc/passwd".utf8)) { $0.mode = 0o120777 },
      Self.entry("fifo.837", []) { $0.mode = 0o010644 }, Self.entry("__MACOSX/._good.837", [0, 5]),
    ])
    let (streams, remarks) = try open(archive.bytes(), sizes)
    #expect(streams.map(\.name) == ["input!good.837"])
    #expect(streams.first?.bytes == Self.text)
    #expect(
      remarks.map(\.code) == [.zipEncrypted, .zipEncrypted, .zipMethod, .entrySkipped, .entrySkipped, .entrySkipped])
    #expect(remarks.map(\.effect) == [.fileRefused, .fileRefused, .fileRefused, .none, .none, .none])
    #expect(remarks[0].entryName?.hasSuffix("input!secret.837") == true)
    #expect(remarks[2].message.contains("method 12"))
  }

  @Test("refuses a workbook as what it is, not entry by entry")
  func workbook() throws {
    let (streams, remarks) = try open(
      ZipBuilder([Self.entry("[Content_Types].xml"), Self.entry("_rels/.rels"), Self.entry("xl/workbook.xml")]).bytes())
    #expect(streams.isEmpty && remarks.map(\.code) == [.compression] && remarks.map(\.effect) == [.fileRefused])
    #expect(remarks.first?.message.contains("save the sheet as CSV") == true)
  }

  @Test("marks entries whose checksum or sizes do not match", arguments: ReadSizes.all)
  func checks(sizes: ReadSizes) throws {
    let archive = ZipBuilder([
      Self.entry("crc") { $0.crc = 5 },
      Self.entry("stored") {
        $0.method = 0; $0.crc = 5
      },
      Self.entry("size") { $0.size = 10 }, Self.entry("good"),
    ])
    let (streams, _) = try open(archive.bytes(), sizes)
    #expect(streams.map(\.bytes) == [Self.text, Self.text, Self.text, Self.text])
    #expect(streams.map(\.codes) == [[.zipCRC], [.zipCRC], [.zipSize], []])
    #expect(streams[0].remarks.first?.effect == .unverified)
    #expect(streams[0].remarks.first?.firstUnverifiedOffset == 0)
  }

  @Test("keeps what can be saved of an entry whose data is cut or damaged", arguments: ReadSizes.all)
  func damagedEntry(sizes: ReadSizes) throws {
    let data = Deflate.raw(Self.text)
    let archive = ZipBuilder([
      Self.entry("cut") { $0.data = Array(data.prefix(data.count / 2)) },
      Self.entry("damaged") { $0.data = Array(data.prefix(data.count / 2)) + [UInt8](repeating: 0xff, count: 99) },
      Self.entry("good"),
    ])
    let (streams, _) = try open(archive.bytes(), sizes)
    #expect(streams.map(\.codes) == [[.zipData], [.zipData], []])
    #expect(streams.allSatisfy { Self.text.starts(with: $0.bytes.prefix(15_000)) && $0.bytes.count > 15_000 })
    #expect(streams[0].remarks.first?.effect == .fileCut)
    #expect(streams[0].remarks.first?.decompressedOffset == streams[0].bytes.count)
  }

  @Test("whose entry ends too early by damage calls it cut")
  func endsInside() throws {
    let part = Deflate.raw(Array(Self.text.prefix(1000)))
    let archive = ZipBuilder([Self.entry("a") { $0.data = part + Deflate.raw(Self.text) }])
    let (streams, _) = try open(archive.bytes())
    #expect(streams.map(\.bytes) == [Array(Self.text.prefix(1000))])
    #expect(streams.map(\.codes) == [[.zipData]])
    #expect(streams.first?.remarks.first?.effect == .fileCut)
  }

  @Test("refuses entries that share their bytes, and reads the others")
  func overlap() throws {
    let archive = ZipBuilder([
      Self.entry("a0"), Self.entry("good"), Self.entry("a1") { $0.sharedOffset = 0 },
      Self.entry("a2") { $0.sharedOffset = 0 },
    ])
    let (streams, remarks) = try open(archive.bytes())
    #expect(streams.map(\.name) == ["input!good"])
    #expect(remarks.map(\.code) == [.zipOverlap, .zipOverlap, .zipOverlap])
  }

  @Test("does not believe an end record that hides in the comment")
  func fakeEndRecord() throws {
    let empty: [UInt8] = [0x50, 0x4b, 5, 6] + little(0, 18)
    var archive = ZipBuilder("a.837", Self.text)
    archive.comment = Array("hi ".utf8) + empty
    #expect(try open(archive.bytes()).streams.map(\.bytes) == [Self.text])
    // A whole second archive in the comment, its offsets made to fit.
    let size = archive.bytes().count - archive.comment.count
    var fake = ZipBuilder("fake.837", Array("fake".utf8))
    fake.directoryShift = size
    archive.comment = fake.bytes()
    #expect(try open(archive.bytes()).streams.map(\.name) == ["input!a.837"])
  }

  @Test("may stand behind a program that unpacks it, and before other bytes")
  func stub() throws {
    let archive = ZipBuilder("a.837", Self.text).bytes()
    let behind = try open(Array("#!/bin/sh\nexit\n".utf8) + archive)
    #expect(behind.streams.map(\.bytes) == [Self.text])
    #expect(behind.remarks.map(\.code) == [.zipDirectory])
    #expect(behind.remarks.map(\.severity) == [.info])
    let before = try open(archive + [UInt8](repeating: 0, count: 100))
    #expect(before.streams.map(\.bytes) == [Self.text])
    #expect(before.remarks.map(\.severity) == [.warning])
    let script = Array("#!/bin/sh\necho no archive\n".utf8)
    #expect(try open(script).streams.map(\.bytes) == [script])
  }

  @Test("whose directory contradicts itself is refused")
  func directory() throws {
    var tooMany = ZipBuilder("a.837", Self.text)
    tooMany.count = 9
    var elsewhere = ZipBuilder("a.837", Self.text)
    elsewhere.directoryShift = 0x7fff_0000
    for archive in [tooMany, elsewhere] {
      let (streams, remarks) = try open(archive.bytes())
      #expect(streams.isEmpty)
      #expect(remarks.map(\.code) == [.zipDirectory])
      #expect(remarks.map(\.effect) == [.fileRefused])
    }
  }

  @Test("with sizes and offsets that no file can have is refused, never a trap")
  func absurdNumbers() throws {
    let absurd = [Int.max, Int.max - 40, Int.max - 100_000, 1 << 62, -1, 0xffff_ffff, 0xffff_fffe]
    for number in absurd {
      let archive = ZipBuilder([
        Self.entry("size") {
          $0.isZip64 = true; $0.compressedSize = number
        },
        Self.entry("good"),
      ])
      let (streams, remarks) = try open(archive.bytes())
      #expect(streams.map(\.name) == [] || streams.map(\.name) == ["input!good"])
      #expect(!remarks.isEmpty)
      let elsewhere = ZipBuilder([
        Self.entry("offset") {
          $0.isZip64 = true; $0.sharedOffset = number
        }, Self.entry("good"),
      ])
      #expect(try !open(elsewhere.bytes()).remarks.isEmpty)
    }
    var wide = ZipBuilder("a", Self.text)
    wide.hasZip64Record = true
    for number in absurd {
      wide.directoryShift = number == -1 ? -1 : number - 100_000
      #expect(try !open(wide.bytes()).remarks.isEmpty)
      wide.directoryShift = 0
      wide.count = number
      #expect(try !open(wide.bytes()).remarks.isEmpty)
      wide.count = nil
    }
  }

  @Test("whose comment is cut still gives its entries, and says so")
  func cutComment() throws {
    var archive = ZipBuilder("a.837", Self.text)
    archive.comment = Array("a long comment".utf8)
    let (streams, remarks) = try open(Array(archive.bytes().dropLast(3)))
    #expect(streams.map(\.bytes) == [Self.text])
    #expect(remarks.map(\.severity) == [.warning])
  }

  @Test("without entries says so")
  func noEntries() throws {
    let (streams, remarks) = try open(ZipBuilder([]).bytes())
    #expect(streams.isEmpty)
    #expect(remarks.map(\.code) == [.noEntries])
  }

  @Test("cut at any point is refused, never misread")
  func truncation() throws {
    let whole = ZipBuilder([Self.entry("a.837", claimText(300)), Self.entry("b.837", claimText(300, seed: 2))]).bytes()
    for end in 2..<whole.count {
      let (streams, remarks) = try open(Array(whole.prefix(end)))
      #expect(streams.isEmpty, "cut at \(end)")
      #expect(remarks.map(\.code) == [.zipTruncated], "cut at \(end)")
    }
  }

  @Test("with any byte changed never crashes, and never gives other bytes without a remark")
  func damage() throws {
    let text = claimText(120)
    let whole = ZipBuilder([Self.entry("a.837", text), Self.entry("b.837", text) { $0.method = 0 }]).bytes()
    for index in whole.indices {
      for value in [UInt8(0), 0xff, whole[index] ^ 0x10] where value != whole[index] {
        var bytes = whole
        bytes[index] = value
        let (streams, remarks) = try open(bytes)
        let isSound = streams.map(\.bytes) == [text, text]
        #expect(
          isSound || !remarks.isEmpty || streams.contains { !$0.remarks.isEmpty } || index < 4,
          "byte \(index) = \(value)")
      }
    }
  }

  @Test("shows names safely and tells namesakes apart")
  func names() throws {
    let archive = ZipBuilder([
      Self.entry("../../evil.837"), Self.entry("a\u{1b}[2J\nb.837"),
      Self.entry("") { $0.name = [0x61, 0xff, 0x62] }, Self.entry("same.837"), Self.entry("same.837"),
      Self.entry("shown") { $0.localName = Array("other".utf8) },
    ])
    let (streams, _) = try open(archive.bytes())
    #expect(
      streams.map(\.name) == [
        "input!../../evil.837", "input!a\\x1b[2J\\x0ab.837", "input!a\\xffb", "input!same.837", "input!same.837#2",
        "input!shown",
      ])
    #expect(
      streams.map(\.codes) == [[.entryName], [.entryName], [.entryName], [], [.entryDuplicate], [.entryName]])
    #expect(streams.flatMap(\.remarks).allSatisfy { $0.effect == .none })
  }
}
