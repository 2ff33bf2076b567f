import Auditing
import ClaimModel
import Testing

@testable import RulePacks

/// A small generator, so that a failure can be run again.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &+ 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return word ^ word >> 31
  }
}

@Suite("Rules over the run")
struct RunRuleTests {
  /// Facts of a made-up batch: few patients, clinicians, days and numbers, so that every rule has something to find.
  private func facts(seed: UInt64, count: Int) throws -> (Auditor, [LineFact]) {
    var generator = SeededGenerator(seed: seed)
    let auditor = try Auditor(
      builtInProgram,
      options: AuditOptions(asOf: Day(ordinal: 20_544), identityHash: KeyedHash(key0: 3, key1: 4)))
    var facts: [LineFact] = []
    var audit = ClaimAudit()
    for number in 0..<count {
      var example = RuleExample()
      example.procedure = ["32960", "32960", "32960", "32650", "32551", "32552"].randomElement(using: &generator) ?? ""
      example.modifiers = [[], [], ["78"], ["LT"], ["58"]].randomElement(using: &generator) ?? []
      example.serviceFrom = "202602\(Int.random(in: 10...19, using: &generator))"
      example.frequency = ["1", "1", "1", "1", "7", "8"].randomElement(using: &generator) ?? "1"
      example.claimID = "C\(Int.random(in: 0..<(count / 2), using: &generator))"
      example.originalClaimID = example.frequency == "1" ? "" : "C\(Int.random(in: 0..<count, using: &generator))"
      example.charge = ["450.00", "450.00", "460.00", "4500.00"].randomElement(using: &generator) ?? ""
      example.units = ["1", "1", "2"].randomElement(using: &generator) ?? "1"
      example.payerSequence = ["P", "P", "P", "S"].randomElement(using: &generator) ?? "P"
      for var claim in example.claims() {
        claim.patient = UInt64.random(in: 0..<6, using: &generator)
        claim.lines[0].location.record = number / 2 + 1
        auditor.audit(claim, into: &audit)
        for var fact in audit.facts {
          fact.key = LineKey(stream: number % 2, record: number / 2 + 1)
          facts.append(fact)
        }
      }
    }
    return (auditor, facts)
  }

  @Test("a replacement that names no claim stands for none that has no number either")
  func numberless() throws {
    let auditor = try Auditor(
      builtInProgram, options: AuditOptions(asOf: Day(ordinal: 20_544), identityHash: KeyedHash(key0: 3, key1: 4)))
    func units(_ change: (inout [LineFact]) -> Void) -> [String] {
      var facts: [LineFact] = []
      var audit = ClaimAudit()
      for (record, frequency) in ["1", "7"].enumerated() {
        var example = RuleExample()
        example.claimID = "C\(record)"
        example.frequency = frequency
        example.originalClaimID = frequency == "7" ? "C0" : ""
        example.charge = "\(450 + record).00"
        for claim in example.claims() {
          auditor.audit(claim, into: &audit)
          facts += audit.facts.map { fact in
            var fact = fact
            fact.key = LineKey(stream: 0, record: record + 1)
            fact.patient = 7
            return fact
          }
        }
      }
      change(&facts)
      return auditor.runAuditor.findings(facts).map { auditor.catalogue[$0.rule] }.filter { $0 == "UNIT-002" }
    }
    // The original is replaced: one unit. Where the numbers do not meet, nobody knows what is replaced.
    #expect(units { _ in } == [])
    #expect(
      units {
        $0[0].claimID = 0
        $0[1].originalClaimID = 0
      } == [])
    // Two originals of one unit each are one too many.
    #expect(units { $0[1].traits = $0[0].traits } == ["UNIT-002"])
  }

  @Test("give the same answers in any order of the facts", arguments: 1...20)
  func order(seed: Int) throws {
    let (auditor, facts) = try facts(seed: UInt64(seed), count: 120)
    var generator = SeededGenerator(seed: UInt64(seed) &+ 1000)
    let expected = auditor.runAuditor.findings(facts)
    #expect(!expected.isEmpty)
    for _ in 0..<5 {
      #expect(auditor.runAuditor.findings(facts.shuffled(using: &generator)) == expected)
    }
  }

  @Test("give the same answers part by part", arguments: 1...20)
  func parts(seed: Int) throws {
    let (auditor, facts) = try facts(seed: UInt64(seed), count: 120)
    var findings = RunFindings()
    let ordered = facts.sorted { $0.key < $1.key }
    for part in 0..<4 as Range<UInt64> {
      var patients = ordered.compactMap { PatientFact($0) }.filter { $0.group % 4 == part }
      auditor.runAuditor.audit(patients: &patients, into: &findings)
      var claimNumbers = ordered.compactMap { ClaimNumberFact($0) }.filter { $0.group % 4 == part }
      auditor.runAuditor.audit(claimNumbers: &claimNumbers, into: &findings)
    }
    findings.sort()
    let whole = auditor.runAuditor.findings(facts).filter { auditor.catalogue[$0.rule] != "CHG-003" }
    #expect(findings.all == whole)
  }

  @Test("find something of every kind in the made-up batches, and a line at most once a rule")
  func coverage() throws {
    var ids: Set<String> = []
    for seed in 1...20 {
      let (auditor, facts) = try facts(seed: UInt64(seed), count: 120)
      let findings = auditor.runAuditor.findings(facts)
      for finding in findings { ids.insert(auditor.catalogue[finding.rule]) }
      struct Place: Hashable {
        let key: LineKey
        let rule: RuleIndex
      }
      #expect(Set(findings.map { Place(key: $0.key, rule: $0.rule) }).count == findings.count)
    }
    #expect(ids == ["UNIT-002", "DUP-001", "DUP-002", "GLOB-001", "GLOB-002", "GLOB-003", "CHG-003"])
  }

  @Test("leave the first of a group alone and name it to the others")
  func naming() throws {
    let auditor = try Auditor(
      builtInProgram, options: AuditOptions(asOf: Day(ordinal: 20_544), identityHash: KeyedHash(key0: 3, key1: 4)))
    var audit = ClaimAudit()
    var facts: [LineFact] = []
    for stream in 0..<3 {
      let example = RuleExample { $0.claimID = "S\(stream)" }
      for claim in example.claims() {
        auditor.audit(claim, into: &audit)
        for var fact in audit.facts {
          fact.key.stream = UInt32(stream)
          facts.append(fact)
        }
      }
    }
    let duplicates = auditor.runAuditor.findings(facts.reversed()).filter { auditor.catalogue[$0.rule] == "DUP-001" }
    #expect(duplicates.map(\.key.stream) == [1, 2])
    #expect(
      duplicates.allSatisfy { $0.relatedLine == facts[0].key && $0.message.string.contains(RunFinding.placeholder) })
  }

  @Test("only the lines past the daily limit carry the finding")
  func limit() throws {
    let outcome = try audit(
      RuleExample {
        $0.priors = [
          .init("32960", date: "20260310", charge: "400.00", claimID: "A"),
          .init("32960", date: "20260310", charge: "410.00", claimID: "B"),
        ]
      })
    #expect(outcome.messages["UNIT-002"] == "3 units of 32960 on one day exceed 1 per day (MUE, policy)")
  }

  @Test("a patient without identity is counted, not judged")
  func identity() throws {
    var claims = RuleExample { $0.units = "2" }.claims()
    claims[0].patient = 0
    let outcome = try audit(claims)
    #expect(outcome.rules.isEmpty)
    #expect(outcome.notEvaluated == ["DUP-001", "GLOB-001", "GLOB-002", "GLOB-003", "UNIT-002"])
  }

  @Test("a leave-one-out median is found as by taking the one out", arguments: 1...30)
  func outliers(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let charges = (0..<Int.random(in: 11...40, using: &generator)).map { _ in
      [Int64.random(in: 40_000...50_000, using: &generator), 45_000, 450_000, 4_500].randomElement(using: &generator)
        ?? 0
    }
    let auditor = try Auditor(builtInProgram, options: AuditOptions(asOf: Day(ordinal: 20_544)))
    var audit = ClaimAudit()
    auditor.audit(RuleExample().claims()[0], into: &audit)
    let facts = charges.enumerated().map { index, charge in
      var fact = audit.facts[0]
      fact.charge = charge
      fact.patient = UInt64(index + 1)
      fact.claimID = UInt64(index + 1)
      fact.key.record = UInt64(index)
      return fact
    }
    let found = Set(
      auditor.runAuditor.findings(facts).filter { auditor.catalogue[$0.rule] == "CHG-003" }.map { Int($0.key.record) })
    #expect(found == Set(charges.indices.filter { isOutlier($0, charges) }))
  }

  /// The rule as it is written down, the slow way.
  private func isOutlier(_ index: Int, _ charges: [Int64]) -> Bool {
    var others = charges
    let x = Double(others.remove(at: index))
    func median(_ values: [Double]) -> Double {
      let sorted = values.sorted()
      let middle = sorted.count / 2
      return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
    let logs = others.map { logarithm(Double($0)) }
    let center = median(logs)
    let spread = median(logs.map { abs($0 - center) })
    let typical = median(others.map { Double($0) })
    if spread < 1e-12 { return x >= 3 * typical || x <= typical / 3 }
    return 0.6745 * abs(logarithm(x) - center) / spread > 3.5 && (x >= 2 * typical || x <= typical / 2)
  }
}
