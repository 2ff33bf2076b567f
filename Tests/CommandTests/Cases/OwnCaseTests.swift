import Testing

@Suite("Cases for the rules without a public one, through the whole program")
struct OwnCaseTests {
  /// The case, and the forms that can carry it.
  struct Entry: CustomTestStringConvertible, Sendable {
    let facts: ClaimCase
    var forms = CaseForm.allCases
    var testDescription: String { facts.testDescription }
  }

  private static func own(
    _ id: String, from base: String, _ changes: [String: String], _ expected: Set<String>,
    _ forms: [CaseForm] = CaseForm.allCases
  ) -> Entry {
    let named = ["id": "OWN-\(id)", "note": "for \(id)"].merging(changes) { $1 }
    return Entry(facts: ClaimCase.named(base).with(named, expected: expected), forms: forms)
  }

  static let all: [Entry] = [
    own("TOB-001", from: "DC-003", ["tob": "991"], ["TOB-001"]),
    own("REV-001", from: "DC-003", ["rev": ""], ["REV-001"]),
    own("TOB-005", from: "DC-004", ["tob": "131", "rev": "0361", "pos": "11", "modifiers": ""], ["TOB-005"], [.table]),
    own("DX-007", from: "DC-001", ["icd_qualifier": "BK", "dx": "011.90"], ["DX-007"]),
    own(
      "CHG-003", from: "DC-001",
      ["charge": "5000.00", "peer_charges": "440.00;441.00;445.00;448.00;450.00;452.00;455.00;457.00;460.00;462.00"],
      ["CHG-003"]),
    own("CHG-003 few", from: "DC-001", ["charge": "5000.00", "peer_charges": "440.00;441.00;445.00;448.00"], []),
    own("DUP-002", from: "DC-001", ["claimno_reused": "yes"], ["DUP-002"]),
    own("ENV-002", from: "DC-001", ["envelope": "claim type mixed"], ["ENV-002"], [.x12]),
    own("MOD-016 present", from: "DC-028", ["documentation": "text"], ["MOD-021"]),
    own("DUP-001 voided", from: "DC-001", ["frequency": "8", "original_ref": "123"], []),
  ]

  @Test("get exactly their rules", arguments: all)
  func exact(entry: Entry) throws {
    for form in entry.forms {
      let run = try CaseRun(entry.facts, form)
      #expect(try run.whole() == entry.facts.expected, "\(form.rawValue)")
      #expect(try run.parted(seed: 5, jobs: 1) == entry.facts.expected, "\(form.rawValue), parted")
      #expect(try run.parted(seed: 6, jobs: 2) == entry.facts.expected, "\(form.rawValue), parted")
    }
  }
}
