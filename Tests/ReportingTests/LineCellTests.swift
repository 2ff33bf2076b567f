import Auditing
import ClaimModel
import Testing

@testable import Reporting

/// What the cells of `lines.csv` hold, column by column.
@Suite struct LineCellTests {
  private func row(_ test: TestClaim, payer: String = "aetna") throws -> [String: String] {
    let published = try Published([(test.claim, audit(test.claim, payer: payer))], formats: [.csv])
    return try #require(published.csv("lines").first)
  }

  @Test func aProfessionalLineHasEveryCell() throws {
    var test = TestClaim(id: "PCN-1")
    test.envelope("000000101", "7", "0001")
    test.claim.frequency = test.coded("7")
    test.claim.originalClaimID = test.text("OLD1")
    test.claim.placeOfService = test.coded("22")
    test.claim.payerName = test.text("AETNA")
    test.claim.payerID = test.text("60054")
    test.claim.filingIndicator = test.coded("CI")
    test.claim.billingNPI = test.text("1234567893")
    test.claim.renderingNPI = test.text("1987654321")
    test.diagnoses("J93.0", "I10", "J9311")
    test.line(record: 31, offset: 1207, modifiers: ["22", "lt"]) { line, test in
      line.control = test.text("REF1")
      line.diagnosisPointers.append(3)
      line.diagnosisPointers.append(1)
      line.allowed = .cents(8_201)
      line.paid = .cents(0)
    }
    let row = try row(test)
    let expected = [
      "source_file": "a.837", "format": "837", "record": "31", "byte_offset": "1207",
      "interchange_control": "000000101",
      "group_control": "7", "transaction_control": "0001", "claim_id": "PCN-1", "claim_type": "P",
      "claim_frequency": "7",
      "original_claim_id": "OLD1", "line_number": "1", "line_control": "REF1", "payer": "aetna", "payer_name": "AETNA",
      "payer_id": "60054", "filing_indicator": "CI", "billing_npi": "1234567893", "rendering_npi": "1987654321",
      "service_from": "2026-03-02", "service_to": "2026-03-02", "place_of_service": "22", "type_of_bill": "",
      "revenue_code": "", "procedure": "32960", "modifier_1": "22", "modifier_2": "LT", "modifier_3": "",
      "modifier_4": "",
      "diagnoses": "J9311;J930", "units": "1", "charge": "100.00", "allowed": "82.01", "paid": "0.00",
      "watched": "true",
      "severity": "none", "findings": "0", "rules": "", "messages": "", "carc": "", "at_risk": "0.00",
    ]
    for (column, value) in expected { #expect(row[column] == value, "\(column)") }
    #expect(row.count == expected.count)
  }

  @Test func anInstitutionalLineHasABillTypeAndNoPlaceOfService() throws {
    var test = TestClaim(kind: .institutional)
    test.claim.typeOfBill = test.coded("0131")
    test.claim.placeOfService = test.coded("13")
    test.line(record: 9) { line, test in line.revenueCode = test.coded("0361") }
    test.line(record: 11) { line, test in line.placeOfService = test.coded("22") }
    let published = try Published([(test.claim, audit(test.claim))], formats: [.csv])
    let rows = published.csv("lines")
    #expect(rows.map { $0["claim_type"] } == ["I", "I"])
    #expect(rows.map { $0["type_of_bill"] } == ["0131", "0131"])
    #expect(rows.map { $0["place_of_service"] } == ["", "22"])
    #expect(rows.map { $0["revenue_code"] } == ["0361", ""])
  }

  @Test func theLinesOwnPlaceOfServiceAndClinicianWin() throws {
    var test = TestClaim()
    test.claim.placeOfService = test.coded("11")
    test.claim.renderingNPI = test.text("1")
    test.line(record: 1) { line, test in
      line.placeOfService = test.coded("24")
      line.renderingNPI = test.text("2")
    }
    let row = try row(test)
    #expect(row["place_of_service"] == "24")
    #expect(row["rendering_npi"] == "2")
  }

  @Test func whatCannotBeReadIsEmpty() throws {
    var test = TestClaim()
    test.line(record: 1, charge: .malformed) { line, _ in
      line.units = .malformed
      line.serviceFrom = .malformed
      line.serviceTo = .absent
      line.paid = .malformed
    }
    let row = try row(test)
    for column in ["charge", "units", "service_from", "service_to", "paid", "allowed"] {
      #expect(row[column] == "", "\(column)")
    }
  }

  @Test(
    arguments: [
      (10_000, "1"), (15_000, "1.5"), (1, "0.0001"), (0, "0"), (-20_500, "-2.05"), (1_200_000, "120"),
    ] as [(Int64, String)]) func unitsHaveNoTrailingZeros(_ value: Int64, _ text: String) throws
  {
    var test = TestClaim()
    test.line(record: 1) { line, _ in line.units = .tenThousandths(value) }
    #expect(try row(test)["units"] == text)
  }

  @Test(
    arguments: [
      (0, "0.00"), (5, "0.05"), (-5, "-0.05"), (123_450, "1234.50"), (-1_200, "-12.00"),
      (99_999_999_999_999, "999999999999.99"), (.max, "92233720368547758.07"), (.min + 1, "-92233720368547758.07"),
    ] as [(Int64, String)]) func moneyHasTwoDecimals(_ cents: Int64, _ text: String) throws
  {
    var test = TestClaim()
    test.line(record: 1, charge: .cents(cents))
    #expect(try row(test)["charge"] == text)
  }

  @Test func withoutPointersAllDiagnosesAreListed() throws {
    var test = TestClaim()
    test.diagnoses("J930", "I10")
    test.line(record: 1)
    #expect(try row(test)["diagnoses"] == "J930;I10")
  }

  @Test func pointersToNothingAreLeftOut() throws {
    var test = TestClaim()
    test.diagnoses("J930", "I10")
    test.line(record: 1) { line, _ in
      for pointer: UInt8 in [0, 2, 9] { line.diagnosisPointers.append(pointer) }
    }
    #expect(try row(test)["diagnoses"] == "I10")
  }

  @Test func aFifthModifierSharesTheFourthColumn() throws {
    var test = TestClaim()
    test.line(record: 1, modifiers: ["22", "59", "LT", "76", "ZZ"])
    let row = try row(test)
    #expect(row["modifier_3"] == "LT")
    #expect(row["modifier_4"] == "76;ZZ")
  }

  @Test func aModifierThatIsNoCodeStandsAsWritten() throws {
    var test = TestClaim()
    test.line(record: 1, modifiers: ["two words", "x"])
    let row = try row(test)
    #expect(row["modifier_1"] == "two words")
    #expect(row["modifier_2"] == "X")
  }

  @Test func onlyTheChosenLinesAreReported() throws {
    var test = TestClaim()
    for record in 1...3 { test.line(record: record) }
    let found = audit(test.claim, watched: [false, true, false])
    let watched = try Published(lines: spool([(test.claim, found)], selection: .watched), formats: [.csv])
    #expect(watched.csv("lines").map { $0["record"] } == ["2"])
    let all = try Published(lines: spool([(test.claim, found)], selection: .all), formats: [.csv])
    #expect(all.csv("lines").map { $0["watched"] } == ["false", "true", "false"])
  }

  @Test func linesOfAWideRowShareTheirRecord() throws {
    var test = TestClaim(format: .csv)
    for record in [4, 4, 5] { test.line(record: record) }
    let spool = try spool([(test.claim, audit(test.claim))])
    var slots: [UInt32] = []
    try spool.forEach { _, record in slots.append(record.key.slot) }
    #expect(slots == [0, 1, 0])
  }
}
