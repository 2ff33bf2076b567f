import AuditPipeline
import ByteInput
import ClaimModel
import ClaimReading
import FoundationEssentials
import TestSupport
import Testing

@Suite("What is seen of an input without rules")
struct InspectionTests {
  private func inspect(_ bytes: [UInt8], as name: String = "input") throws -> [Inspection] {
    let folder = FileManager.default.temporaryDirectory.path + "/claimaudit-inspection-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/" + name
    try Data(bytes).write(to: URL(filePath: path))
    let (streams, cannotOpen) = Inspection.of(InputReference(path: path), plan: AuditPlan(), isCancelled: { false })
    #expect(!cannotOpen)
    return streams
  }

  @Test(
    "is what a reading in full counts",
    arguments: ["x12/valid/professional.837", "x12/valid/inpatient.837", "x12/valid/patient-levels.837"]
  )
  func x12(name: String) throws {
    let bytes = Fixture(name).bytes
    let read = readX12(bytes)
    let found = try #require(try inspect(bytes).first)
    #expect(found.format == .x12 && found.bytes == bytes.count && found.compression == "none")
    #expect(found.totals == read.totals && found.totals.claims > 0)
    #expect(found.kinds.values.reduce(0, +) == read.claims.count)
    #expect(found.payers.values.reduce(0, +) == read.claims.count && found.otherPayers == 0)
    let days = read.claims.flatMap { $0.lines.compactMap { $0.serviceFrom.day } }
    #expect(found.serviceDays?.lowerBound == days.min() && found.serviceDays?.upperBound == days.max())
    #expect(found.survey != nil && found.columns == nil && !found.isDamaged)
  }

  @Test("counts the payers of an export up to a bound, and the others together")
  func payers() throws {
    var text = "claim_id,cpt,dos,charge,payer\n"
    for claim in 0..<250 {
      for part in 0..<2 { text += "C\(claim)-\(part),99213,2026-01-\(10 + claim % 20),10.00,PAYER \(claim)\n" }
    }
    let found = try #require(try inspect(Array(text.utf8)).first)
    #expect(found.format == .csv && found.columns != nil && found.survey == nil)
    #expect(found.totals.claims == 500 && found.totals.lines == 500 && found.totals.chargeCents == 500_000)
    #expect(found.payers.count == Inspection.payerLimit && found.payers.values.allSatisfy { $0 == 2 })
    #expect(found.otherPayers == 100)
    #expect(found.serviceDays == Day(iso: "2026-01-10").flatMap { first in Day(iso: "2026-01-29").map { first...$0 } })
  }

  @Test("tells files that are empty, foreign or cut, and counts what was noticed")
  func oddFiles() throws {
    let empty = try #require(try inspect([]).first)
    #expect(empty.format == nil && empty.bytes == 0 && empty.totals == ReadingTotals())
    let foreign = try #require(try inspect(Array(repeating: 0x89, count: 5000)).first)
    #expect(foreign.format == nil && foreign.isDamaged && foreign.issues.values.allSatisfy { $0.count >= 1 })
    let bytes = Fixture("x12/valid/patient-levels.837").bytes
    let cut = try #require(try inspect(Array(bytes.prefix(bytes.count * 2 / 3))).first)
    #expect(cut.format == .x12 && cut.isDamaged)
    let gzip = try #require(try inspect(Fixture("compressed/plain.837.gz").bytes, as: "a.gz").first)
    #expect(gzip.compression == "gzip" && gzip.totals.claims > 0)
  }

  @Test("tells a lost row from a harmless one of the same code, the gravest first")
  func lostRow() throws {
    let text = "Claim ID,DOS,CPT,POS,Charge\nC1,2026-01-05,32960,22,100,\nC2,2026-01-05,32960,22\n"
    let found = try #require(try inspect(Array(text.utf8)).first)
    let kinds = found.issues.keys.sorted().filter { $0.code == "COLUMN_COUNT" }
    #expect(kinds.count == 2 && kinds.first?.effect == .claimLost && kinds.first?.severity == .error)
    #expect(kinds.first.flatMap { found.issues[$0] }?.first.location.record == 3)
    #expect(kinds.last?.effect.isDamage == false && found.isDamaged)
  }
}
