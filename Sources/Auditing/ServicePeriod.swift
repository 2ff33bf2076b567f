public import ClaimModel

/// The days of service that a run asks for, the first and the last included.
public struct ServicePeriod: Sendable, Equatable {
  /// The first of them; all before the last where it is `nil`.
  public let since: Day?
  /// The last of them; all from the first on where it is `nil`.
  public let until: Day?

  /// A period of those days.
  public init(since: Day? = nil, until: Day? = nil) {
    self.since = since
    self.until = until
  }

  /// Whether every line is in it, also one without a date.
  public var isUnlimited: Bool { since == nil && until == nil }

  /// Whether a line of that day is in it; one without a date only where every line is.
  public func contains(_ day: Day?) -> Bool {
    if isUnlimited { return true }
    guard let day else { return false }
    if let since, day < since { return false }
    if let until, day > until { return false }
    return true
  }
}
