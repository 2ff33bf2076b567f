internal import ClaimModel

/// Whether a procedure is one of the wanted ones: one look for the many that are not, a search for the few that may be.
struct ProcedureFilter: Sendable {
  private var bits = InlineArray<64, UInt64>(repeating: 0)
  private let codes: [UInt64]

  init(_ codes: [Code]) {
    self.codes = codes.map(\.bits).sorted()
    for code in self.codes {
      let slot = ProcedureFilter.slot(code)
      bits[slot >> 6] |= 1 << UInt64(slot & 63)
    }
  }

  @inline(__always)
  private static func slot(_ code: UInt64) -> Int { Int((code &* 0x9E37_79B9_7F4A_7C15) >> 52) }

  @inline(__always)
  func mayContain(_ code: UInt64) -> Bool {
    let slot = ProcedureFilter.slot(code)
    return bits[slot >> 6] >> UInt64(slot & 63) & 1 != 0
  }

  func contains(_ code: UInt64) -> Bool { mayContain(code) && codes.contains(code) }
}
