import Auditing
import ClaimModel
import ClaimReading
import RulePacks
import TestSupport
import Testing

@Suite("Of a claim without a watched line an outline is enough")
struct OutlineTests {
  /// Keeps the facts of the claims that come, those of unwatched lines cut down to what a rule may ask of them.
  private struct FactHandler: ClaimHandler {
    let auditor: Auditor
    var facts: [LineFact] = []
    var outlines = 0
    private var audit = ClaimAudit()

    init(_ auditor: Auditor) { self.auditor = auditor }

    mutating func claim(_ claim: inout Claim) {
      if claim.isOutline { outlines += 1 }
      auditor.audit(claim, into: &audit)
      for var fact in audit.facts {
        if !fact.traits.contains(.watched) {
          // No report has a line of it, and its content is never that of a claim with a watched line.
          fact.claimContent = 0
          fact.payer = 0
          fact.peerGroup = 1
          fact.missing = []
        }
        facts.append(fact)
      }
    }

    mutating func issue(_ issue: ReadingIssue) {}
  }

  private let auditor: Auditor

  init() throws {
    auditor = try Auditor(
      AuditProgram(), options: AuditOptions(asOf: Day(ordinal: 20_500), identityHash: KeyedHash(key0: 1, key1: 2)))
  }

  private var outlining: ClaimInterest {
    ClaimInterest(procedures: auditor.watchedProcedures, outlined: auditor.globalProcedures)
  }
  private var whole: ClaimInterest {
    ClaimInterest(procedures: auditor.watchedProcedures + auditor.globalProcedures)
  }

  private func facts(x12 bytes: [UInt8], _ interest: ClaimInterest) -> FactHandler {
    var handler = FactHandler(auditor)
    var reader = X12ClaimReader(interest: interest, hash: testHash)
    unsafe bytes.withUnsafeBytes { _ = unsafe reader.read($0, isLast: true, handler: &handler) }
    return handler
  }

  private func facts(csv bytes: [UInt8], _ interest: ClaimInterest) -> FactHandler? {
    var handler = FactHandler(auditor)
    let opening = unsafe bytes.withUnsafeBytes {
      unsafe CSVClaimReader.open(sample: $0, interest: interest, limits: ReadingLimits(), hash: testHash)
    }
    guard case .reader(var reader, _) = opening else { return nil }
    unsafe bytes.withUnsafeBytes { _ = unsafe reader.read($0, isLast: true, handler: &handler) }
    return handler
  }

  private func difference(_ one: [LineFact], _ other: [LineFact]) -> String? {
    if one.count != other.count { return "\(one.count) facts and \(other.count)" }
    for (left, right) in zip(one, other) where "\(left)" != "\(right)" { return "\(left)\n\(right)" }
    return nil
  }

  @Test("of an 837: the rules over the run are told the same")
  func x12() {
    var outlines = 0
    for round in 0..<RandomRuns.rounds(60) {
      let seed = RandomRuns.seed &+ 5000 &+ UInt64(round)
      let bytes = GeneratedFile(seed: seed, claims: 40, oddness: round % 3 == 0 ? 40 : 0).bytes
      let outlined = facts(x12: bytes, outlining)
      outlines += outlined.outlines
      #expect(difference(outlined.facts, facts(x12: bytes, whole).facts) == nil, "seed \(seed)")
    }
    #expect(outlines > 100)
  }

  @Test("of an export: the rules over the run are told the same")
  func csv() throws {
    var outlines = 0
    for round in 0..<RandomRuns.rounds(60) {
      let seed = RandomRuns.seed &+ 6000 &+ UInt64(round)
      let text = String(decoding: GeneratedExport(seed: seed, rows: 120, oddness: 12).bytes, as: UTF8.self)
      for header in ["claim_note", "member_id"] {
        let bytes = Array(
          text.replacing("71046", with: "32551").replacing("claim_note", with: header).utf8)
        let outlined = try #require(facts(csv: bytes, outlining))
        outlines += outlined.outlines
        #expect(
          difference(outlined.facts, try #require(facts(csv: bytes, whole)).facts) == nil, "seed \(seed), \(header)")
      }
    }
    #expect(outlines > 100)
  }

  @Test(
    "of all fixtures",
    arguments: ["x12/valid", "x12/edge", "x12/invalid"].flatMap { Fixture.all(in: $0, ending: ".837") })
  func fixtures(fixture: Fixture) {
    #expect(
      difference(facts(x12: fixture.bytes, outlining).facts, facts(x12: fixture.bytes, whole).facts) == nil)
  }

  @Test("and a claim with both kinds of lines comes whole")
  func both() {
    for seed in 0..<20 as Range<UInt64> {
      let bytes = GeneratedFile(seed: seed, claims: 60).bytes
      var watched = 0
      for fact in facts(x12: bytes, outlining).facts where fact.traits.contains(.watched) { watched += 1 }
      #expect(watched == GeneratedFile(seed: seed, claims: 60).watched)
    }
  }
}
