internal import CHost
public import ClaimModel
internal import Glibc
public import Reporting

/// What was read, night after night: a SQLite file with every run, the files it covered, what was found in them, and what later runs
/// need in order not to read them again.
///
/// One run at a time holds it, by a lock on a file beside it (`FILE.lock`); others may look into it meanwhile. A run that is killed loses
/// the file it was reading and nothing else.
///
/// It holds claim ids, dates of service, money and keyed hashes of patients: it is PHI, as the reports are, and readable by its owner
/// alone.
public final class Ledger {
  let database: Database
  private let lock: Int32

  /// The file.
  public var path: String { database.path }

  /// What a ledger is opened for.
  public enum Purpose: Sendable {
    /// Looking into it.
    case reading
    /// A run, or forgetting old ones; it is made where it is not there.
    case writing
  }

  /// Opens a ledger.
  ///
  /// - Throws: `ReportError.Kind.locked` where another run holds it.
  public init(path: String, for purpose: Purpose) throws(ReportError) {
    switch purpose {
    case .reading:
      lock = -1
      database = try Database(path: path, access: .reading)
      try LedgerSchema.check(database)
    case .writing:
      lock = try Ledger.lock(path)
      do throws(ReportError) {
        let database = try Database(path: path, access: .writing)
        try LedgerSchema.mark(database)
        // Readers are not kept waiting by a run, and a commit is on disk when it is done.
        try database.rows("PRAGMA journal_mode = WAL") { _ throws(ReportError) in }
        try database.run("PRAGMA synchronous = FULL")
        // What is forgotten is overwritten: it was PHI.
        try database.rows("PRAGMA secure_delete = ON") { _ throws(ReportError) in }
        try LedgerSchema.prepare(database)
        // Last: once all is set, an error ends in `deinit`, which closes the lock.
        self.database = database
      } catch {
        close(lock)
        throw error
      }
    }
  }

  deinit {
    guard lock >= 0 else { return }
    // Closing alone would leave it held for as long as a process that was just started still shares the descriptor.
    flock(lock, LOCK_UN)
    close(lock)
  }

  /// Takes the ledger for this process.
  ///
  /// The lock is not on the database itself: SQLite has locks of its own there, which a process loses when it closes the file
  /// anywhere.
  private static func lock(_ path: String) throws(ReportError) -> Int32 {
    let name = path + ".lock"
    let lock = unsafe claimaudit_open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard lock >= 0 else { throw ReportError(.cannotCreate, call: "open", file: name, code: errno) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(lock)
      throw ReportError(code == EWOULDBLOCK ? .locked : .cannotCreate, call: "lock", file: path, code: code)
    }
    return lock
  }

  // MARK: The key

  /// A ledger whose patients are known under another key.
  public struct KeyMismatch: Error, Sendable {
    /// What is wrong and what to do.
    public let message: String
  }

  /// The hash under which the ledger knows patients: that of a key file, if it was begun with one, else its own.
  ///
  /// A ledger of its own key is complete, and whoever has it can try out member ids; with a key file kept elsewhere it is of no use to
  /// find a patient.
  ///
  /// - Parameter given: the hash of the key file, if there is one.
  public func identityHash(given: KeyedHash?) throws -> KeyedHash {
    let probe = Array("claimaudit ledger".utf8)
    if let own = try setting("key"), own.count == 16 {
      guard given == nil else {
        throw KeyMismatch(
          message: "\(path): the ledger has a key of its own; leave out --key-file, or begin a new ledger")
      }
      return KeyedHash(key0: Ledger.word(own[0..<8]), key1: Ledger.word(own[8..<16]))
    }
    if let mark = try setting("key_mark") {
      guard let given else {
        throw KeyMismatch(message: "\(path): the ledger was begun with a key file; name it with --key-file")
      }
      guard Ledger.bytes(given(probe)) == mark else {
        throw KeyMismatch(message: "\(path): the ledger was begun with another key than that of --key-file")
      }
      return given
    }
    if let given {
      try set("key_mark", Ledger.bytes(given(probe)))
      return given
    }
    var generator = SystemRandomNumberGenerator()
    let (first, second): (UInt64, UInt64) = (generator.next(), generator.next())
    try set("key", Ledger.bytes(first) + Ledger.bytes(second))
    return KeyedHash(key0: first, key1: second)
  }

  private func setting(_ name: String) throws(ReportError) -> [UInt8]? {
    var value: [UInt8]?
    try database.rows("SELECT value FROM setting WHERE name = ?", .text(name)) { row throws(ReportError) in
      value = row.blob(0)
    }
    return value
  }

  private func set(_ name: String, _ value: [UInt8]) throws(ReportError) {
    try database.run("INSERT INTO setting (name, value) VALUES (?, ?)", .text(name), .blob(value))
  }

  private static func bytes(_ word: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
  }

  private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
