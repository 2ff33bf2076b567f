internal import ClaimModel

/// Whether a procedure is one of the wanted ones: one look for the many that are not, a search for the few that may be.
///
/// The bits are asked once a line through a pointer: as a field of the struct that walks the claims they were copied for every
/// call, which took 3 % of a run.
@safe
final class ProcedureFilter: @unchecked Sendable {
  private let bits: UnsafeMutablePointer<UInt64>
  private let codes: [UInt64]

  init(_ codes: [Code]) {
    self.codes = codes.map(\.bits).sorted()
    unsafe bits = .allocate(capacity: 64)
    unsafe bits.initialize(repeating: 0, count: 64)
    for code in self.codes {
      let slot = ProcedureFilter.slot(code)
      unsafe bits[slot >> 6] |= 1 << UInt64(slot & 63)
    }
  }

  deinit { unsafe bits.deallocate() }

  @inline(__always)
  private static func slot(_ code: UInt64) -> Int { Int(truncatingIfNeeded: (code &* 0x9E37_79B9_7F4A_7C15) &>> 52) }

  /// Whether the code may be one of them.
  @inline(__always)
  func mayContain(_ code: UInt64) -> Bool {
    let slot = ProcedureFilter.slot(code)
    return unsafe bits[slot >> 6] &>> UInt64(truncatingIfNeeded: slot & 63) & 1 != 0
  }

  /// Whether the code is one of them.
  func contains(_ code: UInt64) -> Bool { mayContain(code) && codes.contains(code) }
}
