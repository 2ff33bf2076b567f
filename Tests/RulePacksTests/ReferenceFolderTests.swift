import Auditing
import ClaimModel
import Testing

@testable import RulePacks

/// The folder of the invented reference files of a year.
func referencePath(_ year: String) -> String {
  "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Fixtures/reference/" + year
}

@Suite("Reference files")
struct ReferenceFolderTests {
  private func data(_ year: String, watched: Set<Code> = ["32960"]) throws -> ReferenceData {
    try ReferenceFolder(path: referencePath(year), watched: watched).data
  }

  @Test("are recognised by what they hold, and the rest is a notice")
  func kinds() throws {
    let old = try data("2025")
    #expect(
      old.files.map { "\($0.file): \($0.summary)" } == [
        "GPCI2025.csv: geographic indices, 2 rows, 2025",
        "PPRRVU25_OCT.csv: relative values, 1 row, 2025, October release",
        "icd10cm_codes_2025.txt: ICD-10-CM codes, 3 rows, 2024-10-01 to 2025-09-30",
        "mue-hospital.csv: units per day, 1 row, hospital, from 2025-10-01",
        "outpatient-pairs.csv: NCCI pairs, 1 row, hospital",
        "place-of-service.csv: places of service, 2 rows",
      ])
    let new = try data("2026")
    #expect(
      new.files.map { "\($0.file): \($0.summary)" } == [
        "GPCI2026.csv: geographic indices, 1 row, 2026",
        "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv: units per day, 1 row, practitioner, from 2026-07-01",
        "PPRRVU2026_Jul_nonQPP.csv: relative values, 1 row, 2026, July release",
        "ccipra-v322r0-f1.TXT: NCCI pairs, 4 rows, practitioner",
        "icd10cm_order_2027.txt: ICD-10-CM codes, 3 rows, 2026-10-01 to 2027-09-30",
        "places.csv: places of service, 2 rows",
      ])
    let notice = "readme.txt: is no reference file that this program knows, and was not read"
    #expect(old.notices == [notice] && new.notices == [notice])
  }

  @Test("a folder of folders is read whole")
  func whole() throws {
    let data = try data("")
    #expect(data.files.count == 12 && data.localityYears == [2025, 2026] && data.diagnoses.count == 2)
    #expect(data.notices.count == 3)
  }

  @Test("relative values are found by their headings, with a column more in 2026")
  func relativeValues() throws {
    let old = try #require(try data("2025").feeSchedule.first)
    #expect(old.from == Day(iso: "2025-01-01") && old.to == Day(iso: "2025-12-31") && old.conversionFactor == 323_465)
    #expect(old.work == 184 && old.expenseOffice == 179 && old.expenseFacility == 69 && old.malpractice == 16)
    let new = try data("2026", watched: ["32551", "32960"]).feeSchedule
    #expect(new.map(\.procedure) == ["32551", "32960"] && new.allSatisfy { $0.conversionFactor == 334_009 })
    #expect(new[0].expenseOffice == nil && new[0].expenseFacility == 120)
    #expect(new[1].expenseOffice == 210 && new[1].expenseFacility == 53 && new[1].malpractice == 15)
  }

  @Test("the releases of a year follow one another")
  func quarters() throws {
    func row(_ month: Int, _ work: Int64) -> RelativeValueFile.Row {
      RelativeValueFile.Row(
        row: MedicareReference.Row(
          procedure: "32960", from: Day(ordinal: 0), to: Day(ordinal: 0), work: work, expenseOffice: 1,
          expenseFacility: 1,
          malpractice: 1, conversionFactor: 1), year: 2026, month: month, file: "\(month)", line: 9)
    }
    let dated = try RelativeValueFile.dated([row(10, 3), row(4, 1), row(7, 2), row(7, 2)])
    #expect(
      dated.map { "\($0.from) \($0.to) \($0.work)" } == [
        "2026-01-01 2026-06-30 1", "2026-07-01 2026-09-30 2", "2026-10-01 2026-12-31 3",
      ])
    #expect(throws: PackErrors.self) { try RelativeValueFile.dated([row(7, 1), row(7, 2)]) }
  }

  @Test("the Medicare amount follows the file and the locality")
  func medicare() throws {
    let data = try data("")
    let medicare = MedicareReference(reference: data)
    let old = try #require(Day(iso: "2025-06-01"))
    let city = try #require(data.locality("13202/01", year: 2025))
    #expect(city == MedicareReference.Locality(work: 1065, expense: 1166, malpractice: 1656))
    #expect(medicare.cents(of: "32960", on: old, inFacility: true, locality: city) == 9798)
    #expect(medicare.cents(of: "32960", on: old, inFacility: false, locality: city) == 13947)
    #expect(data.locality("1112/5", year: 2025)?.expense == 900 && data.locality("01112/05", year: 2026)?.work == 1000)
    #expect(data.locality("13202/01", year: 2026) == nil && data.locality("13202", year: 2025) == nil)
    // The built-in row of 2026 has 2.08 and 0.52, the file 2.10 and 0.53; 2024 stays as it was.
    let new = try #require(Day(iso: "2026-03-01"))
    #expect(medicare.cents(of: "32960", on: new, inFacility: false) == 13494)
    let older = try #require(Day(iso: "2024-06-01"))
    #expect(medicare.cents(of: "32960", on: older, inFacility: true) == 8888)
  }

  @Test("no text of a file is kept")
  func texts() throws {
    let data = try data("", watched: ["32551", "32960", "71045"])
    var dump = ""
    Swift.dump(data, to: &dump)
    #expect(!dump.contains("x, y") && !dump.contains("invented") && !dump.contains("ANOTHER"))
  }
}
