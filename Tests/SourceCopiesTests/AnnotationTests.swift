import AuditPipeline
import Auditing
import ByteInput
import CSV
import ClaimModel
import ClaimReading
import FoundationEssentials
import Reporting
import TestSupport
import Testing

@testable import SourceCopies

/// Exports with what an audit found beside each row.
private struct Annotated {
  let folder: Folder
  /// What was told, by code.
  private(set) var told: [String] = []

  /// - Parameter between: what happens between the audit and the copies.
  init(
    _ contents: [(name: String, bytes: [UInt8])], change: (inout AuditPlan) -> Void = { _ in },
    between: (Folder) throws -> Void = { _ in }
  ) throws {
    folder = try Folder()
    var plan = AuditPlan()
    plan.inputs = try contents.map { InputReference(path: try folder.write($0.name, $0.bytes)) }
    change(&plan)
    let set = try ReportSet(ReportOptions(destination: .folder(folder.path + "/out"), formats: [.csv]))
    plan.spoolFolder = set.spoolFolder
    let lines = RecordSpool(folder: set.spoolFolder)
    let issues = RecordSpool(folder: set.spoolFolder)
    let auditor = try Extracted.auditor.get()
    var told: [String] = []
    let copies = try AnnotatedCopies(plan, isCancelled: { false }) {
      if case .issue(let issue, _) = $0 { told.append(issue.code) }
    }
    let result = try AuditRun.run(
      plan, auditor: auditor, lines: lines, issues: issues, summary: SummaryBuilder(), isCancelled: { false },
      tell: { _ in })
    try between(folder)
    _ = try set.publish(
      lines: lines, issues: issues, runFindings: result.runFindings, files: result.files, catalogue: auditor.catalogue,
      summary: result.summary, copies: copies
    ) { _ in RunFacts(version: "", started: "", finished: "", elapsedMilliseconds: 0, host: "") }
    self.told = told
  }

  init(_ text: String) throws { try self.init([("x.csv", Array(text.utf8))]) }

  func bytes(_ name: String = "x.annotated.csv") -> [UInt8] { folder.bytes("out/" + name) }
  func text(_ name: String = "x.annotated.csv") -> String { String(decoding: bytes(name), as: UTF8.self) }
  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/out")) ?? []).filter {
      $0.contains(".annotated")
    }.sorted()
  }
}

@Suite("Annotated copies")
struct AnnotationTests {
  private static let added = "audit_severity,audit_rules,audit_messages,audit_carc,audit_at_risk"

  @Test("rows keep their bytes and get cells: findings, none, or empty ones where no line is watched")
  func rows() throws {
    let text = """
      Report of March

      claim_id,cpt,dos,charge,mod
      A,32960,2026-01-05,10,11
      A,71046,2026-01-05,"12, or so"
      B,32960,2026-01-05,10,RT

      Total,,,20,
      """
    let copy = Fixture.lines(of: try Annotated(text).bytes())
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    try #require(copy.count == lines.count)
    #expect(copy[0] == lines[0] && copy[1] == lines[1] && copy[6] == "")
    #expect(copy[2] == lines[2] + "," + Self.added)
    #expect(copy[3].hasPrefix(lines[3] + ",error,MOD-003"))
    #expect(copy[3].hasSuffix(",10.00"))
    // One cell short: filled up, so that our columns stand below their names.
    #expect(copy[4] == lines[4] + "," + ",,,,,")
    #expect(copy[5].hasPrefix(lines[5] + ","))
    #expect(copy[7] == lines[7] + ",,,,,")
    #expect(try !Annotated(text).text().hasSuffix("\n"))
  }

  @Test("the cells are those of lines.csv, run-wide findings included")
  func sameAsLines() throws {
    let row = "32960,2026-01-05,10,1,11,aetna,P1,1900000112,\n"
    let text = "claim_id,cpt,dos,charge,units,pos,payer,person_id,rendering_npi,mod\nA," + row + "B," + row
    let annotated = try Annotated(text)
    let lines = Fixture.lines(of: annotated.folder.bytes("out/lines.csv"))
    let copy = Fixture.lines(of: annotated.bytes())
    #expect(lines[2].contains("DUP-"))
    for index in 1...2 {
      // severity,findings,rules,… of lines.csv end as the copy's row does, but for the count.
      let cells = copy[index].split(separator: ",", maxSplits: 10, omittingEmptySubsequences: false)
      let ours = String(cells[10])
      let severity = ours.prefix { $0 != "," }
      #expect(lines[index].hasSuffix(ours.dropFirst(severity.count + 1)))
      #expect(lines[index].contains(",true,\(severity),"))
    }
  }

  @Test("delimiter, quoting, line ends and encoding are those of the file")
  func dialects() throws {
    let semicolon =
      Array("claim_id;cpt;mod;pos;dos;charge;note\r\nA;32960;11;11;2026-01-05;10;caf".utf8) + [0xE9]
      + Array("\r\n".utf8)
    let copy = try Annotated([("x.csv", semicolon)]).bytes()
    let names = Self.added.replacing(",", with: ";")
    #expect(
      copy.starts(
        with: Array("claim_id;cpt;mod;pos;dos;charge;note;\(names)\r\nA;32960;11;11;2026-01-05;10;caf".utf8) + [
          0xE9, 0x3B,
        ]))
    #expect(copy.suffix(2) == [0x0D, 0x0A])
    // Several rules are joined by the delimiter of this file, so that they are quoted.
    #expect(String(decoding: copy, as: UTF8.self).contains("MOD-003;POS-003\";\""))

    let pipes = Fixture("csv/pipe_quotes_are_data.txt")
    let piped = try Annotated([("p.txt", pipes.bytes)])
    #expect(piped.names == ["p.annotated.txt"])
    func cells(_ line: String) -> [Substring] {
      line.dropLast().split(separator: "|", omittingEmptySubsequences: false)
    }
    let copies = Fixture.lines(of: piped.bytes("p.annotated.txt"))
    #expect(copies.count == pipes.lines.count)
    for (mine, theirs) in zip(copies, pipes.lines) {
      #expect(mine.hasSuffix("\r") && cells(mine).starts(with: cells(theirs)))
      #expect(cells(mine).count == cells(theirs).count + 5)
    }
  }

  @Test("a wide row says everything of its lines in one row")
  func wide() throws {
    let text =
      "claim_id,dos,hcpcs_cd_1,hcpcs_cd_2,line_sbmtd_chrg_amt_1,line_sbmtd_chrg_amt_2,payer\nA,2026-01-05,32960,32960,10,20.50,nobody\n"
    let annotated = try Annotated(text)
    let row = try #require(Fixture.lines(of: annotated.bytes()).last)
    #expect(row.hasPrefix("A,2026-01-05,32960,32960,10,20.50,nobody,"))
    #expect(row.contains("line 1: ") && row.contains(";line 2: "))
    let lines = Fixture.lines(of: annotated.folder.bytes("out/lines.csv")).dropFirst()
    #expect(lines.count == 2)
    #expect(lines.allSatisfy { $0.contains("PAYER-001") })
    #expect(row.ranges(of: "PAYER-001").count == 1)
  }

  @Test(
    "rows that cannot be read or are too long stay as they are and are said; blank cells beyond the header are used")
  func ragged() throws {
    let text =
      "claim_id,cpt,dos,charge\nA,32960,2026-01-05,10,\nB,32960,2026-01-05,10,x\nC,32960,2026-01-05,\"1\"0\nD,32960,2026-01-05,10,,,,,,,\n"
    let annotated = try Annotated(text)
    let copy = Fixture.lines(of: annotated.bytes())
    #expect(copy[1].hasPrefix("A,32960,2026-01-05,10,") && !copy[1].hasPrefix("A,32960,2026-01-05,10,,"))
    #expect(copy[2] == "B,32960,2026-01-05,10,x")
    #expect(copy[3] == "C,32960,2026-01-05,\"1\"0")
    #expect(copy[4].hasPrefix("D,32960,2026-01-05,10,") && copy[4].hasSuffix(",,"))
    #expect(annotated.told == ["NOT_ANNOTATED"])
  }

  @Test("a header that comes again gets the names again, and an annotated copy is said to be one")
  func headersAgain() throws {
    let text = "claim_id,cpt,dos,charge\nA,32960,2026-01-05,10\nclaim_id,cpt,dos,charge\nB,71046,2026-01-05,10\n"
    let first = try Annotated(text)
    let copy = Fixture.lines(of: first.bytes())
    #expect(copy[2] == copy[0] && copy[3] == "B,71046,2026-01-05,10,,,,,")
    let second = try Annotated(first.text())
    #expect(second.told.contains("NOT_ANNOTATED"))
    #expect(Fixture.lines(of: second.bytes())[0] == copy[0] + "," + Self.added)
  }

  @Test("every byte of every fixture is there, in order", arguments: CSVFile.own)
  func everyByte(file: CSVFile) throws {
    let annotated = try Annotated([("x.csv", file.bytes)], change: { $0.readSize = 100 })
    var rest = annotated.bytes()[...]
    for byte in file.bytes {
      guard let place = rest.firstIndex(of: byte) else {
        Issue.record("a byte is missing")
        return
      }
      rest = rest[(place + 1)...]
    }
    #expect(annotated.bytes().count > file.bytes.count)
  }

  @Test("copies of files of one name have names of their own, and inputs are not written over")
  func names() throws {
    let bytes = Array("claim_id,cpt,dos,charge\nA,32960,2026-01-05,10\n".utf8)
    let gzip = Fixture("compressed/plain.837.gz").bytes
    let annotated = try Annotated([("a.csv", bytes), ("a.csv.GZ", bytes), ("b", bytes), ("c.837.gz", gzip)])
    #expect(annotated.names == ["a-2.annotated.csv", "a.annotated.csv", "b.annotated.csv"])
    var names = CopyNames()
    #expect(names.name(for: "x.zip!march/a.837", ending: ".837") == "a.837")
    #expect(names.name(for: "/dumps/a.837.gz", ending: ".837") == "a-2.837")
    #expect(names.name(for: "-", ending: ".837") == "stdin.837")
    #expect(names.name(for: "a\nb\r\t.csv", ending: ".csv") == "a_b__.csv")
    #expect(names.name(for: String(repeating: "é", count: 400) + ".csv", ending: ".837").utf8.count < 200)
  }

  @Test(
    "a row longer than a record may be stays as it is, and the rows behind it get their cells",
    arguments: [50, 1 << 16])
  func overlong(readSize: Int) throws {
    let header = "claim_id,cpt,mod,dos,charge,note"
    let long = "B,32960,11,2026-01-05,10," + String(repeating: "n", count: 5000)
    let text = "\(header)\r\nA,32960,11,2026-01-05,10,\r\n\(long)\r\nC,32960,11,2026-01-05,10,\r\n\u{1A}"
    let annotated = try Annotated([("x.csv", Array(text.utf8))]) {
      $0.readSize = readSize
      $0.limits.element = 1000
      $0.limits.window = 2000
    }
    let copy = annotated.text().split(separator: "\r\n", omittingEmptySubsequences: false)
    try #require(copy.count == 5)
    #expect(copy[1].hasPrefix("A,32960,11,2026-01-05,10,,error,"))
    #expect(copy[2] == long)
    #expect(copy[3].hasPrefix("C,32960,11,2026-01-05,10,,error,"))
    // The end-of-file mark of DOS gets no cells.
    #expect(copy[4] == "\u{1A}")
    #expect(annotated.told == ["NOT_ANNOTATED"])
  }

  @Test(
    "of an input that is another one by then nothing is written",
    arguments: [
      "", "claim_id,cpt,dos,charge\n", "claim_id,cpt,dos,charge\nB,32960,2026-01-05,10\nA,32960,2026-01-05,10\n",
      "claim_id,cpt,dos,charge\nAAA,32960,2026-01-05,10\nB,32960,2026-01-05,10\n",
      "claim_id,cpt,dos,charge\nA,32960,2026-01-05,1\"0\nB,32960,2026-01-05,10\n", "ISA*00*",
    ])
  func changed(other: String) throws {
    let text = "claim_id,cpt,dos,charge\nA,32960,2026-01-05,10\nB,32960,2026-01-05,10\n"
    var kept: Folder?
    let error = #expect(throws: ReportError.self) {
      _ = try Annotated(
        [("x.csv", Array(text.utf8))],
        between: {
          kept = $0
          try $0.write("x.csv", Array(other.utf8))
        })
    }
    #expect(error?.description.contains("changed while it was read") == true)
    let names = try FileManager.default.contentsOfDirectory(atPath: try #require(kept).path + "/out")
    #expect(names.allSatisfy { $0.hasPrefix(".") }, "\(names)")
  }

  @Test("lines of inputs that get no copy are passed over")
  func mixed() throws {
    let x12 = Fixture("x12/valid/patient-levels.837").bytes
    let table = Array("claim_id,cpt,mod,dos,charge\nA,32960,11,2026-01-05,10\n".utf8)
    let annotated = try Annotated([("a.837", x12), ("b.csv", table), ("c.837", x12), ("d.csv", table)])
    #expect(annotated.names == ["b.annotated.csv", "d.annotated.csv"])
    for name in annotated.names {
      #expect(annotated.text(name).contains("\nA,32960,11,2026-01-05,10,error,"), "\(name)")
    }
  }

  @Test("an input that has the name of a copy keeps it")
  func inputNamedAsCopy() throws {
    let bytes = Array("claim_id,cpt,dos,charge\nA,32960,2026-01-05,10\n".utf8)
    let annotated = try Annotated(
      [("x.csv", bytes)],
      change: { plan in
        let out = plan.inputs[0].name.dropLast(5) + "out"
        try? FileManager.default.createDirectory(atPath: String(out), withIntermediateDirectories: true)
        try? Data(bytes).write(to: URL(filePath: out + "/x.annotated.csv"))
        plan.inputs.append(InputReference(path: out + "/x.annotated.csv"))
      })
    #expect(annotated.bytes() == bytes)
    #expect(annotated.names.count == 3)
    #expect(annotated.text("x-2.annotated.csv").hasPrefix("claim_id,cpt,dos,charge,audit_severity"))
  }
}

@Suite("Cells of an annotated row")
struct AnnotationCellTests {
  private func line(_ message: String, number: String = "1", atRisk: String = "10.00") -> LineAnnotation {
    var line = LineAnnotation()
    line.lineNumber = number
    line.severity = "warning"
    line.rules = "ORG-1"
    line.messages = message
    line.carc = "4"
    line.atRisk = atRisk
    return line
  }

  private func cells(_ lines: LineAnnotation..., quote: UInt8? = 0x22, delimiter: UInt8 = 0x2C) -> [String] {
    AnnotationCells(Dialect(delimiter: delimiter, quote: quote)).cells(for: lines).map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  @Test("are five, empty where there is no line")
  func none() { #expect(cells() == ["", "", "", "", ""]) }

  @Test(
    "hold nothing that a spreadsheet runs, and numbers as they are",
    arguments: [
      ("=1+1", "'=1+1"), ("+a", "'+a"), ("-x", "'-x"), ("@SUM", "'@SUM"), ("-5.00", "-5.00"), ("+12", "+12"),
      ("-5.0.0", "'-5.0.0"), ("-", "'-"), ("-5.", "'-5."), ("-1a", "'-1a"), ("a=b", "a=b"),
    ])
  func formulas(text: String, expected: String) { #expect(cells(line(text))[2] == expected) }

  @Test("are ASCII and quoted as the table asks")
  func quoting() {
    #expect(
      cells(line("the \u{2018}a\u{2019} \u{201C}b\u{201D} \u{2013} é\u{7F}\t~"))[2] == "\"the 'a' \"\"b\"\" - ?? ~\"")
    #expect(cells(line("a,b"))[2] == "\"a,b\"" && cells(line("a;b"))[2] == "a;b")
    #expect(cells(line("a;b"), delimiter: 0x3B)[2] == "\"a;b\"")
    // Where nothing can be quoted, what would end the cell is written as another byte.
    #expect(cells(line("a,b"), quote: nil)[2] == "a;b")
    #expect(cells(line("a|b,c"), quote: nil, delimiter: 0x7C)[2] == "a,b,c")
  }

  @Test("of several lines are the heaviest severity, each rule once, messages by line, and the sum at risk")
  func several() {
    var other = line("two;three", number: "2", atRisk: "0.05")
    other.severity = "error"
    other.rules = "ORG-2;ORG-1"
    other.carc = ""
    #expect(
      cells(line("one"), other) == ["error", "ORG-1;ORG-2", "line 1: one;line 2: two;line 2: three", "4", "10.05"])
    #expect(cells(line("", atRisk: "-0.50"), line("", number: "2", atRisk: "0.25"))[4] == "-0.25")
    #expect(cells(line("", atRisk: "-1.00"), line("", number: "2", atRisk: "0.10"))[4] == "-0.90")
    #expect(cells(line("", atRisk: ""), line("", number: "2", atRisk: "7.00"))[4] == "7.00")
  }
}
