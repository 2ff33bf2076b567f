public import ClaimModel

/// What the rules that compare claims of one number keep of one line: less than half of its `LineFact`.
public struct ClaimNumberFact: Sendable, BitwiseCopyable {
  /// The line's place in the run.
  public var key: LineKey
  /// What the lines of claims with one number of one billing provider have in common.
  public var group: UInt64
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
    group = FactGrouping.claimNumber.key(of: fact)
    if group == 0 { return nil }
    key = fact.key
    claimContent = fact.claimContent
    procedure = fact.procedure
    serviceDay = fact.serviceDay
    payer = fact.payer
    missing = fact.missing
    traits = fact.traits
  }

  @inlinable
  public var fact: LineFact {
    LineFact(
      key: key, patient: 0, clinician: 0, facility: 0, claimID: 0, originalClaimID: 0,
      claimContent: claimContent, procedure: procedure, modifierSet: 0, charge: Int64.min, units: -1,
      serviceDay: serviceDay, peerGroup: 1, traits: traits, payer: payer, missing: missing)
  }
}
