public import ClaimModel

/// What the rules that look at the lines of a patient keep of one line: its `LineFact` without what only other rules ask for.
///
/// Facts wait in files by the million, and each byte of them costs the writing, the reading and the space.
public struct PatientFact: Sendable, BitwiseCopyable {
  /// The line's place in the run.
  public var key: LineKey
  /// Keyed hash of the patient's identity.
  public var patient: UInt64
  /// Keyed hash of the NPI of who is said to have done it: the billing provider's of an institutional claim, else the clinician's; 0
  /// when unknown.
  public var provider: UInt64
  /// Keyed hash of the claim id.
  public var claimID: UInt64
  /// Keyed hash of the claim id that this claim replaces or voids, 0 when none.
  public var originalClaimID: UInt64
  /// The procedure.
  public var procedure: Code
  /// Order-independent hash of the set of valid modifiers.
  public var modifierSet: UInt64
  /// The line's charge in cents; `Int64.min` when there is none.
  public var charge: Int64
  /// Whole units; -1 when there are none or they are not whole.
  public var units: Int32
  /// The first service day, as `Day.ordinal`; `Int32.min` when there is none.
  public var serviceDay: Int32
  /// A hash of the payer's key.
  public var payer: UInt32
  /// The fields that the line's source has no place for.
  public var missing: FieldSet
  /// What kind of line this is.
  public var traits: LineFact.Traits
  /// Half of the hash over the content of the whole claim: enough to tell replacements under one number apart.
  public var content: UInt32
}

extension PatientFact: GroupedFact {
  public static var grouping: FactGrouping { .patient }

  @inlinable
  public init?(_ fact: LineFact) {
    if fact.patient == 0 { return nil }
    key = fact.key
    patient = fact.patient
    provider = fact.provider
    claimID = fact.claimID
    originalClaimID = fact.originalClaimID
    procedure = fact.procedure
    modifierSet = fact.modifierSet
    charge = fact.charge
    units = fact.units
    serviceDay = fact.serviceDay
    payer = fact.payer
    missing = fact.missing
    traits = fact.traits
    content = UInt32(truncatingIfNeeded: fact.claimContent)
  }

  @inlinable
  public var group: UInt64 { patient }

  @inlinable
  public var fact: LineFact {
    let isInstitutional = traits.contains(.institutional)
    return LineFact(
      key: key, patient: patient, clinician: isInstitutional ? 0 : provider, facility: isInstitutional ? provider : 0,
      claimID: claimID, originalClaimID: originalClaimID, claimContent: UInt64(content), procedure: procedure,
      modifierSet: modifierSet, charge: charge, units: units, serviceDay: serviceDay, peerGroup: 1, traits: traits,
      payer: payer, missing: missing)
  }
}
