internal import CScan
internal import ClaimModel

/// How much of a claim a procedure makes wanted: one look for the many that do not, a search for the few that may.
///
/// The bits are asked once a line through a pointer: as a field of the struct that walks the claims they were copied for every
/// call, which took 3 % of a run.
@safe
final class ProcedureFilter: @unchecked Sendable {
  /// One bit a slot.
  let bits: UnsafeMutablePointer<UInt64>
  private let whole: [UInt64]
  private let outlined: [UInt64]

  init(_ interest: ClaimInterest) {
    whole = interest.procedures.map(\.bits)
    outlined = interest.outlined.map(\.bits)
    unsafe bits = .allocate(capacity: 64)
    unsafe bits.initialize(repeating: 0, count: 64)
    for code in whole + outlined {
      let slot = ProcedureFilter.slot(code)
      unsafe bits[slot >> 6] |= 1 << UInt64(slot & 63)
    }
  }

  deinit { unsafe bits.deallocate() }

  @inline(__always)
  private static func slot(_ code: UInt64) -> Int { Int(truncatingIfNeeded: claimaudit_x12_slot_of(code)) }

  /// Whether the code may be one of them.
  @inline(__always)
  func mayContain(_ code: UInt64) -> Bool {
    let slot = ProcedureFilter.slot(code)
    return unsafe bits[slot >> 6] &>> UInt64(truncatingIfNeeded: slot & 63) & 1 != 0
  }

  /// How much of a claim with a line of that code is wanted.
  func demand(_ code: UInt64) -> ClaimDemand {
    guard mayContain(code) else { return .nothing }
    return whole.contains(code) ? .whole : outlined.contains(code) ? .outline : .nothing
  }
}
