internal import Auditing
internal import ClaimModel

/// Facts of lines as the ledger keeps them: seventeen little-endian words of 64 bits each.
///
/// Written field by field, so that what a later version adds or reorders cannot be taken for something else.
enum StoredFact {
  /// The layout; facts of another one are not read back.
  ///
  /// In those before, patients and the content of claims were hashed otherwise.
  static let layout: Int64 = 3
  private static let words = 17

  /// The bytes of facts.
  static func bytes(_ facts: [LineFact]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(facts.count * words * 8)
    func add(_ word: UInt64) {
      for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * shift))) }
    }
    for fact in facts {
      add(fact.key.record)
      add(UInt64(fact.key.slot))
      add(fact.patient)
      add(fact.clinician)
      add(fact.facility)
      add(fact.claimID)
      add(fact.originalClaimID)
      add(fact.claimContent)
      add(fact.procedure.bits)
      add(fact.modifierSet)
      add(UInt64(bitPattern: fact.charge))
      add(UInt64(bitPattern: Int64(fact.units)))
      add(UInt64(bitPattern: Int64(fact.serviceDay)))
      add(UInt64(fact.peerGroup))
      add(UInt64(fact.traits.rawValue))
      add(UInt64(fact.payer))
      add(UInt64(fact.missing.rawValue))
    }
    return bytes
  }

  /// The facts in bytes; their stream is for the reader to set.
  static func facts(_ bytes: [UInt8]) -> [LineFact] {
    var facts: [LineFact] = []
    facts.reserveCapacity(bytes.count / (words * 8))
    var start = 0
    func word(_ index: Int) -> UInt64 {
      var word: UInt64 = 0
      for shift in 0..<8 { word |= UInt64(bytes[start + 8 * index + shift]) << UInt64(8 * shift) }
      return word
    }
    func signed(_ index: Int) -> Int64 { Int64(bitPattern: word(index)) }
    while start + words * 8 <= bytes.count {
      facts.append(
        LineFact(
          key: LineKey(
            stream: 0, record: Int(truncatingIfNeeded: word(0)), slot: Int(UInt32(truncatingIfNeeded: word(1)))),
          patient: word(2), clinician: word(3), facility: word(4), claimID: word(5), originalClaimID: word(6),
          claimContent: word(7), procedure: Code(bits: word(8)), modifierSet: word(9), charge: signed(10),
          units: Int32(truncatingIfNeeded: signed(11)), serviceDay: Int32(truncatingIfNeeded: signed(12)),
          peerGroup: UInt32(truncatingIfNeeded: word(13)),
          traits: LineFact.Traits(rawValue: UInt16(truncatingIfNeeded: word(14))),
          payer: UInt32(truncatingIfNeeded: word(15)), missing: FieldSet(rawValue: UInt32(truncatingIfNeeded: word(16)))
        ))
      start += words * 8
    }
    return facts
  }
}
