import ClaimModel
import FoundationEssentials
import Testing

@testable import Auditing

@Suite("Sets of codes")
struct CodeSetTests {
  @Test("hold what was put in, and nothing else")
  func membership() {
    let codes = (10_000..<12_000).filter { $0 % 3 == 0 }.map { Code(String($0)) }
    let set = CodeSet(codes + codes + [.none])
    #expect(set.count == codes.count)
    for number in 10_000..<12_000 { #expect(set.contains(Code(String(number))) == (number % 3 == 0)) }
    #expect(!set.contains(.none) && !CodeSet().contains("A") && CodeSet().isEmpty)
  }

  @Test("patterns match codes and beginnings")
  func patterns() {
    let patterns = CodePatterns(exact: ["J930"], prefixes: ["S270XX"])
    #expect(patterns.matches("J930") && patterns.matches("S270XXA") && patterns.matches("S270XX"))
    #expect(!patterns.matches("J9301") && !patterns.matches("S270") && !patterns.matches(.none))
  }
}

@Suite("Modifiers of a line")
struct ModifierReadingTests {
  private let tables = CodeTables(
    modifiers: ModifierTable([
      .init(code: "22", family: "pricing", from: nil, to: nil), .init(code: "RT", family: "side", from: nil, to: nil),
      .init(code: "XE", family: "ncci", from: Day(iso: "2015-01-01"), to: nil),
      .init(code: "21", family: "retired", from: nil, to: Day(iso: "2008-12-31")),
    ]),
    places: PlaceTable([("11", .init(isAssigned: true, isFacility: false, from: nil, name: "Office"))]),
    billTypes: BillTypeTable(known: ["13"], sites: [:]), diagnoses: NoDiagnoses(),
    payers: PayerTable([], filingIndicators: []))

  private struct NoDiagnoses: DiagnosisTable {
    let validity = Day(ordinal: 0)...Day(ordinal: 0)
    func isBillable(_ code: Code) -> Bool { false }
    func isHeading(_ code: Code) -> Bool { false }
  }

  private func states(_ values: [String], on day: String?) -> [ModifierState] {
    var arena = TextArena()
    var modifiers = Modifiers()
    for value in values {
      modifiers.append(CodedValue(code: Code(value), text: arena.append(Array(value.utf8))))
    }
    let reading = ModifierReading(modifiers, day: day.flatMap { Day(iso: $0) }, tables: tables, policy: .none)
    return modifiers.indices.map { reading.state(at: $0) }
  }

  @Test("the first thing that is wrong with a value is what is said of it")
  func order() {
    #expect(states(["7", "022", "22.0"], on: nil) == [.malformed, .malformed, .malformed])
    #expect(states(["11", "ZZ", "22", "22", "rt"], on: nil) == [.placeOfService, .unknown, .valid, .repeated, .valid])
    #expect(states(["XE", "21"], on: "2014-12-31") == [.notInEffect, .notInEffect])
    #expect(states(["XE", "21"], on: "2015-01-01") == [.valid, .notInEffect])
    #expect(states(["XE", "21"], on: nil) == [.valid, .valid])
    // A repetition of what is not valid is no repetition.
    #expect(states(["21", "21"], on: "2020-01-01") == [.notInEffect, .notInEffect])
  }

  @Test("every pair of letters and digits has a place of its own")
  func slots() {
    let characters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    var seen: Set<Int> = []
    for first in characters {
      for second in characters { if let slot = ModifierTable.slot(of: Code("\(first)\(second)")) { seen.insert(slot) } }
    }
    #expect(seen.count == 1296 && seen.max() == 1295)
    #expect(
      ModifierTable.slot(of: "A") == nil && ModifierTable.slot(of: "ABC") == nil && ModifierTable.slot(of: "A-") == nil)
  }
}

@Suite("Payers")
struct PayerTableTests {
  private let table = PayerTable(
    [
      .init(key: "blue", ids: ["G00621"], aliases: ["BLUE", "BLUE CROSS"], filingFallback: ["BL"]),
      .init(key: "cross", aliases: ["BLUE CROSS OF OHIO"], from: Day(iso: "2026-01-01")),
      .init(key: "medicare", aliases: ["MEDICARE", "NGS"], filingFallback: ["MB"], isOriginalMedicare: true),
    ], filingIndicators: ["BL", "MB"])

  private func payer(_ name: String, id: String = "", filing: String = "", on day: String = "2026-02-01") -> String? {
    var claim = Claim()
    claim.payerName = claim.text.append(Array(name.utf8))
    claim.payerID = claim.text.append(Array(id.utf8))
    claim.filingIndicator = CodedValue(code: Code(filing), text: claim.text.append(Array(filing.utf8)))
    return table.payer(of: claim, on: Day(iso: day)).map { table.payers[$0].key }
  }

  @Test("are found by id, then by the longest alias, then by the filing indicator")
  func order() {
    #expect(payer("MEDICARE", id: " g00621 ") == "blue")
    #expect(payer("Blue-Cross, of Texas") == "blue")
    #expect(payer("BLUE  CROSS/OF OHIO") == "cross")
    #expect(payer("BLUE CROSS OF OHIO", on: "2025-12-31") == "blue")
    #expect(payer("NOBODY", filing: "BL") == "blue")
    #expect(payer("NOBODY") == nil && payer("") == nil && payer("THE BLUE CROSS") == nil)
  }

  @Test("Medicare plans of others are not Medicare")
  func medicare() {
    #expect(payer("MEDICARE PART B") == "medicare" && payer("NGS MEDICARE") == "medicare")
    #expect(payer("MEDICARE ADVANTAGE", filing: "MB") == nil && payer("HUMANA MEDICARE", filing: "MB") == nil)
    #expect(payer("", filing: "MB") == "medicare")
    #expect(payer(String(repeating: "X", count: 300) + " MEDICARE", filing: "MB") == "medicare")
  }

  @Test("bytes that are no letters are blanks, others stay as they are")
  func names() {
    #expect(
      NormalizedName(Array("  a.b--c\u{E9} ".utf8)[...], keepPunctuation: false).equals(Array("A B C\u{E9}".utf8)))
    #expect(NormalizedName(Array(" a-1 ".utf8)[...], keepPunctuation: true).equals(Array("A-1".utf8)))
  }
}

@Suite("Reference of rules")
struct RuleReferenceTests {
  private let rule = RuleDescription(
    id: "ABC-001", severity: .warning, name: "a-name", summary: "What | is checked.", rationale: "Why \"it\" matters.",
    needs: [.charge, .units], applies: .professionalLines, carc: "4;16", rarc: "N1", fix: "Do this.",
    source: "A manual",
    flagged: RuleExample(modifiers: ["78"], placeOfService: "11"), clean: RuleExample())

  @Test("is made from what the rule says, as text, table and objects")
  func forms() throws {
    #expect(
      RuleReference.text([rule])
        == """
        RULE     SEVERITY  APPLIES  EXPECT              WHAT IS CHECKED     NEEDS
        ABC-001  warning   P C      CARC 4 16, RARC N1  What | is checked.  units, charge

        """)
    #expect(RuleReference.markdown([rule]).contains("| `ABC-001` | warning | P C | What \\| is checked. |"))
    #expect(RuleReference.json([rule]).contains("\"rationale\": \"Why \\\"it\\\" matters.\""))
    #expect(RuleReference.json([rule]).contains("\"needs\": [\"units\", \"charge\"]"))
    struct Row: Decodable { let id: String }
    for count in 1...3 {
      let rows = try JSONDecoder().decode(
        [Row].self, from: Data(RuleReference.json(Array(repeating: rule, count: count)).utf8))
      #expect(rows.map(\.id) == Array(repeating: "ABC-001", count: count))
    }
  }

  @Test("explains one rule within eighty columns, with its examples in words")
  func explanation() {
    let text = RuleReference.explanation(of: rule)
    #expect(text.contains("Flagged  837P, 32960-78, place of service 11\n"))
    #expect(text.contains("Expect   CARC 4 16, RARC N1\n"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }
}

@Suite("Selection of rules")
struct RuleSelectionTests {
  @Test("takes ids and beginnings in any case, and leaves out what is ignored")
  func selection() throws {
    let ids = ["DX-001", "DX-002", "MOD-001"]
    let some = try RuleSelection(select: ["dx"], ignore: ["DX-002"], among: ids)
    #expect(ids.filter { some.includes($0) } == ["DX-001"])
    let all = try RuleSelection(select: [], ignore: [], among: ids)
    #expect(ids.filter { all.includes($0) } == ids)
  }

  @Test("what is near is what differs in few letters")
  func distance() {
    #expect(EditDistance.between("kitten", "sitting") == 3)
    #expect(EditDistance.between("", "abc") == 3 && EditDistance.between("abc", "abc") == 0)
    #expect(RuleSelection.near("DX-01", ["DX-001", "DX-002", "MOD-001"]).first == "DX-001")
  }
}
