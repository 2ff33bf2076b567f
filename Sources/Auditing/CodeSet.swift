public import ClaimModel

/// A set of codes, built once and asked often: open addressing over packed codes, half full at most.
public struct CodeSet: Sendable {
  @usableFromInline let slots: [UInt64]
  @usableFromInline let mask: Int
  /// How many codes there are.
  public let count: Int

  /// The set of those codes; `Code.none` is never in a set.
  public init(_ codes: some Sequence<Code>) {
    let unique = Set(codes).subtracting([.none])
    count = unique.count
    guard !unique.isEmpty else {
      slots = []
      mask = 0
      return
    }
    var capacity = 4
    while capacity < unique.count * 2 { capacity *= 2 }
    var slots = [UInt64](repeating: 0, count: capacity)
    for code in unique {
      var index = Self.start(code.bits) & (capacity - 1)
      while slots[index] != 0 { index = (index + 1) & (capacity - 1) }
      slots[index] = code.bits
    }
    self.slots = slots
    mask = capacity - 1
  }

  /// No codes.
  public init() { self.init([Code]()) }

  /// Whether the set has no codes.
  @inlinable
  public var isEmpty: Bool { count == 0 }

  /// Whether `code` is in the set.
  @inlinable
  public func contains(_ code: Code) -> Bool { slot(of: code) != nil }

  /// How many slots there are.
  var slotCount: Int { slots.count }

  /// The slot of a code, `nil` when it is not in the set.
  @inlinable
  @inline(__always)
  func slot(of code: Code) -> Int? {
    if count == 0 || code.isNone { return nil }
    var index = Self.start(code.bits) & mask
    while slots[index] != 0 {
      if slots[index] == code.bits { return index }
      index = (index + 1) & mask
    }
    return nil
  }

  @inlinable
  static func start(_ bits: UInt64) -> Int {
    Int(truncatingIfNeeded: (bits &* 0x9E37_79B9_7F4A_7C15) >> 32)
  }
}

/// Codes named one by one and by their beginnings, as the packs write them (`J93.0`, `S27.0XX-`).
public struct CodePatterns: Sendable {
  /// The codes.
  public let exact: CodeSet
  /// The beginnings.
  public let prefixes: [Code]
  /// One bit a first letter of a beginning, by its low six bits; all of them for an empty beginning.
  @usableFromInline let heads: UInt64

  /// Those codes and beginnings.
  public init(exact: [Code] = [], prefixes: [Code] = []) {
    self.exact = CodeSet(exact)
    self.prefixes = prefixes
    var heads: UInt64 = 0
    for prefix in prefixes { heads |= prefix.isNone ? .max : 1 << UInt64(prefix[0] & 63) }
    self.heads = heads
  }

  /// Whether nothing matches.
  public var isEmpty: Bool { exact.isEmpty && prefixes.isEmpty }

  /// Whether `code` is one of them or begins with one of the beginnings.
  @inlinable
  public func matches(_ code: Code) -> Bool {
    if exact.contains(code) { return true }
    if heads &>> (code.bits &>> 56 & 63) & 1 == 0 { return false }
    for prefix in prefixes where code.hasPrefix(prefix) { return true }
    return false
  }
}
