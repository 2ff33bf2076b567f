import Auditing
import ClaimModel
import Testing

@testable import RulePacks

/// What reference files change about findings.
@Suite("Rules with reference files")
struct ReferenceRuleTests {
  private let program: AuditProgram

  init() throws {
    program = AuditProgram(reference: try ReferenceFolder(path: referencePath(""), watched: ["32960"]).data)
  }

  private func rules(_ change: (inout RuleExample) -> Void) throws -> [String] {
    var example = RuleExample()
    example.asOf = "20280101"
    change(&example)
    return try audit(example, program: program).rules
  }

  @Test("a pair holds from its first day to its last one")
  func pairs() throws {
    func found(_ code: String, _ date: String) throws -> [String] {
      try rules {
        $0.serviceFrom = date
        $0.companions = [RuleExample.Companion(code)]
      }
    }
    #expect(try found("31500", "20260630") == [])
    #expect(try found("31500", "20260701") == ["PAIR-001"])
    #expect(try found("36000", "20251231") == ["PAIR-002"])
    #expect(try found("36000", "20260101") == [])
    // Taken back the day it began (9), although the built-in table has the pair.
    #expect(try found("99155", "20260310") == [])
    // No file speaks of it: as built in.
    #expect(try found("99156", "20260310") == ["PAIR-001"])
    #expect(try found("32650", "20260310") == ["PAIR-004"])
  }

  @Test("units per day hold from the first day of the file")
  func units() throws {
    func found(_ units: String, _ date: String) throws -> [String] {
      try rules {
        $0.serviceFrom = date
        $0.units = units
      }
    }
    #expect(try found("2", "20260630") == ["UNIT-002"])
    #expect(try found("2", "20260701") == [])
    #expect(try found("3", "20260701") == ["UNIT-002"])
    let policy = try #require(program.policies["32960"])
    let day = try #require(Day(iso: "2025-09-30"))
    #expect(
      policy.units(isHospital: true, on: day) == 1 && policy.units(isHospital: true, on: day.advanced(by: 1)) == 3)
  }

  @Test("edits of a line or by clinical data say nothing about a day's units")
  func otherIndicators() throws {
    let data = try ReferenceFolder(path: referencePath(""), watched: ["32551"]).data
    #expect(data.units["32551"]?.map(\.units) == [0, 0])
  }

  @Test("a place of service is added from its first day on")
  func places() throws {
    func found(_ place: String, _ date: String) throws -> [String] {
      try rules {
        $0.serviceFrom = date
        $0.placeOfService = place
      }
    }
    #expect(try found("28", "20260630") == ["POS-002"])
    #expect(try found("28", "20260701") == [])
    #expect(try found("29", "20260701") == ["POS-002"])
    let places = program.tables.places
    #expect(places.isFacility("28") == true && places.isFacility("37") == nil && places.isAssigned("37"))
    #expect(places.place("28")?.name == "Hospital Annex" && places.place("05")?.name == "Renamed")
    #expect(places.isFacility("05") == BuiltInTables.places.isFacility("05") && places.isFacility("22") == true)
  }

  /// What an auditor remembers of one claim spares work with the next and must not change what is said of it: not another year's
  /// list of diagnoses, not another pack's, not another payer or clinician.
  @Test("what came before a claim changes nothing about it", arguments: [1, 2, 3])
  func memory(seed: UInt64) throws {
    var options = AuditOptions(asOf: try #require(Day(iso: "2028-01-01")))
    options.extraWatch = ["32551"]
    let auditor = try Auditor(program, options: options)
    var claims = RuleRegistry.descriptions.flatMap { description in
      [description.flagged, description.clean].compactMap { $0 }.flatMap { $0.claims() }
    }
    for index in claims.indices {
      // Every third of a later year, and some lines of a procedure that no pack describes.
      for line in claims[index].lines.indices {
        if index % 3 == 0 { claims[index].lines[line].serviceFrom = .day(Day(ordinal: 21_000 + Int32(index % 30))) }
        if (index + line) % 5 == 0 { claims[index].lines[line].procedure.code = "32551" }
      }
    }
    var random = Seeded(state: seed)
    claims.shuffle(using: &random)
    var used = ClaimAudit()
    for claim in claims {
      var fresh = ClaimAudit()
      auditor.audit(claim, into: &fresh)
      auditor.audit(claim, into: &used)
      #expect(used.findings.map(\.rule) == fresh.findings.map(\.rule))
      #expect(used.findings.map { used.string($0.message) } == fresh.findings.map { fresh.string($0.message) })
      #expect(used.payer == fresh.payer && used.watched == fresh.watched)
      #expect(used.facts.map(\.clinician) == fresh.facts.map(\.clinician))
    }
  }

  private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  @Test("a diagnosis is judged by the list of its year")
  func diagnoses() throws {
    func found(_ code: String, _ date: String) throws -> Bool {
      try rules {
        $0.serviceFrom = date
        $0.diagnoses = ["A15.0", code]
      }.contains("DX-003")
    }
    // Only in the list of 2027.
    #expect(try found("J93.99", "20260930"))
    #expect(try !found("J93.99", "20261001"))
    // Billable in the built-in list of 2026, gone in the invented one of 2027.
    #expect(try !found("J93.81", "20260930"))
    #expect(try found("J93.81", "20261001"))
    // A heading since then, a code in the invented list of 2025.
    #expect(try !found("J93.8", "20250101"))
    #expect(try found("J93.8", "20260310"))
    // No list: judged by its shape, and known to the list of 2027.
    #expect(try !found("J93.99", "20271001"))
  }

  @Test("without files nothing changes")
  func nothing() {
    let program = AuditProgram(reference: ReferenceData())
    #expect(program.policies["32960"]?.companions.count == builtInProgram.policies["32960"]?.companions.count)
    #expect(program.tables.furtherDiagnoses.isEmpty)
  }
}
