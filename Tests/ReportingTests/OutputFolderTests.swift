import Auditing
import ClaimModel
import Glibc
import Testing

@testable import Reporting

/// The old report or the new one, never half of either.
@Suite struct OutputFolderTests {
  private func publish(_ folder: TestFolder, _ text: String, calls: OutputCalls = .system) throws {
    let output = try OutputFolder(path: folder.path, calls: calls)
    do {
      for name in ["lines.csv", "run.json"] {
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

  @Test func reportsArePublished() throws {
    let folder = TestFolder()
    try publish(folder, "new")
    #expect(folder.names == ["lines.csv", "run.json"])
    #expect(folder.text("lines.csv") == "new")
    for name in folder.allNames { #expect(folder.mode(name) == 0o600, "\(name)") }
  }

  @Test func theFolderIsCreatedForTheUserAlone() throws {
    let folder = TestFolder()
    let path = folder.path + "/a/b/"
    _ = try OutputFolder(path: path)
    var status = stat()
    #expect(unsafe stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o700)
    unsafe unlink(path + ".claimaudit.lock")
    unsafe rmdir(path)
    unsafe rmdir(folder.path + "/a")
  }

  /// Every call that can fail before the first rename, at every position.
  @Test(arguments: [("open", 2), ("write", 2), ("sync", 2), ("close", 2)])
  func aFailureLeavesTheOldSet(_ call: String, _ count: Int) throws {
    // The folder, its lock, the list of renames and the listing are opened before the first report.
    let before = call == "open" ? 4 : 0
    for position in (before + 1)...(before + count) {
      let folder = TestFolder()
      try publish(folder, "old")
      let recorder = Recorder(failing: call, position: position, code: ENOSPC)
      let error = #expect(throws: ReportError.self, "\(call) \(position)") {
        try publish(folder, "new", calls: .failing(recorder))
      }
      #expect(error?.kind == (call == "open" ? .cannotCreate : .cannotWrite))
      #expect(folder.names == ["lines.csv", "run.json"], "\(call) \(position)")
      #expect(folder.text("lines.csv") == "old")
      #expect(folder.text("run.json") == "old")
    }
  }

  /// A number that is closed twice may be somebody else's the second time.
  @Test func whatAHeldFolderOpenedIsClosedOnce() throws {
    let folder = TestFolder()
    let holder = try OutputFolder(path: folder.path)
    let counting = Recorder()
    let error = #expect(throws: ReportError.self) {
      _ = try OutputFolder(path: folder.path, calls: .failing(counting))
    }
    #expect(error?.kind == .locked)
    #expect(counting.count("close") == 2)
    withExtendedLifetime(holder) {}
  }

  @Test(arguments: 1...3) func aFolderThatCannotBeOpenedIsAnError(_ position: Int) throws {
    let folder = TestFolder()
    let error = #expect(throws: ReportError.self) {
      try publish(folder, "new", calls: .failing(Recorder(failing: "open", position: position, code: EACCES)))
    }
    #expect(error?.kind == .cannotCreate)
    #expect(error?.code == EACCES)
  }

  /// Behind the list of renames, and behind the renames.
  @Test(arguments: 4...5) func aFolderThatCannotBeSyncedIsSaid(_ position: Int) throws {
    let folder = TestFolder()
    let error = #expect(throws: ReportError.self) {
      try publish(folder, "new", calls: .failing(Recorder(failing: "sync", position: position)))
    }
    #expect(error?.kind == .cannotWrite)
    #expect(error?.file == folder.path)
  }

  /// Each write and each sync of a whole report set, failed in turn.
  @Test func aWholeReportSetSurvivesEveryFault() throws {
    var test = TestClaim()
    test.line(record: 1)
    let claims = [(test.claim, audit(test.claim, findings: [finding("MOD-003", .error)]))]
    func publish(_ calls: OutputCalls, _ folder: TestFolder, version: String) throws {
      let set = ReportSet(
        ReportOptions(destination: .folder(folder.path), formats: ReportFormat.allCases, version: version),
        folder: try OutputFolder(path: folder.path, calls: calls))
      _ = try set.publish(
        lines: spool(claims), issues: spool(issues: []), runFindings: spool([]),
        files: [SourceFile(path: "a.837", format: .x12)],
        catalogue: catalogue, summary: SummaryBuilder()
      ) { _ in facts }
    }
    let counting = Recorder()
    try publish(.failing(counting), TestFolder(), version: "new")
    for call in ["open", "write", "sync", "close"] {
      // The last two syncs are of the folder, behind the renames; the last two closes are of it and of the lock.
      let last = counting.count(call) - (call == "sync" || call == "close" ? 2 : 0)
      // One of the ten files, issues.jsonl, is empty and never written.
      #expect(last >= 9, "\(call)")
      for position in 1...last where !(call == "open" && position == 4) {
        let folder = TestFolder()
        try publish(.system, folder, version: "old")
        let old = Dictionary(uniqueKeysWithValues: folder.names.map { ($0, folder.bytes($0)) })
        #expect(throws: ReportError.self, "\(call) \(position)") {
          try publish(.failing(Recorder(failing: call, position: position)), folder, version: "new")
        }
        #expect(folder.names.count == 10)
        for name in folder.names { #expect(folder.bytes(name) == old[name], "\(call) \(position) \(name)") }
      }
    }
  }

  @Test func shortWritesAndInterruptsAreCarriedOn() throws {
    let folder = TestFolder()
    var calls = OutputCalls.system
    let system = calls
    let recorder = Recorder()
    calls.write = { file, bytes in
      _ = recorder.fails("write")
      if recorder.count("write") % 3 == 0 { return (-1, EINTR) }
      return system.write(file, bytes.extracting(0..<min(7, bytes.count)))
    }
    let text = String(repeating: "0123456789", count: 50)
    try publish(folder, text, calls: calls)
    #expect(folder.text("lines.csv") == text)
    #expect(recorder.count("write") > 100)
  }

  @Test func aWriteThatTakesNothingEnds() throws {
    var calls = OutputCalls.system
    calls.write = { _, _ in (0, 0) }
    let folder = TestFolder()
    #expect(throws: ReportError.self) { try publish(folder, "x", calls: calls) }
    #expect(folder.names == [])
  }

  @Test func aClosedPipeIsToldApart() throws {
    var calls = OutputCalls.system
    calls.write = { _, _ in (-1, EPIPE) }
    let output = ReportOutput(name: "standard output", descriptor: 1, calls: calls)
    output.buffer.append("x")
    let error = #expect(throws: ReportError.self) { try output.flush() }
    #expect(error?.kind == .brokenPipe)
    #expect(output.buffer.count == 0)
  }

  @Test func twoRunsCannotShareAFolder() throws {
    let folder = TestFolder()
    let first = try OutputFolder(path: folder.path)
    let error = #expect(throws: ReportError.self) { _ = try OutputFolder(path: folder.path) }
    #expect(error?.kind == .locked)
    first.abort()
  }

  @Test func theLockGoesWithItsHolder() throws {
    let folder = TestFolder()
    do { _ = try OutputFolder(path: folder.path) }
    _ = try OutputFolder(path: folder.path)
  }

  @Test func whatADeadRunLeftIsRemoved() throws {
    let folder = TestFolder()
    folder.write(".claimaudit-lines.csv.4711.tmp", "half")
    folder.write(".claimaudit-spool.4711.1.tmp", "half")
    folder.write("mine.tmp", "kept")
    try publish(folder, "new")
    #expect(folder.names == ["lines.csv", "mine.tmp", "run.json"])
  }

  @Test func aLinkIsNotWrittenOver() throws {
    let folder = TestFolder()
    folder.write("target", "precious")
    _ = unsafe symlink(folder.path + "/target", folder.path + "/lines.csv")
    let error = #expect(throws: ReportError.self) { try publish(folder, "new") }
    #expect(error?.kind == .cannotCreate)
    #expect(error?.code == ELOOP)
    #expect(folder.text("target") == "precious")
    #expect(folder.names == ["lines.csv", "target"])
  }

  @Test func aFolderInTheWayIsAnError() throws {
    let folder = TestFolder()
    _ = unsafe mkdir(folder.path + "/lines.csv", 0o700)
    let error = #expect(throws: ReportError.self) { try publish(folder, "new") }
    #expect(error?.kind == .cannotCreate)
    _ = unsafe rmdir(folder.path + "/lines.csv")
  }

  @Test func abortLeavesNothing() throws {
    let folder = TestFolder()
    let output = try OutputFolder(path: folder.path)
    let report = try output.create("lines.csv")
    report.buffer.append("x")
    try report.flush()
    #expect(folder.names.count == 1)
    #expect(folder.mode(folder.names[0]) == 0o600)
    output.abort()
    #expect(folder.names == [])
  }

  @Test func theReportSetNamesItsFiles() throws {
    let folder = TestFolder()
    let set = try ReportSet(ReportOptions(destination: .folder(folder.path), formats: [.csv, .xml]))
    let names = ["lines.csv", "findings.csv", "issues.csv", "report.xml", "summary.json", "run.json"]
    #expect(set.paths == names.map { folder.path + "/" + $0 })
    #expect(set.spoolFolder == folder.path)
    let pipe = try ReportSet(ReportOptions(destination: .standardOutput, formats: [.csv]))
    #expect(pipe.paths == [])
  }

  @Test func messagesSayWhatAndWhere() {
    #expect(
      ReportError(.cannotWrite, call: "write", file: "out/lines.csv", code: ENOSPC).description
        == "out/lines.csv: cannot be written (write): No space left on device")
    #expect(
      ReportError(.locked, call: "flock", file: "out", code: 0).description
        == "out: another run of claimaudit is writing here")
  }
}

/// The list a signal handler works from.
@Suite struct TemporaryFilesTests {
  // Not `settle()` itself: tests beside this one have files of their own.

  @Test func whatIsBegunIsRemoved() throws {
    let folder = TestFolder()
    let descriptor = unsafe open(folder.path, O_RDONLY | O_DIRECTORY)
    defer { close(descriptor) }
    for name in ["a.tmp", "b.tmp", "kept"] { folder.write(name, "x") }
    let place = try #require(TemporaryFiles.add(folder: descriptor, temporary: "a.tmp", final: "a"))
    TemporaryFiles.settle(place)
    TemporaryFiles.remove(place)
    #expect(folder.names == ["b.tmp", "kept"])
  }

  @Test func whatIsWholeIsPutInPlace() throws {
    let folder = TestFolder()
    let descriptor = unsafe open(folder.path, O_RDONLY | O_DIRECTORY)
    defer { close(descriptor) }
    for name in ["a.tmp", "a", "b.tmp"] { folder.write(name, name) }
    let first = try #require(TemporaryFiles.add(folder: descriptor, temporary: "a.tmp", final: "a"))
    let second = try #require(TemporaryFiles.add(folder: descriptor, temporary: "b.tmp", final: "b"))
    #expect(first != second)
    TemporaryFiles.commit([first, second])
    for place in [first, second] {
      TemporaryFiles.settle(place)
      TemporaryFiles.remove(place)
    }
    #expect(folder.names == ["a", "b"])
    #expect(folder.text("a") == "a.tmp")
  }

  @Test func placesAreUsedAgain() throws {
    for _ in 0..<1000 {
      let place = try #require(TemporaryFiles.add(folder: -1, temporary: "never-there", final: "x"))
      TemporaryFiles.remove(place)
    }
    #expect(TemporaryFiles.add(folder: -1, temporary: String(repeating: "n", count: 300), final: "x") == nil)
  }
}
