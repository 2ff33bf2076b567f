import Auditing
import ClaimModel
import Testing

@testable import Reporting

/// Bytes that break CSV, XML, JSON, spreadsheets or terminals, and what becomes of them.
@Suite struct HostileTextTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var bytes: [UInt8]
    /// What every format says.
    var text: String
    var isReplaced = false
    /// Whether a spreadsheet needs the guard.
    var isGuarded = false

    init(_ name: String, _ bytes: [UInt8], _ text: String, isReplaced: Bool = false, isGuarded: Bool = false) {
      self.name = name
      self.bytes = bytes
      self.text = text
      self.isReplaced = isReplaced
      self.isGuarded = isGuarded
    }

    init(_ text: String, isGuarded: Bool = false) {
      self.init(text.debugDescription, Array(text.utf8), text, isGuarded: isGuarded)
    }

    var testDescription: String { name }
  }

  static let cases = [
    Case("say \"hello\""), Case("\""), Case("a,b"), Case("two\nlines"), Case("two\r\nlines"), Case("tab\there"),
    Case("a;b"), Case("back\\slash"), Case("<&>"), Case("]]>"), Case("it's"), Case(" blanks around "),
    Case("O'BRIEN, PAT"),
    Case("=1+1", isGuarded: true), Case("+1 555", isGuarded: true), Case("-A", isGuarded: true),
    Case("@sum", isGuarded: true),
    Case("\tx", isGuarded: true), Case("\rx", isGuarded: true), Case("=a,\"b\"", isGuarded: true),
    // A sign alone is nothing to calculate.
    Case("-", isGuarded: false), Case("--", isGuarded: true),
    Case("-5.", isGuarded: true), Case("--5", isGuarded: true), Case("-5.1.2", isGuarded: true),
    Case("-12.50"), Case("+5"), Case("-1"), Case("Müller"), Case("日本"), Case("\u{202E}evil"), Case("\u{1F600}"),
    Case("cp1252 name", [0x4D, 0xFC, 0x6C, 0x6C, 0x65, 0x72], "Müller"),
    Case("cp1252 quotes", [0x93, 0x41, 0x94, 0x80], "“A”€"),
    Case("not cp1252", [0x41, 0x81, 0x42], "A\u{FFFD}B", isReplaced: true),
    Case(
      "no byte of cp1252", [0x81, 0x41, 0x8D, 0x8F, 0x90, 0x9D, 0x42], "\u{FFFD}A\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}B",
      isReplaced: true),
    Case(
      "all of cp1252", [0x80] + Array(0x82...0x8C) + [0x8E] + Array(0x91...0x9C) + [0x9E, 0x9F, 0xA0, 0xFF],
      "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\u{A0}ÿ"),
    Case("cut UTF-8 with a byte of no page", [0xE2, 0x82, 0x41, 0x81], "\u{FFFD}A\u{FFFD}", isReplaced: true),
    Case("NUL", [0x41, 0x00, 0x42], "A\u{FFFD}B", isReplaced: true),
    Case("terminal escape", Array("\u{1B}[31mred".utf8), "\u{FFFD}[31mred", isReplaced: true),
    Case("C1 control", Array("\u{9B}31m".utf8), "\u{FFFD}31m", isReplaced: true),
    Case("delete", [0x7F], "\u{FFFD}", isReplaced: true),
    Case("bell, vertical tab, form feed", [0x07, 0x0B, 0x0C], "\u{FFFD}\u{FFFD}\u{FFFD}", isReplaced: true),
    Case("noncharacters", Array("\u{FFFE}\u{FFFF}".utf8), "\u{FFFD}\u{FFFD}", isReplaced: true),
    Case("a megabyte", Array(repeating: 0x78, count: 1 << 20), String(repeating: "x", count: 1 << 20)),
    Case("a megabyte of quotes", Array(repeating: 0x22, count: 1 << 20), String(repeating: "\"", count: 1 << 20)),
  ]

  private func claim(_ bytes: [UInt8]) -> Claim {
    var test = TestClaim()
    test.claim.payerName = test.text(bytes: bytes)
    test.line(record: 1)
    return test.claim
  }

  @Test(arguments: cases) func everyFormatSaysTheSame(_ hostile: Case) throws {
    let claim = claim(hostile.bytes)
    let published = try Published([(claim, audit(claim))])
    let guarded = hostile.isGuarded ? "'" + hostile.text : hostile.text
    #expect(try #require(published.csv("lines").first)["payer_name"] == guarded)
    #expect(published.jsonl("lines").first??["payer_name"]?.text == hostile.text)
    let root = try #require(published.xml)
    let line = try #require(root.all("line").first)
    #expect(line["payer_name"] == hostile.text)
    #expect(root.all("claim").first?["payer_name"] == hostile.text)
    #expect(line["replaced"] == (hostile.isReplaced ? "payer_name" : nil))
    #expect(published.schemaComplaints == [])
  }

  @Test(arguments: cases) func ourOwnXMLIsThatOfLibxml2(_ hostile: Case) throws {
    var clean = ByteBuffer()
    _ = clean.append(clean: hostile.bytes.span)
    var own = ByteBuffer()
    own.append("\n<line a=\"")
    own.append(xmlEscaped: clean, 0..<clean.count)
    own.append("\"/>")

    let output = ReportOutput(name: "none", descriptor: -1, calls: .recording(Recorder()))
    let writer = try XMLTextWriter(output)
    try writer.startDocument()
    try writer.startRoot("run")
    try writer.makeWay()
    let start = output.bytesWritten + output.buffer.count
    try writer.start("line")
    try writer.attribute("a", clean.string(0..<clean.count))
    try writer.end()
    try writer.makeWay()
    // A megabyte of markup goes out in blocks; small cases are compared to the byte.
    guard output.bytesWritten == 0 else { return }
    #expect(output.buffer.string(start..<output.buffer.count) == own.string(0..<own.count))
  }

  @Test func messagesNeverHoldTheirSeparator() throws {
    var test = TestClaim()
    test.line(record: 1)
    let found = [
      finding("CHG-001", .info, message: "one; two;three"),
      finding("MOD-003", .error, message: "quoted \"=x\", \u{1B}[0m"),
    ]
    let published = try Published([(test.claim, audit(test.claim, findings: found))])
    let row = try #require(published.csv("lines").first)
    #expect(row["messages"] == "one, two,three;quoted \"=x\", \u{FFFD}[0m")
    #expect(published.csv("findings").map { $0["message"] } == ["one, two,three", "quoted \"=x\", \u{FFFD}[0m"])
    #expect(published.schemaComplaints == [])
  }

  @Test func everyByteInEveryTextCell() throws {
    // All 256 bytes, alone and between letters, through every format at once.
    var claims: [(Claim, ClaimAudit)] = []
    for byte in UInt8.min...UInt8.max {
      var test = TestClaim()
      test.claim.id = test.text(bytes: [byte])
      test.claim.payerID = test.text(bytes: [0x41, byte, 0x42])
      test.claim.interchangeControl = test.text(bytes: [byte, byte])
      test.line(record: 1)
      claims.append((test.claim, audit(test.claim)))
    }
    let published = try Published(claims)
    #expect(published.schemaComplaints == [])
    let rows = published.csv("lines")
    let lines = try #require(published.xml).all("line")
    #expect(rows.count == 256)
    #expect(lines.count == 256)
    for (row, line) in zip(rows, lines) {
      #expect(row["payer_id"] == line["payer_id"])
    }
    #expect(published.jsonl("lines").allSatisfy { $0 != nil })
  }

  /// Random mixtures in all text cells at once: the three formats tell the same.
  @Test(arguments: [1, 2, 3] as [UInt64]) func randomTextIsTheSameInEveryFormat(_ seed: UInt64) throws {
    var generator = SplitMix(state: seed)
    let pieces =
      (UInt8.min...UInt8.max).map { [$0] }
      + ["é", "\u{202E}", "\"\"", "\r\n", ";", ",", "]]>", "&amp;", "=1"].map { Array($0.utf8) }
    func junk() -> [UInt8] {
      (0..<generator.next() % 16).flatMap { _ in
        generator.next() % 2 == 0
          ? [UInt8(0x20 + generator.next() % 95)] : pieces[Int(generator.next() % UInt64(pieces.count))]
      }
    }
    var claims: [(Claim, ClaimAudit)] = []
    for record in 1...200 {
      var test = TestClaim()
      for field in [\Claim.id, \.originalClaimID, \.payerName, \.payerID, \.billingNPI, \.transactionControl] {
        test.claim[keyPath: field] = test.text(bytes: junk())
      }
      test.line(record: record) { line, test in
        line.control = test.text(bytes: junk())
        let modifier = junk()
        if !modifier.isEmpty {
          line.modifiers.append(CodedValue(code: Code(modifier), text: test.text(bytes: modifier)))
        }
      }
      let message = String(decoding: junk(), as: UTF8.self)
      claims.append((test.claim, audit(test.claim, findings: [finding("MOD-003", .error, message: message)])))
    }
    let published = try Published(claims)
    #expect(published.schemaComplaints == [])
    for (table, element) in [("lines", "line"), ("findings", "finding")] {
      let rows = published.csv(table)
      let objects = published.jsonl(table)
      let elements = try #require(published.xml).all(element)
      #expect(rows.count == 200)
      #expect(objects.count == 200)
      #expect(elements.count == 200)
      for (index, row) in rows.enumerated() {
        for (name, value) in row {
          // The guard is the one thing that CSV has for itself.
          let plain =
            value.hasPrefix("'") && objects[index]?[name]?.text?.hasPrefix("'") != true
            ? String(value.dropFirst()) : value
          if let text = objects[index]?[name]?.text { #expect(text == plain, "\(name) of \(index)") }
          if let text = elements[index][name] { #expect(text == plain, "\(name) of \(index)") }
        }
      }
    }
  }
}
