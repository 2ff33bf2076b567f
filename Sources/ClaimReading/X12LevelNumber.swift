/// The number of a level as it is usually written, to be compared with the bytes of an HL instead of read out of them.
struct X12LevelNumber {
  private var value = -1
  /// Its digits, the first lowest.
  private var digits: UInt64 = 0
  /// How many they are; 0 for a number that is not compared.
  private(set) var count = 0

  /// Becomes that number; most levels are numbered one after the other.
  @inline(__always)
  mutating func become(_ next: Int) {
    if next == value { return }
    let last = UInt64(truncatingIfNeeded: 8 &* count) &- 8
    if next == value &+ 1, count > 0, digits &>> last != 0x39 {
      value = next
      digits &+= 1 &<< last
    } else {
      spell(next)
    }
  }

  private mutating func spell(_ next: Int) {
    (value, digits, count) = (next, 0, 0)
    guard next > 0, next < 100_000_000 else { return }
    var rest = next
    while rest > 0 {
      digits = digits << 8 | UInt64(0x30 + rest % 10)
      rest /= 10
      count += 1
    }
  }

  /// Whether the bytes at `at` begin with it; eight of them are in the window.
  @inline(__always)
  func stands(in view: X12WindowView, at: Int) -> Bool {
    count > 0 && (view.eight(at) ^ digits) &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count) == 0
  }
}
