import ClaimModel
import TestSupport
import Testing

@testable import ClaimReading

@Suite("What spreadsheets do to an export")
struct CSVSpreadsheetTests {
  /// Reads an export whole, in pieces and row by row, which must give the same.
  private func read(_ text: String, interest: ClaimInterest = .everything) throws -> CSVOutcome {
    let bytes = Array(text.utf8)
    let whole = readCSV(bytes, interest: interest)
    let expected = try #require(whole.outcome)
    #expect(expected.breaches.isEmpty)
    for chunking in [Chunking.whole, .pieces(1), .pieces(61)] {
      for closely in [false, true] {
        let other = try #require(readCSV(bytes, interest: interest, in: chunking, closely: closely).outcome)
        #expect(other == expected, "\(chunking), \(closely): \(other.difference(from: expected) ?? "")")
      }
    }
    return whole
  }

  @Test("decimals behind codes that were taken for numbers are none of them, and are said once a column")
  func decimals() throws {
    let header =
      "claim_id,procedure_code,modifier_1,modifier_2,place_of_service,bill_type,claim_frequency_code,revenue_code,"
      + "diagnosis_pointer,diagnosis_1,diagnosis_2,payer_id,units,charge_amount,rendering_npi,service_date\n"
    let rows = (1...5).map {
      "C1000\($0),32960.0,59.0,50.0,\($0 % 2 == 0 ? "2" : "11").0,131.0,7.0,361.0,2.0,J93.83,R09.1,60054.0,1.0,900.0,"
        + "1234567893.0,2026-01-05\n"
    }
    for interest in [ClaimInterest.everything, ClaimInterest(procedures: ["32960"])] {
      let outcome = try read(header + rows.joined(), interest: interest)
      #expect(outcome.claims.count == 5)
      for (index, claim) in outcome.claims.enumerated() {
        #expect(claim.typeOfBill.code == "0131")
        #expect(claim.frequency.code == "7")
        #expect(claim.payerID == "60054")
        let line = try #require(claim.lines.first)
        #expect(line.procedure.code == "32960")
        #expect(line.modifiers.map(\.code) == ["59", "50"])
        #expect(line.placeOfService.code == (index % 2 == 0 ? "11" : "02"))
        #expect(line.revenueCode.code == "0361")
        #expect(line.pointers == [2])
      }
      #expect(
        outcome.issues("EXCEL_DAMAGE").map(\.element).sorted()
          == ["bill_type", "place_of_service", "procedure_code", "revenue_code"])
      // Of the procedure it is told: a plain search for the code misses such a line.
      #expect(outcome.issues.filter { $0.effect != .none }.map(\.element) == ["procedure_code"])
    }
  }

  @Test("texts that are marked as such for spreadsheets are read without the mark, in every column")
  func textMarks() throws {
    let header =
      "claim_id,procedure_code,modifier_1,place_of_service,units,charge_amount,service_date,payer_id,rendering_npi\n"
    let plain = ["C10001", "32960", "59", "02", "1", "900.00", "2026-01-05", "00590", "1234567893"]
    let expected = try #require(read(header + plain.joined(separator: ",") + "\n").claims.first)
    for mark in [{ "'" + $0 }, { "=\"" + $0 + "\"" }, { "\"=\"\"" + $0 + "\"\"\"" }, { "\"'" + $0 + "\"" }]
      as [(String) -> String]
    {
      let row = plain.map(mark).joined(separator: ",") + "\n"
      let outcome = try read(header + row + row + row.replacing("C10001", with: "C10002"))
      #expect(outcome.claims.map(\.id) == ["C10001", "C10002"])
      #expect(outcome.issues.map(\.code) == ["PROCEDURE"])
      for claim in outcome.claims {
        #expect(claim.payerID == expected.payerID && claim.renderingNPI == expected.renderingNPI)
        for var line in claim.lines {
          let first = try #require(expected.lines.first)
          line.number = first.number
          line.location = first.location
          #expect(line == first, "\(mark("1"))")
        }
      }
      #expect(try read(header + row, interest: ClaimInterest(procedures: ["32960"])).claims.count == 1)
    }
  }

  @Test("a payer's id of an ordinary row loses its decimals too")
  func payerID() throws {
    let header = "claim_id,procedure_code,place_of_service,payer_id,claim_frequency_code,charge_amount,service_date\n"
    let rows = (1...5).map { "C1000\($0),32960,11,\($0 < 4 ? "60054.0" : "00590"),1.0,900.00,2026-01-05\n" }
    let outcome = try read(header + rows.joined())
    #expect(outcome.claims.map(\.payerID) == ["60054", "60054", "60054", "00590", "00590"])
    #expect(outcome.claims.allSatisfy { $0.frequency.code == "1" })
  }
}
