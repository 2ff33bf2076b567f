public import ClaimModel

/// The lines whose charges are compared with each other: of one payer, kind of claim, setting and procedure.
public struct PeerGroup: Hashable, Sendable {
  /// A hash of all that.
  @usableFromInline let hash: UInt32
  /// A hash of the payer's key.
  @usableFromInline let payer: UInt32
  /// The procedure.
  @usableFromInline let procedure: Code

  /// The group of a line.
  @inlinable
  public init(_ fact: LineFact) {
    hash = fact.peerGroup
    payer = fact.payer
    procedure = fact.procedure
  }

  /// Whether a line is of the group.
  @inlinable
  public func contains(_ fact: LineFact) -> Bool {
    hash == fact.peerGroup && payer == fact.payer && procedure == fact.procedure
  }
}

/// What the rules that compare charges keep of one line: a fraction of its `LineFact`, apart from what its group has in common.
public struct PeerFact: Sendable, BitwiseCopyable {
  /// The line's place in the run.
  public var key: LineKey
  /// The line's charge in cents, above zero.
  public var charge: Int64
  /// The first service day, as `Day.ordinal`; `Int32.min` when there is none.
  public var serviceDay: Int32
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
    serviceDay = fact.serviceDay
    missing = fact.missing
  }
}

extension LineFact {
  /// The fact of a line of which only this is known.
  init(_ peer: PeerFact, in group: PeerGroup) {
    self.init(
      key: peer.key, patient: 0, clinician: 0, facility: 0, claimID: 0, originalClaimID: 0, claimContent: 0,
      procedure: group.procedure, modifierSet: 0, charge: peer.charge, units: -1, serviceDay: peer.serviceDay,
      peerGroup: group.hash, traits: .watched, payer: group.payer, missing: peer.missing)
  }
}
