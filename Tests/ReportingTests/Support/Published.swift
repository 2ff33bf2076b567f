import Auditing
import ClaimModel

@testable import Reporting

/// A report set made in a folder of its own.
struct Published {
  let folder = TestFolder()
  var summary = Summary()

  init(
    _ claims: [(Claim, ClaimAudit)] = [], lines: RecordSpool? = nil, formats: [ReportFormat] = [.csv, .xml, .jsonl],
    isForExcel: Bool = false, issues: [ReadingIssue] = [], runFindings: [RunFinding] = [],
    files: [SourceFile] = [SourceFile(path: "a.837", format: .x12)], columns: ColumnNames = ColumnNames(),
    builder: SummaryBuilder = SummaryBuilder(), jobs: Int = 1
  ) throws {
    var options = ReportOptions(
      destination: .folder(folder.path), formats: formats, isForExcel: isForExcel, version: "1.0")
    options.jobs = jobs
    let set = try ReportSet(options)
    summary = try set.publish(
      lines: lines ?? spool(claims, columns: columns), issues: spool(issues: issues), runFindings: spool(runFindings),
      files: files,
      catalogue: catalogue, summary: builder
    ) { _ in facts }
  }

  /// The records of a CSV report below its header, by column.
  func csv(_ name: String) -> [[String: String]] {
    let records = readCSV(folder.text(name + ".csv"))
    guard let header = records.first else { return [] }
    return records.dropFirst().map { record in
      Dictionary(zip(header, record), uniquingKeysWith: { first, _ in first })
    }
  }

  /// The lines of a JSON Lines report.
  func jsonl(_ name: String) -> [JSON?] {
    folder.text(name + ".jsonl").split(separator: "\n").map { JSON(String($0)) }
  }

  var xml: XMLElement? { XMLElement(document: folder.bytes("report.xml")) }

  var schemaComplaints: [String] { ReportingTests.schemaComplaints(folder.bytes("report.xml")) }
}
