import CScan
import ClaimModel
import TestSupport
import Testing

@testable import CSV
@testable import ClaimReading

@Suite("Rows that are looked at eight at a time")
struct OrdinaryRowsTests {
  /// A value of each column of the form that nearly all have.
  private static let sound: [String: [String]] = {
    let amounts = ["150.00", "9.99", "12345.67", "99999.99", "0.00", ""]
    let days = ["2026-01-31", "2025-12-01", "20260131", "1999-06-30", ""]
    let identifiers = ["1900000112", "1234567893", ""]
    return [
      "claim_id": ["CLM0070000000", "CLM0070000001", "ABCDE"], "procedure_code": ["32960", "J1100", "0042T", "99213"],
      "modifier_1": ["", "59"], "modifier_2": ["", "22"], "modifier_3": [""], "modifier_4": [""], "units": ["1", "3"],
      "service_date": days, "claim_line_end_date": days, "claim_start_date": days, "claim_end_date": days,
      "charge_amount": amounts, "allowed_amount": amounts, "paid_amount": amounts, "claim_total_charge": amounts,
      "rendering_npi": identifiers, "billing_npi": identifiers, "place_of_service": ["11", "22", ""],
      "revenue_code": ["0450", ""], "bill_type": ["0131", ""],
    ]
  }()

  /// A table of some of the columns, most of its values sound, now and then a row with a field too few.
  private func table(_ generator: inout SeededGenerator) -> [UInt8] {
    let needed: Set = ["claim_id", "procedure_code", "service_date", "charge_amount"]
    var columns = Self.sound.keys.sorted().filter { needed.contains($0) || !generator.once(in: 4) }
    if generator.once(in: 2) { columns.shuffle(using: &generator) }
    let lineBreak = generator.once(in: 4) ? "\r\n" : "\n"
    var text = columns.joined(separator: ",") + lineBreak
    let oddness = generator.number(4...200)
    for _ in 0..<generator.number(1...40) {
      var cells = columns.map { column in
        let values = generator.once(in: oddness) ? CSVGridTests.telling[column] : Self.sound[column]
        let value = generator.pick(values ?? [""])
        return value.contains { $0 == "," || $0 == "\"" } ? "\"\(value)\"" : value
      }
      if generator.once(in: 40) { cells.removeLast() }
      text += cells.joined(separator: ",") + lineBreak
    }
    // What is behind the last row may be too little to look at its words.
    return Array(text.utf8) + Array(repeating: 0x0A, count: generator.number(0...10))
  }

  @Test("are told as one by one, whatever the instructions")
  func agreement() {
    var generator = SeededGenerator(seed: RandomRuns.seed &* 61)
    var told = (ordinary: 0, others: 0)
    for round in 0..<RandomRuns.rounds(1500) {
      let bytes = table(&generator)
      let opening = unsafe bytes.withUnsafeBytes {
        unsafe CSVClaimReader.open(sample: $0, interest: .everything, hash: testHash)
      }
      guard case .reader(var reader, _) = opening else { continue }
      var said = CSVRowCheck.Said()
      said.place = generator.once(in: 3)
      said.revenue = generator.once(in: 3)
      said.bill = generator.once(in: 3)
      unsafe bytes.withUnsafeBytes { bytes in
        let view = unsafe ByteView(bytes)
        reader.index.build(view, from: reader.dataStart.offset, to: view.count)
        let rows = reader.index.rows(in: view)
        for instructions in [claimaudit_csv_words, claimaudit_csv_sse2, claimaudit_csv_avx2, claimaudit_csv_avx512]
        where instructions.rawValue <= claimaudit_csv_widest().rawValue {
          let found = OrdinaryRows()
          // Not with every set of instructions, nor where the table has columns that are looked at otherwise.
          guard found.look(at: rows, reader.quick.columns, said, with: instructions) else { continue }
          for row in 0..<rows.count {
            var expected = CSVQuickCheck.Pass()
            let plain = PlainRecord(rows, row, width: reader.quick.columns.width)
            let isOrdinary = plain.map { reader.quick.columns.areOrdinary($0, said, &expected) } ?? false
            var pass = CSVQuickCheck.Pass()
            let answer = found.isOrdinary(row, &pass)
            if isOrdinary { told.ordinary += 1 } else { told.others += 1 }
            guard answer == isOrdinary, !answer || (pass.code, pass.cents) == (expected.code, expected.cents) else {
              Issue.record(
                "seed \(RandomRuns.seed), round \(round), row \(row), instructions \(instructions.rawValue): \(answer)")
              return
            }
          }
          var pass = CSVQuickCheck.Pass()
          #expect(!found.isOrdinary(rows.count, &pass) && !found.isOrdinary(-1, &pass))
        }
      }
    }
    // Both happen often enough to tell.
    if claimaudit_csv_widest().rawValue >= claimaudit_csv_avx2.rawValue {
      #expect(told.ordinary > RandomRuns.rounds(5000), "\(told)")
      #expect(told.others > RandomRuns.rounds(1000), "\(told)")
    }
  }
}
