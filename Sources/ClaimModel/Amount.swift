/// A monetary amount as a claim carries it: cents, absent, or there but not an amount.
public enum Amount: Hashable, Sendable {
  /// The field is absent or empty.
  case absent
  /// The field holds something that is no amount, or more than an amount can be.
  case malformed
  /// The amount in cents; credits are negative.
  case cents(Int64)

  /// The cents, where there is an amount.
  @inlinable
  public var cents: Int64? {
    if case .cents(let cents) = self { cents } else { nil }
  }
}

/// A count of service units (SV104, SV205): exact to four decimals.
public enum Quantity: Hashable, Sendable {
  /// The field is absent or empty.
  case absent
  /// The field holds something that is no number.
  case malformed
  /// Ten-thousandths of a unit: 1 unit is 10 000.
  case tenThousandths(Int64)

  /// Ten-thousandths of a unit, where there is a number.
  @inlinable
  public var tenThousandths: Int64? {
    if case .tenThousandths(let value) = self { value } else { nil }
  }

  /// The count as a whole number, or `nil` when it is not one.
  @inlinable
  public var whole: Int64? {
    guard let value = tenThousandths, value % 10_000 == 0 else { return nil }
    return value / 10_000
  }
}
