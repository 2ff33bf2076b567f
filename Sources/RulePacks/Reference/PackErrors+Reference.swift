extension PackErrors {
  /// One fault.
  static func one(
    _ kind: PackError.Kind, _ file: String, _ line: Int, _ column: Int, _ message: String, _ expected: String? = nil
  ) -> PackErrors {
    PackErrors([PackError(kind, file: file, line: line, column: column, message, expected: expected)])
  }

  /// A file or folder that cannot be read.
  static func unreadable(_ file: String) -> PackErrors {
    one(.missing, file, 1, 1, "cannot be read", "a file or folder that this user may read")
  }
}

/// The faults of one reference file, the first twenty of them.
///
/// A fault names the line, the column and what is expected there, never what stands there: it may be a text that is not ours to
/// print.
struct TableFaults {
  private static let limit = 20

  private let file: String
  private(set) var errors: [PackError] = []

  init(file: String) { self.file = file }

  /// Whether it is no use to read on.
  var isFull: Bool { errors.count >= Self.limit }

  /// Adds a fault of a cell of the record at hand.
  mutating func report(
    _ kind: PackError.Kind, _ reader: borrowing TableReader, _ cell: Int, _ message: String, expected: String
  ) {
    guard !isFull else { return }
    errors.append(
      PackError(
        kind, file: file, line: reader.line, column: reader.column(cell), message, expected: expected))
  }

  /// Throws when there are faults.
  func finish() throws(PackErrors) {
    if !errors.isEmpty { throw PackErrors(errors) }
  }
}
