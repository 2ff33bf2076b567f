public import ClaimModel

/// What the rules that compare charges keep of one line: a fraction of its `LineFact`.
public struct PeerFact: Sendable, BitwiseCopyable {
  /// The line's place in the run.
  public var key: LineKey
  /// The line's charge in cents, above zero.
  public var charge: Int64
  /// The procedure.
  public var procedure: Code
  /// The first service day, as `Day.ordinal`; `Int32.min` when there is none.
  public var serviceDay: Int32
  /// A hash of the payer's key.
  public var payer: UInt32
  /// The fields that the line's source has no place for.
  public var missing: FieldSet

  /// What is kept of a line, `nil` where its charge is compared with none: it is not watched, or takes something back.
  @inlinable
  public init?(_ fact: LineFact) {
    guard fact.traits.contains(.watched), fact.charge > 0, fact.traits.isDisjoint(with: [.void, .reversal]) else {
      return nil
    }
    key = fact.key
    charge = fact.charge
    procedure = fact.procedure
    serviceDay = fact.serviceDay
    payer = fact.payer
    missing = fact.missing
  }
}

extension LineFact {
  /// The fact of a line of which only this is known.
  init(_ peer: PeerFact) {
    self.init(
      key: peer.key, patient: 0, clinician: 0, facility: 0, claimID: 0, originalClaimID: 0, claimContent: 0,
      procedure: peer.procedure, modifierSet: 0, charge: peer.charge, units: -1, serviceDay: peer.serviceDay,
      peerGroup: 1, traits: .watched, payer: peer.payer, missing: peer.missing)
  }
}
