import Glibc
import Testing

@testable import Reporting

/// A set of files takes its place as a whole, also when the run that puts it there dies in between.
@Suite struct PublicationTests {
  private static let names = ["lines.csv", "findings.csv", "summary.json", "run.json"]

  /// Publishes a set whose files all hold `text`.
  private func publish(_ folder: TestFolder, _ text: String, calls: OutputCalls = .system) throws {
    let output = try OutputFolder(path: folder.path, calls: calls)
    do {
      for name in PublicationTests.names {
        let report = try output.create(name)
        report.buffer.append(text)
        try report.flush()
      }
      try output.publish()
    } catch {
      output.abort()
      throw error
    }
  }

  /// What the files hold; one text when they belong together.
  private func texts(_ folder: TestFolder) -> Set<String> { Set(PublicationTests.names.map { folder.text($0) }) }

  /// Calls of a process that is gone once it has made a number of them: nothing it asks for happens any more.
  private static func dying(after count: Int, _ recorder: Recorder) -> OutputCalls {
    let system = OutputCalls.system
    @Sendable func isDead() -> Bool {
      _ = recorder.fails("any")
      return recorder.count("any") > count
    }
    return OutputCalls(
      open: { isDead() ? (-1, EIO) : system.open($0, $1, $2, $3) },
      write: { isDead() ? (-1, EIO) : system.write($0, $1) },
      sync: { isDead() ? (-1, EIO) : system.sync($0) },
      // What a dead process had open is closed, or later tests run out of files.
      close: { isDead() ? (system.close($0).result, EIO) : system.close($0) },
      rename: { isDead() ? (-1, EIO) : system.rename($0, $1, $2) },
      unlink: { isDead() ? (-1, EIO) : system.unlink($0, $1) })
  }

  @Test func aRunThatDiesAnywhereLeavesOneSetOrAListThatMakesItOne() throws {
    let counting = Recorder()
    try publish(TestFolder(), "new", calls: PublicationTests.dying(after: .max, counting))
    let calls = counting.count("any")
    #expect(calls > 30)
    var mixed = 0
    var published = 0
    for count in 0...calls {
      let folder = TestFolder()
      try publish(folder, "old")
      try? publish(folder, "new", calls: PublicationTests.dying(after: count, Recorder()))
      let found = texts(folder)
      // One that is not written to its end is no list.
      let hasList = PublicationJournal(text: folder.text(PublicationJournal.name)) != nil
      if found.count > 1 {
        mixed += 1
        #expect(hasList, "a mixed set that nothing tells from a whole one, after \(count) calls")
      }
      // The next run, whatever it is for, leaves one set: the new one as soon as there was a list.
      do { _ = try OutputFolder(path: folder.path) }
      #expect(texts(folder) == [hasList || found == ["new"] ? "new" : "old"], "after \(count) calls")
      if texts(folder) == ["new"] { published += 1 }
      #expect(folder.names == PublicationTests.names.sorted(), "after \(count) calls: \(folder.names)")
    }
    // The case this is for does occur; how often, depends on how the renames that are done side by side fall.
    #expect(mixed >= 1)
    #expect(published >= 6 && published < calls)
  }

  @Test(arguments: 1...4) func aRenameThatFailsIsDoneByTheNextRun(_ position: Int) throws {
    let folder = TestFolder()
    try publish(folder, "old")
    let error = #expect(throws: ReportError.self) {
      try publish(folder, "new", calls: .failing(Recorder(failing: "rename", position: position)))
    }
    #expect(error?.kind == .cannotWrite)
    // All but the last are renamed side by side, in any order.
    let mayFail = position < 4 ? PublicationTests.names[..<3] : PublicationTests.names[3...]
    #expect(mayFail.map { folder.path + "/" + $0 }.contains(error?.file))
    #expect(texts(folder) == ["old", "new"])
    do { _ = try OutputFolder(path: folder.path) }
    #expect(texts(folder) == ["new"])
    #expect(folder.names == PublicationTests.names.sorted())
  }

  @Test func aListThatCannotBeMadeLeavesTheOldSet() throws {
    let counting = Recorder()
    try publish(TestFolder(), "new", calls: .failing(counting))
    // The list: its file, its text, its sync, and the sync of the folder.
    let faults = [
      ("open", counting.count("open")), ("write", counting.count("write")), ("sync", counting.count("sync") - 2),
      ("sync", counting.count("sync") - 1),
    ]
    for (call, position) in faults {
      let folder = TestFolder()
      try publish(folder, "old")
      #expect(throws: ReportError.self, "\(call) \(position)") {
        try publish(folder, "new", calls: .failing(Recorder(failing: call, position: position)))
      }
      #expect(texts(folder) == ["old"], "\(call) \(position)")
      #expect(folder.names == PublicationTests.names.sorted(), "\(call) \(position)")
    }
  }

  @Test(
    arguments: [
      "", "claimaudit publication 1\0", "claimaudit publication 1\0.claimaudit-a.1.tmp/../outside\0end\0",
      "claimaudit publication 1\0.claimaudit-a.1.tmp/..\0end\0",
      "claimaudit publication 1\0.claimaudit-a.1.tmp/.claimaudit.lock\0end\0",
      "claimaudit publication 1\0precious/lines.csv\0end\0",
      "claimaudit publication 1\0.claimaudit-x/../../a.tmp/lines.csv\0end\0",
      "claimaudit publication 2\0.claimaudit-a.1.tmp/lines.csv\0end\0",
      "claimaudit publication 1\0.claimaudit-a.1.tmp/lines.csv\0", "\u{0}\u{1}",
    ])
  func aListThatIsNotOursIsNotFollowed(_ text: String) throws {
    #expect(PublicationJournal(text: text)?.entries.isEmpty ?? true)
    let folder = TestFolder()
    folder.write("precious", "kept")
    folder.write("lines.csv", "old")
    folder.write(".claimaudit-a.1.tmp", "strange")
    folder.write(PublicationJournal.name, text)
    do { _ = try OutputFolder(path: folder.path) }
    #expect(folder.names == ["lines.csv", "precious"])
    #expect(folder.text("lines.csv") == "old")
    #expect(folder.text("precious") == "kept")
  }

  @Test func theListSaysWhatItWasMadeFrom() {
    let journal = PublicationJournal([
      PublicationJournal.Entry(temporary: ".claimaudit-lines.csv.1.tmp", final: "lines.csv"),
      PublicationJournal.Entry(temporary: ".claimaudit-run.json.1.tmp", final: "run.json"),
      PublicationJournal.Entry(temporary: ".claimaudit-a \n b.837.1.tmp", final: ".a \n b.837"),
    ])
    #expect(PublicationJournal(text: journal.text) == journal)
  }

  @Test func runJSONNamesSizesAndChecksumsOfTheSet() throws {
    let published = try Published([], formats: [.csv, .xml])
    let run = try #require(JSON(published.folder.text("run.json")))
    for name in ["lines.csv", "findings.csv", "issues.csv", "report.xml", "summary.json"] {
      let bytes = published.folder.bytes(name)
      #expect(run["reports"]?[name]?.integer == bytes.count, "\(name)")
      #expect(
        run["checksums"]?[name]?.text == PublishedReport(name: name, bytes: 0, checksum: crc32(bytes)).checksumText)
    }
    #expect(PublishedReport(name: "", bytes: 0, checksum: 0x2A).checksumText == "crc32:0000002a")
  }

  /// CRC-32 a bit at a time, as the standard says it.
  private func crc32(_ bytes: [UInt8]) -> UInt32 {
    var remainder: UInt32 = ~0
    for byte in bytes {
      remainder ^= UInt32(byte)
      for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return ~remainder
  }

  @Test func aSignalHandlerCompletesOrTakesBackTheWholeSet() throws {
    for isPublishing in [false, true] {
      let folder = TestFolder()
      for name in [".claimaudit-a.1.tmp", ".claimaudit-b.1.tmp"] { folder.write(name, "new") }
      folder.write("a", "old")
      folder.write("b", "old")
      let descriptor = unsafe open(folder.path, O_RDONLY | O_DIRECTORY)
      defer { close(descriptor) }
      let places = try ["a", "b"].map { name in
        try #require(TemporaryFiles.add(folder: descriptor, temporary: ".claimaudit-\(name).1.tmp", final: name))
      }
      if isPublishing { TemporaryFiles.commit(places) }
      for place in places {
        TemporaryFiles.settle(place)
        TemporaryFiles.remove(place)
      }
      #expect(folder.names == ["a", "b"])
      #expect(folder.text("a") == (isPublishing ? "new" : "old"))
      #expect(folder.text("b") == folder.text("a"))
    }
  }
}
