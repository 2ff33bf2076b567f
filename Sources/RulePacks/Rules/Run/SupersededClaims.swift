internal import Auditing
internal import ClaimModel

/// The claims of a patient that other claims replace or void: what they billed no longer counts.
///
/// A replacement names the payer's number of the claim, which the batch may not know, and often keeps the provider's number; either
/// makes the link.
struct SupersededClaims {
  private var named: Set<UInt64> = []
  private var voided: Set<UInt64> = []
  private var originals: Set<UInt64> = []
  /// The content of the last replacement under each claim number: those before it were replaced in turn.
  private var lastReplacements: [UInt64: UInt64] = [:]

  init(_ group: FactGroup) {
    if group.traits.isDisjoint(with: [.void, .replacement]) { return }
    for fact in group.lines {
      if fact.traits.contains(.original), fact.claimID != 0 { originals.insert(fact.claimID) }
      guard fact.traits.contains(.void) || fact.traits.contains(.replacement) else { continue }
      if fact.traits.contains(.replacement), fact.claimID != 0 { lastReplacements[fact.claimID] = fact.claimContent }
      for number in [fact.claimID, fact.originalClaimID] where number != 0 {
        named.insert(number)
        if fact.traits.contains(.void) { voided.insert(number) }
      }
    }
  }

  /// Whether the line is of a claim that another one replaced or voided, of a void, or of a row that reverses.
  func isGone(_ fact: LineFact) -> Bool {
    if fact.traits.contains(.void) || fact.traits.contains(.reversal) { return true }
    if fact.traits.contains(.replacement) {
      if let last = lastReplacements[fact.claimID], last != fact.claimContent { return true }
      return voided.contains(fact.claimID) || (fact.originalClaimID != 0 && voided.contains(fact.originalClaimID))
    }
    return fact.claimID != 0 && !named.isEmpty && named.contains(fact.claimID)
  }

  /// Whether a replacement's original is among the facts: else nobody knows which lines it stands for.
  func isResolved(_ fact: LineFact) -> Bool {
    originals.contains(fact.claimID) || originals.contains(fact.originalClaimID)
  }
}

/// What makes two lines the same service billed the same way.
struct ServiceKey: Hashable {
  // What differs most often is compared first.
  var day: Int32
  var units: Int32
  var charge: Int64
  var provider: UInt64
  var modifierSet: UInt64
  var procedure: Code
  var isInstitutional: Bool

  /// The key of a line, `nil` where its day or its provider is not known.
  init?(_ fact: LineFact) {
    isInstitutional = fact.traits.contains(.institutional)
    provider = fact.provider
    guard fact.serviceDay != Int32.min, provider != 0, !fact.traits.contains(.dental) else { return nil }
    procedure = fact.procedure
    day = fact.serviceDay
    modifierSet = fact.modifierSet
    units = fact.units
    charge = fact.charge
  }
}
