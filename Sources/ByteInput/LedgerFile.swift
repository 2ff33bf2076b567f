/// How a ledger of ours is known among other files, without opening it as a database.
public enum LedgerFile {
  /// What stands as SQLite's application id in the front of every ledger: `clau`.
  public static let applicationID: Int64 = 0x636C_6175

  /// The endings of the files that stand beside a ledger.
  private static let companionEndings = [".lock", "-wal", "-shm", "-journal"].map { Array($0.utf8) }

  /// Whether a file that begins with these bytes is a ledger.
  ///
  /// Source: the database header of <https://www.sqlite.org/fileformat2.html>, where the application id stands in bytes 68 to 71.
  public static func recognises(_ head: [UInt8]) -> Bool {
    guard head.count >= 72, head.starts(with: Array("SQLite format 3\0".utf8)) else { return false }
    return head[68..<72].reduce(0) { $0 << 8 | Int64($1) } == applicationID
  }

  /// Whether a path is that of a lock or a journal beside a ledger.
  static func isCompanion(_ path: [UInt8]) -> Bool {
    guard let ending = companionEndings.first(where: { path.count > $0.count && path.suffix($0.count) == $0[...] }),
      case .success(let file) = OpenFile.open(Array(path.dropLast(ending.count))), file.atOpening.kind == .regular,
      let head = file.bytes(at: 0, count: 72)
    else { return false }
    return recognises(head)
  }
}
