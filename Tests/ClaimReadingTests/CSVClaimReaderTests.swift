import ClaimModel
import TestSupport
import Testing

@testable import ClaimReading

@Suite("The reader of exports")
struct CSVClaimReaderTests {
  @Test("gives back claims longer than a claim may be in parts, once counted, and says so")
  func longClaims() throws {
    var text = "claim_id,payer,cpt,dos,charge\n"
    for line in 1...25 { text += "A,Acme,\(line == 23 ? "32960" : "71046"),2026-01-05,1.00\n" }
    text += "B,Acme,32960,2026-01-05,1.00\n"
    var limits = ReadingLimits()
    limits.claimLines = 10
    for interest in [ClaimInterest.everything, ClaimInterest(procedures: ["32960"])] {
      let outcome = readCSV(Array(text.utf8), interest: interest, limits: limits)
      let parts = outcome.claims.filter { $0.id == "A" }
      #expect(parts.allSatisfy { $0.isPartial && $0.payerName == "Acme" })
      #expect(parts.last?.lines.map(\.number) == (21...25).map { "\($0)" })
      #expect(parts.count == (interest.isEverything ? 3 : 1))
      #expect(outcome.claims.last?.id == "B" && outcome.claims.last?.isPartial == false)
      let totals = try #require(outcome.outcome?.totals)
      #expect(totals.claims == 2 && totals.lines == 26)
      #expect(outcome.issues("CLAIM_TOO_LONG").count == 1)
      for chunking in Chunking.grid(seed: RandomRuns.seed) {
        #expect(
          readCSV(Array(text.utf8), interest: interest, limits: limits, in: chunking).rows == outcome.rows,
          "\(chunking)")
      }
    }
  }

  @Test("a wide row without a procedure is a claim without lines, and lends nothing to the claim behind it")
  func wideRowWithoutLines() {
    let text =
      "claim_id,payer,dos,hcpcs_cd_1,hcpcs_cd_2,line_sbmtd_chrg_amt_1,line_sbmtd_chrg_amt_2\n"
      + "A,Acme,2026-01-05,,,,\nB,Best,2026-01-06,32960,,10,\nC,Acme,2026-01-05,,,,\nD,Done,2026-01-07,71046,32960,10,11\n"
    let all = readCSV(Array(text.utf8), interest: .everything).claims
    #expect(all.map(\.id) == ["A", "B", "C", "D"])
    #expect(all.map(\.payerName) == ["Acme", "Best", "Acme", "Done"])
    #expect(all.map(\.lines.count) == [0, 1, 0, 2])
    #expect(readCSV(Array(text.utf8), interest: ClaimInterest(procedures: ["32960"])).claims.map(\.id) == ["B", "D"])
  }

  @Test("the quote of a mapping is taken off, whether a row is looked at closely or not")
  func otherQuotes() {
    var mapping = ColumnMapping()
    mapping.quoting = .byte(0x27)
    let header = "claim_id,cpt,dos,charge,units,revenue_code,note\n"
    // What follows makes the second row one for the closer look.
    for tail in ["2026-01-05,10.00,1,0450,plain", "2026-99-05,10.00,1,'45',plain", "2026-01-05,'10.00',1,,'it''s'"] {
      for (first, second) in [("'CLM00001'", "CLM00001"), ("CLM00001", "'CLM00001'"), ("'CLM00001'", "'CLM00001'")] {
        let text = header + "\(first),71046,2026-01-05,10.00,1,0450,plain\n\(second),32960,\(tail)\n"
        for interest in [ClaimInterest.everything, ClaimInterest(procedures: ["32960"])] {
          let read = readCSV(Array(text.utf8), mapping: mapping, interest: interest)
          #expect(read.claims.map(\.id) == ["CLM00001"], "\(text)")
          #expect(read.outcome?.totals.claims == 1)
        }
      }
    }
  }

  @Test("uses up bytes of a window that is full, whatever it holds")
  func fullWindows() {
    var limits = ReadingLimits()
    limits.window = 512
    limits.element = 128
    let header = "claim_id,cpt,dos,note\n"
    for junk in [
      "\"" + String(repeating: "x", count: 3000), String(repeating: "x", count: 3000),
      "\"" + String(repeating: "x\n", count: 1500), String(repeating: ",", count: 3000),
    ] {
      let text = header + "A,32960,2026-01-05,plain\nB,32960,2026-01-05,\(junk)\nC,32960,2026-01-05,plain\n"
      let whole = readCSV(Array(text.utf8), limits: limits)
      #expect(whole.claims.first?.id == "A")
      #expect(whole.claims.last?.id == "C")
      #expect(whole.issues.contains { $0.effect == .claimLost })
      for chunking in Chunking.grid(seed: RandomRuns.seed) {
        #expect(readCSV(Array(text.utf8), limits: limits, in: chunking).rows == whole.rows, "\(chunking)")
      }
    }
  }

  @Test("a pointer counts the columns of its row's list, the same diagnosis twice and blank ones too")
  func pointers() {
    let text = """
      claim_id,cpt,dos,diagnosis_1,diagnosis_2,diagnosis_3,diagnosis_pointer
      A,32960,2026-01-05,J18.9,J18.9,A15.0,3
      B,32960,2026-01-05,J18.9,J18.9,,2
      C,32960,2026-01-05,J18.9,,A15.0,3
      D,32960,2026-01-05,J18.9,,A15.0,2
      E,32960,2026-01-05,J18.9,,,2

      """
    let claims = readCSV(text).claims
    // The claim lists a diagnosis once; what points to a blank column points beyond the list.
    #expect(claims.map(\.lines[0].pointers) == [[2], [1], [2], [3], [2]])
    #expect(claims.map(\.diagnoses.count) == [2, 1, 2, 2, 1])
  }

  @Test("a principal diagnosis that its list begins with again counts once")
  func principalTwice() {
    let text = """
      claim_id,cpt,dos,prncpal_dgns_cd,icd_dgns_cd1,icd_dgns_cd2,diagnosis_pointer
      A,32960,2026-01-05,J18.9,J18.9,A15.0,2

      """
    #expect(readCSV(text).claims.map(\.lines[0].pointers) == [[2]])
  }

  @Test("our own name over a bad value is a column of bad values; over many, another column")
  func badValues() {
    let header = "claim_id,cpt,dos,bill_type_code,diagnosis_1\n"
    let one = readCSV(header + (1...4).map { "A\($0),32960,2026-01-05,X11,XXX\n" }.joined())
    #expect(one.claims.allSatisfy { $0.kind == .institutional && $0.diagnoses.count == 1 })
    #expect(one.claims.count == 4 && one.issues("HEADER").isEmpty)
    let many = readCSV(header + (1...4).map { "A\($0),32960,2026-01-05,X\($0),XX\($0)\n" }.joined())
    #expect(many.claims.allSatisfy { $0.kind == .professional && $0.diagnoses.isEmpty })
    #expect(many.issues("HEADER").count == 2)
  }

  @Test("names the physical line, whatever stands in quotes above it")
  func lines() {
    let text =
      "claim_id,cpt,dos,note\r\nA,32960,2026-01-05,\"one\r\ntwo\nthree\"\r\nB,32960,nonsense,x\r\n\r\nC,32960,nonsense,x\r\n"
    let issues = readCSV(text).issues("DATE")
    #expect(
      issues.map { $0.message.contains("record 3, line 5:") || $0.message.contains("record 5, line 7:") } == [
        true, true,
      ])
  }

  @Test("a date that only day first can be, below many that were read month first, is an error once for the file")
  func lateDayFirst() throws {
    func read(_ days: [String], _ mapping: ColumnMapping = ColumnMapping()) throws -> [RecordedIssue] {
      let rows = days.enumerated().map { "C\(10_000 + $0.offset),32960,\($0.element),9.00\n" }
      let bytes = Array(("claim_id,cpt,dos,charge\n" + rows.joined()).utf8)
      let whole = try #require(readCSV(bytes, mapping: mapping).outcome)
      for interest in [ClaimInterest.everything, ClaimInterest(procedures: [])] {
        for closely in [false, true] {
          let other = readCSV(bytes, mapping: mapping, interest: interest, in: .pieces(997), closely: closely)
          #expect(other.outcome?.issues == whole.issues)
        }
      }
      return whole.issues.filter { $0.code == "DATE_ORDER" }
    }
    let doubtful = Array(repeating: "05/02/2026", count: ColumnSample.limit)
    let found = try read(doubtful + ["06/02/2026", "25/02/2026", "26/02/2026", "03/02/2026"])
    #expect(found.map(\.location.record) == [ColumnSample.limit + 3])
    #expect(found.first?.severity == .error && found.first?.effect == .unverified)
    #expect(found.first?.message.contains("dos: {") == false)
    #expect(found.first?.message.contains("service_date: { header: \"dos\", format: d/M/yyyy }") == true)
    // Whichever comes first, the one that could be either or the one that proves it.
    let certain = Array(repeating: "2026-02-05", count: ColumnSample.limit)
    #expect(try read(certain + ["25/02/2026", "2026-02-05", "05/02/2026"]).count == 1)
    #expect(try read(certain + ["25/02/2026", "2026-02-05", "26/02/2026"]).isEmpty)
    #expect(try read(doubtful + ["02/25/2026", "13/13/2026", "31/02/2026"]).isEmpty)
    // What the first rows prove, or the user says, is not assumed.
    #expect(try read(["25/02/2026"] + doubtful + ["26/02/2026"]).isEmpty)
    #expect(try read(["02/25/2026"] + doubtful + ["26/02/2026"]).isEmpty)
    var dayFirst = ColumnMapping()
    dayFirst.dates = .dayFirst
    #expect(try read(doubtful + ["25/02/2026"], dayFirst).isEmpty)
  }

  @Test("knows the same patient by person, else by member and birth date, and keeps neither")
  func patients() {
    func patients(_ text: String) -> [UInt64] { readCSV(text).claims.map(\.patient) }
    let people = patients(
      "claim_id,cpt,dos,person_id,member_id\nA,32960,2026-01-05,P1,M1\nB,32960,2026-01-05,P1,M2\nC,32960,2026-01-05,P2,M1\n"
    )
    #expect(people[0] == people[1] && people[0] != people[2] && !people.contains(0))
    let members = patients(
      "claim_id,cpt,dos,member_id,dob\nA,32960,2026-01-05,M1,1960-03-04\nB,32960,2026-01-05,M1,3/4/1960\nC,32960,2026-01-05,M1,1990-03-04\nD,32960,2026-01-05,,1990-03-04\n"
    )
    #expect(members[0] == members[1] && members[0] != members[2] && members[3] == 0)
    #expect(patients("claim_id,cpt,dos\nA,32960,2026-01-05\n") == [0])
  }

  @Test("takes the claim's kind from its type, else from a bill type")
  func kinds() {
    let text =
      "claim_id,cpt,dos,claim_type,bill_type\nA,32960,2026-01-05,P,131\nB,32960,2026-01-05,institutional,\nC,32960,2026-01-05,,131\nD,32960,2026-01-05,,\nE,D0120,2026-01-05,dental,\n"
    #expect(
      readCSV(text).claims.map(\.kind) == [.professional, .institutional, .institutional, .professional, .dental])
  }

  @Test("numbers lines by their column, else by their order in the claim")
  func numbers() {
    #expect(
      readCSV("claim_id,cpt,dos,line_number\nA,32960,2026-01-05,7\nA,71046,2026-01-05,\n").claims.first?.lines.map(
        \.number) == ["7", "2"])
    #expect(
      readCSV("claim_id,cpt,dos\nA,32960,2026-01-05\nA,71046,2026-01-05\nB,71046,2026-01-05\n").claims.flatMap(\.lines)
        .map(\.number) == ["1", "2", "1"])
  }

  @Test("takes rows of one id apart that do not follow each other")
  func interleaved() {
    #expect(
      readCSV("claim_id,cpt,dos\nA,32960,2026-01-05\nB,71046,2026-01-05\nA,71046,2026-01-05\n").claims.map(\.id) == [
        "A", "B", "A",
      ])
  }

  @Test("counts what it cannot hand out and keeps to the interest")
  func interest() throws {
    let text = "claim_id,cpt,dos,charge\nA,71046,2026-01-05,10.00\nA,32960,2026-01-05,5\nB,71046,2026-01-05,1.5\n"
    let outcome = readCSV(text, interest: ClaimInterest(procedures: ["32960"]))
    #expect(outcome.claims.map(\.id) == ["A"])
    #expect(outcome.claims.first?.lines.count == 2)
    let totals = try #require(outcome.outcome?.totals)
    #expect(totals.claims == 2 && totals.lines == 3 && totals.chargeCents == 1650 && totals.records == 4)
  }

  @Test("passes over a remark in words, and loses what may be the beginning of a row")
  func remarks() {
    let text = "claim_id,cpt,dos\nA,32960,2026-01-05\nPage 1 of 3\nB,71046,2026-01-05\n\n(2 rows affected)\n"
    let outcome = readCSV(text)
    #expect(outcome.claims.map(\.id) == ["A", "B"] && outcome.issues("REMARK_ROW").count == 2)
    #expect(outcome.issues("COLUMN_COUNT").isEmpty && outcome.outcome?.totals.lines == 2)
    #expect(readCSV("claim_id,cpt,dos\nA,32960,2026-01-05\nB12\n").issues("COLUMN_COUNT").count == 1)
    #expect(readCSV("claim_id,cpt,dos\nA,32960,2026-01-05\nB 12,32960\n").issues("COLUMN_COUNT").count == 1)
  }

  @Test("says more modifiers than a line can carry")
  func modifiers() {
    let outcome = readCSV("claim_id,cpt,dos,mod\nA,32960,2026-01-05,LT RT 59 51 50 77\n")
    #expect(outcome.issues("MODIFIER").count == 1)
    #expect(outcome.claims.first?.lines.first?.modifiers.count == 5)
  }

  @Test("random exports raise every kind of issue they are made to raise")
  func coverage() {
    var codes: Set<String> = []
    for seed in UInt64(0)..<60 {
      for issue in readCSV(GeneratedExport(seed: seed, rows: 60, oddness: 6).bytes).issues { codes.insert(issue.code) }
    }
    let expected: Set<String> = [
      "AMOUNT", "BILL_TYPE", "BLANK_LINE", "CLAIM_ID_MISSING", "COLUMN_COUNT", "CONTROL_CHAR", "DATE", "EXCEL_DAMAGE",
      "PLACE_OF_SERVICE", "PROCEDURE", "QUOTE", "QUOTE_UNTERMINATED", "REVENUE_CODE", "UNITS",
    ]
    #expect(codes.isSuperset(of: expected), "missing \(expected.subtracting(codes).sorted())")
  }
}
