public import Comparison
internal import Reporting

/// The findings of one run of a ledger: on every file that the run covered, whether it read it or knew it, what was found up to then.
public struct LedgerFindings: FindingSource {
  public let name: String
  private let ledger: Ledger
  private let run: Int64

  /// The findings of run number `run`.
  public init(_ ledger: Ledger, run: Int64) throws {
    guard try ledger.database.integer("SELECT 1 FROM run WHERE id = ?", .integer(run)) != nil else {
      throw ComparisonError(.unreadable, ledger.path, "has no run \(run); claimaudit ledger list shows those it has")
    }
    self.ledger = ledger
    self.run = run
    name = "run \(run)"
  }

  private static let columns = ReportTable.findings.columns.map(\.name).joined(separator: ", ")

  public func forEach(_ body: (borrowing FindingRow) throws -> Void) throws {
    var row = FindingRow()
    var failure: (any Error)?
    try ledger.database.rows(
      """
      SELECT \(LedgerFindings.columns) FROM finding
      WHERE run <= ?1 AND file IN (SELECT file FROM run_file WHERE run = ?1) ORDER BY file, id
      """, .integer(run)
    ) { found throws(ReportError) in
      guard failure == nil else { return }
      row.removeAll()
      for column in 0..<Int32(FindingRow.Column.allCases.count) { row.append(found.blob(column)) }
      do { try body(row) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Adds a finding, its cells in the columns of the report.
  static func insert(
    _ cells: [String], file: Int64, run: Int64, fingerprint: String, into database: Database
  ) throws(ReportError) {
    try database.run(
      "INSERT INTO finding (file, run, fingerprint, \(columns)) VALUES (?, ?, ?\(String(repeating: ", ?", count: cells.count)))",
      values: [.integer(file), .integer(run), .text(fingerprint)] + cells.map { .text($0) })
  }
}
