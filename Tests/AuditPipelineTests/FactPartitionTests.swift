import Auditing
import ClaimModel
import Reporting
import TestSupport
import Testing

@testable import AuditPipeline

@Suite("Facts that wait for the end of a run")
struct FactPartitionTests {
  /// A fact of a patient; 0 is one who is not known.
  private func fact(_ record: Int, patient: UInt64, isWatched: Bool = true) -> LineFact {
    LineFact(
      key: LineKey(stream: 0, record: record), patient: patient, clinician: 0, facility: 0, claimID: 0,
      originalClaimID: 0, claimContent: 0, procedure: "32960", modifierSet: 0, charge: 100, units: 1,
      serviceDay: 20_000,
      peerGroup: 1, traits: isWatched ? .watched : [])
  }

  /// The parts of these facts, each a list of records and patients.
  private func parts(of facts: [LineFact]) throws -> [[PatientFact]] {
    let partition = FactPartition<PatientFact>(folder: "/tmp")
    // In pieces of uneven sizes, as they come from workers.
    var rest = facts[...]
    var size = 1
    while !rest.isEmpty {
      try partition.append(Array(rest.prefix(size)), stream: 0)
      rest = rest.dropFirst(size)
      size = size % 97 * 3 + 1
    }
    var parts: [[PatientFact]] = []
    var storage: [PatientFact] = []
    for share in 0..<partition.shareCount {
      try partition.forEachPart(of: share, reusing: &storage) { parts.append($0) }
    }
    return parts
  }

  /// Every fact is in one part, the patients are whole, and each part is in input order.
  private func check(_ parts: [[PatientFact]], hold facts: [LineFact]) {
    let records = parts.flatMap { $0.map(\.key.record) }
    #expect(records.sorted() == facts.map(\.key.record).sorted())
    for part in parts { #expect(part.map(\.key.record) == part.map(\.key.record).sorted()) }
    var partOf: [UInt64: Int] = [:]
    var isWhole = true
    for (index, part) in parts.enumerated() {
      for fact in part {
        if let other = partOf[fact.patient], other != index { isWhole = false }
        partOf[fact.patient] = index
      }
    }
    #expect(isWhole)
  }

  @Test("come back whole by patient and in order, few or many", arguments: [1, 4095, 4096, 4097, 20_000])
  func counts(count: Int) throws {
    var generator = SeededGenerator(seed: UInt64(count))
    let facts = (0..<count).map { fact($0, patient: UInt64(generator.number(1...500)) &* 0x9E37_79B9_7F4A_7C15 | 1) }
    let parts = try parts(of: facts)
    check(parts, hold: facts)
    #expect(parts.count == 1 || count >= 4096)
    if count >= 4096 { #expect(parts.count > 1) }
  }

  @Test("come in parts that fit into memory where patients are many")
  func large() throws {
    // All patients fall into one share at first: their multiplied keys begin with the same bits.
    let inverse: UInt64 = 0xF1DE_83E1_9937_733D
    let facts = (0..<40_000).map { index -> LineFact in
      let hash = 0x5000_0000_0000_0000 | UInt64(index % 900) << 44 | 1
      return fact(index, patient: hash &* inverse)
    }
    let parts = try parts(of: facts)
    check(parts, hold: facts)
    #expect(parts.allSatisfy { $0.count <= 1 << 14 })
  }

  @Test("of one patient stay together, however many")
  func one() throws {
    let facts = (0..<20_000).map { fact($0, patient: 77) } + (20_000..<21_000).map { fact($0, patient: UInt64($0)) }
    let parts = try parts(of: facts)
    check(parts, hold: facts)
    #expect(parts.contains { $0.count >= 20_000 })
  }

  @Test("without a patient, or without a watched line beside them, are left out", arguments: [10, 30_000])
  func leftOut(count: Int) throws {
    let unknown = (0..<count).map { fact($0, patient: 0) }
    #expect(try parts(of: unknown).isEmpty)
    let unwatched = (0..<count).map { fact($0, patient: UInt64($0 % 50 + 1), isWatched: false) }
    #expect(try parts(of: unwatched).isEmpty)
    // One watched line brings in those of its patient.
    let mixed = unwatched + [fact(count, patient: 7)]
    let brought = try parts(of: mixed).flatMap { $0 }.filter { $0.patient == 7 }
    #expect(brought.count == mixed.filter { $0.patient == 7 }.count)
  }

  @Test("end with an error where the disk takes none of them")
  func noFolder() throws {
    let partition = FactPartition<PatientFact>(folder: "/nonexistent/x")
    let error = #expect(throws: ReportError.self) {
      for record in 0..<10_000 { try partition.append([fact(record, patient: 7)], stream: 0) }
    }
    #expect(error?.kind == .cannotCreate)
  }
}
