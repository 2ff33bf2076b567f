internal import Glibc

/// A report, or something a report needs on disk, could not be made.
public struct ReportError: Error, Hashable, Sendable {
  /// What went wrong, as far as the exit code tells it apart.
  public enum Kind: Sendable {
    /// A file or folder could not be created or opened: exit 73.
    case cannotCreate
    /// Bytes could not be written, synced, read back or put in place: exit 74.
    case cannotWrite
    /// Another run holds the folder: exit 75.
    case locked
    /// The reader of standard output went away: exit 141, without a word.
    case brokenPipe
  }

  /// What went wrong.
  public let kind: Kind
  /// The system call: `openat`, `write`.
  public let call: String
  /// The file, as the user knows it.
  public let file: String
  /// The error number; 0 where the call gave none.
  public let code: Int32

  /// An error.
  public init(_ kind: Kind, call: String, file: String, code: Int32) {
    self.kind = kind
    self.call = call
    self.file = file
    self.code = code
  }
}

extension ReportError: CustomStringConvertible {
  /// The sentence for standard error.
  public var description: String {
    let reason = unsafe code == 0 ? "" : ": " + String(cString: strerror(code))
    return switch kind {
    case .cannotCreate: "\(file): cannot be created (\(call))\(reason)"
    case .cannotWrite: "\(file): cannot be written (\(call))\(reason)"
    case .locked: "\(file): another run of claimaudit \(call == "flock" ? "is writing here" : "holds the ledger")"
    case .brokenPipe: "\(file): nobody reads it any more"
    }
  }
}
