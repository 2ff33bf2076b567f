import TestSupport
import Testing

@testable import AuditPipeline

@Suite("A table parted among threads gives what it gives as a whole")
struct CSVUnitReadingTests {
  /// Reads the table with one thread, and parted into units of each size with several; says how they differ.
  private func difference(_ bytes: [UInt8], _ unitSizes: Int..., scope: AuditPlan.Scope = .all) throws -> String? {
    let whole = try AuditedFile(bytes) {
      $0.jobs = 1
      $0.scope = scope
    }
    for unitSize in unitSizes {
      let parted = try AuditedFile(bytes) {
        $0.jobs = 3
        $0.scope = scope
        $0.unitSize = unitSize
      }
      if let difference = parted.difference(from: whole) { return "units of \(unitSize): \(difference)" }
    }
    return nil
  }

  @Test("when it is sound, whatever the size of the units and of its claims")
  func sound() throws {
    for round in 0..<RandomRuns.rounds(4) {
      let seed = RandomRuns.seed + UInt64(round)
      let export = GeneratedExport(seed: seed, rows: 300, oddness: 1_000_000, claimRows: round % 2 == 0 ? 3 : 40)
      for scope in [AuditPlan.Scope.all, .hits] {
        #expect(try difference(export.bytes, 300, 2000, 8000, scope: scope) == nil, "seed \(seed)")
      }
    }
  }

  @Test("when one row in fifteen or in two hundred is odd")
  func odd() throws {
    for round in 0..<RandomRuns.rounds(8) {
      let seed = RandomRuns.seed + 1000 + UInt64(round)
      let export = GeneratedExport(seed: seed, rows: 200, oddness: round % 2 == 0 ? 15 : 200)
      #expect(try difference(export.bytes, 400, 3000) == nil, "seed \(seed)")
    }
  }

  @Test("when bytes were changed, taken out or put in, or its end is lost")
  func mutated() throws {
    for round in 0..<RandomRuns.rounds(16) {
      let seed = RandomRuns.seed + 2000 + UInt64(round)
      var generator = SeededGenerator(seed: seed)
      var bytes = GeneratedExport(seed: seed, rows: 100, oddness: 1_000_000).bytes
      for _ in 1...generator.number(1...3) { bytes = Mutation.byte(bytes, &generator) }
      #expect(try difference(bytes, generator.number(300...2000)) == nil, "seed \(seed)")
    }
  }

  @Test("whenever a thread comes to help, for sound tables, odd ones and changed ones")
  func helped() throws {
    for round in 0..<RandomRuns.rounds(40) {
      let seed = RandomRuns.seed + 3000 + UInt64(round)
      var generator = SeededGenerator(seed: seed)
      let claimRows = [1, 3, 40][round % 3]
      let export = GeneratedExport(
        seed: seed, rows: 200, oddness: round % 4 == 0 ? 30 : 1_000_000, claimRows: claimRows)
      let bytes = round % 5 == 4 ? Mutation.byte(export.bytes, &generator) : export.bytes
      #expect(try AuditedFile.differenceWhenHelped(bytes, &generator) == nil, "seed \(seed)")
    }
  }

  /// A header, and rows that are made of `row`.
  private func table(_ rows: Int, header: String = CSVUnitReadingTests.header, _ row: (Int) -> String) -> [UInt8] {
    Array((header + "\n" + (0..<rows).map { row($0) + "\n" }.joined()).utf8)
  }

  private static let header =
    "claim_id,procedure_code,place_of_service,units,charge_amount,service_date,diagnosis_1,rendering_npi,payer,claim_note"

  private func row(_ claim: Int, place: String = "21", note: String = "") -> String {
    "CLAIM\(claim),32960,\(place),1,310.00,2026-01-05,J93.83,1234567893,Acme,\(note)"
  }

  @Test("when quoted text over lines looks like rows wherever a unit may end")
  func quotedRows() throws {
    let bytes = table(100) { row($0, note: "\"see\n" + (1..<4).map { row($0 * 7) }.joined(separator: "\n") + "\"") }
    #expect(try difference(bytes, 120, 333, 1000, 5000) == nil)
  }

  @Test("when a quote is opened and never closed")
  func openQuote() throws {
    for open in [3, 77, 118] {
      let bytes = table(120) { row($0, note: $0 == open ? "\"never closed" : "") }
      #expect(try difference(bytes, 700) == nil, "row \(open)")
    }
  }

  @Test("when one claim is longer than several units")
  func longClaims() throws {
    let bytes = table(120) { row($0 < 40 ? $0 : $0 < 100 ? 40 : $0) }
    #expect(try difference(bytes, 300, 2000) == nil)
  }

  @Test("when rows are blank, sums, headers, short or long, or without an id, just where units end")
  func strayRows() throws {
    let strays = [
      "", ",,,,,,,,,", "Total,,,,9.00,,,,,", CSVUnitReadingTests.header, "CLAIM9,32960", row(5) + ",,",
      ",32960,21,1,310.00",
      "NA" + String(row(4).dropFirst(6)), "\u{1}" + row(3),
    ]
    for (index, stray) in strays.enumerated() {
      let bytes = table(120) { ($0 % 3 == 1 ? stray + "\n" : "") + row($0) }
      #expect(try difference(bytes, 500) == nil, "stray \(index)")
      let rare = table(120) { ($0 % 40 == 20 ? stray + "\n" : "") + row($0) }
      #expect(try difference(rare, 500) == nil, "rare stray \(index)")
    }
  }

  @Test("when another header, or what is said once, comes in the middle, and with a preamble")
  func late() throws {
    let other =
      "claim_id,service_date,procedure_code,place_of_service,units,charge_amount,diagnosis_1,payer,plan,claim_note"
    for at in [0, 40, 100] {
      let stopped = table(120) { ($0 == at ? other + "\n" : "") + row($0) }
      #expect(try difference(stopped, 500) == nil, "header at \(at)")
      let padded = table(120) { row($0, place: $0 >= at ? "9" : "21") }
      #expect(try difference(padded, 500) == nil, "places from \(at)")
      let dates = table(420) {
        row($0).replacing("2026-01-05", with: $0 == 230 + at || $0 == 400 ? "25/01/2026" : "05/01/2026")
      }
      #expect(try difference(dates, 500, 4000) == nil, "day first from \(230 + at)")
      var latin = table(120) { row($0, note: $0 >= at ? "caf~" : "") }
      for index in latin.indices where latin[index] == 0x7E { latin[index] = 0xE9 }
      #expect(try difference(latin, 500) == nil, "Windows-1252 from \(at)")
    }
    let preamble = table(120, header: "Report,of,claims\n\nrun by,\"a \"\"b\"\"\"\n" + CSVUnitReadingTests.header) {
      row($0)
    }
    #expect(try difference(preamble, 500) == nil)
  }
}
