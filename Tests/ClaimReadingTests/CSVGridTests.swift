import ClaimModel
import ClaimReading
import TestSupport
import Testing

@Suite("An export gives the same")
struct CSVGridTests {
  static let seeds = (0..<UInt64(RandomRuns.rounds(40))).map { RandomRuns.seed &* 1000 &+ $0 }

  @Test("whatever the pieces it comes in", arguments: seeds)
  func chunking(seed: UInt64) throws {
    let export = GeneratedExport(seed: seed, rows: 60, oddness: seed % 4 == 0 ? 1000 : 6)
    for interest in [ClaimInterest.everything, ClaimInterest(procedures: ["32960"])] {
      let whole = try #require(readCSV(export.bytes, interest: interest).outcome)
      #expect(whole.breaches.isEmpty)
      for chunking in Chunking.grid(seed: seed) {
        let pieces = try #require(readCSV(export.bytes, interest: interest, in: chunking).outcome)
        #expect(pieces == whole, "seed \(seed), \(chunking): \(pieces.difference(from: whole) ?? "")")
      }
    }
  }

  @Test(
    "whether rows are passed at a glance or looked at closely, also where claims are cut for their length",
    arguments: seeds)
  func closely(seed: UInt64) throws {
    let export = GeneratedExport(seed: seed, rows: 200, oddness: seed % 4 == 0 ? 1000 : 12)
    var limits = ReadingLimits()
    if seed % 3 == 0 { limits.claimLines = 2 }
    if seed % 5 == 0 { limits.claimBytes = 150 }
    for interest in [
      ClaimInterest.everything, ClaimInterest(procedures: ["32960", "J1100"]), ClaimInterest(procedures: []),
    ] {
      let slow = try #require(readCSV(export.bytes, interest: interest, limits: limits, closely: true).outcome)
      for chunking in [Chunking.whole, .pieces(64), .random(seed: seed, upTo: 900)] {
        for oneByOne in [false, true] {
          let fast = try #require(
            readCSV(export.bytes, interest: interest, limits: limits, in: chunking, oneByOne: oneByOne).outcome)
          #expect(fast == slow, "seed \(seed), \(chunking), \(oneByOne): \(fast.difference(from: slow) ?? "")")
        }
      }
    }
  }

  @Test("issues and totals, and of the wanted claims every line, whatever is wanted", arguments: seeds)
  func interest(seed: UInt64) throws {
    let export = GeneratedExport(seed: seed, rows: 300, oddness: seed % 3 == 0 ? 1000 : 12)
    let everything = try #require(readCSV(export.bytes).outcome)
    let wanted = try #require(readCSV(export.bytes, interest: ClaimInterest(procedures: ["32960"])).outcome)
    #expect(wanted.totals == everything.totals, "seed \(seed)")
    #expect(wanted.issues == everything.issues, "seed \(seed)")
    let expected = everything.claims.filter { $0.lines.contains { $0.procedure.code == "32960" } }
    #expect(wanted.claims == expected, "seed \(seed)")
    let nothing = try #require(readCSV(export.bytes, interest: ClaimInterest(procedures: [])).outcome)
    #expect(nothing.claims.isEmpty)
    #expect(nothing.totals == everything.totals)
    #expect(nothing.issues == everything.issues)
  }

  /// Values that a column may hold, sound ones, ones that are written otherwise, and ones that are none.
  static let telling: [String: [String]] = {
    let amounts = [
      "", "0.00", "1.00", "99999.99", "100000.00", "123456789.01", "0.0", "00001.10", "1", "1.5", ".50", "12.345",
      "-1.00", "+1.00", "$1.00", "1,000.00", "(1.00)", "$(1.00)", "'1.00", "=\"1.00\"", "1.O0", "1:00", "1/00", "a",
      "1e3",
    ]
    let days = [
      "", "2026-01-31", "20260131", "2026-02-28", "2026-02-29", "2024-02-29", "2026-04-30", "2026-04-31", "2026-06-31",
      "2026-07-31", "2026-08-31", "2026-09-31", "2026-11-31", "2026-12-31", "2026-13-01", "2026-00-10", "2026-01-00",
      "2026-01-32", "1899-12-31", "1900-01-01", "2199-12-31", "2200-01-01", "2026/01/31", "2026-1-31", "202601311",
      "2O260131", "2026-01-3", "2026-01x31", "2O26-01-31", "2026-0l-31", "2026-01-3l", "2026-:1-31",
    ]
    let identifiers = [
      "", "1900000112", "190000011", "19000001122", "A900000112", "190000011B", "19000:0112", "0",
      "'1900000112", "'1.9E+09", "=\"1.9E+09\"", "\"=\"\"1.9E+09\"\"\"", "=\"1900000112\"", " '1.9E+09",
    ]
    let codes = [
      "", "2", "22", "222", "0222", "02222", "ab", "~~", "2 2", "é", "2~", "2-", "~222", "450", "450-", "0450-ER",
      "450 - ER", "22 - Inpatient", "11.0", "2.00", "'2",
      "'22", "'1", "'222", "'450", "=\"2\"", "\"=\"\"22\"\"\"", "\"'2\"", "#2", "$222",
    ]
    return [
      "claim_id": [
        "", "A", "ABCD", "ABCDE", "ABCDEF", "AB~DE", "!BCDE", "=ABCD", "'ABCD", "ABCD'", "'ABCDEF", "\"'ABCDEF\"",
        "=\"ABCDEF\"",
        "\"=\"\"ABCDEF\"\"\"", "#ABCDEF", "''ABCDEF", "Total", "é12345", "12345é",
        String(repeating: "9", count: 38), String(repeating: "9", count: 39),
      ],
      "procedure_code": [
        "", "32960", "3296", "329600", "J1100", "0042T", "A123B", "12A45", "j1100", "99213", "@2960", "[2960", "3296/",
        "3296:", "32960-26", "é960", "'32960", "=\"32960\"", "\"=\"\"32960\"\"\"", "'3296",
      ],
      "modifier_1": ["", "59", "'59", "=\"59\"", "R", "RTX", "rt", "RT59", "59-RT", "é"],
      "modifier_2": ["", "22", "~", "222"],
      "modifier_3": ["", "XS", "123", "59.0"], "modifier_4": ["", "LT", "LTRT"],
      "units": ["", "1", "9", "0", "10", "1.0", "1.5", "x", "-1", "/", ":", "1000", "'1", "=\"2\""],
      "service_date": days, "claim_line_end_date": days, "claim_start_date": days, "claim_end_date": days,
      "charge_amount": amounts, "allowed_amount": amounts, "paid_amount": amounts, "claim_total_charge": amounts,
      "rendering_npi": identifiers, "billing_npi": identifiers,
      "place_of_service": codes, "revenue_code": codes + ["361.0", "0361.00"],
      "bill_type": codes + ["131", "0131", "131.0"],
    ]
  }()

  /// The same for what belongs to the claim.
  static let tellingOfClaim: [String: [String]] = {
    let texts = [
      "", "ABC", "A", " ABC", "ABC ", "~", "NULL", "NILL", "null", "N", "\\N", "é", "\"AB\"", "\"A\"\"B\"", "\"\"",
      "'AB", "=\"AB\"",
      "\"=\"\"AB\"\"\"", "'~", "'", "=\"\"", "=AB",
    ]
    let days = [
      "", "1950-02-28", "1952-02-29", "1951-02-29", "1950-13-01", "19500228", "2/28/1950", "1950-02-28T00:00:00Z",
    ]
    let diagnoses = [
      "", "J9383", "j9383", "J93.83", "J93.", ".", "J93 83", "J9383;R091", "J9383 - Other air leak", "J93:83", "NULL",
      "~",
      "N179", "NULLL", "123456789", "é93", "J93-83", "(J93)",
    ]
    return [
      "member_id": texts, "person_id": texts, "payer_name": texts, "plan": texts,
      "payer_id": texts + ["60054", "60054.0", "6.00"],
      "interchange_control": texts, "line_number": texts, "line_control": texts, "claim_note": texts,
      "attachment_control_number": texts, "original_claim_id": texts, "billing_taxonomy": texts,
      "birth_date": days, "admission_date": days, "discharge_date": days,
      "claim_type": ["", "P", "p", "I", "D", "X", "837P", "Institutional", " P", "1"],
      "claim_frequency_code": ["", "1", "7", "a", "17", "é", " 1", "~", "7.0", "7.00"],
      "filing_indicator": ["", "MB", "mb", "12345678", "123456789", "é"],
      "diagnosis_1": diagnoses, "diagnosis_2": diagnoses, "diagnosis_3": diagnoses,
    ]
  }()

  @Test("for a row whether it begins a claim or goes on with one", arguments: telling.keys.sorted())
  func goingOn(column: String) throws {
    guard column != "claim_id" else { return }
    let columns = Self.telling.keys.sorted()
    let sound = [
      "procedure_code": "99213", "units": "1", "service_date": "2026-01-05", "charge_amount": "10.00",
      "place_of_service": "22",
    ]
    func row(_ claim: String, _ value: String?) -> String {
      var cells = sound
      cells["claim_id"] = claim
      if let value { cells[column] = value }
      return columns.map { cells[$0] ?? "" }.joined(separator: ",") + "\n"
    }
    // What is read of a line, its number aside, which the file does not tell; and whose clinician is the line's own and not the claim's.
    func line(_ text: String) -> RecordedLine? {
      var line = readCSV(text).outcome?.claims.last?.lines.last
      line?.number = ""
      line?.renderingNPI = ""
      return line
    }
    for value in try #require(Self.telling[column]) {
      let header = columns.joined(separator: ",") + "\n"
      let first = line(header + row("CLAIM1", nil) + row("CLAIM2", value))
      let second = line(header + row("CLAIM2", nil) + row("CLAIM2", value))
      #expect(first != nil && first == second, "\(column) \(value)")
      // Blanks around a value are none of it. A row moves nothing but its own end. Around quotes they make other values.
      if value.hasPrefix("\"") { continue }
      let spaced = line(header + row("CLAIM1", nil) + row("CLAIM2", " \(value)  "))
      #expect(first == spaced, "\(column) \(value) between blanks")
    }
  }

  @Test(
    "looked at closely or not, for every value of every column, alone and among others",
    arguments: (Array(telling.keys) + tellingOfClaim.keys).sorted())
  func values(column: String) throws {
    let columns = (Array(Self.telling.keys) + Self.tellingOfClaim.keys).sorted()
    let sound = [
      "claim_id": "ABCDEF", "procedure_code": "99213", "units": "1", "service_date": "2026-01-05",
      "charge_amount": "10.00", "place_of_service": "22", "diagnosis_1": "J9383", "member_id": "W1234",
    ]
    func row(_ number: Int, _ value: String? = nil) -> String {
      var cells = sound
      cells["claim_id"] = "C\(10_000 + number)"
      if let value { cells[column] = value }
      return columns.map { cells[$0] ?? "" }.joined(separator: ",")
    }
    func check(_ rows: [String], _ interests: [ClaimInterest], _ what: String, _ lineBreak: String = "\n") throws {
      let bytes = Array(([columns.joined(separator: ",")] + rows).map { $0 + lineBreak }.joined().utf8)
      for interest in interests {
        let slow = try #require(readCSV(bytes, interest: interest, closely: true).outcome)
        for oneByOne in [false, true] {
          let fast = try #require(readCSV(bytes, interest: interest, oneByOne: oneByOne).outcome)
          #expect(fast == slow, "\(column) \(what), \(oneByOne): \(fast.difference(from: slow) ?? "")")
        }
      }
    }
    let few = [ClaimInterest(procedures: ["32960"]), ClaimInterest(procedures: [])]
    let values = try #require(Self.telling[column] ?? Self.tellingOfClaim[column])
    // Each behind sound rows, which are passed at a glance: alone, in the first row of a claim, and in a later one.
    for lineBreak in ["\n", "\r\n"] {
      let claims = values.enumerated().flatMap { index, value in
        let number = 100 + 3 * index
        return [
          row(number, value), row(number + 1, value), row(number + 1), row(number + 2), row(number + 2, value),
          row(number + 2),
        ]
      }
      try check((0..<20).map { row($0) } + claims, [.everything] + few, "all", lineBreak)
    }
    // What is said once for a column is said of the first value alone.
    for (index, value) in values.enumerated() where Self.telling[column] != nil {
      try check((0..<3).map { row($0) } + [row(50, value), row(51)], few, "value \(index)")
    }
  }

  @Test("for a row that ends behind any of its columns, whatever is read fast")
  func shortRows() throws {
    let columns = Self.telling.keys.sorted()
    let full = [
      "claim_id": "CLAIM2", "procedure_code": "99213", "units": "1", "service_date": "2026-01-05",
      "charge_amount": "10.00", "place_of_service": "22", "rendering_npi": "1900000112", "bill_type": "0131",
    ]
    for count in 1...columns.count {
      let cells = columns.prefix(count).map { full[$0] ?? "" }
      let whole = columns.map { full[$0] ?? "" }.joined(separator: ",")
      let text = [columns.joined(separator: ","), whole, cells.joined(separator: ","), whole, ""].joined(
        separator: "\n")
      for interest in [ClaimInterest(procedures: ["99213"]), ClaimInterest(procedures: [])] {
        let slow = try #require(readCSV(Array(text.utf8), interest: interest, closely: true).outcome)
        let fast = try #require(readCSV(Array(text.utf8), interest: interest).outcome)
        #expect(fast == slow, "\(count): \(fast.difference(from: slow) ?? "")")
        #expect(fast.totals.records == 4)
      }
    }
  }
}
