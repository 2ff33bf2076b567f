/// What a pack says about modifiers, one bit a family; a modifier may be of several.
public struct ModifierFamilies: OptionSet, Sendable, Hashable {
  /// One bit a family.
  public let rawValue: UInt32
  /// A set from its bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// Splits a code into its professional and technical share.
  public static let component = ModifierFamilies(rawValue: 1 << 0)
  /// Belongs on a visit.
  public static let visit = ModifierFamilies(rawValue: 1 << 1)
  /// Belongs on an anaesthesia code.
  public static let anesthesia = ModifierFamilies(rawValue: 1 << 2)
  /// Splits the care before, during and after an operation.
  public static let splitCare = ModifierFamilies(rawValue: 1 << 3)
  /// Both sides.
  public static let bilateral = ModifierFamilies(rawValue: 1 << 4)
  /// The left side, where left and right together are both sides.
  public static let left = ModifierFamilies(rawValue: 1 << 5)
  /// The right side, where left and right together are both sides.
  public static let right = ModifierFamilies(rawValue: 1 << 6)
  /// An assistant at surgery.
  public static let assistant = ModifierFamilies(rawValue: 1 << 7)
  /// Two surgeons or a team.
  public static let coSurgery = ModifierFamilies(rawValue: 1 << 8)
  /// For facility claims.
  public static let facilityOnly = ModifierFamilies(rawValue: 1 << 9)
  /// For facility claims and for surgery centres that bill as professionals.
  public static let surgeryCenter = ModifierFamilies(rawValue: 1 << 10)
  /// For professional claims.
  public static let professionalOnly = ModifierFamilies(rawValue: 1 << 11)
  /// Needs an explanation with the claim.
  public static let documentation = ModifierFamilies(rawValue: 1 << 12)
  /// Of another kind of service.
  public static let unrelated = ModifierFamilies(rawValue: 1 << 13)
  /// Of telehealth.
  public static let telehealth = ModifierFamilies(rawValue: 1 << 14)
  /// Needs an operating or procedure room.
  public static let operatingRoom = ModifierFamilies(rawValue: 1 << 15)
  /// One of several procedures.
  public static let multipleProcedures = ModifierFamilies(rawValue: 1 << 16)
  /// Not for hospital outpatient claims.
  public static let notHospital = ModifierFamilies(rawValue: 1 << 17)
  /// Changes the price.
  public static let pricing = ModifierFamilies(rawValue: 1 << 18)
  /// Stands behind those that change the price.
  public static let afterPricing = ModifierFamilies(rawValue: 1 << 19)
  /// Speaks of an open global period.
  public static let globalPeriod = ModifierFamilies(rawValue: 1 << 20)
  /// Separates a bundled pair.
  public static let bypass = ModifierFamilies(rawValue: 1 << 21)
  /// Makes a visit separate from the procedure of the day.
  public static let separateVisit = ModifierFamilies(rawValue: 1 << 22)

  /// The families by the names that packs use.
  public static let named: [(name: String, family: ModifierFamilies)] = [
    ("component", .component), ("visit", .visit), ("anesthesia", .anesthesia), ("split_care", .splitCare),
    ("bilateral", .bilateral), ("left", .left), ("right", .right), ("assistant", .assistant),
    ("co_surgery", .coSurgery),
    ("facility_only", .facilityOnly), ("surgery_center", .surgeryCenter), ("professional_only", .professionalOnly),
    ("documentation", .documentation), ("unrelated", .unrelated), ("telehealth", .telehealth),
    ("operating_room", .operatingRoom), ("multiple_procedures", .multipleProcedures), ("not_hospital", .notHospital),
    ("pricing", .pricing), ("after_pricing", .afterPricing), ("global_period", .globalPeriod), ("bypass", .bypass),
    ("separate_visit", .separateVisit),
  ]
}
