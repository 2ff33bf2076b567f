public import ClaimModel

/// A line's place in the whole run: the order of input, whichever thread or shard read it.
public struct LineKey: Hashable, Comparable, Sendable, BitwiseCopyable {
  // The widest first: facts come by the million, and the other way round each had a gap of eight bytes.

  /// The record within the stream.
  public var record: UInt64
  /// The ordinal of the stream in the run: files in byte order of their path, an archive's entries in directory order.
  public var stream: UInt32
  /// The line within the record: more than 0 only in wide rows.
  public var slot: UInt32

  /// A place.
  public init(stream: Int, record: Int, slot: Int = 0) {
    self.stream = UInt32(stream)
    self.record = UInt64(record)
    self.slot = UInt32(slot)
  }

  /// Input order.
  public static func < (left: LineKey, right: LineKey) -> Bool {
    if left.stream != right.stream { return left.stream < right.stream }
    if left.record != right.record { return left.record < right.record }
    return left.slot < right.slot
  }
}

/// What the rules over the whole run (duplicates, units a day, global periods, claim numbers, outliers) keep of one line.
///
/// Kept for watched lines and for lines whose procedure opens a global period, and nothing else of the claim: plain values of a
/// fixed size, hashes instead of texts. The answers these rules give depend on the set of facts only, so facts may be gathered
/// by several threads or machines and put together in any order.
public struct LineFact: Sendable, BitwiseCopyable {
  /// The line's place in the run.
  ///
  /// The auditor sets the record; the pipeline sets the stream.
  public var key: LineKey
  /// Keyed hash of the patient's identity, 0 when unknown.
  public var patient: UInt64
  /// Keyed hash of the clinician's NPI (rendering, else billing), 0 when unknown.
  public var clinician: UInt64
  /// Keyed hash of the billing provider's NPI, 0 when unknown.
  public var facility: UInt64
  /// Keyed hash of the claim id.
  public var claimID: UInt64
  /// Keyed hash of the claim id that this claim replaces or voids (REF*F8), 0 when none.
  public var originalClaimID: UInt64
  /// Hash over the content of the whole claim (lines, codes, charges, dates), for claims that share a number.
  public var claimContent: UInt64
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
  /// Peer group for charges: a hash of payer, claim kind, setting and procedure, the same in every run;
  /// never 0.
  public var peerGroup: UInt32
  /// What kind of line this is.
  public var traits: Traits
  /// A hash of the payer's key, the same in every run; packs change rules by payer.
  public var payer: UInt32
  /// The fields that the line's source has no place for: rules that need one say nothing about the line.
  public var missing: FieldSet

  /// Bits that rules over the run ask for.
  public struct Traits: OptionSet, Sendable, BitwiseCopyable {
    /// One bit a trait.
    public let rawValue: UInt16
    /// Traits from bits.
    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// The line is watched (else it is there only because it opens a global period).
    @inlinable public static var watched: Traits { Traits(rawValue: 1 << 0) }
    /// Of an institutional claim.
    @inlinable public static var institutional: Traits { Traits(rawValue: 1 << 1) }
    /// The claim voids another (frequency 8).
    @inlinable public static var void: Traits { Traits(rawValue: 1 << 2) }
    /// The claim replaces another (frequency 7).
    @inlinable public static var replacement: Traits { Traits(rawValue: 1 << 3) }
    /// The claim goes to a second or third payer (SBR01 S or T): a COB copy.
    @inlinable public static var notPrimary: Traits { Traits(rawValue: 1 << 4) }
    /// 58, 78 or 79 is among the valid modifiers.
    @inlinable public static var globalModifier: Traits { Traits(rawValue: 1 << 5) }
    /// The row is a reversal.
    @inlinable public static var reversal: Traits { Traits(rawValue: 1 << 6) }
    /// The claim's frequency is 1, 0 or not given: an original.
    @inlinable public static var original: Traits { Traits(rawValue: 1 << 7) }
    /// The claim is dental.
    @inlinable public static var dental: Traits { Traits(rawValue: 1 << 8) }
    /// The claim goes to a third payer (SBR01 T).
    @inlinable public static var tertiary: Traits { Traits(rawValue: 1 << 9) }
    /// Lines of the claim are missing beside this one: what the whole claim holds is not known.
    @inlinable public static var partial: Traits { Traits(rawValue: 1 << 10) }
  }

  /// Who is said to have done it: the facility of an institutional claim, else the clinician; 0 where that is not known.
  @inlinable
  public var provider: UInt64 { traits.contains(.institutional) ? facility : clinician }

  /// A fact.
  @inlinable
  public init(
    key: LineKey, patient: UInt64, clinician: UInt64, facility: UInt64, claimID: UInt64, originalClaimID: UInt64,
    claimContent: UInt64, procedure: Code, modifierSet: UInt64, charge: Int64, units: Int32, serviceDay: Int32,
    peerGroup: UInt32, traits: Traits, payer: UInt32 = 0,
    missing: FieldSet = []
  ) {
    self.key = key
    self.patient = patient
    self.clinician = clinician
    self.facility = facility
    self.claimID = claimID
    self.originalClaimID = originalClaimID
    self.claimContent = claimContent
    self.procedure = procedure
    self.modifierSet = modifierSet
    self.charge = charge
    self.units = units
    self.serviceDay = serviceDay
    self.peerGroup = peerGroup
    self.traits = traits
    self.payer = payer
    self.missing = missing
  }
}
