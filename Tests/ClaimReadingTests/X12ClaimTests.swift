import TestSupport
import Testing

@testable import ClaimModel
@testable import ClaimReading

/// What the claims of the fixtures hold.
@Suite("Claims of an 837")
struct X12ClaimTests {
  /// The claims of a fixture by their ids.
  private func claims(_ name: String) -> [String: RecordedClaim] {
    let claims = readX12(Fixture("x12/" + name + ".837").bytes).claims
    return Dictionary(claims.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private func line(_ name: String, _ id: String = "EX1", _ index: Int = 0) throws -> RecordedLine {
    let claim = try #require(claims(name)[id])
    return try #require(index < claim.lines.count ? claim.lines[index] : nil)
  }

  private func date(_ text: String) -> DateValue { Day(iso: text).map { .day($0) } ?? .malformed }

  @Test("of a professional carry everything a rule asks for")
  func professional() throws {
    let claim = try #require(claims("valid/professional")["EX1"])
    #expect(claim.kind == .professional)
    #expect(claim.location == SourceLocation(record: 23, byteOffset: 705))
    #expect(claim.controls == ["000000001", "1", "0001"])
    #expect(claim.transactionDate == date("2026-04-10"))
    #expect(claim.placeOfService.text == "22" && claim.typeOfBill.text == "" && claim.frequency.code == "1")
    #expect(claim.totalCharge == .cents(40_500))
    #expect(claim.payerSequence == "P" && claim.filingIndicator.code == "CI")
    #expect(claim.payerName == "AETNA" && claim.payerID == "60054")
    #expect(claim.billingNPI == "1900000013" && claim.billingTaxonomy == "207RP1001X")
    #expect(claim.renderingNPI == "1900000112")
    #expect(claim.diagnoses == ["A150/icd10/A150"])
    #expect(claim.patient != 0 && !claim.isPartial && !claim.hasDocumentation)
    let line = try #require(claim.lines.first)
    #expect(line.location == SourceLocation(record: 32, byteOffset: 930))
    #expect(line.number == "1" && line.control == "EX101")
    #expect(line.qualifier == "HC" && line.procedure.code == "32960" && line.modifiers == [])
    #expect(line.charge == .cents(31_000) && line.units == .tenThousandths(10_000) && line.unitBasis == "UN")
    #expect(line.serviceFrom == date("2026-03-02") && line.dateOrigin == .line)
    #expect(line.pointers == [1] && line.effectivePlaceOfService == "22" && line.clinician == "1900000112")
  }

  @Test("of a facility have a type of bill, revenue codes and a statement period")
  func institutional() throws {
    let claim = try #require(claims("valid/inpatient")["EX1"])
    #expect(claim.kind == .institutional)
    #expect(claim.typeOfBill.code == "0111" && claim.typeOfBill.text == "111" && claim.placeOfService.text == "")
    #expect(claim.statementFrom == date("2026-03-01") && claim.statementTo == date("2026-03-04"))
    #expect(claim.admission == date("2026-03-01"))
    // DTP*096*TM is the hour of discharge, no date and no fault.
    #expect(claim.discharge == .absent)
    #expect(claim.inpatientProcedureCount == 1)
    #expect(claim.lines.map(\.revenueCode.code) == ["0361"])
  }

  @Test("are paid by whom 2010BB names, in a facility's 4010 by whom 2010BC names, never by another payer of the claim")
  func payer() throws {
    #expect(claims("valid/institutional-4010-payer-2010bc")["EX1"]?.payerName == "AETNA")
    let secondary = try #require(claims("valid/secondary")["EX1"])
    #expect(secondary.payerName == "AETNA" && secondary.filingIndicator.code == "CI")
    let after = claims("edge/sbr-after-clm")
    #expect(after["EX1"]?.payerName == "AETNA" && after["EX1"]?.payerSequence == "P")
    #expect(after["EX2"]?.payerID == "62308" && after["EX3"]?.payerID == "62308")
  }

  @Test("of a secondary payer know what the first allowed and paid")
  func adjudication() throws {
    let line = try line("valid/secondary")
    #expect(line.allowed == .cents(10_271) && line.paid == .cents(8_217))
    #expect(line.modifiers.map(\.code) == ["RT", "59"])
    #expect(try self.line("valid/secondary", "EX1", 1).allowed == .absent)
    // The dates of an adjudication are none of the service.
    #expect(try self.line("edge/adjudication-dates").serviceFrom == date("2026-03-02"))
  }

  @Test("hold a watched line only where a service segment bills it")
  func mentions() {
    let outcome = readX12(Fixture("x12/edge/svd03-32960.837").bytes, interest: X12Fixtures.watched)
    #expect(outcome.claims == [])
    #expect(outcome.totals.claims == 1 && outcome.totals.lines == 1)
  }

  @Test("of different patients under one subscriber have different patients, of one patient the same")
  func patients() throws {
    let claims = claims("valid/patient-levels")
    let patients = try ["EX1", "EX2", "EX3", "EX4"].map { try #require(claims[$0]).patient }
    #expect(Set(patients).count == 4)
    let sets = readX12(Fixture("x12/valid/two-sets.837").bytes).claims
    #expect(sets[0].id == sets[3].id && sets[0].patient == sets[3].patient)
    // However a name is written; names longer than what is kept on the spot as well.
    for name in ["PHICANARY*SPO", String(repeating: "PHICANARY", count: 9) + "*SPO"] {
      let texts = [name, name.lowercased(), "  " + name.replacing("*", with: " *")].map {
        String(decoding: Fixture("x12/valid/patient-levels.837").bytes, as: UTF8.self)
          .replacing("NM1*QC*1*PHICANARY*SPO", with: "NM1*QC*1*" + $0)
      }
      let written = texts.map { text in readX12(Array(text.utf8)).claims.map(\.patient) }
      #expect(written[0] == written[1] && written[0] == written[2] && Set(written[0]).count > 2)
    }
  }

  @Test("keep a line's own clinician, place of service and note from the claim's")
  func ofLine() throws {
    #expect(try line("valid/patient-levels", "EX4", 0).clinician == "1900000120")
    #expect(try line("valid/patient-levels", "EX4", 1).clinician == "1900000138")
    #expect(try line("edge/sv105-override").effectivePlaceOfService == "22")
    #expect(try line("edge/sv105-override", "EX1", 1).effectivePlaceOfService == "11")
    let claims = claims("valid/documentation-and-dates")
    #expect(claims["EX1"]?.hasDocumentation == true && claims["EX3"]?.hasDocumentation == true)
    #expect(claims["EX2"]?.hasDocumentation == false && claims["EX2"]?.lines[0].hasDocumentation == true)
    #expect(claims["EX4"]?.lines.map(\.hasDocumentation) == [false, true])
  }

  @Test("give lines without a date of their own the claim's, and say where a date comes from")
  func dates() throws {
    let claims = claims("valid/documentation-and-dates")
    let five = try #require(claims["EX5"])
    #expect(five.lines[0].serviceFrom == date("2026-03-03") && five.lines[0].dateOrigin == .claim)
    #expect(five.admission == date("2026-03-01") && five.discharge == date("2026-03-05"))
    let six = try #require(claims["EX6"])
    #expect(six.lines[0].serviceFrom == date("2026-03-02") && six.lines[0].serviceTo == date("2026-03-04"))
    #expect(six.lines[0].pointers == [1, 2, 3, 4] && six.diagnoses.count == 4)
    #expect(six.frequency.code == "7" && six.originalClaimID == "EXPCN6")
    let bad = self.claims("edge/bad-dates")
    #expect(bad["EX1"]?.lines.map(\.serviceFrom) == [.malformed, date("2026-03-02")])
    #expect(bad["EX2"]?.lines[0].serviceFrom == date("2024-02-29"))
    #expect(
      bad["EX7"]?.lines[0].serviceFrom == date("2026-03-04") && bad["EX7"]?.lines[0].serviceTo == date("2026-03-02"))
    #expect(bad["EX8"]?.lines[0].serviceTo == .malformed)
    #expect(bad["EX9"]?.lines[0].dateOrigin == DateOrigin.none)
  }

  @Test("keep a line whose values cannot be read, with those cells empty")
  func badValues() throws {
    let claims = claims("edge/bad-amounts")
    #expect(claims.count == 18 && claims.values.allSatisfy { $0.lines.count == 1 })
    func charge(_ number: Int) -> Amount? { claims["EX\(number)"]?.lines.first?.charge }
    #expect(charge(1) == .absent && charge(2) == .malformed && charge(3) == .cents(-31_000))
    #expect(charge(4) == .malformed && charge(5) == .cents(31_050) && charge(6) == .malformed)
    #expect(charge(15) == .cents(31_000) && charge(16) == .cents(31_000) && charge(17) == .malformed)
    #expect(claims["EX11"]?.lines[0].units == .malformed && claims["EX12"]?.lines[0].units == .absent)
    #expect(claims["EX13"]?.lines[0].units == .tenThousandths(5_000))
  }

  @Test("leave out empty modifiers and read codes in any case and between blanks")
  func codes() throws {
    #expect(try line("edge/empty-components").modifiers.map(\.text) == ["RT"])
    #expect(try line("edge/empty-components", "EX2").modifiers.map(\.text) == ["QZ"])
    let lower = try line("edge/lower-case")
    #expect(lower.procedure.code == "32960" && lower.qualifier == "HC")
    #expect(lower.modifiers.map(\.code) == ["RT"] && lower.modifiers.map(\.text) == ["rt"])
    let blanks = try line("edge/blanks-in-elements")
    #expect(
      blanks.procedure.code == "32960" && blanks.modifiers.map(\.code) == ["RT"] && blanks.charge == .cents(31_000))
    #expect(claims("edge/blanks-in-elements")["EX1"]?.placeOfService.code == "22")
  }

  @Test("keep diagnosis pointers as they are, an unreadable one as 0")
  func pointers() throws {
    let found = (1...8).map { (try? line("edge/pointers", "EX\($0)").pointers) ?? [-1] }
    #expect(found == [[], [0], [3], [13], [0], [2, 1], [2], [1, 2, 1, 2, 1]])
  }

  @Test("are the same whatever the delimiters, line ends and blanks between segments")
  func layout() {
    func essence(_ name: String) -> [String] {
      readX12(Fixture("x12/\(name).837").bytes).claims.map { claim in
        var claim = claim
        claim.location = SourceLocation()
        for index in claim.lines.indices { claim.lines[index].location = SourceLocation() }
        return "\(claim)"
      }
    }
    let plain = essence("valid/professional")
    #expect(plain.count == 3)
    for name in [
      "valid/one-line", "valid/other-delimiters", "edge/bom", "edge/blank-lines", "edge/crlf",
      "edge/cr-after-terminator",
      "edge/newline-terminator", "edge/crlf-terminator", "edge/wrapped-80", "edge/wrapped-80-crlf", "edge/indented",
      "edge/doubled-terminators", "edge/isa-not-fixed-width", "edge/text-before", "edge/trailing-padding",
      "edge/wrong-se01", "edge/wrong-ge01", "edge/wrong-iea01", "edge/no-se", "edge/no-ge", "edge/guide-unknown",
      "edge/guide-absent", "edge/ta1-and-999", "edge/835-mixed-in", "edge/275-with-clm", "edge/no-last-terminator",
      "invalid/missing-iea", "invalid/cut-behind-se",
    ] {
      #expect(essence(name) == plain, "\(name)")
    }
  }

  @Test("stand where the file says, counted in segments and bytes from its start")
  func places() {
    for fixture in X12Fixtures.all where !fixture.name.contains("wrapped") {
      let bytes = fixture.bytes
      for claim in readX12(bytes).claims {
        for line in claim.lines {
          let head = String(decoding: bytes[line.location.byteOffset...].prefix(3), as: UTF8.self).uppercased()
          #expect(head.hasPrefix("SV"), "\(fixture) \(line.location)")
        }
        let head = String(decoding: bytes[claim.location.byteOffset...].prefix(3), as: UTF8.self).uppercased()
        #expect(head == "CLM", "\(fixture) \(claim.location)")
      }
    }
  }

  @Test("give no value of the input to a message")
  func messages() {
    for fixture in X12Fixtures.all {
      for issue in readX12(fixture.bytes).issues {
        for value in ["EX", "SAMPLE", "AETNA", "32960", "A150", "19600101", "310"] {
          #expect(!issue.message.contains(value), "\(fixture): \(issue)")
        }
      }
    }
  }
}

@Suite("Limits of a reader")
struct X12LimitTests {
  /// A file of one claim with so many lines, the watched one at `watched`.
  private func file(lines: Int, watched: Int) -> [UInt8] {
    let head = Fixture("x12/valid/fifty-lines.837").lines.prefix { !$0.hasPrefix("LX") }
    var text = head.joined(separator: "\n") + "\n"
    for number in 1...lines {
      text += "LX*\(number)~\nSV1*HC:\(number == watched ? "32960" : "71046")*1.25*UN*1***1~\nDTP*472*D8*20260302~\n"
    }
    let count = text.split(separator: "\n").count - 1
    return Array((text + "SE*\(count)*0001~\nGE*1*1~\nIEA*1*000000001~\n").utf8)
  }

  @Test("a claim of 25,000 lines is read on line by line: all are counted, watched ones handed out, and it is said")
  func longClaim() throws {
    let outcome = readX12(file(lines: 25_000, watched: 24_500), interest: X12Fixtures.watched)
    #expect(outcome.totals.claims == 1 && outcome.totals.lines == 25_000 && outcome.totals.chargeCents == 3_125_000)
    #expect(outcome.issues.map(\.code) == ["LINE_COUNT", "CLAIM_TOO_LONG"])
    let parts = outcome.claims
    #expect(parts.allSatisfy { $0.isPartial && $0.id == "EX1" })
    let line = try #require(parts.flatMap(\.lines).first { $0.procedure.code == "32960" })
    #expect(line.number == "24500" && line.serviceFrom.day != nil)
    #expect(parts.flatMap(\.lines).count <= 2000)
  }

  @Test("a claim beyond its limit gives every line once, in whatever pieces")
  func parts() {
    var limits = ReadingLimits()
    limits.claimLines = 10
    let bytes = file(lines: 40, watched: 3)
    let whole = readX12(bytes, limits: limits)
    #expect(whole.claims.flatMap(\.lines).map(\.number) == (1...40).map { "\($0)" })
    #expect(whole.totals.claims == 1 && whole.totals.lines == 40)
    for chunking in Chunking.grid(seed: 5) {
      #expect(readX12(bytes, limits: limits, in: chunking).difference(from: whole) == nil, "\(chunking)")
    }
  }

  @Test("a segment with no end in sight is passed over, with its place, and the rest is read")
  func overlong() throws {
    var limits = ReadingLimits()
    limits.window = 2000
    let text = String(decoding: Fixture("x12/valid/professional.837").bytes, as: UTF8.self)
    let parts = text.split(separator: "REF*EA*MREX2", maxSplits: 1)
    let offset = try #require(parts.first).utf8.count
    let damaged = parts.joined(separator: "NTE*ADD*" + String(repeating: "LONG ", count: 1000))
    for size in [64, 700] {
      let outcome = readX12(Array(damaged.utf8), limits: limits, in: .pieces(size))
      let issue = try #require(outcome.issues.first)
      #expect(issue.code == "SEGMENT_TOO_LONG" && issue.effect == .claimLost)
      #expect(issue.location == SourceLocation(record: 49, byteOffset: offset))
      #expect(outcome.issues.count == 1 && outcome.totals.claims == 3 && outcome.totals.lines == 5)
      #expect(outcome.breaches == [])
    }
  }

  @Test("an element beyond its limit costs its segment, too many elements or components cost nothing that is read")
  func elements() {
    var limits = ReadingLimits()
    limits.element = 500
    limits.elements = 100
    let plain = String(decoding: Fixture("x12/valid/professional.837").bytes, as: UTF8.self)
    func read(_ old: String, _ new: String) -> ReadingOutcome {
      readX12(Array(plain.replacing(old, with: new).utf8), limits: limits)
    }
    let long = read("REF*EA*MREX1~", "REF*EA*" + String(repeating: "X", count: 600) + "~")
    #expect(long.issues.map(\.code) == ["SEGMENT_TOO_LONG"] && long.issues.map(\.effect) == [.claimLost])
    let many = read("REF*EA*MREX1~", "REF*EA*MREX1" + String(repeating: "*", count: 300) + "~")
    #expect(many.issues.map(\.code) == ["SEGMENT_ELEMENTS"] && many.issues.map(\.effect) == [.claimKept])
    let parts = read("HC:32960*", "HC:32960" + String(repeating: ":", count: 300) + "*")
    #expect(parts.issues.map(\.code) == ["COMPOSITE"])
    for outcome in [long, many, parts] {
      #expect(outcome.totals.lines == 5 && outcome.claims.first?.lines.first?.procedure.code == "32960")
    }
  }

  @Test("no bytes at all make the reader trap or use more than it was lent")
  func anything() {
    var generator = SeededGenerator(seed: RandomRuns.seed)
    let alphabets = [Array(0...255), Array("ISA*~:GSTCLMHXV1234\n ".utf8), Array("ISA*00*GS*ST*837~".utf8)]
    for round in 0..<RandomRuns.rounds(300) {
      let alphabet = alphabets[round % alphabets.count]
      var bytes =
        round % 2 == 0 ? [] : Array(Fixture("x12/valid/professional.837").bytes.prefix(generator.number(0...400)))
      bytes += (0..<generator.number(0...600)).map { _ in generator.pick(alphabet) }
      let whole = readX12(bytes)
      let pieces = readX12(bytes, in: .random(seed: generator.next(), upTo: 50))
      #expect(whole.breaches == [])
      #expect(pieces.difference(from: whole) == nil, "seed \(RandomRuns.seed) round \(round)")
    }
  }
}

@Suite("What is taken for X12")
struct X12RecognitionTests {
  private func recognises(_ bytes: [UInt8]) -> Bool {
    unsafe bytes.withUnsafeBytes { unsafe X12ClaimReader.recognises($0) }
  }

  @Test("is every fixture but those that are none", arguments: X12Fixtures.all)
  func fixtures(fixture: Fixture) {
    let others = ["x12/invalid/no-x12.837", "x12/invalid/empty.837", "x12/invalid/blank.837"]
    #expect(recognises(fixture.bytes) == !others.contains(fixture.name))
  }

  @Test("is no text that only speaks of it")
  func others() {
    for text in [
      "ISAAC,32960\n", "claim_id,ISA*\n", "Remark: ISA*00*\n", "STATE,CITY\n", "GSK*\n", "{\"ISA\": 1}",
      "PK\u{3}\u{4}ISA",
    ] {
      #expect(!recognises(Array(text.utf8)), "\(text)")
    }
    for export in Fixture.all(in: "valid", ending: ".csv") { #expect(!recognises(export.bytes), "\(export)") }
  }
}
