import Auditing
import Testing

@Suite("Values at places of an order")
struct OrderStatisticsTests {
  /// Numbers as a xorshift gives them, the same in every run.
  private static func numbers(_ count: Int) -> [UInt64] {
    var state: UInt64 = 0x2545_F491_4F6C_DD1D
    return (0..<count).map { _ in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }

  private static let few = 16_384

  /// Samples that are shaped in ways a shortcut could fail on; 16,384 are held.
  static let samples: [(name: String, values: [UInt64])] = [
    ("one", [7]),
    ("three", [9, 1, 5]),
    ("the most that is held", numbers(16_384)),
    ("one more than is held", numbers(16_385)),
    ("of all sizes", numbers(40_000)),
    ("close together", numbers(40_000).map { 1 << 60 + $0 % 50_000 }),
    ("few different ones", numbers(40_000).map { $0 % 3 }),
    ("all the same", Array(repeating: 42, count: 20_000)),
    ("nothing and the greatest", numbers(20_000).map { $0 % 2 == 0 ? 0 : UInt64.max }),
    // Nearly all of them fall into one share, twice over.
    ("far outliers", [UInt64.max, UInt64.max >> 20] + numbers(40_000).map { $0 % 100_000 }),
    ("from the greatest down", (0..<20_000).map { 20_000 - $0 }),
    // Here choosing goes wrong so often that sorting takes over.
    ("a valley", (0..<8_000).map { 7_999 - $0 } + Array(0..<8_000)),
  ]

  @Test("are what sorting would put there", arguments: samples.indices)
  func sorted(index: Int) {
    let (name, values) = OrderStatisticsTests.samples[index]
    let sorted = values.sorted()
    let count = values.count
    let places = [0, 1, count / 4, count / 2 - 1, count / 2, count * 95 / 100, count - 2, count - 1]
      .filter { $0 >= 0 && $0 < count }
    let found = OrderStatistics.values(at: places, count: count, few: Self.few) { take in values.forEach(take) }
    #expect(found == places.map { sorted[$0] }, "\(name)")
    var held = values
    #expect(OrderStatistics.values(at: places, among: &held) == found, "\(name)")
    #expect(held.sorted() == sorted, "\(name)")
  }

  @Test("come in the order in which the places are asked for, however often")
  func order() {
    let values = OrderStatisticsTests.numbers(30_000)
    let sorted = values.sorted()
    let places = [29_999, 3, 15_000, 3, 0, 15_001]
    let found = OrderStatistics.values(at: places, count: 30_000, few: Self.few) { values.forEach($0) }
    #expect(found == places.map { sorted[$0] })
    var held = values
    #expect(OrderStatistics.values(at: places, among: &held) == places.map { sorted[$0] })
  }

  @Test("of no values are nothing")
  func none() {
    #expect(OrderStatistics.values(at: [0, 5], count: 0) { _ in } == [0, 0])
    #expect(OrderStatistics.values(at: [], count: 3) { [1, 2, 3].forEach($0) } == [])
  }
}
