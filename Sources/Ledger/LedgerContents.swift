internal import Glibc
public import Reporting

/// What a ledger says about its runs.
extension Ledger {
  /// One run.
  public struct Run: Sendable {
    /// Its number.
    public var id: Int64
    /// When it began, RFC 3339.
    public var started: String
    /// When it ended; empty when it did not come to that.
    public var finished: String
    /// `finished`, `interrupted`, `running`, or `died`: it was killed.
    public var outcome: String
    /// Its exit code, `nil` where it gave none.
    public var exitCode: Int64?
    /// The version of the program.
    public var version: String
    /// The rule packs.
    public var packs: String
    /// `new` or `all`: what its reports hold.
    public var coverage: String
    /// How many files it read.
    public var read: Int64
    /// How many files it knew to be unchanged.
    public var unchanged: Int64
    /// How many files an interrupted run had read for it.
    public var resumed: Int64
    /// Claims in its reports.
    public var claims: Int64
    /// Service lines in its reports.
    public var lines: Int64
    /// Findings on all files it covered.
    public var findings: Int64
    /// Findings that no run before it had.
    public var newFindings: Int64
  }

  /// One file that a run covered.
  public struct File: Sendable {
    /// The path as given.
    public var path: String
    /// `read`, `unchanged`, or `resumed`.
    public var action: String
    /// How far it could be read: `ok`, `partial`, `refused`, `skipped`.
    public var status: String
    /// Its size in bytes.
    public var size: Int64
    /// Its SHA-256 in hexadecimal digits.
    public var sha256: String
    /// Its claims.
    public var claims: Int64
    /// Findings on its lines, up to the run.
    public var findings: Int64
  }

  /// The runs, the first first.
  public func runs() throws(ReportError) -> [Run] {
    var runs: [Run] = []
    try database.rows(
      """
      SELECT id, started, finished, outcome, exit_code, version, packs, coverage,
        (SELECT count(*) FROM run_file WHERE run = run.id AND action = 'read'),
        (SELECT count(*) FROM run_file WHERE run = run.id AND action = 'unchanged'),
        (SELECT count(*) FROM run_file WHERE run = run.id AND action = 'resumed'), claims, lines,
        (SELECT count(*) FROM finding WHERE finding.run <= run.id AND file IN (SELECT file FROM run_file WHERE run = run.id)),
        (SELECT count(*) FROM finding WHERE finding.run = run.id)
      FROM run ORDER BY id
      """
    ) { row throws(ReportError) in
      runs.append(
        Run(
          id: row.integer(0), started: row.text(1), finished: row.text(2), outcome: row.text(3),
          exitCode: row.isNull(4) ? nil : row.integer(4), version: row.text(5), packs: row.text(6),
          coverage: row.text(7),
          read: row.integer(8), unchanged: row.integer(9), resumed: row.integer(10), claims: row.integer(11),
          lines: row.integer(12), findings: row.integer(13), newFindings: row.integer(14)))
    }
    return runs
  }

  /// The files that a run covered, in the order in which they came into the ledger.
  public func files(of run: Int64) throws(ReportError) -> [File] {
    var files: [File] = []
    try database.rows(
      """
      SELECT path, action, status, size, sha256, (SELECT sum(claims) FROM stream WHERE stream.file = file.id),
        (SELECT count(*) FROM finding WHERE finding.file = file.id AND finding.run <= ?1)
      FROM run_file JOIN file ON file.id = run_file.file WHERE run_file.run = ?1 ORDER BY file.id
      """, .integer(run)
    ) { row throws(ReportError) in
      files.append(
        File(
          path: row.text(0), action: row.text(1), status: row.text(2), size: row.integer(3),
          sha256: row.blob(4).hexadecimal, claims: row.integer(5), findings: row.integer(6)))
    }
    return files
  }

  /// Findings by severity on the files that a run covered.
  public func findings(of run: Int64) throws(ReportError) -> [(severity: String, count: Int64)] {
    var counts: [String: Int64] = [:]
    try database.rows(
      """
      SELECT severity, count(*) FROM finding
      WHERE run <= ?1 AND file IN (SELECT file FROM run_file WHERE run = ?1) GROUP BY severity
      """, .integer(run)
    ) { row throws(ReportError) in counts[row.text(0)] = row.integer(1) }
    return ["error", "warning", "info"].map { ($0, counts[$0] ?? 0) }
  }

  /// What pruning forgets.
  public struct Pruned: Sendable {
    /// Runs.
    public var runs = 0
    /// Files that no run left covers: should they come again, they are read again, and no rule knows their lines any more.
    public var files = 0
  }

  /// Forgets runs, and the files that none of the others covers.
  ///
  /// - Parameters:
  ///   - keep: how many of the last runs stay, at least.
  ///   - before: only runs that began before this day (`YYYY-MM-DD`).
  public func prune(keep: Int, before: String?) throws(ReportError) -> Pruned {
    var pruned = Pruned()
    try database.run("BEGIN IMMEDIATE")
    try database.run(
      """
      DELETE FROM run WHERE id NOT IN (SELECT id FROM run ORDER BY id DESC LIMIT ?1) AND (?2 IS NULL OR started < ?2)
      """, .integer(Int64(keep)), before.map { .text($0) } ?? .null)
    pruned.runs = try changes()
    try database.run("DELETE FROM run_file WHERE run NOT IN (SELECT id FROM run)")
    try database.run("DELETE FROM file WHERE id NOT IN (SELECT file FROM run_file)")
    pruned.files = try changes()
    try database.run("DELETE FROM stream WHERE file NOT IN (SELECT id FROM file)")
    try database.run("DELETE FROM piece WHERE stream NOT IN (SELECT id FROM stream)")
    try database.run("DELETE FROM finding WHERE file NOT IN (SELECT id FROM file)")
    try database.run("COMMIT")
    try database.run("VACUUM")
    return pruned
  }

  private func changes() throws(ReportError) -> Int { Int(try database.integer("SELECT changes()") ?? 0) }
}
