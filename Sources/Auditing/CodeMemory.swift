internal import ClaimModel

/// What codes are to something, for those that came before: claims of one place have the same few.
struct CodeMemory<Traits: OptionSet & Sendable>: Sendable where Traits.RawValue: Sendable {
  private static var capacity: Int { 256 }
  /// Codes, each where its hash says; the one that came last wins.
  private var codes = [Code](repeating: .none, count: CodeMemory.capacity)
  private var traits = [Traits](repeating: [], count: CodeMemory.capacity)

  /// Forgets everything.
  mutating func removeAll() {
    for slot in codes.indices { codes[slot] = .none }
  }

  /// What a code is, as `find` says where it is not remembered.
  @inline(__always)
  mutating func traits(of code: Code, _ find: () -> Traits) -> Traits {
    let slot = Int(truncatingIfNeeded: (code.bits &* 0x9E37_79B9_7F4A_7C15) >> 56)
    if codes[slot] == code, !code.isNone { return traits[slot] }
    let found = find()
    codes[slot] = code
    traits[slot] = found
    return found
  }
}
