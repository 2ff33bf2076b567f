/// An input to be read: standard input, or a path; made by `InputDiscovery` out of what the user named.
public struct InputReference: Sendable, Equatable {
  enum Origin: Sendable, Equatable {
    case standardInput
    /// The path's bytes: Linux does not promise that they are UTF-8.
    case path([UInt8])
    /// An open descriptor of a private copy, owned by the reference and read from its front each time.
    case copy(PrivateCopy)
    /// It is known already that it cannot be opened.
    case unreachable(errno: Int32, message: String)
    /// A link in a folder that leads nowhere: there is nothing to open, and nothing of the run depends on it.
    case dangling(message: String)
  }

  /// What reports call it: the path as given, or `-`.
  ///
  /// Bytes that are not UTF-8 are shown escaped.
  public let name: String

  /// Whether it was found in a folder, and not named by the user.
  var isFound = false

  let origin: Origin

  /// Standard input.
  public static let standardInput = InputReference(name: "-", origin: .standardInput)

  /// The file at `path`, verbatim: `-` is a file of that name here.
  public init(path: String) {
    self.init(pathBytes: Array(path.utf8))
  }

  /// The file at the path with these bytes.
  public init(pathBytes: [UInt8]) {
    self.init(name: InputReference.shown(pathBytes), origin: .path(pathBytes))
  }

  init(name: String, origin: Origin) {
    self.name = name
    self.origin = origin
  }

  /// A path as reports have it: verbatim, unless it is not text.
  static func shown(_ path: [UInt8]) -> String {
    String(validating: path, as: UTF8.self) ?? EntryName.escape(path).text
  }
}

/// How the reading of one input ended.
public enum InputOutcome: Sendable, Equatable {
  /// It was opened. The remarks are those that belong to no stream: a refused archive or entry, a file that changed.
  case read(remarks: [InputRemark])

  /// It could not be opened; the system's error number and one sentence.
  case cannotOpen(errno: Int32, message: String)

  /// The remarks that belong to no stream; for what could not be opened, that.
  public var remarks: [InputRemark] {
    switch self {
    case .read(let remarks): remarks
    case .cannotOpen(_, let message): [InputRemark(.open, .error, effect: .fileRefused, message)]
    }
  }
}
