import Auditing
import ClaimModel
import Testing

@testable import Reporting

/// What a run adds up to.
@Suite struct SummaryTests {
  private static func line(_ generator: inout SplitMix, in builder: inout SummaryBuilder) -> SummaryBuilder.Line {
    func pick<Value>(_ values: [Value], _ generator: inout SplitMix) -> Value {
      values[Int(generator.next() % UInt64(values.count))]
    }
    func tally(_ text: String) -> SummaryBuilder.Tally { SummaryBuilder.Tally(text: text) }
    let charge = pick([nil, 100, 12_345, 99_999], &generator) as Int64?
    let place = tally(pick(["11", "22", "", "a b"], &generator))
    var modifiers = SummaryBuilder.Modifiers()
    for modifier in pick([["22"], ["59", "LT"], [""]], &generator) { modifiers.add(tally(modifier)) }
    let group = builder.group(
      payer: pick(["aetna", "medicare", "other"], &generator),
      claimType: pick([.professional, .institutional], &generator), placeOfService: place)
    builder.add(
      SummaryBuilder.LineCodes(
        placeOfService: place, typeOfBill: tally(pick(["", "0131"], &generator)), modifiers: modifiers), lines: 1)
    return SummaryBuilder.Line(
      stream: pick([0, 1, 5], &generator), group: group, charge: charge,
      allowed: pick([nil, 8_000], &generator), paid: pick([nil, 0, 7_000], &generator), atRisk: charge ?? 0)
  }

  private static let reference = SummaryBuilder.Reference(
    settings: ["11": .nonFacility, "22": .facility], medicare: [.facility: 8_217, .nonFacility: 13_427])

  private static func builder(seed: UInt64, lines: Int) -> SummaryBuilder {
    var generator = SplitMix(state: seed)
    var builder = SummaryBuilder(reference: reference)
    for _ in 0..<lines {
      builder.addReportedLine()
      builder.addWatched(line(&generator, in: &builder))
      var findings = LineFindings()
      findings.replace(with: [
        LineFindings.Entry(record: FindingRecord(RuleIndex(Int(generator.next() % 4)), .warning), isAdded: false)
      ])
      builder.add(findings, stream: 1)
      builder.addIssue(code: "BOM", effect: "none", stream: 0)
      builder.addNotEvaluated([rule("DUP-001")])
    }
    return builder
  }

  private static let files = (0..<6).map {
    SourceFile(path: "f\($0)", format: .x12, bytes: 10, claims: 2, lines: 3, chargeCents: 4)
  }

  private func text(_ builder: SummaryBuilder) -> String {
    let json = builder.summary(files: SummaryTests.files, catalogue: catalogue).json()
    return json.string(0..<json.count)
  }

  @Test func mergingKnowsNoOrder() {
    let parts = [11, 22, 33].map { SummaryTests.builder(seed: $0, lines: 200) }
    func merged(_ order: [Int]) -> SummaryBuilder {
      var sum = SummaryBuilder(reference: SummaryTests.reference)
      for part in order { sum.merge(parts[part]) }
      return sum
    }
    let expected = text(merged([0, 1, 2]))
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] { #expect(text(merged(order)) == expected) }
    // Associative: 0 + (1 + 2).
    var right = parts[1]
    right.merge(parts[2])
    var left = parts[0]
    left.merge(right)
    #expect(text(left) == expected)
  }

  @Test func theDocumentMeetsItsSchema() throws {
    let schema = try #require(JSON(String(decoding: readFile(schema("summary.schema.json")), as: UTF8.self)))
    for builder in [SummaryBuilder(), SummaryTests.builder(seed: 7, lines: 300)] {
      let json = try #require(JSON(text(builder)))
      #expect(violations(json, schema, root: schema) == [])
    }
    // The validator itself is awake.
    let wrong = try #require(JSON(text(SummaryBuilder()).replacing("\"claims\": 12", with: "\"claims\": -1")))
    #expect(violations(wrong, schema, root: schema) == ["$.totals.claims: is below 0"])
  }

  @Test func totalsAddUp() throws {
    var test = TestClaim()
    test.claim.placeOfService = test.coded("22")
    test.line(record: 1, modifiers: ["22", "59"])
    test.line(record: 2, procedure: "99213", charge: .cents(5_000))
    test.line(record: 3, modifiers: ["59", "59", "LT", "RT", "ZZ"], charge: .cents(2_500))
    let found = audit(test.claim, watched: [true, false, true], findings: [finding("MOD-003", .error, line: 2)])
    let published = try Published(
      [(test.claim, found)],
      files: [
        SourceFile(
          path: "a.837", format: .x12, compression: "gzip", bytes: 999, claims: 1, lines: 3, chargeCents: 17_500)
      ])
    let json = try #require(JSON(published.folder.text("summary.json")))
    let expected = [
      "files": 1, "bytes": 999, "claims": 1, "lines": 3, "watched_lines": 2, "reported_lines": 3, "findings": 1,
      "issues": 0,
      "charge_cents": 17_500, "watched_charge_cents": 12_500, "at_risk_cents": 2_500,
    ]
    for (name, value) in expected { #expect(json["totals"]?[name]?.integer == value, "\(name)") }
    #expect(json["by_modifier"] == JSON(#"{"22":1,"59":2,"LT":1,"RT":1,"ZZ":1}"#))
    #expect(json["by_place_of_service"] == JSON(#"{"22":2}"#))
    #expect(json["by_type_of_bill"] == JSON(#"{"none":2}"#))
    #expect(json["by_payer"] == JSON(#"{"aetna":2}"#))
    #expect(json["at_risk_by_payer"] == JSON(#"{"aetna":2500}"#))
    #expect(json["by_rule"] == JSON(#"{"MOD-003":1}"#))
    #expect(json["by_severity"] == JSON(#"{"error":1,"warning":0,"info":0}"#))
    let file = json["files"]?[0]
    #expect(file?["watched_lines"]?.integer == 2)
    #expect(file?["findings"]?.integer == 1)
    #expect(file?["status"]?.text == "ok")
    #expect(file?["compression"]?.text == "gzip")
  }

  @Test func namesAreInByteOrderAndBounded() {
    var builder = SummaryBuilder()
    let damaged = ["two words", "much too long", "\u{1}", "a\t", "a\tb", "1\u{7F}2", "é", "\u{7F}1234567", "1234567\n"]
    for value in ["b", "B", "10", "9", ""] + damaged {
      var modifiers = SummaryBuilder.Modifiers()
      modifiers.add(SummaryBuilder.Tally(text: value))
      let group = builder.group(payer: "p", claimType: .professional, placeOfService: .none)
      builder.addWatched(
        SummaryBuilder.Line(stream: 0, group: group, charge: nil, allowed: nil, paid: nil, atRisk: 0))
      builder.add(SummaryBuilder.LineCodes(modifiers: modifiers), lines: 1)
    }
    let names = builder.summary(files: [], catalogue: catalogue).byModifier
    #expect(names.map(\.name) == ["10", "9", "B", "b", "invalid", "none"])
    #expect(names.map(\.value) == [1, 1, 1, 1, Int64(damaged.count), 1])
  }

  @Test func runJSONBeginsWithTheProgram() throws {
    let published = try Published([])
    let text = published.folder.text("run.json")
    #expect(text.prefix(512).contains("\"tool\": \"claimaudit\""))
    let json = try #require(JSON(text))
    #expect(json["reports"]?.names.sorted() == published.folder.names.filter { $0 != "run.json" })
    for name in json["reports"]?.names ?? [] {
      #expect(json["reports"]?[name]?.integer == published.folder.bytes(name).count, "\(name)")
    }
  }

  @Test func sameInputSameBytes() throws {
    var claims: [(Claim, ClaimAudit)] = []
    for index in 0..<50 {
      var test = TestClaim(id: "C\(index)")
      test.line(record: index + 1, modifiers: ["M\(index % 7)"], charge: .cents(Int64(index * 13)))
      claims.append((test.claim, audit(test.claim, payer: "p\(index % 9)", findings: [finding("MOD-003", .error)])))
    }
    let first = try Published(claims)
    let second = try Published(claims)
    #expect(first.folder.names == second.folder.names)
    for name in first.folder.names { #expect(first.folder.bytes(name) == second.folder.bytes(name), "\(name)") }
  }
}

/// A small seeded generator.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
