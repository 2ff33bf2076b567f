import Foundation
import TestSupport
import Testing

@Suite("The words that stand for a patient")
struct CanaryTests {
  /// The fixtures that are text, everywhere.
  private static let files: [Fixture] = {
    let root = Fixture.repository + "/Fixtures"
    let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    return names.filter { name in [".837", ".csv", ".txt"].contains { name.hasSuffix($0) } }.sorted().map(Fixture.init)
  }()

  /// Columns of exports that say who a patient is.
  private static let columns: Set<String> = [
    "person_id", "patient_name", "patient_id", "member_id", "subscriber_id", "bene_id", "bene_mbi_id", "mbr#",
    "birth_date", "patient_dob", "dob", "patient_birth_date", "address",
  ]

  /// Whether somebody is named: a subscriber or a patient in an 837, a cell below such a column.
  private static func namesSomebody(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    if text.contains(/NM1([^A-Za-z0-9\s])(?:IL|QC)\1[12]\1[^\s~]/) { return true }
    guard let header = text.split(whereSeparator: \.isNewline).first else { return false }
    let cells = header.split(omittingEmptySubsequences: false) { ",;|\t".contains($0) }.map {
      $0.trimmingCharacters(in: CharacterSet(charactersIn: " \"\u{FEFF}")).lowercased()
    }
    guard let column = cells.firstIndex(where: { columns.contains($0) }) else { return false }
    return text.split(whereSeparator: \.isNewline).dropFirst().contains { row in
      let cells = row.split(omittingEmptySubsequences: false) { ",;|\t".contains($0) }
      return column < cells.count && !cells[column].isEmpty
    }
  }

  @Test("stand in every fixture that names somebody")
  func fixtures() throws {
    let naming = CanaryTests.files.filter { CanaryTests.namesSomebody($0.bytes) }
    #expect(naming.count > 150)
    let without = naming.filter { Data($0.bytes).range(of: Data(Canary.word.utf8)) == nil }
    #expect(without == [], "a fixture names somebody by another word")
  }

  @Test("a run that finds them where nobody may has failed")
  func search() {
    withKnownIssue { Canary.expectNone(in: Array("xPHICANARY1".utf8), "a test of the test", #_sourceLocation) }
    withKnownIssue { Canary.expectNone(in: Array("on 1941-02-03".utf8), "a test of the test", #_sourceLocation) }
    Canary.expectNone(in: Array("PHICANAR 1941".utf8), "a test of the test", #_sourceLocation)
  }
}
