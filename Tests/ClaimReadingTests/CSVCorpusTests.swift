import ClaimModel
import ClaimReading
import FoundationEssentials
import TestSupport
import Testing

/// Public and invented exports that lie beside the project on some machines.
enum CSVCorpus {
  static let folder = "\(Fixture.repository)/../shared/corpus"

  static let isThere = Fixture.bytes(at: "\(folder)/csv/MANIFEST.tsv") != nil

  static func bytes(_ path: String) -> [UInt8] { Fixture.bytes(at: "\(folder)/\(path)") ?? [] }
}

@Suite("The corpus of exports", .enabled(if: CSVCorpus.isThere, "there is no ../shared/corpus on this machine"))
struct CSVCorpusTests {
  /// A line as the corpus expects it.
  struct ExpectedLine: Decodable {
    var claimId: String
    var line: String
    var modifiers: [String]
    var procedure: String
    var recordNumber: Int
    var placeOfService: String?
    var serviceFrom: String?
    var renderingNPI: String?
    var charge: String?
    var units: String?
    var payer: String?
  }

  static let vendorFiles = [
    "01_athena_like.csv", "03_tebra_like_bom_crlf.csv", "04_excel_damage.csv", "05_modifier_list.csv",
    "06_wide_synpuf_shape.csv",
    "07_rif_shape.txt", "08_cclf5_shape.csv", "11_semicolon_cp1252.csv", "12_tab_in_csv.csv",
    "15_report_preamble_totals.csv",
    "18_hostile_cells.csv", "19_iso_timestamps.csv", "20_taf_ot_line.csv", "22_ambiguous_dates.csv",
  ]

  @Test("vendors' quirks become the lines they stand for", arguments: vendorFiles)
  func vendorStyle(name: String) throws {
    var mapping = ColumnMapping()
    // What only the user can know.
    if name.hasPrefix("11") {
      mapping.dates = .dayFirst
      mapping.amounts = .european
    }
    let outcome = readCSV(CSVCorpus.bytes("csv/vendor_style/\(name)"), mapping: mapping)
    let expected = try Fixture.lines(of: CSVCorpus.bytes("csv/vendor_style/expected/\(name).jsonl")).map {
      try JSONDecoder().decode(ExpectedLine.self, from: Data($0.utf8))
    }
    let found = outcome.claims.flatMap { claim in claim.lines.map { (claim, $0) } }
    try #require(found.count == expected.count)
    let fields = outcome.claims.first?.fields ?? []
    for ((claim, line), wanted) in zip(found, expected) {
      #expect(claim.id == wanted.claimId)
      #expect(line.number == wanted.line)
      #expect(line.procedure.code == wanted.procedure)
      #expect(line.modifiers.map(\.code) == wanted.modifiers)
      #expect(line.location.record == wanted.recordNumber)
      #expect(line.placeOfService.code == wanted.placeOfService ?? "")
      #expect(line.clinician == wanted.renderingNPI ?? "")
      if let payer = wanted.payer { #expect(claim.payerName == payer) }
      if let charge = wanted.charge { #expect(Double(line.charge.cents ?? -1) / 100 == Double(charge)) }
      // A file without units has none, not one.
      if fields.contains(.units), let units = wanted.units { #expect(line.units.whole.map { "\($0)" } == units) }
      // A spreadsheet's day count is no date.
      let isSerial = name.hasPrefix("04") && wanted.recordNumber == 2
      #expect(
        line.serviceFrom
          == (isSerial ? .malformed : wanted.serviceFrom.flatMap { Day(iso: $0) }.map { .day($0) } ?? .absent))
    }
  }

  @Test(
    "what is no report of claims is refused and told why",
    arguments: [
      ("csv/vendor_style/10_medicare_puf_by_service.csv", "HEADER_MISSING"),
      ("csv/vendor_style/21_utf16le_tab.txt", "ENCODING"),
      ("csv/synthea/claims.csv", "HEADER_MISSING"), ("csv/synthea/claims_transactions.csv", "NOT_CLAIMS"),
      ("csv/synpuf/procedure_cost.csv", "HEADER"), ("csv/synpuf/procedure_occurrence.csv", "HEADER_MISSING"),
      ("csv/cclf/parta_claims_header.csv", "HEADER_MISSING"), ("csv/cclf/parta_procedure_code.csv", "HEADER_MISSING"),
    ])
  func refused(path: String, code: String) {
    let outcome = readCSV(CSVCorpus.bytes(path))
    #expect(outcome.isRefused)
    #expect(outcome.issues.first?.code == code)
  }

  @Test(
    "public files give the claims and lines they hold",
    arguments: [
      ("csv/synpuf/DE1_0_2008_to_2010_Carrier_Claims_Sample_0A.csv", 1, 1),
      ("csv/synpuf/DE1_0_2008_to_2010_Outpatient_Claims_Sample_0.csv", 2, 4),
      ("csv/synpuf/DE1_0_2008_to_2010_Inpatient_Claims_Sample_0.csv", 2, 0),
      ("csv/rif/rif-synthea_carrier.csv", 37, 221),
      ("csv/rif/rif-synthea_outpatient.csv", 19, 19), ("csv/rif/rif-synthea_inpatient.csv", 16, 16),
      ("csv/rif/rif-synthea_dme.csv", 1, 1),
      ("csv/rif/rif-static-samples_sample-a-bcarrier.txt", 1, 1), ("csv/cclf/partb_physicians.csv", 0, 0),
      ("csv/cclf/parta_claims_revenue_center_detail.csv", 0, 0), ("csv/tuva/tuva_demo_medical_claim.csv", 0, 0),
    ])
  func counts(path: String, claims: Int, lines: Int) throws {
    let outcome = try #require(readCSV(CSVCorpus.bytes(path)).outcome)
    #expect(outcome.totals.claims == claims)
    #expect(outcome.totals.lines == lines)
    #expect(outcome.issues.allSatisfy { !$0.effect.isDamage })
  }

  @Test("hostile files are met as their table asks")
  func hostile() throws {
    let rows = Fixture.lines(of: CSVCorpus.bytes("hostile/expected.tsv")).map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    let cases = rows.filter { $0.count > 3 && $0[0].hasPrefix("csv/") && $0[0] != "csv/csv_is_x12_a.csv" }
    try #require(cases.count >= 39)
    for row in cases {
      let outcome = readCSV(CSVCorpus.bytes("hostile/\(row[0])"))
      let name = row[0]
      // A value that cannot be read never costs the line, so a case about one ends well where the table asks for damage.
      let isAboutValue = ["AMOUNT", "DATE", "EXCEL_DAMAGE"].contains { row[2].hasPrefix($0) }
      let isDamaged = outcome.issues.contains { $0.effect.isDamage }
      let status = outcome.isRefused ? "refused" : isDamaged ? "partial+error" : "ok"
      #expect(
        row[1].split(separator: "|").contains { $0 == status } || isAboutValue && status == "ok", "\(name): \(status)")
      // Every claim that is to be kept is kept.
      if let list = row[3].split(separator: ";").first(where: { $0.hasPrefix("claims=") }), !outcome.isRefused {
        let kept = Set(outcome.claims.map(\.id))
        for id in list.dropFirst(7).split(separator: ",") { #expect(kept.contains(String(id)), "\(name): \(id)") }
      }
      // And what is to be said is said, where it is to be said. Amounts in the forms that exports have are no faults.
      guard !row[2].isEmpty, !["currency", "parens"].contains(where: { name.contains("amount_\($0)") }) else {
        continue
      }
      let say = row[2].replacing("notice:", with: "").split(separator: ";")
      let said = outcome.issues.filter { $0.code == say[0] }
      #expect(!said.isEmpty, "\(name): \(say[0])")
      if let offset = say.first(where: { $0.hasPrefix("offset=") })?.dropFirst(7) {
        #expect(said.contains { "\($0.location.byteOffset)" == offset }, "\(name): \(offset)")
      }
      if let line = say.first(where: { $0.hasPrefix("line=") })?.dropFirst(5) {
        #expect(said.contains { $0.message.contains("line \(line)") }, "\(name): \(line)")
      }
      if let column = say.first(where: { $0.hasPrefix("column=") })?.dropFirst(7) {
        #expect(said.contains { $0.element == column }, "\(name): \(column)")
      }
      for issue in outcome.issues { #expect(!issue.message.contains("PHICANARY"), "\(name)") }
    }
  }
}
