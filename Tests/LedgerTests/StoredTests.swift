import Auditing
import ClaimModel
import Testing

@testable import Ledger

@Suite("What the ledger keeps of a stream")
struct StoredTests {
  private static let fact = LineFact(
    key: LineKey(stream: 0, record: 71, slot: 3), patient: 0xFEDC_BA98_7654_3210, clinician: 2, facility: 3, claimID: 4,
    originalClaimID: 5, claimContent: 6, procedure: Code("32960"), modifierSet: 8, charge: -12_345, units: -1,
    serviceDay: 20_543, peerGroup: 0xFFFF_FFFF, traits: [.watched, .dental], payer: 0x8000_0001,
    missing: [.claimID, .charge])

  /// All fields of a fact, with their names.
  private func fields(_ fact: LineFact) -> [String] {
    Mirror(reflecting: fact).children.map { "\($0.label ?? "") \($0.value)" }
  }

  @Test("a fact comes back with every field it has")
  func facts() {
    let empty = LineFact(
      key: LineKey(stream: 0, record: 1), patient: 0, clinician: 0, facility: 0, claimID: 0, originalClaimID: 0,
      claimContent: 0, procedure: .none, modifierSet: 0, charge: .min, units: .max, serviceDay: .min, peerGroup: 1,
      traits: [])
    let back = StoredFact.facts(StoredFact.bytes([Self.fact, empty]))
    #expect(back.map(fields) == [Self.fact, empty].map(fields))
    // A field that is added has to be kept as well, under a new layout.
    #expect(fields(Self.fact).count == 16)
    #expect(StoredFact.facts(Array(StoredFact.bytes([Self.fact]).dropLast())).isEmpty)
  }

  @Test("names of columns and counts of rules come back")
  func texts() {
    var columns = ColumnNames()
    columns[.charge] = "Fee = total"
    columns[.modifier(3)] = "Mod 4"
    columns[.diagnosis(11)] = "dx_12"
    let back = StoredText.columns(StoredText.text(columns))
    #expect(back[.charge] == "Fee = total" && back[.modifier(3)] == "Mod 4" && back[.diagnosis(11)] == "dx_12")
    #expect(back.all.count == 3)
    let counts = [RuleIndex(3): 12, RuleIndex(69): 1]
    #expect(StoredText.counts(StoredText.text(counts)) == counts)
    #expect(StoredText.counts("") == [:] && StoredText.counts("x=1 2= 3") == [:])
  }
}
