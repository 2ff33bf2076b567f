import Auditing
import ClaimModel
import Testing

@testable import Reporting

/// What is remembered from line to line is what would be made for each line alone.
@Suite struct RememberedTests {
  private static let words = [
    "plain", "a, b", "the \"22\"", "=1", "-5", "+5 of", "<&>", "", "a;b", "\t", "a sentence of more than sixteen bytes",
  ]

  /// Claims whose lines are like each other and differ, with as many findings as there may be.
  private func claims(_ count: Int, seed: UInt64) -> [(Claim, ClaimAudit)] {
    var generator = SplitMix(state: seed)
    func pick<Value>(_ values: [Value]) -> Value { values[Int(generator.next() % UInt64(values.count))] }
    return (0..<count).map { index in
      var test = TestClaim(kind: pick([.professional, .institutional]), id: "C\(index)")
      test.claim.renderingNPI = test.text("1234567893")
      if pick([true, false]) { test.claim.typeOfBill = test.coded("0131") }
      test.claim.placeOfService = test.coded("11")
      var findings: [TestFinding] = []
      for line in 0..<4 {
        let modifiers = (0..<Int(generator.next() % 6)).map { _ in
          pick(["22", "59", "LT", "XS", "7\(index % 10)", "a,b"])
        }
        let (place, clinician, day) = (
          pick(["", "11", "22", "a place"]), pick(["", "1234567893", "1992753111"]), pick([1, 2])
        )
        test.line(
          record: index * 10 + line, modifiers: modifiers, charge: pick([.cents(-5), .cents(123_456), .absent])
        ) {
          if !place.isEmpty { $0.placeOfService = $1.coded(place) }
          if !clinician.isEmpty { $0.renderingNPI = $1.text(clinician) }
          $0.serviceTo = Day(year: 2026, month: 3, day: day).map { .day($0) } ?? .absent
        }
        for id in catalogue.ids where pick([true, false]) {
          findings.append(
            finding(
              id, pick([.info, .warning, .error]), line: line, message: pick(Self.words), fix: pick(Self.words),
              carc: pick(["4", "4;16", "16;5", ""]), rarc: pick(["N823", ""])))
        }
      }
      return (
        test.claim, audit(test.claim, payer: pick(["aetna", "a payer of more than sixteen"]), findings: findings)
      )
    }
  }

  @Test func rowsAreThoseOfLinesAlone() throws {
    let claims = claims(12, seed: 7)
    let together = try Published(claims)
    #expect(together.csv("lines").count == 48)
    var (lines, findings): ([[String: String]], [[String: String]]) = ([], [])
    for (claim, audit) in claims {
      for line in claim.lines.indices {
        var (claim, audit) = (claim, audit)
        audit.watched = claim.lines.indices.map { $0 == line }
        claim.lines = claim.lines.enumerated().map { index, value in
          var value = value
          // Another line before it: nothing of it may be left.
          if index != line { value.serviceFrom = .absent }
          return value
        }
        let alone = try Published(lines: spool([(claim, audit)], selection: .watched))
        lines += alone.csv("lines")
        findings += alone.csv("findings")
      }
    }
    #expect(together.csv("lines") == lines)
    #expect(together.csv("findings") == findings)
  }

  @Test func excelReadsTheSameCells() throws {
    // The other way to write CSV, cell by cell, and what it adds.
    func plain(_ rows: [[String: String]]) -> [[String: String]] {
      rows.map { $0.mapValues { $0.hasPrefix("'") ? String($0.dropFirst()) : $0 } }
    }
    let claims = claims(80, seed: 8)
    let (one, other) = (try Published(claims), try Published(claims, formats: [.csv], isForExcel: true))
    for table in ["lines", "findings"] {
      let differences = zip(plain(one.csv(table)), plain(other.csv(table))).flatMap { left, right in
        // The name of the first column has the byte order mark before it.
        left.keys.filter { $0 != "source_file" && left[$0] != right[$0] }.map {
          "\($0): \(left[$0] ?? "") \(right[$0] ?? "")"
        }
      }
      #expect(differences == [])
      let formulas = one.csv(table).filter { row in row.values.contains { $0.hasPrefix("=") } }
      #expect(formulas.isEmpty)
    }
    #expect(one.csv("findings").contains { $0["message"] == "'=1" })
    let joined = one.csv("lines").filter { $0["messages", default: ""].hasPrefix("'-5;") }
    #expect(!joined.isEmpty)
  }

  @Test func codesAreCountedAsLineByLine() throws {
    let claims = claims(400, seed: 9)
    var (places, modifiers): ([String: Int], [String: Int]) = ([:], [:])
    for line in try Published(claims).csv("lines") {
      func name(_ cell: Substring) -> String {
        cell.isEmpty ? "none" : cell.utf8.count > 8 || cell.contains(" ") ? "invalid" : String(cell)
      }
      places[name(line["place_of_service", default: ""][...]), default: 0] += 1
      let values = (1...4).flatMap { line["modifier_\($0)", default: ""].split(separator: ";") }.map(name)
      for value in values.isEmpty ? ["none"] : Array(Set(values)) { modifiers[value, default: 0] += 1 }
    }
    let summary = try Published(claims).summary
    #expect(Dictionary(uniqueKeysWithValues: summary.byPlaceOfService.map { ($0.name, Int($0.value)) }) == places)
    #expect(Dictionary(uniqueKeysWithValues: summary.byModifier.map { ($0.name, Int($0.value)) }) == modifiers)
  }

  @Test func amountsHaveTwoDecimals() {
    for (cents, text) in [
      (0, "0.00"), (5, "0.05"), (50, "0.50"), (100, "1.00"), (-1, "-0.01"), (99_999_999, "999999.99"),
      (100_000_000, "1000000.00"), (-123_456_789_012, "-1234567890.12"), (1_000_005, "10000.05"),
    ] as [(Int64, String)] {
      var buffer = ByteBuffer(capacity: 1)
      buffer.append(cents: cents)
      #expect(buffer.string(0..<buffer.count) == text)
    }
  }
}
