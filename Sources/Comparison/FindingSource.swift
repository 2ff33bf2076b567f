/// Where the findings of one run come from: a report folder, a run of the ledger.
public protocol FindingSource {
  /// What messages and reports call it.
  var name: String { get }

  /// Lends every finding in the order of the report.
  ///
  /// It is called more than once and gives the same findings in the same order each time.
  func forEach(_ body: (borrowing FindingRow) throws -> Void) throws
}

/// A source that cannot be compared.
public struct ComparisonError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong, as far as the exit code tells it apart.
  public enum Kind: Sendable {
    /// It cannot be opened or read: exit 66.
    case unreadable
    /// It holds no findings as we write them: exit 65.
    case notFindings
  }

  /// What went wrong.
  public var kind: Kind
  /// The file or folder, and where in it.
  public var place: String
  /// What is wrong, and what to do.
  public var message: String

  /// An error.
  public init(_ kind: Kind, _ place: String, _ message: String) {
    self.kind = kind
    self.place = place
    self.message = message
  }

  /// The sentence for standard error.
  public var description: String { "\(place): \(message)" }
}
