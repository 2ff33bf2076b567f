public import ClaimModel

/// What the rules that compare claims of one number keep of one line: half of its `LineFact`.
public struct ClaimNumberFact: Sendable, BitwiseCopyable {
  /// The line's place in the run.
  public var key: LineKey
  /// Keyed hash of the claim id.
  public var claimID: UInt64
  /// Keyed hash of the billing provider's NPI.
  public var facility: UInt64
  /// Hash over the content of the whole claim.
  public var claimContent: UInt64
  /// The procedure.
  public var procedure: Code
  /// The first service day, as `Day.ordinal`; `Int32.min` when there is none.
  public var serviceDay: Int32
  /// A hash of the payer's key.
  public var payer: UInt32
  /// The fields that the line's source has no place for.
  public var missing: FieldSet
  /// What kind of line this is.
  public var traits: LineFact.Traits
}

extension ClaimNumberFact: GroupedFact {
  public static var grouping: FactGrouping { .claimNumber }

  @inlinable
  public init?(_ fact: LineFact) {
    if FactGrouping.claimNumber.key(of: fact) == 0 { return nil }
    key = fact.key
    claimID = fact.claimID
    facility = fact.facility
    claimContent = fact.claimContent
    procedure = fact.procedure
    serviceDay = fact.serviceDay
    payer = fact.payer
    missing = fact.missing
    traits = fact.traits
  }

  @inlinable
  public var group: UInt64 { FactGrouping.key(claimID: claimID, facility: facility) }

  @inlinable
  public var fact: LineFact {
    LineFact(
      key: key, patient: 0, clinician: 0, facility: facility, claimID: claimID, originalClaimID: 0,
      claimContent: claimContent, procedure: procedure, modifierSet: 0, charge: Int64.min, units: -1,
      serviceDay: serviceDay, peerGroup: 1, traits: traits, payer: payer, missing: missing)
  }
}
