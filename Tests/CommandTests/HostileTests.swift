import Foundation
import TestSupport
import Testing

/// One row of `Fixtures/hostile/expected.tsv`: a file that means harm, or looks like it, and what has to come of it.
struct HostileFile: CustomTestStringConvertible, Sendable {
  let name: String
  let exitCode: Int32
  /// A code that stands in `issues.csv`; empty when nothing has to.
  let code: String
  let claims: [String]
  /// How many lines of the procedure 32960 are reported.
  let watched: Int?

  var testDescription: String { name }
  var fixture: Fixture { Fixture("hostile/" + name) }

  static let all: [HostileFile] = Fixture("hostile/expected.tsv").lines.dropFirst().map { line in
    let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    return HostileFile(
      name: cells[0], exitCode: Int32(cells[1]) ?? -1, code: cells[2],
      claims: cells[3].split(separator: ",").map(String.init),
      watched: Int(cells[4]))
  }
}

@Suite("Hostile files of our own")
struct HostileTests {
  @Test("are all there, and only those")
  func complete() throws {
    let root = Fixture.repository + "/Fixtures/hostile"
    var found: Set<String> = []
    for folder in try FileManager.default.contentsOfDirectory(atPath: root) where !folder.contains(".") {
      for name in try FileManager.default.contentsOfDirectory(atPath: root + "/" + folder) {
        found.insert("\(folder)/\(name)")
      }
    }
    #expect(found == Set(HostileFile.all.map(\.name)))
    #expect(found.count > 70)
  }

  @Test(
    "end with the right exit code, are named by their fault, and lose no claim that can be read",
    arguments: HostileFile.all.filter { !$0.name.hasPrefix("config/") })
  func outcome(file: HostileFile) throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/out"
    let outcome = try Command(
      "audit", file.fixture.path, "-o", folder, "--scope", "all", "-f", "csv,xml,jsonl,html", "--as-of", "2026-04-30"
    ).run()
    #expect(outcome.exitCode == file.exitCode, "\(outcome.standardError)")
    let reports = ReportSetFiles(folder: folder)
    let (lines, issues) = (reports.lines, reports.issues)
    let claims = Set(lines.map { $0.plain("claim_id") })
    #expect(claims.isSuperset(of: file.claims), "\(claims)")
    #expect(lines.count { $0["watched"] == "true" } == file.watched)
    if !file.code.isEmpty { #expect(issues.contains { $0["code"] == file.code }, "\(issues.map { $0["code"] })") }
    if file.name.contains("control.") { #expect(issues.isEmpty, "a false alarm") }
    // Whatever the input held, the reports are what they promise to be.
    #expect(SchemaValidation.complaints(reports.bytes("report.xml")) == [])
    #expect(outcome.standardError.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F || $0 == "\n" })
    for name in ["lines.csv", "findings.csv", "issues.csv", "lines.jsonl", "report.html"] {
      #expect(String(validating: reports.bytes(name), as: UTF8.self) != nil, "\(name) is no UTF-8")
    }
    let page = String(decoding: reports.bytes("report.html"), as: UTF8.self)
    #expect(!page.contains("<a b=") && !page.contains("=HYPERLINK(\""), "markup of the input in the page")
    for line in lines {
      for column in ["claim_id", "line_control", "payer_name"] {
        let isFormula = line[column].first.map { "=+-@\t\r".contains($0) } ?? false
        #expect(!isFormula, "\(column) would run in a spreadsheet")
      }
    }
    for line in String(decoding: reports.bytes("lines.jsonl"), as: UTF8.self).split(separator: "\n") {
      _ = try JSONSerialization.jsonObject(with: Data(line.utf8))
    }
  }

  @Test(
    "end the same way when they come through standard input",
    arguments: HostileFile.all.filter { !$0.name.hasPrefix("config/") })
  func standardInput(file: HostileFile) throws {
    let outcome = try Command("audit", "-", "--scope", "all", input: .bytes(file.fixture.bytes)).run()
    #expect(outcome.exitCode == file.exitCode, "\(outcome.standardError)")
    #expect(Set(outcome.rows.map { $0.plain("claim_id") }).isSuperset(of: file.claims))
  }

  @Test("among sound files harm only themselves")
  func together() throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/out"
    let sound = try Command("audit", Fixture("valid/professional.837").path, "--select", "MOD").run()
    let outcome = try Command(
      "audit", Fixture.repository + "/Fixtures/hostile", Fixture("valid/professional.837").path, "-o", folder, "-f",
      "csv,xml", "--select", "MOD", "-j", "2"
    ).run()
    #expect(outcome.exitCode == 65)
    let reports = ReportSetFiles(folder: folder)
    let rows = reports.lines.filter { $0["source_file"].hasSuffix("valid/professional.837") }
    #expect(rows == sound.rows)
    #expect(SchemaValidation.complaints(reports.bytes("report.xml")) == [])
    // The damaged ones are withheld when the run is strict, the sound ones are not.
    let strict = try Command("audit", Fixture.repository + "/Fixtures/hostile", "--strict").run()
    let sources = Set(strict.rows.map { $0["source_file"].split(separator: "/").suffix(2).joined(separator: "/") })
    for file in HostileFile.all where file.exitCode == 65 { #expect(!sources.contains(file.name), "\(file.name)") }
    #expect(sources.isSuperset(of: ["x12/control.837", "csv/control.csv", "gzip/control.837.gz"]))
  }

  @Test(
    "as rule packs are refused with their place, before anything is read",
    arguments: HostileFile.all.filter { $0.name.hasPrefix("config/") })
  func packs(file: HostileFile) throws {
    let check = try Command("check-pack", file.fixture.path).run()
    #expect(check.exitCode == 78)
    #expect(check.standardError.contains(file.fixture.path + ":"), "\(check.standardError)")
    let audit = try Command("audit", "/no/such/input", "--pack", file.fixture.path).run()
    #expect(audit.exitCode == 78)
    #expect(audit.standardOutput.isEmpty)
    #expect(!audit.standardError.contains("/no/such/input"))
  }
}

/// A collection of hostile files that lies beside the repository where there is one; its own table says what has to come of them.
struct CorpusFile: CustomTestStringConvertible, Sendable {
  static let folder = Fixture.repository + "/../shared/corpus/hostile/"
  static let exists = FileManager.default.fileExists(atPath: folder + "expected.tsv")

  let name: String
  let expected: Set<String>
  let says: [String]
  let claims: [String]
  let watched: ClosedRange<Int>?

  var testDescription: String { name }
  var path: String { CorpusFile.folder + name }

  static let all: [CorpusFile] = Fixture.lines(of: Fixture.bytes(at: folder + "expected.tsv") ?? []).dropFirst().map {
    let cells = $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    var kept: [String: String] = [:]
    for part in cells[3].split(separator: ";") {
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      if pair.count == 2 { kept[pair[0]] = pair[1] }
    }
    let bounds = (kept["n32960"] ?? "").split(separator: ".").compactMap { Int($0) }
    return CorpusFile(
      name: cells[0], expected: Set(cells[1].split(separator: "|").map(String.init)),
      says: cells[2].replacingOccurrences(of: "notice:", with: "").split(
        separator: "|", omittingEmptySubsequences: false
      ).map {
        String($0.split(separator: ";").first ?? "")
      },
      claims: (kept["claims"] ?? "").split(separator: ",").map(String.init),
      watched: bounds.first.map { $0...(bounds.last ?? $0) })
  }.filter { FileManager.default.fileExists(atPath: folder + $0.name) }
}

@Suite(
  "Hostile files of the corpus beside the repository", .enabled(if: CorpusFile.exists, "there is no ../shared/corpus"))
struct CorpusTests {
  /// What is said in other words than the corpus expects, and why that is right.
  static let otherWords = [
    // Both are the same claim number on two claims; the rule says it on the watched line.
    "x12-claim/clm01_duplicate_a.837": "DUP-002",
    // 4010 is read as what it is.
    "x12-env/wrong_version_a.837": "",
    // Good values in an export: a currency sign, and a credit in brackets, which the rule for charges then names.
    "csv/csv_amount_currency_a.csv": "", "csv/csv_amount_parens_a.csv": "CHG-001",
  ]

  @Test(
    "lose no claim, show no patient, and are named by their fault",
    arguments: CorpusFile.all.filter { !$0.name.hasPrefix("config/") })
  func outcome(file: CorpusFile) throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/out"
    let outcome = try Command("audit", file.path, "-o", folder, "--scope", "all", "-f", "csv,xml").run()
    let reports = ReportSetFiles(folder: folder)
    let (lines, issues) = (reports.lines, reports.issues)
    #expect(SchemaValidation.complaints(reports.bytes("report.xml")) == [])
    let claims = Set(lines.map { $0.plain("claim_id") })
    #expect(claims.isSuperset(of: file.claims), "lost \(Set(file.claims).subtracting(claims))")
    if let watched = file.watched {
      let count = lines.count {
        $0["watched"] == "true" && (file.claims.isEmpty || file.claims.contains($0.plain("claim_id")))
      }
      #expect(watched.contains(count))
    }
    // Damage that costs nothing is said and is no failure: 0 stands for "partial" where every claim is kept.
    let isSaid =
      !issues.isEmpty
      && !issues.contains { ["claim lost", "unverified", "file cut", "file refused"].contains($0["effect"]) }
    let codes = Set(issues.map { $0["code"] })
    let rules = Set(lines.flatMap(\.rules))
    switch outcome.exitCode {
    case 0: #expect(file.expected.contains("ok") || isSaid || CorpusTests.otherWords[file.name] != nil)
    case 65: #expect(file.expected != ["ok"], "\(issues)")
    default: Issue.record("exit code \(outcome.exitCode): \(outcome.standardError)")
    }
    let words = issues.map { $0["message"] }.joined(separator: " ") + outcome.standardError
    let isNamed = file.says.isEmpty || file.says.contains { $0.isEmpty || codes.contains($0) || words.contains($0) }
    let other = CorpusTests.otherWords[file.name]
    #expect(isNamed || other.map { $0.isEmpty || rules.contains($0) } == true, "\(codes) instead of \(file.says)")
  }

  @Test("as rule packs are refused with their place", arguments: CorpusFile.all.filter { $0.name.hasPrefix("config/") })
  func packs(file: CorpusFile) throws {
    let check = try Command("check-pack", file.path).run()
    #expect(check.exitCode == 78)
    #expect(check.standardError.contains(file.path + ":"), "\(check.standardError)")
    #expect(try Command("audit", Fixture("valid/dental.837").path, "--pack", file.path).run().exitCode == 78)
  }
}
