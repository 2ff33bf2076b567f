/// How a finding weighs.
public enum Severity: UInt8, Sendable, Comparable, CaseIterable {
  /// No finding: how a watched line without one is reported.
  case none
  /// Worth a look by a person.
  case info
  /// Likely denied or reduced, or needs documentation.
  case warning
  /// Contradicts a code set, a syntax or a published indicator: will be denied or is impossible.
  case error

  /// The word of the reports.
  public var name: String {
    switch self {
    case .none: "none"
    case .info: "info"
    case .warning: "warning"
    case .error: "error"
    }
  }

  /// The severity of that name.
  public init?(name: some StringProtocol) {
    switch name {
    case "none": self = .none
    case "info": self = .info
    case "warning": self = .warning
    case "error": self = .error
    default: return nil
    }
  }

  /// The heavier is the greater.
  public static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }
}
