public import ClaimModel

/// Every modifier there is, with the days between which it holds; asked by position, without hashing.
public struct ModifierTable: Sendable {
  /// A modifier of the CPT or HCPCS list.
  public struct Entry: Sendable {
    /// The two characters.
    public let code: Code
    /// Its family in the list, as `anesthesia`, `therapy` or `global`.
    public let family: String
    /// The first day it holds, where one is known.
    public let from: Day?
    /// The last day it holds, where one is known.
    public let to: Day?

    /// An entry.
    public init(code: Code, family: String, from: Day?, to: Day?) {
      self.code = code
      self.family = family
      self.from = from
      self.to = to
    }
  }

  /// The entries, in the order of their codes.
  public let entries: [Entry]
  /// Position in `entries` plus one, by slot.
  private let positions: [UInt16]
  /// The first and the last day of each entry, as `Day.ordinal`: asked for every modifier, of which the texts of an entry would
  /// be kept and given up each time.
  private let periods: [(from: Int32, to: Int32)]

  /// How many pairs of letters and digits there are.
  public static let slots = 36 * 36

  /// A table of those entries; of two for one code the later wins.
  public init(_ entries: [Entry]) {
    self.entries = entries.sorted { $0.code < $1.code }
    var positions = [UInt16](repeating: 0, count: Self.slots)
    for (position, entry) in self.entries.enumerated() {
      if let slot = Self.slot(of: entry.code) { positions[slot] = UInt16(position + 1) }
    }
    self.positions = positions
    periods = self.entries.map { ($0.from?.ordinal ?? .min, $0.to?.ordinal ?? .max) }
  }

  /// The place of a code among all pairs of letters and digits, `nil` when it is not two of them.
  @inlinable
  public static func slot(of code: Code) -> Int? {
    guard code.bits & 0x0000_FFFF_FFFF_FFFF == 0 else { return nil }
    let first = digit(code[0])
    let second = digit(code[1])
    return first < 0 || second < 0 ? nil : first * 36 + second
  }

  @inlinable
  static func digit(_ byte: UInt8) -> Int {
    switch byte {
    case 0x30...0x39: Int(byte) - 0x30
    case 0x41...0x5A: Int(byte) - 0x41 + 10
    default: -1
    }
  }

  /// Whether the modifier at a slot holds on `day`, and without a day whenever it is one; `nil` when there is no such modifier.
  func isEffective(atSlot slot: Int, on day: Day?) -> Bool? {
    let position = Int(positions[slot])
    if position == 0 { return nil }
    guard let day else { return true }
    return periods[position - 1].from <= day.ordinal && day.ordinal <= periods[position - 1].to
  }

  /// The entry of a code, `nil` when there is no such modifier.
  public func entry(of code: Code) -> Entry? {
    guard let slot = Self.slot(of: code), positions[slot] > 0 else { return nil }
    return entries[Int(positions[slot]) - 1]
  }
}
