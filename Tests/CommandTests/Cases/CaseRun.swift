import TestSupport
import Testing

/// How a case is given to the program.
enum CaseForm: String, CaseIterable, Sendable {
  case x12
  case table

  var ending: String { self == .x12 ? "837" : "csv" }

  func file(_ claims: [CaseClaim]) -> [UInt8] { self == .x12 ? X12Writing.file(claims) : TableWriting.file(claims) }
}

/// A case taken through the program.
struct CaseRun {
  let facts: ClaimCase
  let form: CaseForm
  let scratch: Scratch

  init(_ facts: ClaimCase, _ form: CaseForm) throws {
    self.facts = facts
    self.form = form
    scratch = try Scratch()
  }

  /// The rules of the audited line in one file, the claims it needs before it.
  func whole(priorsLast: Bool = false) throws -> Set<String> {
    let (audited, before, anywhere) = CaseClaim.claims(of: facts)
    // Rows of one claim number that follow each other are one claim, so others stand between two claims of that number.
    let first = before.isEmpty ? [] : before + CaseClaim.bystanders(of: facts)
    let claims = first + (priorsLast ? [audited] + anywhere : anywhere + [audited])
    let path = try scratch.write("whole.\(form.ending)", form.file(claims))
    return try rules([path], output: "whole", options: [])
  }

  /// The rules of the audited line with its claims and those of bystanders in several files, named in an order from `seed`.
  func parted(seed: UInt64, jobs: Int) throws -> Set<String> {
    var generator = SeededGenerator(seed: seed)
    let (audited, before, anywhere) = CaseClaim.claims(of: facts)
    var files: [(name: String, claims: [CaseClaim])] = [("m-audited", [audited])]
    if !before.isEmpty { files.append(("a-before", before)) }
    for claim in anywhere + CaseClaim.bystanders(of: facts) {
      // Before the audited file or behind it, alone or with others.
      let name = generator.pick(["b-part", "c-part", "x-part", "y-part"])
      if let place = files.firstIndex(where: { $0.name == name }) {
        files[place].claims.append(claim)
      } else {
        files.append((name, [claim]))
      }
    }
    let paths = try files.shuffled(using: &generator).map { file in
      try scratch.write("\(seed)/\(file.name).\(form.ending)", form.file(file.claims))
    }
    return try rules(paths, output: "\(seed)-\(jobs)", options: ["--jobs", "\(jobs)"])
  }

  /// The reports of the last runs by the name of their folder.
  func reports(_ output: String) -> ReportSetFiles { ReportSetFiles(folder: "\(scratch.path)/out-\(output)") }

  /// The rules of the audited line and the envelope's codes.
  private func rules(_ paths: [String], output: String, options: [String]) throws -> Set<String> {
    let asOf = facts["as_of"]
    let date = "\(asOf.prefix(4))-\(asOf.dropFirst(4).prefix(2))-\(asOf.suffix(2))"
    let folder = "\(scratch.path)/out-\(output)"
    let outcome = try Command(
      ["audit"] + paths + ["-o", folder, "--format", "csv,xml", "--as-of", date] + options
    ).run()
    let reports = ReportSetFiles(folder: folder)
    let isCut = form == .x12 && facts["envelope"] == "file ends before SE"
    #expect(outcome.exitCode == (isCut ? 65 : 0), "\(outcome.standardError)")
    #expect(SchemaValidation.complaints(reports.bytes("report.xml")) == [])
    let audited = CaseClaim.claims(of: facts).audited
    let rows = reports.lines.filter {
      $0["claim_id"] == facts.id && $0["line_number"] == "\(audited.auditedLine)"
        && $0["service_from"] != "2026-01-09"
    }
    let row = try #require(rows.last, "the audited line is not reported")
    #expect(rows.count == 1)
    #expect(
      Set(
        reports.findings.filter {
          $0["claim_id"] == facts.id && $0["source_file"] == row["source_file"] && $0["record"] == row["record"]
        }.map { $0["rule"] }) == row.rules)
    return row.rules.union(reports.issues.map { $0["code"] }.filter { $0.hasPrefix("ENV-") })
  }
}
