public import ClaimModel

/// A finding that somebody has looked at and accepted, so that it is no news any more.
public struct Suppression: Hashable, Sendable {
  /// The finding.
  public var fingerprint: FindingFingerprint
  /// Why it is accepted, in the words of the one who did.
  public var reason: String
  /// The last day on which it is accepted; `nil` for good.
  public var until: Day?
  /// Who answers for it; empty when nobody is named.
  public var owner: String
  /// The line of the file in which it stands, 1 is the first.
  public var line: Int
  /// The column.
  public var column: Int

  /// A suppression.
  public init(
    _ fingerprint: FindingFingerprint, reason: String, until: Day? = nil, owner: String = "", line: Int = 1,
    column: Int = 1
  ) {
    self.fingerprint = fingerprint
    self.reason = reason
    self.until = until
    self.owner = owner
    self.line = line
    self.column = column
  }

  /// Whether it no longer holds on a day.
  public func isExpired(on day: Day) -> Bool { until.map { $0 < day } ?? false }
}

/// The suppressions of a run, by fingerprint.
///
/// One that has expired suppresses nothing and is told apart, so that a run can say that it is time to look again.
public struct SuppressionList: Sendable {
  /// Those in force, in the order of the file.
  public let inForce: [Suppression]
  /// Those that have expired, in the order of the file.
  public let expired: [Suppression]
  private let positions: [FindingFingerprint: Int]

  /// The suppressions as they hold on a day; of two for one finding the first holds.
  public init(_ suppressions: [Suppression], on day: Day) {
    inForce = suppressions.filter { !$0.isExpired(on: day) }
    expired = suppressions.filter { $0.isExpired(on: day) }
    positions = Dictionary(inForce.enumerated().map { ($1.fingerprint, $0) }) { first, _ in first }
  }

  /// Where the suppression of a finding stands in `inForce`, `nil` when the finding is not accepted.
  public func position(of fingerprint: FindingFingerprint) -> Int? { positions[fingerprint] }
}
