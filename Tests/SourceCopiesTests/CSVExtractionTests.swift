import AuditPipeline
import ClaimReading
import SourceCopies
import TestSupport
import Testing

@Suite("Rows of extracted claims")
struct CSVExtractionTests {
  private static let header = "claim_id,cpt,dos,charge\n"

  private func extracted(_ texts: String..., ids: [String]) throws -> (selected: String, others: String) {
    let parts = try Extracted(texts.map { Array($0.utf8) }) { $0.claimIDs = Set(ids.map { Array($0.utf8) }) }
    return (String(decoding: parts.selected, as: UTF8.self), String(decoding: parts.others, as: UTF8.self))
  }

  @Test("rows go out byte for byte under the header, and what is no service line in neither part")
  func rows() throws {
    let text =
      "Charges of the day\n\n" + Self.header
      + "A,32960,2026-01-05,\" 10.00\"\nB,71046,2026-01-05,11\n\nA,71046,2026-01-05,12\nB,32960,2026-01-06,\"1\"\nTotal,,,34\n"
    let parts = try extracted(text, ids: ["A"])
    #expect(
      parts.selected == "Charges of the day\n\n" + Self.header
        + "A,32960,2026-01-05,\" 10.00\"\nA,71046,2026-01-05,12\n")
    #expect(
      parts.others == "Charges of the day\n\n" + Self.header + "B,71046,2026-01-05,11\nB,32960,2026-01-06,\"1\"\n")
  }

  @Test("line ends and byte order mark stay; a last row without its line break gets one only where another follows")
  func lineEnds() throws {
    let crlf = "\u{FEFF}" + Self.header.replacing("\n", with: "\r\n")
    let text = crlf + "A,32960,2026-01-05,10\r\nB,71046,2026-01-05,11\r\nC,71046,2026-01-05,\"1\r\n2\""
    let parts = try extracted(text, ids: ["C"])
    #expect(parts.selected == crlf + "C,71046,2026-01-05,\"1\r\n2\"")
    #expect(parts.others == crlf + "A,32960,2026-01-05,10\r\nB,71046,2026-01-05,11\r\n")
    let two = try extracted(text, text, ids: ["C"])
    #expect(two.selected == crlf + "C,71046,2026-01-05,\"1\r\n2\"\r\nC,71046,2026-01-05,\"1\r\n2\"")
  }

  @Test("continuation rows go with their claim, and a wide row without a procedure is a claim too")
  func shapes() throws {
    let fixture = Fixture("csv/continuation.csv").bytes
    let parts = try Extracted(fixture) { $0.askFor("K1", "K3") }
    let lines = Fixture.lines(of: fixture)
    #expect(Fixture.lines(of: parts.selected) == [lines[0]] + lines[1...3] + [lines[6]])
    // The row in between has lost its claim's id: it is of no claim, as the reader says.
    #expect(Fixture.lines(of: parts.others) == [lines[0], lines[4]])

    let wide = Fixture("csv/wide.csv").bytes
    let found = try Extracted(wide) { $0.needsWatchedLine = true }
    #expect(Fixture.lines(of: found.selected) == Array(Fixture.lines(of: wide)[0...1]))
    #expect(Fixture.lines(of: found.others) == [0, 2, 3].map { Fixture.lines(of: wide)[$0] })
    #expect(found.outcome?.claims == 3)
  }

  @Test("every claim of every fixture is in one of the two parts", arguments: CSVFile.own)
  func fixtures(file: CSVFile) throws {
    let whole = try #require(file.claims(of: file.bytes))
    let everySecond = Set(whole.enumerated().filter { $0.offset % 2 == 0 }.map { Array($0.element.id.utf8) })
    let parts = try Extracted(file.bytes) { $0.claimIDs = everySecond }
    // Whether a row was lost beside a claim is said of the file, not of the part it is in.
    func text(_ claim: RecordedClaim) -> String {
      var claim = claim
      claim.isPartial = false
      return claim.placeless
    }
    var claims: [String] = []
    for part in [parts.selected, parts.others] { claims += (file.claims(of: part) ?? []).map(text) }
    #expect(claims.sorted() == whole.map(text).sorted())
    // Every line of the parts is one of the file.
    var rest = Fixture.lines(of: file.bytes)
    for line in Fixture.lines(of: parts.selected) + Fixture.lines(of: parts.others) {
      let place = rest.firstIndex(of: line) ?? Fixture.lines(of: file.bytes).firstIndex(of: line)
      #expect(place != nil)
      if let index = rest.firstIndex(of: line) { rest.remove(at: index) }
    }
  }

  @Test("a claim longer than a claim may be is one claim")
  func longClaim() throws {
    var text = Self.header
    for row in 0..<50 {
      text += "\(row < 20 || row > 45 ? "A" : "B"),\(row == 30 ? "32960" : "71046"),2026-01-05,\(row)\n"
    }
    let parts = try Extracted([Array(text.utf8)], change: { $0.limits.claimLines = 7 }) { $0.needsWatchedLine = true }
    #expect(Fixture.lines(of: parts.selected).count == 27)
    #expect(Fixture.lines(of: parts.others).count == 25)
  }

  @Test("one output takes exports with the same header only, and no 837 beside them")
  func mixing() throws {
    let first = Self.header + "A,32960,2026-01-05,10\n"
    let other = "cpt,claim_id,dos,charge\n32960,A,2026-01-05,10\n"
    #expect(throws: ExtractionFailure.self) { try extracted(first, other, ids: ["A"]) }
    #expect(try extracted(first, first, ids: ["A"]).selected == first + "A,32960,2026-01-05,10\n")
    let x12 = Fixture("valid/professional.837").bytes
    #expect(throws: ExtractionFailure.self) {
      try Extracted([Array(first.utf8), x12]) { $0.needsWatchedLine = true }
    }
    // What is not selected does not stand in the way.
    let parts = try Extracted([Array(first.utf8), x12]) { $0.askFor("A") }
    #expect(parts.selected == Array(first.utf8))
  }

  @Test("where nothing is selected the header goes out, and of an 837 nothing")
  func nothing() throws {
    #expect(try extracted(Self.header + "A,32960,2026-01-05,10\n", ids: ["Z"]).selected == Self.header)
    #expect(try Extracted(Fixture("valid/professional.837").bytes) { $0.askFor("Z") }.selected == [])
  }
}

/// An export of the fixtures that can be read as it is.
struct CSVFile: CustomTestStringConvertible, Sendable {
  var fixture: Fixture
  var testDescription: String { fixture.name }
  var bytes: [UInt8] { fixture.bytes }

  /// What a column is depends on the values below it: part of the rows may say too little, or less than all of them.
  private static let exceptions = ["flag_is_no_charge", "other_header_below", "day_first", "place_is_a_key"]

  static let own: [CSVFile] = [("csv", ".csv"), ("csv", ".txt"), ("valid", ".csv")].flatMap { folder, ending in
    Fixture.all(in: folder, ending: ending)
  }.map { CSVFile(fixture: $0) }.filter { file in
    !exceptions.contains { file.fixture.name.contains($0) } && file.claims(of: file.bytes)?.isEmpty == false
  }

  /// The claims of an export, `nil` where it is refused.
  func claims(of bytes: [UInt8]) -> [RecordedClaim]? {
    let opening = unsafe bytes.withUnsafeBytes {
      unsafe CSVClaimReader.open(sample: $0, interest: .everything, hash: testHash)
    }
    guard case .reader(let reader, _) = opening else { return nil }
    return record(bytes, with: reader).claims
  }
}
