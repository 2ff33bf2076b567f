internal import Auditing
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

/// What is counted of the watched lines of one group; their values stand in `BenchmarkValues`.
struct BenchmarkGroup: Sendable {
  var lines: Int64 = 0
  var atRiskCents: Int64 = 0
}

/// Every value of every group, so that percentiles are exact: a page of each in memory, the rest in a temporary file.
///
/// Used by one thread at a time.
final class BenchmarkValues: @unchecked Sendable {
  private let values: PileSpool
  /// The first thing that could not be written or read; from then on values are missing.
  private(set) var failure: ReportError?

  /// No values; a file, if there is one, goes into `folder`.
  init(folder: String) { values = PileSpool(folder: folder, size: MemoryLayout<Int64>.size, page: 256) }

  private func pile(_ group: Int, _ measure: BenchmarkMeasure) -> Int {
    3 * group + (measure == .charge ? 0 : measure == .allowed ? 1 : 2)
  }

  /// Adds what is known of a line of a group.
  func append(charge: Int64?, allowed: Int64?, paid: Int64?, of group: Int) {
    if failure != nil { return }
    do throws(ReportError) {
      try values.add { (pages) throws(ReportError) in
        if let charge { try pages.append(charge, to: pile(group, .charge)) }
        if let allowed { try pages.append(allowed, to: pile(group, .allowed)) }
        if let paid { try pages.append(paid, to: pile(group, .paid)) }
      }
    } catch {
      failure = error
    }
  }

  /// Adds all values of a group of others to one of these.
  func add(_ other: BenchmarkValues, _ measure: BenchmarkMeasure, of theirs: Int, to mine: Int) {
    if failure != nil { return }
    let pile = pile(mine, measure)
    do throws(ReportError) {
      try values.add { (pages) throws(ReportError) in
        var failed: ReportError?
        other.forEach(measure, of: theirs) { value in
          do throws(ReportError) { try pages.append(value, to: pile) } catch { failed = failed ?? error }
        }
        if let failed { throw failed }
      }
    } catch {
      failure = error
    }
  }

  /// Fails as other values did that were to be among these.
  func takeFailure(of other: BenchmarkValues) { if failure == nil { failure = other.failure } }

  /// How many values a group has.
  func count(_ measure: BenchmarkMeasure, of group: Int) -> Int { values.count(of: pile(group, measure)) }

  /// Hands out the values of a group, the same each time.
  func forEach(_ measure: BenchmarkMeasure, of group: Int, _ body: (Int64) -> Void) {
    do throws(ReportError) {
      try values.forEach(of: pile(group, measure), as: Int64.self, body)
    } catch {
      if failure == nil { failure = error }
    }
  }

  /// The values at some places of a group's ascending order.
  func values(at places: [Int], _ measure: BenchmarkMeasure, of group: Int) -> [Int64] {
    // With the sign turned over the order of the bits is that of the numbers.
    let sign = UInt64(1) << 63
    return OrderStatistics.values(at: places, count: count(measure, of: group)) { take in
      forEach(measure, of: group) { take(UInt64(bitPattern: $0) ^ sign) }
    }.map { Int64(bitPattern: $0 ^ sign) }
  }
}

/// A payer's claims of one type in one setting.
struct BenchmarkKey: Hashable, Sendable {
  var payer: String
  var claimType: ClaimKind
  var setting: BenchmarkSetting
}

/// Where the percentile `numerator / denominator` of `count` values lies: the place in the ascending order below it, and how many
/// parts of `denominator` it is on the way to the next.
func percentilePlace(_ numerator: Int, of denominator: Int, among count: Int) -> (place: Int, rest: Int) {
  let position = (count - 1) * numerator
  return (position / denominator, position % denominator)
}

/// The percentile that lies `rest / denominator` of the way from one value to the next, in whole cents.
func percentile(between below: Int64, and above: Int64, _ rest: Int, of denominator: Int) -> Int64 {
  if rest == 0 { return below }
  // Over a common denominator in 128 bits: exact for any two amounts.
  let scaled = Int128(below) * Int128(denominator) + (Int128(above) - Int128(below)) * Int128(rest)
  let half = Int128(denominator) / 2
  return Int64((scaled + (scaled < 0 ? -half : half)) / Int128(denominator))
}
