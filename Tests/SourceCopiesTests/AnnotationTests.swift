import AuditPipeline
import Auditing
import ByteInput
import ClaimModel
import FoundationEssentials
import Reporting
import SourceCopies
import TestSupport
import Testing

/// Exports with what an audit found beside each row.
private struct Annotated {
  let folder: Folder
  /// What was told, by code.
  private(set) var told: [String] = []

  init(_ contents: [(name: String, bytes: [UInt8])], change: (inout AuditPlan) -> Void = { _ in }) throws {
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
    let row = "32960,2026-01-05,10,1,11,aetna,P1,1900000112\n"
    let text = "claim_id,cpt,dos,charge,units,pos,payer,person_id,rendering_npi\nA," + row + "B," + row
    let annotated = try Annotated(text)
    let lines = Fixture.lines(of: annotated.folder.bytes("out/lines.csv"))
    let copy = Fixture.lines(of: annotated.bytes())
    #expect(lines[2].contains("DUP-"))
    for index in 1...2 {
      // severity,findings,rules,… of lines.csv end as the copy's row does, but for the count.
      let cells = copy[index].split(separator: ",", maxSplits: 9, omittingEmptySubsequences: false)
      let ours = String(cells[9])
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
}
