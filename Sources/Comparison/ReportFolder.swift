internal import FoundationEssentials
internal import Glibc

/// The findings of a report set: `findings.csv` or `findings.jsonl` of a folder that `claimaudit audit -o` wrote.
///
/// `run.json` says which of the two belongs to the run and how long it is, so that a leftover of an earlier run, or a set that was
/// copied in part, is not taken for tonight's. Without `run.json` the table alone is believed.
///
/// The table stays open from the first look to the last: a run that puts a new set in place meanwhile does not mix into it.
public final class ReportFolder: FindingSource {
  public let name: String
  private let file: TableFile
  private let isCSV: Bool

  /// The formats, the one that is read faster first.
  private static let tables = ["findings.csv", "findings.jsonl"]

  /// Opens the report set at `path`.
  public init(path: String) throws {
    name = path
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      throw ComparisonError(.unreadable, path, "cannot be opened: \(TableFile.reason(errno))")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw ComparisonError(.notFindings, path, "is no folder; name a folder that claimaudit audit -o wrote")
    }
    let base = path.hasSuffix("/") ? path : path + "/"
    let reports = try ReportFolder.reports(base + "run.json")
    let names = ReportFolder.tables.filter { reports?[$0] != nil || reports == nil && ReportFolder.exists(base + $0) }
    guard let table = names.first else {
      throw ComparisonError(
        .notFindings, path,
        reports == nil
          ? "is no report set: there is no run.json, findings.csv or findings.jsonl in it"
          : "its run wrote no table of findings; audit with --format csv or jsonl")
    }
    file = try TableFile(path: base + table)
    isCSV = table.hasSuffix(".csv")
    if let expected = reports?[table], file.size != expected {
      throw ComparisonError(
        .notFindings, base + table,
        "has \(file.size) bytes and run.json says \(expected): it was changed, or the set is not whole")
    }
  }

  public func forEach(_ body: (borrowing FindingRow) throws -> Void) throws {
    if isCSV { try FindingsCSV.read(file, body) } else { try FindingsJSONLines.read(file, body) }
  }

  private static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// What `run.json` lists, name and bytes; `nil` when there is none.
  private static func reports(_ path: String) throws -> [String: Int]? {
    guard exists(path) else { return nil }
    struct Run: Decodable {
      var tool: String
      var reports: [String: Int]
    }
    let content = try TableFile(path: path).content(limit: 64 << 20)
    guard let run = try? JSONDecoder().decode(Run.self, from: Data(content)), run.tool == "claimaudit" else {
      throw ComparisonError(.notFindings, path, "is no run.json of claimaudit")
    }
    return run.reports
  }
}
