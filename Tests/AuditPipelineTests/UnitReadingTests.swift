import ClaimReading
import TestSupport
import Testing

@testable import AuditPipeline

@Suite("A file parted among threads gives what it gives as a whole")
struct UnitReadingTests {
  /// Reads the file with one thread and parted into small units with several; says how they differ.
  private func difference(_ bytes: [UInt8], unitSize: Int, jobs: Int = 3) throws -> String? {
    let whole = try AuditedFile(bytes) { $0.jobs = 1 }
    let parted = try AuditedFile(bytes) {
      $0.jobs = jobs
      $0.unitSize = unitSize
    }
    return parted.difference(from: whole)
  }

  @Test("for sound files of every kind, whatever the size of the units")
  func sound() throws {
    for round in 0..<RandomRuns.rounds(8) {
      let seed = RandomRuns.seed + UInt64(round)
      let file = GeneratedFile(seed: seed, claims: 120)
      for unitSize in [500, 3000, 10_000] {
        #expect(try difference(file.bytes, unitSize: unitSize) == nil, "seed \(seed), units of \(unitSize)")
      }
    }
  }

  @Test("for files in which one segment in thirty is odd")
  func odd() throws {
    for round in 0..<RandomRuns.rounds(16) {
      let seed = RandomRuns.seed + 1000 + UInt64(round)
      let file = GeneratedFile(seed: seed, claims: 80, oddness: 30)
      #expect(try difference(file.bytes, unitSize: 1500) == nil, "seed \(seed)")
    }
  }

  @Test("for files with one byte or segment changed, taken out or put in, or cut short")
  func mutated() throws {
    for round in 0..<RandomRuns.rounds(60) {
      let seed = RandomRuns.seed + 2000 + UInt64(round)
      var generator = SeededGenerator(seed: seed)
      var bytes = GeneratedFile(seed: seed, claims: 50).bytes
      for _ in 1...generator.number(1...3) {
        bytes = generator.once(in: 3) ? Mutation.segment(bytes, &generator) : Mutation.byte(bytes, &generator)
      }
      #expect(try difference(bytes, unitSize: generator.number(400...4000)) == nil, "seed \(seed)")
    }
  }

  @Test("for files that change their delimiters, hold other sets, or end and begin again")
  func interchanges() throws {
    for round in 0..<RandomRuns.rounds(8) {
      let seed = RandomRuns.seed + 3000 + UInt64(round)
      var bytes: [UInt8] = []
      for part in 0..<4 { bytes += GeneratedFile(seed: seed &* 7 + UInt64(part), claims: 25).bytes }
      bytes += Fixture("x12/edge/835-mixed-in.837").bytes
      bytes += GeneratedFile(seed: seed, claims: 25).bytes
      #expect(try difference(bytes, unitSize: 2000) == nil, "seed \(seed)")
    }
  }

  @Test("whenever a thread comes to help, for sound files, odd ones and several interchanges")
  func helped() throws {
    for round in 0..<RandomRuns.rounds(60) {
      let seed = RandomRuns.seed + 4000 + UInt64(round)
      var generator = SeededGenerator(seed: seed)
      var bytes = GeneratedFile(seed: seed, claims: 60, oddness: round % 3 == 1 ? 30 : 1_000_000).bytes
      if round % 3 == 2 {
        bytes += Fixture("x12/edge/835-mixed-in.837").bytes + GeneratedFile(seed: seed + 1, claims: 30).bytes
      }
      if round % 4 == 3 { bytes = Mutation.byte(bytes, &generator) }
      #expect(try AuditedFile.differenceWhenHelped(bytes, &generator) == nil, "seed \(seed)")
    }
  }

  @Test("for segments longer than the window, ended or not, whatever is read at a time")
  func longSegments() throws {
    let sound = GeneratedFile(seed: 5, claims: 40).bytes
    let cut = sound.count / 2
    for length in [1500, 2047, 2048, 2049, 5000, 40_000] {
      let long = Array("~NTE*ADD*".utf8) + [UInt8](repeating: 0x41, count: length)
      for bytes in [sound[..<cut] + long + sound[cut...], sound[...] + long] {
        let whole = try AuditedFile(Array(bytes)) { limit(&$0) }
        for (jobs, readSize) in [(1, 100), (1, 1 << 20), (3, 4096)] {
          let other = try AuditedFile(Array(bytes)) {
            limit(&$0)
            $0.jobs = jobs
            $0.readSize = readSize
            $0.unitSize = 3000
          }
          #expect(other.difference(from: whole) == nil, "\(length) bytes, \(jobs) jobs, \(readSize) at a time")
        }
      }
    }
    func limit(_ plan: inout AuditPlan) {
      plan.limits.element = 512
      plan.limits.window = 2048
    }
  }

  @Test(
    "for every 837 fixture",
    arguments: Fixture.all(in: "x12/edge", ending: ".837") + Fixture.all(in: "x12/invalid", ending: ".837"))
  func fixtures(fixture: Fixture) throws {
    for unitSize in [150, 600] { #expect(try difference(fixture.bytes, unitSize: unitSize) == nil, "\(unitSize)") }
  }
}
