internal import FoundationEssentials

/// The same numbers for the same seed, so that a failure can be run again (SplitMix64).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The numbers of that seed.
  public init(seed: UInt64) { state = seed }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  /// A number of a range.
  public mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  /// Whether something that happens once in `times` happens now.
  public mutating func once(in times: Int) -> Bool { number(1...times) == 1 }

  /// One of several.
  public mutating func pick<Element>(_ choices: [Element]) -> Element { choices[number(0...choices.count - 1)] }
}

/// How often and from where random tests run.
public enum RandomRuns {
  private static let environment = ProcessInfo.processInfo.environment

  /// How many rounds a test has, times `CLAIMAUDIT_TEST_ROUNDS` where that is set.
  public static func rounds(_ usual: Int) -> Int {
    usual * max(1, environment["CLAIMAUDIT_TEST_ROUNDS"].flatMap(Int.init) ?? 1)
  }

  /// The first seed: `CLAIMAUDIT_TEST_SEED`, else always the same.
  public static let seed = environment["CLAIMAUDIT_TEST_SEED"].flatMap(UInt64.init) ?? 1
}
