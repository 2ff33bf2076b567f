internal import ByteInput
internal import Reporting

/// The tables of a ledger.
///
/// ```
/// run ──< run_file >── file ──< stream ──< piece
///                        └──< finding
/// ```
///
/// A `file` is one content that was read: its path, size, time and SHA-256 say which, `rules` with what version, packs and options. It
/// is `superseded` once its path has other content, or the same content was read with other rules. `run_file` says which files
/// a run covered, read by it or known before. `stream` and `piece` hold what a later run needs of a file in order not to read it:
/// counts, the records of its reported lines and issues, and the facts of its lines. `finding` has the columns of `findings.csv`.
enum LedgerSchema {
  /// The version of the tables, in SQLite's `user_version`.
  static let version: Int64 = 1

  /// Marks an empty database, or a ledger without the mark, as a ledger of ours.
  ///
  /// Before the first journal is begun: the mark has to stand in the file itself for those who look at its front.
  static func mark(_ database: Database) throws(ReportError) {
    guard try database.integer("PRAGMA application_id") == 0 else { return }
    let isEmpty = try database.integer("SELECT count(*) FROM sqlite_schema") == 0
    let ours = try database.integer("SELECT count(*) FROM sqlite_schema WHERE name IN ('run_file', 'piece', 'finding')")
    if isEmpty || ours == 3 { try database.run("PRAGMA application_id = \(LedgerFile.applicationID)") }
  }

  /// Makes the tables in an empty database.
  ///
  /// - Throws: where the database is no ledger, or one of a later version.
  static func prepare(_ database: Database) throws(ReportError) {
    let found = try database.integer("PRAGMA user_version") ?? 0
    if found == version { return }
    guard found == 0, try database.integer("SELECT count(*) FROM sqlite_schema") == 0 else {
      throw notOurs(database, found)
    }
    try database.run("BEGIN IMMEDIATE")
    for statement in tables { try database.run(statement) }
    try database.run("PRAGMA user_version = \(version)")
    try database.run("COMMIT")
  }

  /// Refuses what is no ledger of this version.
  static func check(_ database: Database) throws(ReportError) {
    let found = try database.integer("PRAGMA user_version") ?? 0
    guard found == version else { throw notOurs(database, found) }
  }

  private static func notOurs(_ database: Database, _ found: Int64) -> ReportError {
    let reason =
      found > version
      ? "it is a ledger of a later version of claimaudit" : "it is a database, and not a ledger of claimaudit"
    return ReportError(.cannotCreate, call: reason, file: database.path, code: 0)
  }

  private static let tables = [
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    """
    CREATE TABLE run (
      id INTEGER PRIMARY KEY, started TEXT NOT NULL, finished TEXT, version TEXT NOT NULL, packs TEXT NOT NULL,
      rules TEXT NOT NULL, coverage TEXT NOT NULL, outcome TEXT NOT NULL, exit_code INTEGER,
      claims INTEGER NOT NULL DEFAULT 0, lines INTEGER NOT NULL DEFAULT 0)
    """,
    """
    CREATE TABLE file (
      id INTEGER PRIMARY KEY, path TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL, sha256 BLOB NOT NULL,
      rules TEXT NOT NULL, status TEXT NOT NULL, superseded INTEGER NOT NULL DEFAULT 0, published INTEGER)
    """,
    "CREATE INDEX file_path ON file (path)",
    "CREATE INDEX file_content ON file (sha256)",
    """
    CREATE TABLE run_file (
      run INTEGER NOT NULL, file INTEGER NOT NULL, action TEXT NOT NULL, PRIMARY KEY (run, file)) WITHOUT ROWID
    """,
    "CREATE INDEX run_file_file ON run_file (file)",
    """
    CREATE TABLE stream (
      id INTEGER PRIMARY KEY, file INTEGER NOT NULL, path TEXT NOT NULL, format TEXT NOT NULL, compression TEXT NOT NULL,
      bytes INTEGER NOT NULL, claims INTEGER NOT NULL, lines INTEGER NOT NULL, charge_cents INTEGER NOT NULL,
      status TEXT NOT NULL, withheld INTEGER NOT NULL, damaged INTEGER NOT NULL, columns TEXT NOT NULL,
      not_evaluated TEXT NOT NULL)
    """,
    "CREATE INDEX stream_file ON stream (file)",
    """
    CREATE TABLE piece (
      id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, kind TEXT NOT NULL, layout INTEGER NOT NULL, content BLOB NOT NULL)
    """,
    "CREATE INDEX piece_stream ON piece (stream, kind)",
    """
    CREATE TABLE finding (
      id INTEGER PRIMARY KEY, file INTEGER NOT NULL, run INTEGER NOT NULL, fingerprint TEXT NOT NULL,
      \(ReportTable.findings.columns.map { "\($0.name) TEXT NOT NULL" }.joined(separator: ", ")))
    """,
    "CREATE INDEX finding_place ON finding (file, record, rule)",
  ]
}
