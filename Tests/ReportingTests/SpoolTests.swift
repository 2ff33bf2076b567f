import Auditing
import ClaimModel
import Glibc
import Testing
import Threads

@testable import Reporting

/// Records in memory and on disk.
@Suite struct SpoolTests {
  private func claims(_ count: Int, findings: Bool = true) -> [(Claim, ClaimAudit)] {
    (0..<count).map { index in
      var test = TestClaim(id: "CLAIM-\(index)")
      test.claim.payerName = test.text(String(repeating: "N", count: index * 37 % 3000))
      test.line(record: index * 10 + 1, offset: index * 100)
      return (test.claim, audit(test.claim, findings: findings && index % 3 == 0 ? [finding("MOD-003", .error)] : []))
    }
  }

  @Test(arguments: [1, 1000, 100_000]) func aSpilledSpoolGivesTheSameReports(_ memory: Int) throws {
    let claims = claims(600)
    let inMemory = try Published(lines: spool(claims))
    let spilledSpool = try spool(claims, memory: memory)
    #expect(spilledSpool.isSpilled)
    let spilled = try Published(lines: spilledSpool)
    for name in inMemory.folder.names where name != "run.json" {
      #expect(inMemory.folder.bytes(name) == spilled.folder.bytes(name), "\(name)")
    }
    #expect(inMemory.csv("lines").count == 600)
  }

  @Test(arguments: [1, 5000, 60_000, 1 << 24]) func thePartsAreAllRecordsInOrder(_ memory: Int) throws {
    let spool = try spool(claims(600), memory: memory)
    var whole: [LineKey] = []
    try spool.forEach { _, record in whole.append(record.key) }
    #expect(whole.count == 600)
    #expect(spool.partCount > 4)
    // In whatever order and with the same room, as threads take them.
    var parts = [[LineKey]](repeating: [], count: spool.partCount)
    var room = ByteBuffer(capacity: 0)
    for part in parts.indices.reversed() {
      try spool.forEach(in: part, &room) { _, record in parts[part].append(record.key) }
      #expect(!parts[part].isEmpty)
    }
    #expect(Array(parts.joined()) == whole)
  }

  /// A large chunk, which goes by itself, between small ones, which are gathered: each part is whole in one file.
  @Test(arguments: [1, 30_000, 200_000]) func severalFilesHoldAllRecordsInOrder(_ fileSize: Int) throws {
    let counter = FileCounter()
    let spool = RecordSpool(folder: "/tmp", memory: 1000, fileSize: fileSize, calls: counter.calls)
    let encoder = LineRecordEncoder(catalogue)
    var expected: [LineKey] = []
    for (ordinal, (claim, found)) in claims(40).enumerated() {
      let chunk = RecordChunk()
      let copies = ordinal % 8 == 3 ? 200 : ordinal % 3
      for _ in 0..<copies {
        encoder.encode(
          claim, audit: found, selection: .all, stream: 0, ordinal: ordinal, columns: ColumnNames(), into: chunk)
        expected.append(LineKey(stream: 0, record: ordinal * 10 + 1))
      }
      try spool.append(chunk)
    }
    var keys: [LineKey] = []
    try spool.forEach { _, record in keys.append(record.key) }
    #expect(keys == expected)
    #expect(counter.opened > 2)
    WorkerThreads.run(3) { spool.giveBack() }
    #expect(counter.closed == counter.opened)
  }

  /// Counts the files that are open.
  private final class FileCounter: @unchecked Sendable {
    private let monitor = Monitor()
    private var counts = (opened: 0, closed: 0)
    var opened: Int { monitor.locked { counts.opened } }
    var closed: Int { monitor.locked { counts.closed } }

    var calls: OutputCalls {
      var calls = OutputCalls.system
      let system = calls
      calls.open = { folder, name, flags, mode in
        self.monitor.locked { self.counts.opened += 1 }
        return system.open(folder, name, flags, mode)
      }
      calls.close = { file in
        self.monitor.locked { self.counts.closed += 1 }
        return system.close(file)
      }
      return calls
    }
  }

  @Test func recordsLargerThanABlockSurvive() throws {
    var test = TestClaim()
    test.claim.payerName = test.text(String(repeating: "x", count: 700_000))
    test.line(record: 1)
    let claims = [(test.claim, audit(test.claim)), (test.claim, audit(test.claim))]
    let published = try Published(lines: spool(claims, memory: 1000), formats: [.csv])
    #expect(published.csv("lines").map { $0["payer_name"]?.count } == [700_000, 700_000])
  }

  @Test func theFileHasNoName() throws {
    let folder = TestFolder()
    let spool = try spool(claims(50), memory: 100, folder: folder.path)
    #expect(spool.isSpilled)
    #expect(folder.allNames == [])
  }

  @Test func withoutNamelessFilesOneIsMadeAndUnlinked() throws {
    let folder = TestFolder()
    var calls = OutputCalls.system
    let system = calls
    calls.open = { at, name, flags, mode in
      // EISDIR is what a file system without O_TMPFILE says.
      flags & 0o20000000 != 0 ? (-1, EISDIR) : system.open(at, name, flags, mode)
    }
    let spool = RecordSpool(folder: folder.path, memory: 10, calls: calls)
    let chunk = RecordChunk()
    let claims = claims(3)
    for (claim, audit) in claims {
      LineRecordEncoder(catalogue).encode(
        claim, audit: audit, selection: .all, stream: 0, ordinal: 0, columns: ColumnNames(), into: chunk)
    }
    try spool.append(chunk)
    #expect(spool.isSpilled)
    #expect(folder.allNames == [])
    #expect(try Published(lines: spool, formats: [.csv]).csv("lines").count == 3)
  }

  @Test func aFullDiskIsAnErrorThatSaysSo() throws {
    let spool = RecordSpool(
      folder: "/tmp", memory: 10, calls: .failing(Recorder(failing: "write", position: 1, code: ENOSPC)))
    let chunk = RecordChunk()
    let (claim, audit) = claims(1)[0]
    LineRecordEncoder(catalogue).encode(
      claim, audit: audit, selection: .all, stream: 0, ordinal: 0, columns: ColumnNames(), into: chunk)
    let error = #expect(throws: ReportError.self) { try spool.append(chunk) }
    #expect(error?.kind == .cannotWrite)
    #expect(error?.code == ENOSPC)
  }

  @Test func aFolderThatIsNotThereIsAnError() {
    let error = #expect(throws: ReportError.self) { _ = try spool(claims(5), memory: 10, folder: "/nonexistent/x") }
    #expect(error?.kind == .cannotCreate)
  }

  @Test func aWorkUnitIsMovedToItsPlace() throws {
    let chunk = RecordChunk()
    let (claim, found) = claims(3)[2]
    LineRecordEncoder(catalogue).encode(
      claim, audit: found, selection: .all, stream: 0, ordinal: 4, columns: ColumnNames(), into: chunk)
    chunk.rebase(stream: 1, records: 1000, claims: 30, bytes: 1 << 33)
    let spool = RecordSpool(folder: "/tmp")
    try spool.append(chunk)
    try spool.forEach { _, record in
      #expect(record.key == LineKey(stream: 1, record: 1021))
      #expect(record.claim == 34)
      #expect(record.byteOffset == 1 << 33 + 200)
    }
    let row = try Published(
      lines: spool, formats: [.csv], files: [SourceFile(path: "a"), SourceFile(path: "b", format: .x12)]
    ).csv("lines").first
    #expect(row?["source_file"] == "b")
    #expect(row?["record"] == "1021")
  }

  /// Of a large chunk it is said once where it stands, and nothing is written into its records.
  @Test(arguments: [1 << 24, 1000]) func aLargeUnitIsMovedToItsPlace(_ memory: Int) throws {
    let claims = claims(300)
    func chunk() -> RecordChunk {
      let chunk = RecordChunk()
      let encoder = LineRecordEncoder(catalogue)
      for (ordinal, (claim, audit)) in claims.enumerated() {
        encoder.encode(
          claim, audit: audit, selection: .all, stream: 0, ordinal: ordinal, columns: ColumnNames(), into: chunk)
      }
      return chunk
    }
    let spool = RecordSpool(folder: "/tmp", memory: memory)
    for unit in 0..<3 {
      let chunk = chunk()
      #expect(chunk.byteCount > 64 << 10)
      chunk.rebase(stream: 0, claims: unit * 300)
      chunk.rebase(stream: unit / 2, records: unit * 5000, bytes: unit << 20)
      try spool.append(chunk)
    }
    var places: [(LineKey, claim: Int, byteOffset: Int)] = []
    try spool.forEach { _, record in places.append((record.key, record.claim, record.byteOffset)) }
    #expect(places.count == 900)
    for (index, place) in places.enumerated() {
      let (unit, line) = index.quotientAndRemainder(dividingBy: 300)
      #expect(place.0 == LineKey(stream: unit / 2, record: unit * 5000 + line * 10 + 1))
      #expect(place.claim == index)
      #expect(place.byteOffset == (unit << 20) + line * 100)
    }
    // Kept beyond the run, each record says it itself.
    let moved = chunk()
    moved.rebase(stream: 7, records: 50, claims: 9, bytes: 10)
    let stored = try #require(RecordChunk(stored: moved.stored))
    let again = RecordSpool(folder: "/tmp")
    try again.append(stored)
    var first: (LineKey, claim: Int, byteOffset: Int)?
    try again.forEach { _, record in if first == nil { first = (record.key, record.claim, record.byteOffset) } }
    #expect(first?.0 == LineKey(stream: 7, record: 51))
    #expect(first?.claim == 9)
    #expect(first?.byteOffset == 10)
  }

  @Test func aChunkIsUsedAgain() throws {
    let spool = RecordSpool(folder: "/tmp")
    let chunk = RecordChunk()
    let encoder = LineRecordEncoder(catalogue)
    for (ordinal, (claim, audit)) in claims(5).enumerated() {
      encoder.encode(
        claim, audit: audit, selection: .all, stream: 0, ordinal: ordinal, columns: ColumnNames(), into: chunk)
      try spool.append(chunk)
      chunk.removeAll()
      #expect(chunk.isEmpty)
    }
    #expect(spool.recordCount == 5)
    #expect(try Published(lines: spool, formats: [.csv]).csv("lines").map { $0["claim_id"] }.last == "CLAIM-4")
  }
}
