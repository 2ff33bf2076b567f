internal import CHost
internal import CSQLite
internal import Glibc
internal import Reporting

/// A SQLite database, as far as the ledger needs one: statements with values, rows, and errors as ours.
///
/// The only file that calls SQLite. A library above it would bring observation, record mapping and migrations that one writer with two
/// dozen statements has no use for, and its cost: in a probe GRDB 7 took the first release build from 2 to 43 seconds
/// and the start of the program from 1.6 to 2.5 ms.
///
/// Used by one thread at a time.
@safe
final class Database {
  /// The file.
  let path: String
  private let handle: OpaquePointer
  private var statements: [String: OpaquePointer] = unsafe [:]

  /// How a file is opened.
  enum Access {
    /// It must be there and is not changed.
    case reading
    /// It is made, for the user alone, where it is not there.
    case writing
  }

  /// A value of a statement or a row.
  enum Value {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])
  }

  /// Opens a file.
  init(path: String, access: Access) throws(ReportError) {
    self.path = path
    if access == .writing {
      // SQLite would make it readable by others; its journal files take the mode of the file itself.
      let descriptor = unsafe claimaudit_open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
      guard descriptor >= 0 else { throw ReportError(.cannotCreate, call: "open", file: path, code: errno) }
      close(descriptor)
    }
    var opened: OpaquePointer?
    // A ledger that is only read may still have to be recovered from a run that was killed: that needs the right to write.
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let result = unsafe sqlite3_open_v2(path, &opened, flags, nil)
    guard result == SQLITE_OK, let handle = unsafe opened else {
      let reason = unsafe String(cString: sqlite3_errstr(result))
      unsafe sqlite3_close_v2(opened)
      throw ReportError(.cannotCreate, call: "SQLite: \(reason)", file: path, code: 0)
    }
    unsafe self.handle = handle
    unsafe sqlite3_busy_timeout(handle, 10_000)
  }

  deinit {
    unsafe statements.values.forEach { unsafe sqlite3_finalize($0) }
    unsafe sqlite3_close_v2(handle)
  }

  /// Runs a statement.
  func run(_ sql: String, _ values: Value...) throws(ReportError) { try run(sql, values: values) }

  /// Runs a statement.
  func run(_ sql: String, values: [Value]) throws(ReportError) { try execute(sql, values) { _ throws(ReportError) in } }

  /// Runs a statement and hands out its rows, one at a time.
  func rows(
    _ sql: String, _ values: Value..., body: (borrowing Row) throws(ReportError) -> Void
  ) throws(ReportError) { try execute(sql, values, body) }

  /// The first column of the first row, `nil` without one.
  func integer(_ sql: String, _ values: Value...) throws(ReportError) -> Int64? {
    var found: Int64?
    try execute(sql, values) { row throws(ReportError) in if found == nil { found = row.integer(0) } }
    return found
  }

  /// The id of the row that was added last.
  var lastID: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

  /// A row of an answer, lent for a call.
  @safe
  struct Row: ~Copyable {
    fileprivate let statement: OpaquePointer

    /// A whole number, 0 for NULL.
    func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(statement, column) }
    /// Whether there is no value.
    func isNull(_ column: Int32) -> Bool { unsafe sqlite3_column_type(statement, column) == SQLITE_NULL }
    /// A text, empty for NULL.
    func text(_ column: Int32) -> String { String(decoding: blob(column), as: UTF8.self) }
    /// The bytes of a blob or a text.
    func blob(_ column: Int32) -> [UInt8] {
      guard let start = unsafe sqlite3_column_blob(statement, column) else { return [] }
      let count = Int(unsafe sqlite3_column_bytes(statement, column))
      return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }
  }

  private func execute(
    _ sql: String, _ values: [Value], _ body: (borrowing Row) throws(ReportError) -> Void
  ) throws(ReportError) {
    let statement = unsafe try prepared(sql)
    defer {
      unsafe sqlite3_reset(statement)
      unsafe sqlite3_clear_bindings(statement)
    }
    for (index, value) in values.enumerated() { try check(unsafe bind(value, to: statement, at: Int32(index + 1))) }
    while true {
      let result = unsafe sqlite3_step(statement)
      if result == SQLITE_DONE { return }
      guard result == SQLITE_ROW else { throw failure(result) }
      try body(unsafe Row(statement: statement))
    }
  }

  private func prepared(_ sql: String) throws(ReportError) -> OpaquePointer {
    if let statement = unsafe statements[sql] { return unsafe statement }
    var made: OpaquePointer?
    try check(unsafe sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil))
    guard let statement = unsafe made else { throw failure(SQLITE_MISUSE) }
    unsafe statements[sql] = statement
    return unsafe statement
  }

  private func bind(_ value: Value, to statement: OpaquePointer, at index: Int32) -> Int32 {
    // SQLite copies what it is given (SQLITE_TRANSIENT, a macro that Swift does not see).
    let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    switch value {
    case .null: return unsafe sqlite3_bind_null(statement, index)
    case .integer(let number): return unsafe sqlite3_bind_int64(statement, index, number)
    case .text(let text):
      return unsafe Array(text.utf8).withUnsafeBytes { bytes in
        guard let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else {
          return unsafe sqlite3_bind_text(statement, index, "", 0, copied)
        }
        return unsafe sqlite3_bind_text64(statement, index, start, UInt64(bytes.count), copied, UInt8(SQLITE_UTF8))
      }
    case .blob(let blob):
      guard !blob.isEmpty else { return unsafe sqlite3_bind_zeroblob(statement, index, 0) }
      return unsafe blob.withUnsafeBytes { bytes in
        unsafe sqlite3_bind_blob64(statement, index, bytes.baseAddress, UInt64(bytes.count), copied)
      }
    }
  }

  private func check(_ result: Int32) throws(ReportError) {
    guard result == SQLITE_OK else { throw failure(result) }
  }

  private func failure(_ result: Int32) -> ReportError {
    let words = unsafe String(cString: sqlite3_errmsg(handle))
    let reason =
      result & 0xFF == SQLITE_NOTADB ? "it is not a ledger of claimaudit, nor another database" : "SQLite: \(words)"
    let kind: ReportError.Kind =
      switch result & 0xFF {
      case SQLITE_BUSY, SQLITE_LOCKED: .locked
      case SQLITE_CANTOPEN, SQLITE_NOTADB: .cannotCreate
      default: .cannotWrite
      }
    return ReportError(kind, call: reason, file: path, code: 0)
  }
}
