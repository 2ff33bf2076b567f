import Auditing
import ClaimModel
import Testing

@testable import Reporting

/// `lines.csv` and its neighbours as files: line ends, quoting, the guard against formulas, the form for Excel.
@Suite struct CSVTableTests {
  private func claim(payer: String = "AETNA") -> Claim {
    var test = TestClaim(id: "0042")
    test.claim.payerName = test.text(payer)
    test.claim.payerID = test.text("12345678901234567")
    test.claim.typeOfBill = test.coded("0131")
    test.line(record: 7, charge: .cents(-1_250))
    return test.claim
  }

  @Test func linesEndWithLF() throws {
    let claim = claim()
    let published = try Published([(claim, audit(claim))])
    let text = published.folder.text("lines.csv")
    #expect(!text.utf8.contains(0x0D))
    #expect(text.utf8.last == 0x0A)
    #expect(text.utf8.filter { $0 == 0x0A }.count == 2)
  }

  @Test func plainCellsAreNotQuoted() throws {
    let claim = claim()
    let published = try Published([(claim, audit(claim))])
    #expect(!published.folder.bytes("lines.csv").contains(0x22))
  }

  @Test func aQuotedCellHasItsQuotesDoubled() throws {
    let claim = claim(payer: "A \"B\", C")
    let published = try Published([(claim, audit(claim))])
    #expect(published.folder.text("lines.csv").contains(",\"A \"\"B\"\", C\","))
  }

  @Test func aNegativeAmountIsNoFormula() throws {
    let claim = claim()
    let published = try Published([(claim, audit(claim))])
    #expect(published.csv("lines").first?["charge"] == "-12.50")
  }

  @Test func everyTableHasAHeaderEvenWhenEmpty() throws {
    let published = try Published([])
    for table in ReportTable.all {
      #expect(
        published.folder.text(table.name + ".csv") == table.columns.map(\.name).joined(separator: ",") + "\n",
        "\(table.name)")
    }
  }

  @Test func excelGetsABOMAndCRLF() throws {
    let claim = claim()
    let published = try Published([(claim, audit(claim))], formats: [.csv], isForExcel: true)
    let bytes = published.folder.bytes("lines.csv")
    #expect(Array(bytes.prefix(3)) == [0xEF, 0xBB, 0xBF])
    #expect(Array(bytes.suffix(2)) == [0x0D, 0x0A])
    #expect(bytes.filter { $0 == 0x0A }.count == bytes.filter { $0 == 0x0D }.count)
  }

  @Test func excelKeepsZerosAndLongNumbers() throws {
    let claim = claim()
    let published = try Published([(claim, audit(claim))], formats: [.csv], isForExcel: true)
    let row = try #require(published.csv("lines").first)
    #expect(row["claim_id"] == "'0042")
    #expect(row["type_of_bill"] == "'0131")
    #expect(row["payer_id"] == "'12345678901234567")
    #expect(row["procedure"] == "32960")
    #expect(row["charge"] == "-12.50")
    #expect(row["units"] == "1")
    #expect(row["record"] == "7")
  }

  @Test(arguments: [
    ("12E45", true), ("1e5", true), ("1E+5", true), ("1.5E-3", true), ("1-2", true), ("3/14", true), ("2025-12", true),
    ("10:30", true), ("1-2-2025", true), ("007", true), ("1234567890123456", true), ("2026-03-16", false),
    ("12.50", false), ("0.00", false), ("J93.11", false), ("0075T", false), ("123456789012345", false),
    ("1-2-3-4", false),
    ("12E", false), ("E12", false), ("1-", false), ("7", false), ("1.2.3", false), ("12A-4", false),
  ])
  func excelIsKeptFromMistakingATextForSomethingElse(text: String, isGuarded: Bool) throws {
    let claim = claim(payer: text)
    let published = try Published([(claim, audit(claim))], formats: [.csv], isForExcel: true)
    #expect(published.csv("lines").first?["payer_name"] == (isGuarded ? "'" : "") + text)
    let plain = try Published([(claim, audit(claim))], formats: [.csv])
    #expect(plain.csv("lines").first?["payer_name"] == text)
  }

  @Test func excelQuotesAsBefore() throws {
    let claim = claim(payer: "=A, \"B\"")
    let published = try Published([(claim, audit(claim))], formats: [.csv], isForExcel: true)
    #expect(published.csv("lines").first?["payer_name"] == "'=A, \"B\"")
  }

  @Test func noFileHoldsAFormula() throws {
    let claim = claim(payer: "=HYPERLINK(\"x\")")
    for isForExcel in [false, true] {
      let published = try Published([(claim, audit(claim))], formats: [.csv], isForExcel: isForExcel)
      for record in readCSV(published.folder.text("lines.csv")).dropFirst() {
        #expect(record.allSatisfy { !$0.hasPrefix("=") && !$0.hasPrefix("@") })
      }
    }
  }
}
