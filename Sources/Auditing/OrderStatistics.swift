/// The values at some places of an ascending order, of values that are too many to be held in memory.
///
/// Goes over the values three times, or once where they are few: how far they reach, how many fall into each of 65,536 equal shares
/// of that, and then only those of the shares in which a wanted place lies.
public struct OrderStatistics {
  /// How many values are simply held, where nothing else is said: half a megabyte.
  public static let few = 1 << 16
  private static let shares = 1 << 16

  /// The values, in the order of `places`.
  ///
  /// - Parameters:
  ///   - places: places in the ascending order, 0 is the least.
  ///   - count: how many values there are.
  ///   - few: how many values are held.
  ///   - pass: hands out all values, the same each time, in any order.
  public static func values(
    at places: [Int], count: Int, few: Int = few, pass: ((UInt64) -> Void) -> Void
  ) -> [UInt64] {
    values(at: places, low: 0, high: .max, count: count, few: few, pass: pass)
  }

  /// The same for the `count` values from `low` through `high`.
  private static func values(
    at places: [Int], low: UInt64, high: UInt64, count: Int, few: Int, pass: ((UInt64) -> Void) -> Void
  ) -> [UInt64] {
    if count <= few {
      var held: [UInt64] = []
      held.reserveCapacity(count)
      pass { if $0 >= low && $0 <= high { held.append($0) } }
      return self.values(at: places, among: &held)
    }
    var least = UInt64.max
    var greatest: UInt64 = 0
    pass { value in
      if value >= low && value <= high {
        least = min(least, value)
        greatest = max(greatest, value)
      }
    }
    if least == greatest { return places.map { _ in least } }
    let shift = UInt64(max(0, 48 - (greatest - least).leadingZeroBitCount))
    var counts = [Int](repeating: 0, count: shares)
    pass { value in
      if value >= low && value <= high { counts[Int(truncatingIfNeeded: (value - least) >> shift)] += 1 }
    }
    // The share of each place, and how many values come before the share.
    var found = [UInt64](repeating: 0, count: places.count)
    var before = 0
    for share in counts.indices where counts[share] > 0 {
      let inside = places.indices.filter { places[$0] >= before && places[$0] < before + counts[share] }
      if !inside.isEmpty {
        let first = least + UInt64(share) << shift
        let values =
          shift == 0
          ? inside.map { _ in first }
          : values(
            at: inside.map { places[$0] - before }, low: first,
            high: first + min((1 as UInt64) << shift - 1, greatest - first), count: counts[share], few: few, pass: pass)
        for (index, value) in zip(inside, values) { found[index] = value }
      }
      before += counts[share]
    }
    return found
  }

  /// The values at some places of the ascending order of values in memory; these change places.
  ///
  /// A place behind the last is the last; without values every place holds 0.
  public static func values(at places: [Int], among values: inout [UInt64]) -> [UInt64] {
    guard let last = values.indices.last else { return places.map { _ in 0 } }
    let places = places.map { min(max($0, 0), last) }
    let rounds = 2 * (Int.bitWidth - values.count.leadingZeroBitCount)
    var span = values.mutableSpan
    let isSettled = settle(places.sorted().span, from: 0, through: last, in: &span, rounds)
    if !isSettled { values.sort() }
    return places.map { values[$0] }
  }

  /// Brings to each of some places of `low...high`, which ascend, the value that belongs there: what is less stands before `low`, what is
  /// greater behind `high`.
  ///
  /// What is split for one place is split for all, so that the next one has less to look through.
  ///
  /// - Returns: whether that was done: values that make it slow are better sorted.
  private static func settle(
    _ places: Span<Int>, from low: Int, through high: Int, in values: inout MutableSpan<UInt64>, _ rounds: Int
  ) -> Bool {
    if places.isEmpty || low >= high { return true }
    if rounds == 0 { return false }
    // The middle one of three splits the rest.
    let (one, two, three) = (values[low], values[(low + high) / 2], values[high])
    let pivot = max(min(one, two), min(max(one, two), three))
    var left = low
    var right = high
    while left <= right {
      while values[left] < pivot { left += 1 }
      while values[right] > pivot { right -= 1 }
      if left > right { break }
      values.swapAt(left, right)
      left += 1
      right -= 1
    }
    var below = 0
    while below < places.count, places[below] <= right { below += 1 }
    var above = below
    while above < places.count, places[above] < left { above += 1 }
    return settle(places.extracting(first: below), from: low, through: right, in: &values, rounds - 1)
      && settle(places.extracting(droppingFirst: above), from: left, through: high, in: &values, rounds - 1)
  }
}
