import ClaimModel
import ClaimReading
import TestSupport
import Testing

@Suite("An export gives the same")
struct CSVGridTests {
  static let seeds = (0..<UInt64(RandomRuns.rounds(40))).map { RandomRuns.seed &* 1000 &+ $0 }

  @Test("whatever the pieces it comes in", arguments: seeds)
  func chunking(seed: UInt64) throws {
    let export = GeneratedExport(seed: seed, rows: 60, oddness: seed % 4 == 0 ? 1000 : 6)
    for interest in [ClaimInterest.everything, ClaimInterest(procedures: ["32960"])] {
      let whole = try #require(readCSV(export.bytes, interest: interest).outcome)
      #expect(whole.breaches.isEmpty)
      for chunking in Chunking.grid(seed: seed) {
        let pieces = try #require(readCSV(export.bytes, interest: interest, in: chunking).outcome)
        #expect(pieces == whole, "seed \(seed), \(chunking): \(pieces.difference(from: whole) ?? "")")
      }
    }
  }

  @Test(
    "whether rows are passed at a glance or looked at closely, also where claims are cut for their length",
    arguments: seeds)
  func closely(seed: UInt64) throws {
    let export = GeneratedExport(seed: seed, rows: 200, oddness: seed % 4 == 0 ? 1000 : 12)
    var limits = ReadingLimits()
    if seed % 3 == 0 { limits.claimLines = 2 }
    if seed % 5 == 0 { limits.claimBytes = 150 }
    for interest in [
      ClaimInterest.everything, ClaimInterest(procedures: ["32960", "J1100"]), ClaimInterest(procedures: []),
    ] {
      let slow = try #require(readCSV(export.bytes, interest: interest, limits: limits, closely: true).outcome)
      for chunking in [Chunking.whole, .pieces(64), .random(seed: seed, upTo: 900)] {
        let fast = try #require(readCSV(export.bytes, interest: interest, limits: limits, in: chunking).outcome)
        #expect(fast == slow, "seed \(seed), \(chunking): \(fast.difference(from: slow) ?? "")")
      }
    }
  }

  @Test("issues and totals, and of the wanted claims every line, whatever is wanted", arguments: seeds)
  func interest(seed: UInt64) throws {
    let export = GeneratedExport(seed: seed, rows: 300, oddness: seed % 3 == 0 ? 1000 : 12)
    let everything = try #require(readCSV(export.bytes).outcome)
    let wanted = try #require(readCSV(export.bytes, interest: ClaimInterest(procedures: ["32960"])).outcome)
    #expect(wanted.totals == everything.totals, "seed \(seed)")
    #expect(wanted.issues == everything.issues, "seed \(seed)")
    let expected = everything.claims.filter { $0.lines.contains { $0.procedure.code == "32960" } }
    #expect(wanted.claims == expected, "seed \(seed)")
    let nothing = try #require(readCSV(export.bytes, interest: ClaimInterest(procedures: [])).outcome)
    #expect(nothing.claims.isEmpty)
    #expect(nothing.totals == everything.totals)
    #expect(nothing.issues == everything.issues)
  }
}
