/// What about a line may give a rule reason to speak, worked out once a line for all rules.
///
/// A rule names its occasions and is asked only where one of them is there: a line without modifiers costs the rules about modifiers
/// nothing. An occasion is necessary, not sufficient; what a rule needs beyond it, it looks at itself.
public struct Occasions: OptionSet, Sendable, Hashable {
  /// One bit an occasion; the lowest are the modifier families'.
  public let rawValue: UInt64
  /// Occasions from bits.
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// A valid modifier of one of those families.
  public static func modifier(_ families: ModifierFamilies) -> Occasions {
    Occasions(rawValue: UInt64(families.rawValue))
  }

  /// A modifier value in that state.
  public static func modifier(_ state: ModifierState) -> Occasions {
    Occasions(rawValue: 1 << UInt64(32 + state.rawValue))
  }

  /// Every line.
  public static let always = Occasions(rawValue: 1 << 63)
  /// More than one valid modifier.
  public static let severalModifiers = Occasions(rawValue: 1 << 40)
  /// No place of service, or one that is not assigned or not in effect.
  public static let placeInvalid = Occasions(rawValue: 1 << 41)
  /// A valid place of service of which the pack says something else than that it fits.
  public static let placeDoubtful = Occasions(rawValue: 1 << 42)
  /// Another line on the claim.
  public static let otherLines = Occasions(rawValue: 1 << 43)
  /// A diagnosis of the claim that may not stand on it.
  public static let diagnosisUnbillable = Occasions(rawValue: 1 << 44)
  /// A diagnosis of the claim that speaks against the procedure.
  public static let diagnosisAgainst = Occasions(rawValue: 1 << 45)
  /// More than one diagnosis on the claim.
  public static let severalDiagnoses = Occasions(rawValue: 1 << 46)
  /// A claim that replaces or voids another.
  public static let correction = Occasions(rawValue: 1 << 47)
  /// A payer that is not known.
  public static let payerUnknown = Occasions(rawValue: 1 << 48)
  /// A claim whose lines do not add up to its total, or cannot be added up.
  public static let totalDoubtful = Occasions(rawValue: 1 << 49)
  /// No diagnosis that counts for the line supports the procedure.
  public static let diagnosisUnsupporting = Occasions(rawValue: 1 << 50)
  /// A procedure on the claim that the pack pairs with the watched one.
  public static let pairedProcedure = Occasions(rawValue: 1 << 51)
  /// A visit on the claim.
  public static let visitBeside = Occasions(rawValue: 1 << 52)
  /// An add-on code on the claim.
  public static let addOnBeside = Occasions(rawValue: 1 << 53)
}
