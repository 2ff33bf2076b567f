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
    var start = 0
    for place in places.sorted() where place >= start {
      if !select(place, from: start, in: &values) {
        values.sort()
        break
      }
      start = place + 1
    }
    return places.map { values[$0] }
  }

  /// Brings to `place` the value that belongs there, what is less before and what is greater behind it; `start` is where the order
  /// is not settled yet.
  ///
  /// - Returns: whether that was done: values that make it slow are better sorted.
  private static func select(_ place: Int, from start: Int, in values: inout [UInt64]) -> Bool {
    var low = start
    var high = values.count - 1
    var rounds = 2 * (Int.bitWidth - values.count.leadingZeroBitCount)
    var span = values.mutableSpan
    while low < high {
      if rounds == 0 { return false }
      rounds -= 1
      // The middle one of three splits the rest.
      let (one, two, three) = (span[low], span[(low + high) / 2], span[high])
      let pivot = max(min(one, two), min(max(one, two), three))
      var left = low
      var right = high
      while left <= right {
        while span[left] < pivot { left += 1 }
        while span[right] > pivot { right -= 1 }
        if left > right { break }
        span.swapAt(left, right)
        left += 1
        right -= 1
      }
      if place <= right {
        high = right
      } else if place >= left {
        low = left
      } else {
        break
      }
    }
    return true
  }
}
