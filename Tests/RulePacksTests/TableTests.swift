import Auditing
import ClaimModel
import Testing

@testable import RulePacks

@Suite("Code tables")
struct TableTests {
  @Test("hold what their files hold")
  func counts() {
    #expect(BuiltInTables.modifiers.entries.count == 427)
    #expect((0...99).filter { BuiltInTables.places.isAssigned(Code($0 < 10 ? "0\($0)" : "\($0)")) }.count == 52)
    #expect(EmbeddedDiagnoses().recordCount == 74_719)
    #expect(BuiltInTables.feeSchedule.filter { $0.procedure == "32960" }.count == 2)
  }

  @Test("modifiers have dates where they are known")
  func modifiers() throws {
    let table = BuiltInTables.modifiers
    let retired = try #require(table.entry(of: "21"))
    #expect(retired.to == Day(iso: "2008-12-31") && retired.family == "retired")
    #expect(table.entry(of: "95")?.from == Day(iso: "2017-01-01"))
    #expect(table.entry(of: "11") == nil && table.entry(of: "ZZ") == nil && table.entry(of: "220") == nil)
    #expect(table.entries.map(\.code) == table.entries.map(\.code).sorted())
  }

  @Test("diagnoses are billable at their full length only")
  func diagnoses() {
    let table = EmbeddedDiagnoses()
    for code: Code in ["A150", "J9381", "J95812", "S270XXA", "P251", "A000", "Z9989", "U071"] {
      #expect(table.isBillable(code) && !table.isHeading(code), "\(code)")
    }
    for code: Code in ["A15", "J93", "J931", "J938", "J9581", "S270XX", "A00", "Z998"] {
      #expect(!table.isBillable(code) && table.isHeading(code), "\(code)")
    }
    for code: Code in ["A159X", "Q9999", "ZZZ", "01190", ""] {
      #expect(!table.isBillable(code) && !table.isHeading(code), "\(code)")
    }
    // Sorted, each once: what the search stands on.
    var last = table[0]
    for index in 1..<table.recordCount {
      let next = table[index]
      if next <= last { Issue.record("\(last) before \(next)") }
      last = next
    }
  }

  @Test(
    "the Medicare amount is the schedule's, to the cent",
    arguments: [
      ("2022-06-01", 9171, 12908), ("2023-06-01", 9082, 12775), ("2024-06-01", 8888, 12616),
      ("2025-06-01", 8701, 12259),
      ("2026-06-01", 8217, 13427),
    ])
  func benchmark(day: String, facility: Int64, office: Int64) throws {
    let reference = MedicareReference()
    let day = try #require(Day(iso: day))
    #expect(reference.cents(of: "32960", on: day, inFacility: true) == facility)
    #expect(reference.cents(of: "32960", on: day, inFacility: false) == office)
  }

  @Test("a locality changes the Medicare amount, and where there is none there is no amount")
  func locality() throws {
    let reference = MedicareReference()
    let day = try #require(Day(iso: "2025-06-01"))
    let manhattan = MedicareReference.Locality(work: 1065, expense: 1166, malpractice: 1656)
    #expect(reference.cents(of: "32960", on: day, inFacility: true, locality: manhattan) == 9798)
    #expect(reference.cents(of: "32960", on: day, inFacility: false, locality: manhattan) == 13947)
    #expect(reference.cents(of: "32551", on: day, inFacility: false) == nil)
    #expect(reference.cents(of: "32551", on: day, inFacility: true) != nil)
    #expect(reference.cents(of: "99999", on: day, inFacility: true) == nil)
    #expect(reference.cents(of: "32960", on: Day(ordinal: 0), inFacility: true) == nil)
  }
}
