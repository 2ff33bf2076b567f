/// Something in a rule pack, a mapping or a configuration that cannot be followed.
public struct PackError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of fault it is; stable, where the sentence may change.
  public enum Kind: String, Sendable, CaseIterable {
    /// The file is empty.
    case empty
    /// The file is larger than a pack may be.
    case size
    /// The bytes are not UTF-8 text.
    case encoding
    /// The text is not YAML.
    case syntax
    /// An anchor or an alias.
    case alias
    /// A tag.
    case tag
    /// Too many levels.
    case depth
    /// A key that stands twice.
    case duplicate
    /// A key that nobody knows.
    case unknownKey = "unknown-key"
    /// A value of the wrong type.
    case type
    /// A number outside its range.
    case range
    /// A date that does not exist, or dates in the wrong order.
    case date
    /// An id that no report could carry.
    case id
    /// A code that is none, or has lost its leading zeros.
    case code
    /// A version that this program does not know.
    case version
    /// A file that is to be taken in.
    case include
    /// A regular expression.
    case regex
    /// Something that must be there is not.
    case missing
    /// Things that contradict each other.
    case conflict
  }

  /// What kind of fault it is.
  public var kind: Kind
  /// The file, as it was named.
  public var file: String
  /// The line, 1 is the first.
  public var line: Int
  /// The column, 1 is the first.
  public var column: Int
  /// What is wrong.
  public var message: String
  /// What was expected, where that helps.
  public var expected: String?

  /// A fault.
  public init(_ kind: Kind, file: String, line: Int, column: Int, _ message: String, expected: String? = nil) {
    self.kind = kind
    self.file = file
    self.line = line
    self.column = column
    self.message = message
    self.expected = expected
  }

  /// The fault as compilers print theirs: `file:line:column: message`, and what was expected.
  public var description: String {
    "\(file):\(line):\(column): \(message)" + (expected.map { ", expected \($0)" } ?? "")
  }
}

/// Everything that is wrong with one file, in the order of the file.
public struct PackErrors: Error, Sendable, CustomStringConvertible {
  /// The faults; at least one.
  public let errors: [PackError]

  init(_ errors: [PackError]) {
    self.errors = errors.sorted { $0.line != $1.line ? $0.line < $1.line : $0.column < $1.column }
  }

  /// One line a fault.
  public var description: String { errors.map(\.description).joined(separator: "\n") }
}
