import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Options of audit")
struct OptionTests {
  static let professional = Fixture("valid/professional.837").path
  static let export = Fixture("valid/professional-export.csv").path

  private func rows(_ options: String..., path: String = professional) throws -> [ReportRow] {
    let outcome = try Command(["audit", path] + options).run()
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    return outcome.rows
  }

  @Test("--scope hits, claims and all report more and more lines")
  func scope() throws {
    let hits = try rows("--scope", "hits")
    let claims = try rows("--scope", "claims")
    let all = try rows("--scope", "all")
    #expect(hits.allSatisfy { $0["watched"] == "true" } && !hits.isEmpty)
    #expect(try hits == rows())
    let watched = Set(hits.map { $0["claim_id"] })
    #expect(claims.allSatisfy { watched.contains($0["claim_id"]) })
    #expect(claims == all.filter { watched.contains($0["claim_id"]) })
    #expect(hits == claims.filter { $0["watched"] == "true" })
    #expect(hits.count < claims.count && claims.count < all.count)
    #expect(all.count == 66)
  }

  @Test(
    "--format writes exactly the tables asked for, and summary.json and run.json always",
    arguments: [
      ["csv"], ["xml"], ["jsonl"], ["csv", "xml"], ["xml", "jsonl"], ["csv", "xml", "jsonl", "html"], ["html"],
    ])
  func formats(formats: [String]) throws {
    let scratch = try Scratch()
    #expect(
      try Command("audit", OptionTests.professional, "-o", scratch.path + "/out", "-f", formats.joined(separator: ","))
        .run().exitCode == 0)
    var names = ["run.json", "summary.json"]
    for format in ["xml", "html"] where formats.contains(format) { names.append("report.\(format)") }
    for format in ["csv", "jsonl"] where formats.contains(format) {
      names += ["findings.\(format)", "issues.\(format)", "lines.\(format)"]
    }
    #expect(ReportSetFiles(folder: scratch.path + "/out").names == names.sorted())
  }

  @Test("reports of an earlier run that this one does not replace are named")
  func leftBehind() throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/out"
    func said(_ formats: String) throws -> String {
      try Command("audit", OptionTests.professional, "-o", folder, "-f", formats).run().standardError
    }
    #expect(try !said("jsonl,xml").contains("earlier run"))
    #expect(try !said("csv,xml,jsonl").contains("earlier run"))
    #expect(try said("csv").contains("report.xml, lines.jsonl, findings.jsonl, issues.jsonl are of an earlier run"))
  }

  @Test("blanks behind the commas of --format are as good as none")
  func blanksInFormats() throws {
    let scratch = try Scratch()
    #expect(
      try Command("audit", OptionTests.professional, "-o", scratch.path + "/out", "-f", "jsonl, xml").run().exitCode
        == 0)
    let names = ReportSetFiles(folder: scratch.path + "/out").names
    #expect(names.contains("lines.jsonl") && names.contains("report.xml") && !names.contains("lines.csv"))
  }

  @Test("without --format a folder gets csv, xml and html, and a page that needs no network")
  func defaultFormats() throws {
    let scratch = try Scratch()
    #expect(try Command("audit", OptionTests.professional, "-o", scratch.path + "/out").run().exitCode == 0)
    let reports = ReportSetFiles(folder: scratch.path + "/out")
    #expect(
      reports.names == [
        "findings.csv", "issues.csv", "lines.csv", "report.html", "report.xml", "run.json", "summary.json",
      ])
    let page = String(decoding: reports.bytes("report.html"), as: UTF8.self)
    for attribute in ["src=\"http", "href=\"http", "url(http", "@import"] { #expect(!page.contains(attribute)) }
  }

  @Test(
    "every format to standard output holds the same lines as in a folder",
    arguments: [("csv", "lines.csv"), ("xml", "report.xml"), ("jsonl", "lines.jsonl")])
  func standardOutput(format: String, name: String) throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/out"
    let stream = try Command("audit", OptionTests.professional, "-f", format).run()
    #expect(try Command("audit", OptionTests.professional, "-f", format, "-o", folder).run().exitCode == 0)
    if format != "xml" {
      expectSame(stream.standardOutput, ReportSetFiles(folder: folder).bytes(name), name)
    } else {
      #expect(SchemaValidation.complaints(stream.standardOutput) == [])
    }
  }

  @Test("JSON Lines hold the names and texts of lines.csv, without the apostrophes against spreadsheets")
  func jsonLines() throws {
    let csv = try rows()
    let header = ReportRow.records(try Command("audit", OptionTests.professional).run().standardOutput)[0]
    let json = try Command("audit", OptionTests.professional, "-f", "jsonl").run().text.split(separator: "\n")
    #expect(json.count == csv.count)
    for (line, row) in zip(json, csv) {
      let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(Set(object.keys) == Set(header))
      for column in ["claim_id", "payer_id", "rules", "charge", "messages"] {
        #expect(object[column] as? String == row.plain(column))
      }
      #expect((object["record"] as? NSNumber).map { "\($0)" } == row["record"])
    }
  }

  @Test("the columns of the tables are the contract's, in its order")
  func columns() throws {
    let scratch = try Scratch()
    #expect(try Command("audit", OptionTests.professional, "-o", scratch.path + "/out").run().exitCode == 0)
    let reports = ReportSetFiles(folder: scratch.path + "/out")
    func header(_ name: String) -> String {
      (ReportRow.records(reports.bytes(name)).first ?? []).joined(separator: ",")
    }
    #expect(
      header("lines.csv") == """
        source_file,format,record,byte_offset,interchange_control,group_control,transaction_control,claim_id,claim_type,\
        claim_frequency,original_claim_id,line_number,line_control,payer,payer_name,payer_id,filing_indicator,billing_npi,\
        rendering_npi,service_from,service_to,place_of_service,type_of_bill,revenue_code,procedure,modifier_1,modifier_2,\
        modifier_3,modifier_4,diagnoses,units,charge,allowed,paid,watched,severity,findings,rules,messages,carc,at_risk
        """)
    #expect(
      header("findings.csv")
        == "source_file,format,record,byte_offset,claim_id,line_number,procedure,payer,service_from,rule,severity,element,message,fix,carc,rarc,at_risk"
    )
    #expect(
      header("issues.csv") == "source_file,record,byte_offset,code,severity,segment,element,claim_id,message,effect")
  }

  @Test("--select and --ignore take ids and prefixes; lines stay")
  func selection() throws {
    let all = try rows()
    let modifiers = try rows("--select", "MOD")
    #expect(modifiers.count == all.count)
    for (row, whole) in zip(modifiers, all) { #expect(row.rules == whole.rules.filter { $0.hasPrefix("MOD-") }) }
    let without = try rows("--ignore", "MOD,POS-002")
    for (row, whole) in zip(without, all) {
      #expect(row.rules == whole.rules.filter { !$0.hasPrefix("MOD-") && $0 != "POS-002" })
    }
    let both = try rows("--select", "POS", "--ignore", "POS-003")
    for (row, whole) in zip(both, all) {
      #expect(row.rules == whole.rules.filter { $0.hasPrefix("POS-") && $0 != "POS-003" })
    }
    #expect(Set(all.flatMap(\.rules)).isSuperset(of: ["POS-002", "POS-003"]))
  }

  @Test("--severity leaves out lighter findings, never lines")
  func severity() throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/out"
    #expect(try Command("audit", OptionTests.professional, "-o", folder, "--severity", "error").run().exitCode == 0)
    let reports = ReportSetFiles(folder: folder)
    #expect(Set(reports.findings.map { $0["severity"] }) == ["error"])
    #expect(reports.lines.count == (try rows().count))
    #expect(Set(reports.lines.map { $0["severity"] }) == ["error", "none"])
  }

  @Test("--since and --until keep the watched lines of the days between, both included")
  func dates() throws {
    let days = Set(try rows().map { $0["service_from"] }).sorted()
    let middle = try #require(days.dropFirst(days.count / 2).first)
    #expect(days.count > 1)
    let since = try rows("--since", middle)
    let until = try rows("--until", middle)
    let on = try rows("--since", middle, "--until", middle)
    #expect(Set(since.map { $0["service_from"] }) == Set(days.filter { $0 >= middle }))
    #expect(Set(until.map { $0["service_from"] }) == Set(days.filter { $0 <= middle }))
    #expect(Set(on.map { $0["service_from"] }) == [middle])
    #expect(try since.count + until.count - on.count == rows().count)
  }

  @Test("--since and --until hold for the lines that are not watched, too")
  func datesOfEveryLine() throws {
    let scratch = try Scratch()
    let export = try scratch.write(
      "days.csv",
      """
      claim_id,line_number,hcpcs_code,service_date,payer
      C1,1,32960,2026-03-10,AETNA
      C2,1,32960,2026-03-12,AETNA
      C2,2,99213,2026-03-10,AETNA
      C2,3,71046,2026-03-12,AETNA
      C3,1,99213,,AETNA

      """)
    func lines(_ options: String...) throws -> [String] {
      try Command(["audit", export, "--since", "2026-03-12", "--until", "2026-03-12"] + options).run().rows
        .map { "\($0["claim_id"])/\($0["line_number"])" }
    }
    #expect(try lines() == ["C2/1"])
    #expect(try lines("--scope", "claims") == ["C2/1", "C2/3"])
    #expect(try lines("--scope", "all") == ["C2/1", "C2/3"])
  }

  @Test("--payer keeps the lines of one payer key, with every scope")
  func payer() throws {
    for scope in ["hits", "claims", "all"] {
      let rows = try rows("--payer", "aetna", "--scope", scope)
      #expect(!rows.isEmpty && rows.allSatisfy { $0["payer"] == "aetna" }, "\(scope)")
    }
  }

  @Test("--watch adds procedures, checked with the general rules")
  func watch() throws {
    let rows = try rows("--watch", "99213, 71046,d0120,0001T")
    #expect(Set(rows.map { $0["procedure"] }).isSuperset(of: ["32960", "99213"]))
    #expect(rows.allSatisfy { $0["watched"] == "true" })
    #expect(try rows.filter { $0["procedure"] == "32960" }.map(\.rules) == self.rows().map(\.rules))
  }

  @Test("--strict leaves out every line of a damaged file and none of a sound one")
  func strict() throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/out"
    let damaged = Fixture("x12/invalid/cut-behind-whole-claim.837").path
    let usual = try Command("audit", damaged, "--scope", "all").run()
    #expect(usual.exitCode == 65)
    #expect(!usual.rows.isEmpty)
    let outcome = try Command("audit", damaged, OptionTests.professional, "--strict", "--scope", "all", "-o", folder)
      .run()
    #expect(outcome.exitCode == 65)
    let reports = ReportSetFiles(folder: folder)
    #expect(Set(reports.lines.map { $0["source_file"] }) == [OptionTests.professional])
    #expect(Set(reports.findings.map { $0["source_file"] }) == [OptionTests.professional])
    #expect(reports.lines.count == 66)
    #expect(reports.issues.contains { $0["source_file"] == damaged })
    #expect(SchemaValidation.complaints(reports.bytes("report.xml")) == [])
  }

  @Test("--excel: byte order mark, CRLF, leading zeros kept as text; the cells are the same")
  func excel() throws {
    let plain = try Command("audit", Fixture("valid/institutional.837").path).run()
    let excel = try Command("audit", Fixture("valid/institutional.837").path, "--excel").run()
    #expect(excel.standardOutput.starts(with: [0xEF, 0xBB, 0xBF]))
    let bytes = excel.standardOutput
    let hasBareEnds = bytes.indices.contains { bytes[$0] == 0x0A && bytes[$0 - 1] != 0x0D }
    #expect(!hasBareEnds)
    #expect(!plain.standardOutput.contains(0x0D))
    let (before, after) = (plain.rows, excel.rows)
    #expect(before.count == after.count)
    #expect(after.contains { $0["type_of_bill"] == "'0131" })
    for (one, other) in zip(before, after) {
      for column in ["claim_id", "type_of_bill", "revenue_code", "charge", "rules"] {
        #expect(one[column] == other.plain(column))
      }
    }
  }

  @Test("--as-of is the run date of an export; an 837 has its own")
  func asOf() throws {
    let late = try rows("--as-of", "2030-01-01", path: OptionTests.export)
    let early = try rows("--as-of", "2026-01-01", path: OptionTests.export)
    #expect(!late.flatMap(\.rules).contains("DATE-002"))
    #expect(early.filter { $0.rules.contains("DATE-002") }.count > late.count / 2)
    #expect(try rows("--as-of", "2020-01-01") == rows("--as-of", "2030-01-01"))
  }

  @Test("no colour, no progress and nothing but words when standard error is no terminal")
  func plainMessages() throws {
    let scratch = try Scratch()
    let damaged = Fixture("x12/invalid/cut-in-segment.837").path
    for options in [[], ["-v"], ["--color", "auto"], ["--log-format", "json"]] as [[String]] {
      let outcome = try Command(["audit", OptionTests.professional, damaged, "-o", scratch.path + "/out"] + options)
        .run()
      #expect(!outcome.standardError.isEmpty)
      #expect(outcome.standardError.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" }, "\(options)")
    }
  }

  @Test("-q says errors only, --log-format json one object a line")
  func messages() throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/out"
    let damaged = Fixture("x12/invalid/cut-in-segment.837").path
    #expect(try Command("audit", OptionTests.professional, "-o", folder, "-q").run().standardError == "")
    let quiet = try Command("audit", damaged, "-q").run()
    #expect(quiet.standardError.contains("TRUNCATED"))
    let outcome = try Command("audit", damaged, "--log-format", "json").run()
    let lines = outcome.standardError.split(separator: "\n")
    #expect(!lines.isEmpty)
    for line in lines {
      let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(object["file"] as? String == damaged)
      #expect(object["message"] is String && object["level"] is String)
    }
  }

  @Test("reports are readable by their owner alone, whatever the umask allows")
  func modes() throws {
    let scratch = try Scratch()
    #expect(
      try Command("audit", OptionTests.professional, "-o", scratch.path + "/new/out", "-f", "csv,xml,jsonl").run()
        .exitCode == 0)
    for name in scratch.names(in: "new/out") {
      let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path + "/new/out/" + name)
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
    }
    let folder = try FileManager.default.attributesOfItem(atPath: scratch.path + "/new/out")
    #expect(folder[.posixPermissions] as? Int == 0o700)
  }

  @Test("--help and --version everywhere, on standard output")
  func help() throws {
    for arguments in [
      ["--help"], ["audit", "--help"], ["inspect", "--help"], ["rules", "-h"], ["help", "explain"],
      ["check-pack", "--help"],
    ] {
      let outcome = try Command(arguments).run()
      #expect(outcome.exitCode == 0)
      #expect(outcome.text.contains("USAGE") || outcome.text.contains("Usage"), "\(arguments)")
      #expect(outcome.standardError == "")
    }
    for arguments in [["--version"], ["audit", "--version"]] {
      let outcome = try Command(arguments).run()
      #expect(outcome.exitCode == 0)
      #expect(outcome.text.first?.isNumber == true)
    }
    #expect(try Command("--generate-completion-script", "bash").run().exitCode == 0)
  }

  @Test("--version --verbose names what inflates")
  func libraries() throws {
    for flag in ["-v", "--verbose"] {
      let outcome = try Command("--version", flag).run()
      #expect(outcome.exitCode == 0)
      #expect(outcome.text.split(separator: "\n").count == 2)
      #expect(outcome.text.contains("inflate: "))
      #expect(outcome.text.contains("zlib 1."))
    }
  }

  @Test("short options and their values may be one word")
  func joined() throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/out"
    #expect(try Command("audit", OptionTests.professional, "-j2", "-fjsonl", "-o" + folder, "-q").run().exitCode == 0)
    #expect(ReportSetFiles(folder: folder).names.contains("lines.jsonl"))
  }
}

@Suite("The other commands")
struct OtherCommandTests {
  @Test("inspect says what a file is, without a patient in it")
  func inspect() throws {
    let professional = try Command("inspect", Fixture("valid/professional.837").path).run()
    #expect(professional.exitCode == 0)
    for word in ["X12", "005010X222A1", "50", "AETNA", "2 × 837"] {
      #expect(professional.text.contains(word), "\(word)")
    }
    let export = try Command("inspect", Fixture("valid/professional-export.csv").path).run()
    #expect(export.exitCode == 0)
    for word in ["CSV", "procedure_code <- hcpcs_code", "layout"] { #expect(export.text.contains(word), "\(word)") }
    let facts = ClaimCase.named("DC-020")
    let claims = CaseClaim.claims(of: facts)
    for form in CaseForm.allCases {
      let outcome = try Command("inspect", "-", input: .bytes(form.file(claims.anywhere + [claims.audited]))).run()
      #expect(outcome.exitCode == 0)
      #expect(outcome.text.contains("AETNA"))
    }
  }

  @Test("inspect has the exit codes of a reader")
  func inspectCodes() throws {
    #expect(try Command("inspect", Fixture("x12/invalid/cut-in-segment.837").path).run().exitCode == 65)
    #expect(try Command("inspect", "/no/such/file").run().exitCode == 66)
    #expect(try Command("inspect").run().exitCode == 64)
  }

  @Test("rules lists all 70 in every format, explain knows each")
  func rules() throws {
    let json = try Command("rules", "--format", "json").run()
    let rules = try #require(JSONSerialization.jsonObject(with: Data(json.standardOutput)) as? [[String: Any]])
    let ids = rules.compactMap { $0["id"] as? String }
    #expect(ids.count == 70 && Set(ids).count == 70)
    for format in ["text", "markdown"] {
      let text = try Command("rules", "--format", format).run().text
      #expect(ids.allSatisfy(text.contains), "\(format)")
      #expect(text.contains("patient, modifiers, service_date, clinician"), "\(format)")
    }
    for id in ids {
      let outcome = try Command("explain", id.lowercased()).run()
      #expect(outcome.exitCode == 0)
      #expect(outcome.text.contains(id))
    }
  }
}
