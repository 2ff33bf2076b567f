import Auditing
import ClaimModel
import Testing

@testable import RulePacks

/// One row of `Fixtures/cases/cases.tsv`: a claim in a few columns and the exact set of rules it must get.
struct DomainCase: CustomTestStringConvertible, Sendable {
  let id: String
  let note: String
  let example: RuleExample
  let expected: Set<String>

  var testDescription: String { "\(id) \(note)" }

  static let all: [DomainCase] = {
    guard let bytes = try? fixture("cases/cases.tsv") else { return [] }
    let rows = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    guard let header = rows.first else { return [] }
    return rows.dropFirst().map { row in
      DomainCase(Dictionary(zip(header, row)) { first, _ in first })
    }
  }()

  init(_ row: [String: String]) {
    func cell(_ name: String) -> String { row[name] ?? "" }
    func list(_ name: String, _ separator: Character) -> [String] {
      cell(name).split(separator: separator).map(String.init)
    }
    id = cell("id")
    note = cell("note")
    expected = Set(list("expected", " ")).subtracting(["-"])
    let form: RuleExample.Form =
      switch cell("claim_type") {
      case "I": .institutional
      case "CSV": .csv
      default: .professional
      }
    example = RuleExample(form) { example in
      example.procedure = cell("procedure")
      example.modifiers = list("modifiers", ",")
      example.placeOfService = cell("pos")
      example.typeOfBill = cell("tob")
      example.revenueCode = cell("rev")
      example.diagnoses = list("dx", ",")
      example.pointers = list("pointers", ",").map { UInt8($0) ?? 0 }
      example.edition = cell("icd_qualifier").hasPrefix("A") ? .icd10 : .icd9
      example.units = cell("units")
      example.unitBasis = cell("unit_basis")
      example.charge = cell("charge")
      example.totalCharge = cell("claim_total")
      example.payerName = cell("payer_name")
      example.payerID = cell("payer_id")
      example.filingIndicator = cell("sbr09")
      example.serviceFrom = cell("dos")
      example.serviceTo = cell("dos_to")
      example.admission = cell("admit")
      example.discharge = cell("discharge")
      example.statement = cell("statement")
      example.frequency = cell("frequency")
      example.originalClaimID = cell("original_ref")
      example.documentation =
        switch cell("documentation") {
        case "text": .present
        case "n/a": .noColumn
        default: .none
        }
      example.billingTaxonomy = cell("billing_taxonomy")
      example.asOf = cell("as_of")
      example.inpatientProcedures = list("icd10pcs", ";").count
      example.companions = list("other_lines", ";").map { line in
        let parts = line.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        return RuleExample.Companion(
          parts[0], modifiers: parts[1].split(separator: "+").map(String.init), units: parts[2], charge: parts[3],
          clinician: parts[4])
      }
      example.priors = list("prior_claims", ";").enumerated().map { index, claim in
        let parts = claim.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        return RuleExample.Prior(
          parts[0], modifiers: parts[1].split(separator: "+").map(String.init), date: parts[2], clinician: parts[3],
          charge: parts[4], claimID: parts.count > 5 && !parts[5].isEmpty ? parts[5] : "PRIOR\(index)")
      }
    }
  }
}

@Suite("The domain's cases")
struct DomainCaseTests {
  @Test("are all there")
  func complete() { #expect(DomainCase.all.count == 40) }

  @Test("get exactly their rules", arguments: DomainCase.all)
  func exact(domainCase: DomainCase) throws {
    // What the envelope gets is the reader's to find.
    let expected = domainCase.expected.filter { !$0.hasPrefix("ENV-") }
    #expect(try Set(audit(domainCase.example).rules) == expected)
  }
}
