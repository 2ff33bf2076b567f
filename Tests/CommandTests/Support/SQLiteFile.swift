import CSQLite

/// A database, looked at without the program.
struct SQLiteFile {
  let path: String

  /// The first value that SQLite itself gives for a question; `nil` when there is none, or no database.
  func answer(_ sql: String) -> String? {
    var database: OpaquePointer?
    defer { unsafe sqlite3_close(database) }
    guard unsafe sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK else { return nil }
    unsafe sqlite3_busy_timeout(database, 5_000)
    var statement: OpaquePointer?
    defer { unsafe sqlite3_finalize(statement) }
    guard unsafe sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK,
      unsafe sqlite3_step(statement) == SQLITE_ROW, let text = unsafe sqlite3_column_text(statement, 0)
    else { return nil }
    return unsafe String(cString: text)
  }
}
