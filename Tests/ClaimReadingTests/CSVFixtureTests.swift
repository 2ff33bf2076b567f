import ClaimModel
import ClaimReading
import TestSupport
import Testing

@Suite("Exports as they come")
struct CSVFixtureTests {
  static let fixtures = Fixture.all(in: "csv", ending: ".csv") + Fixture.all(in: "csv", ending: ".txt")

  @Test func thereAreFixtures() {
    #expect(CSVFixtureTests.fixtures.count >= 20)
  }

  @Test("are read as their expectation says", arguments: fixtures)
  func expectation(fixture: Fixture) {
    let found = readCSV(fixture.bytes).rows
    let expected = fixture.with(ending: "expected").lines
    #expect(found == expected, "\(found.joined(separator: "\n"))")
  }

  @Test("are read the same in whatever pieces they come, and line by line the same as at once", arguments: fixtures)
  func pieces(fixture: Fixture) {
    let whole = readCSV(fixture.bytes)
    for chunking in Chunking.grid(seed: RandomRuns.seed) {
      #expect(readCSV(fixture.bytes, in: chunking).rows == whole.rows, "\(chunking)")
    }
  }

  @Test("never have a value of theirs in a message", arguments: fixtures)
  func privacy(fixture: Fixture) {
    let outcome = readCSV(fixture.bytes)
    let values = ["Mutual", "1234567893", "46027", "M100", "Krankenkasse", "never closed", "A15.0"]
    for issue in outcome.issues {
      for value in values { #expect(!issue.message.contains(value), "\(issue)") }
    }
  }
}

extension CSVOutcome {
  /// The outcome as the rows of an `.expected` file: what was said at the opening, then claims, lines and issues as they came.
  var rows: [String] {
    switch self {
    case .notCSV: return ["no table"]
    case .refused(let issues): return issues.map { "refused \($0.code) \($0.element)" }
    case .read(let outcome, let notices, _, _):
      var rows = notices.map { "notice \($0.code) \($0.element)" }
      for event in outcome.events {
        switch event {
        case .issue(let issue):
          let place = "\(issue.location.record)@\(issue.location.byteOffset)"
          rows.append("issue \(issue.code) \(place) \(issue.effect.rawValue) \(issue.element)")
        case .claim(let claim): rows += CSVOutcome.rows(claim)
        }
      }
      let totals = outcome.totals
      rows.append(
        "totals claims \(totals.claims) lines \(totals.lines) cents \(totals.chargeCents) records \(totals.records)")
      return rows.map { $0.hasSuffix(" ") ? String($0.dropLast()) : $0 }
    }
  }

  private static func rows(_ claim: RecordedClaim) -> [String] {
    var head = "claim \(claim.id) \(claim.kind.letter) \(claim.location.record)@\(claim.location.byteOffset)"
    func add(_ name: String, _ value: String) { if !value.isEmpty { head += " \(name) \(value)" } }
    add("payer", claim.payerName)
    add("bill", claim.typeOfBill.code)
    add("frequency", claim.frequency.code)
    add("statement", claim.statementFrom == .absent ? "" : "\(day(claim.statementFrom))/\(day(claim.statementTo))")
    add("dx", claim.diagnoses.joined(separator: ";"))
    if claim.patient != 0 { head += " patient" }
    if claim.hasDocumentation { head += " documented" }
    if claim.isPartial { head += " partial" }
    return [head]
      + claim.lines.map { line in
        var row = "  \(line.number) \(line.procedure.code) \(line.location.record)@\(line.location.byteOffset)"
        func add(_ name: String, _ value: String) { if !value.isEmpty { row += " \(name) \(value)" } }
        add("mods", line.modifiers.map { "\($0.code)=\($0.text)" }.joined(separator: ";"))
        add("pos", line.placeOfService.code)
        add("rev", line.revenueCode.code)
        add(
          "from",
          line.serviceFrom == .absent ? "" : "\(day(line.serviceFrom))/\(day(line.serviceTo)) \(line.dateOrigin)")
        add("units", line.units == .absent ? "" : line.units.tenThousandths.map { "\($0)" } ?? "malformed")
        add("charge", line.charge == .absent ? "" : line.charge.cents.map { "\($0)" } ?? "malformed")
        add("allowed", line.allowed.cents.map { "\($0)" } ?? "")
        add("points", line.pointers.map { "\($0)" }.joined(separator: ";"))
        add("npi", line.clinician)
        if line.isReversal { row += " reversal" }
        return row
      }
  }

  private static func day(_ value: DateValue) -> String {
    switch value {
    case .absent: "none"
    case .malformed: "malformed"
    case .day(let day): "\(day)"
    }
  }
}
