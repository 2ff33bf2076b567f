internal import ClaimModel

/// Where a service was given, as fee schedules price it.
public enum BenchmarkSetting: String, Hashable, Sendable, CaseIterable {
  /// In a facility, which bills for itself.
  case facility = "F"
  /// Elsewhere.
  case nonFacility = "NF"
  /// The line does not say.
  case unknown
}

/// What was measured.
public enum BenchmarkMeasure: String, Hashable, Sendable, CaseIterable {
  /// What was billed.
  case charge
  /// What the payer allows.
  case allowed
  /// What was paid.
  case paid
}

/// Charges, allowed or paid amounts of the watched lines of one payer, claim type and setting; in cents.
///
/// Percentiles are linear interpolations between neighbours (type 7: position `(n - 1) p`), computed from the values
/// themselves and rounded half away from zero to a cent. Fewer than five values have no median, fewer than ten no percentiles:
/// they would say more about single claims than about a price.
public struct BenchmarkEntry: Hashable, Sendable {
  /// The payer.
  public var payer: String
  /// `P`, `I` or `D`.
  public var claimType: String
  /// The setting.
  public var setting: BenchmarkSetting
  /// What was measured.
  public var measure: BenchmarkMeasure
  /// How many lines have a value.
  public var count: Int
  /// The least.
  public var minimum: Int64
  /// A quarter is at or below.
  public var p25: Int64?
  /// Half is at or below.
  public var median: Int64?
  /// Three quarters are at or below.
  public var p75: Int64?
  /// Nine tenths are at or below.
  public var p90: Int64?
  /// The greatest.
  public var maximum: Int64
  /// What Medicare pays in that setting, where the run knows it.
  public var medicareReference: Int64?
}

/// The watched lines of one group, each value kept as it is: eight bytes a line.
struct BenchmarkGroup: Sendable {
  var lines: Int64 = 0
  var atRiskCents: Int64 = 0
  var charge: [Int64] = []
  var allowed: [Int64] = []
  var paid: [Int64] = []

  subscript(measure: BenchmarkMeasure) -> [Int64] {
    switch measure {
    case .charge: charge
    case .allowed: allowed
    case .paid: paid
    }
  }

  mutating func add(_ line: SummaryBuilder.Line) {
    lines += 1
    atRiskCents &+= line.atRisk
    if let value = line.charge { charge.append(value) }
    if let value = line.allowed { allowed.append(value) }
    if let value = line.paid { paid.append(value) }
  }

  mutating func merge(_ other: BenchmarkGroup) {
    lines += other.lines
    atRiskCents &+= other.atRiskCents
    charge += other.charge
    allowed += other.allowed
    paid += other.paid
  }
}

/// A payer's claims of one type in one setting.
struct BenchmarkKey: Hashable, Sendable {
  var payer: String
  var claimType: ClaimKind
  var setting: BenchmarkSetting
}

/// The percentile `numerator / denominator` of sorted values by linear interpolation between neighbours, in whole cents.
///
/// - Precondition: there is at least one value.
func percentile(_ numerator: Int64, of denominator: Int64, in sorted: [Int64]) -> Int64 {
  let position = Int64(sorted.count - 1) * numerator
  let below = sorted[Int(position / denominator)]
  let rest = position % denominator
  if rest == 0 { return below }
  let above = sorted[Int(position / denominator) + 1]
  // Over a common denominator in 128 bits: exact for any two amounts.
  let scaled = Int128(below) * Int128(denominator) + (Int128(above) - Int128(below)) * Int128(rest)
  let half = Int128(denominator) / 2
  return Int64((scaled + (scaled < 0 ? -half : half)) / Int128(denominator))
}
