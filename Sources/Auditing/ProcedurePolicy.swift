public import ClaimModel

/// What a pack says about the procedures it watches, made ready for asking: the one thing that knows what fits them.
///
/// Rules read it and know no procedure by name. Watched codes that no pack describes have the `none` policy, for which only
/// the general rules are run.
public final class ProcedurePolicy: Sendable {
  /// How a place of service fits.
  public enum PlaceVerdict: UInt8, Sendable {
    /// Nothing is said.
    case silent
    /// It fits.
    case fits
    /// It fits, and a person should look at the urgency.
    case emergency
    /// It is unusual.
    case unusual
    /// It is implausible.
    case implausible
    /// It is telehealth, and the service is done by hand.
    case telehealth
  }

  /// How a type of bill fits.
  public enum BillVerdict: UInt8, Sendable {
    /// Nothing is said.
    case silent
    /// It is expected.
    case expected
    /// It is unusual.
    case unusual
    /// Such a facility does not bill the procedure.
    case impossible
  }

  /// How a revenue code fits.
  public enum RevenueVerdict: UInt8, Sendable {
    /// Nothing is said.
    case silent
    /// It is accepted.
    case accepted
    /// It is not among those accepted.
    case unexpected
    /// It cannot carry a procedure.
    case impossible
  }

  /// A code of two columns of the NCCI tables.
  public struct Pair: Sendable {
    /// The code beside the watched one.
    public var companion: Code
    /// Whether the companion is in column 2: part of the watched procedure.
    ///
    /// Else the watched procedure is part of it.
    public var companionIsPart: Bool
    /// Whether the pair stands in the hospital table; else in the practitioners'.
    public var isHospital: Bool
    /// Whether a modifier may separate the pair (CCMI 1).
    public var mayBeSeparated: Bool
    /// The first day of the pair, where one is known.
    public var from: Day?
    /// The last day of the pair, where it has one.
    public var deleted: Day?

    /// A pair.
    public init(
      companion: Code, companionIsPart: Bool, isHospital: Bool, mayBeSeparated: Bool, from: Day? = nil, deleted: Day?
    ) {
      self.companion = companion
      self.companionIsPart = companionIsPart
      self.isHospital = isHospital
      self.mayBeSeparated = mayBeSeparated
      self.from = from
      self.deleted = deleted
    }

    func isInForce(on day: Day) -> Bool {
      if let from, day < from { return false }
      if let deleted, deleted < day { return false }
      return true
    }
  }

  /// How many units a day allows from some day on.
  public struct UnitLimit: Sendable, Equatable {
    /// Whether it is for hospitals; else for practitioners.
    public var isHospital: Bool
    /// Its first day; `nil` when it always held.
    public var from: Day?
    /// The units, 0 when nothing is said.
    public var units: Int32

    /// A limit.
    public init(isHospital: Bool, from: Day?, units: Int32) {
      self.isHospital = isHospital
      self.from = from
      self.units = units
    }
  }

  /// A diagnosis that excludes others on the same claim.
  public struct DiagnosisConflict: Sendable {
    /// The one.
    public var code: CodePatterns
    /// The others.
    public var excludes: CodePatterns

    /// A conflict.
    public init(code: CodePatterns, excludes: CodePatterns) {
      self.code = code
      self.excludes = excludes
    }
  }

  /// An add-on code and the codes one of which must stand beside it.
  public struct AddOn: Sendable {
    /// The add-on.
    public var code: Code
    /// Its primary codes.
    public var primaries: [Code]

    /// An add-on.
    public init(code: Code, primaries: [Code]) {
      self.code = code
      self.primaries = primaries
    }
  }

  /// Everything a policy is made of.
  public struct Contents: Sendable {
    /// The pack's id.
    public var packID = ""
    /// The procedures in a few own words.
    public var phrase = "this procedure"
    /// The families of the modifiers, by `ModifierTable.slot`; empty when nothing is said.
    public var modifierFamilies: [UInt32] = []
    /// Pairs of modifiers that exclude each other.
    public var exclusions: [(Code, Code)] = []
    /// Verdicts on places of service.
    public var places: [Code: PlaceVerdict] = [:]
    /// Verdicts on the first two digits of the type of bill.
    public var billTypes: [Code: BillVerdict] = [:]
    /// The first digits of accepted revenue codes.
    public var revenueAccepted: [Code] = []
    /// The first digits of revenue codes that cannot carry a procedure.
    public var revenueImpossible: [Code] = []
    /// The places with an operating or procedure room.
    public var operatingSites: [Code] = []
    /// Diagnoses that support the procedure.
    public var support = CodePatterns()
    /// Diagnoses that speak against the procedure.
    public var contradict = CodePatterns()
    /// What a contradicting diagnosis means, in a few words.
    public var contradictPhrase = "a condition that speaks against it"
    /// Headings of ICD-10-CM that were never billable, whatever the year.
    public var headings: [Code] = []
    /// Diagnoses that exclude each other.
    public var diagnosisConflicts: [DiagnosisConflict] = []
    /// The watched procedures whose global period is the day itself.
    public var withoutAftercare: [Code] = []
    /// The NCCI pairs.
    public var pairs: [Pair] = []
    /// Visit codes.
    public var visits = CodePatterns()
    /// Add-on codes.
    public var addOns: [AddOn] = []
    /// Units a day for practitioners, 0 when nothing is said.
    public var unitsPractitioner: Int32 = 0
    /// Units a day for hospitals, 0 when nothing is said.
    public var unitsHospital: Int32 = 0
    /// Units a day from some day on; the last of them that has begun wins over the two above.
    public var unitLimits: [UnitLimit] = []

    /// Nothing is said.
    public init() {}
  }

  /// The pack's id.
  public let packID: String
  /// The procedures in a few own words.
  public let phrase: String
  /// The families of the modifiers, by `ModifierTable.slot`; empty when nothing is said.
  private let modifierFamilies: [UInt32]
  /// Diagnoses that support the procedure.
  public let support: CodePatterns
  /// Diagnoses that speak against the procedure.
  public let contradict: CodePatterns
  /// What a contradicting diagnosis means, in a few words.
  public let contradictPhrase: String
  /// Headings of ICD-10-CM that were never billable, whatever the year.
  public let headings: CodeSet
  /// Diagnoses that exclude each other.
  public let diagnosisConflicts: [DiagnosisConflict]
  /// The watched procedures whose global period is the day itself.
  public let withoutAftercare: CodeSet
  /// Visit codes.
  public let visits: CodePatterns
  /// Add-on codes.
  public let addOns: [AddOn]
  /// Units a day for practitioners, 0 when nothing is said.
  public let unitsPractitioner: Int32
  /// Units a day for hospitals, 0 when nothing is said.
  public let unitsHospital: Int32
  /// Whether nothing is said: the code is watched without a pack.
  public let isNone: Bool
  /// The companions of the pairs.
  public let companions: CodeSet
  /// The pairs, those of one companion together.
  private let pairs: [Pair]
  /// Where the pairs of a companion begin, by its slot in `companions`.
  private let firstPairs: [Int32]
  private let addOnCodes: CodeSet
  private let unitLimits: [UnitLimit]
  private let exclusions: CodeSet
  private let places: [PlaceVerdict]
  private let bills: [BillVerdict]
  private let revenues: [RevenueVerdict]
  private let operatingSites: [Bool]

  /// A policy.
  public init(_ contents: Contents, isNone: Bool = false) {
    self.isNone = isNone
    packID = contents.packID
    phrase = contents.phrase
    modifierFamilies = contents.modifierFamilies
    support = contents.support
    contradict = contents.contradict
    contradictPhrase = contents.contradictPhrase
    headings = CodeSet(contents.headings)
    diagnosisConflicts = contents.diagnosisConflicts
    withoutAftercare = CodeSet(contents.withoutAftercare)
    visits = contents.visits
    addOns = contents.addOns
    unitsPractitioner = contents.unitsPractitioner
    unitsHospital = contents.unitsHospital
    unitLimits = contents.unitLimits.sorted { ($0.from?.ordinal ?? .min) > ($1.from?.ordinal ?? .min) }
    let pairs = contents.pairs.sorted { $0.companion < $1.companion }
    let companions = CodeSet(pairs.map(\.companion))
    var firstPairs = [Int32](repeating: 0, count: companions.slotCount)
    for (position, pair) in pairs.enumerated().reversed() {
      if let slot = companions.slot(of: pair.companion) { firstPairs[slot] = Int32(position) }
    }
    self.pairs = pairs
    self.companions = companions
    self.firstPairs = firstPairs
    addOnCodes = CodeSet(contents.addOns.map(\.code))
    exclusions = CodeSet(contents.exclusions.map { Self.both($0.0, $0.1) })
    var places = [PlaceVerdict](repeating: .silent, count: 100)
    for (code, verdict) in contents.places {
      if let number = PlaceTable.number(of: code) { places[number] = verdict }
    }
    self.places = places
    var bills = [BillVerdict](repeating: .silent, count: 100)
    for (code, verdict) in contents.billTypes {
      if let number = PlaceTable.number(of: code) { bills[number] = verdict }
    }
    self.bills = bills
    var revenues: [RevenueVerdict] = []
    if !contents.revenueAccepted.isEmpty || !contents.revenueImpossible.isEmpty {
      let otherwise: RevenueVerdict = contents.revenueAccepted.isEmpty ? .silent : .unexpected
      revenues = [RevenueVerdict](repeating: otherwise, count: 10_000)
      // The impossible ones are written last, since `0636` may stand within an accepted class.
      for (prefixes, verdict) in [
        (contents.revenueAccepted, RevenueVerdict.accepted), (contents.revenueImpossible, .impossible),
      ] {
        for prefix in prefixes {
          if let range = Self.revenueRange(prefix) {
            for number in range { revenues[number] = verdict }
          }
        }
      }
    }
    self.revenues = revenues
    var sites = [Bool](repeating: false, count: 100)
    for code in contents.operatingSites {
      if let number = PlaceTable.number(of: code) { sites[number] = true }
    }
    operatingSites = sites
  }

  /// The policy of a code of which no pack speaks.
  public static let none = ProcedurePolicy(Contents(), isNone: true)

  /// Whether the procedure is one of the add-on codes.
  func isAddOn(_ procedure: Code) -> Bool { addOnCodes.contains(procedure) }

  /// The families of the modifier at a slot.
  func families(atSlot slot: Int) -> ModifierFamilies {
    modifierFamilies.isEmpty ? [] : ModifierFamilies(rawValue: modifierFamilies[slot])
  }

  /// Whether the two modifiers exclude each other.
  public func exclude(_ one: Code, _ other: Code) -> Bool { exclusions.contains(Self.both(one, other)) }

  /// The verdict on a place of service.
  public func verdict(place: Code) -> PlaceVerdict {
    guard let number = PlaceTable.number(of: place) else { return .silent }
    return places[number]
  }

  /// The verdict on a four-character type of bill.
  public func verdict(billType: Code) -> BillVerdict {
    guard let number = BillTypeTable.number(of: billType) else { return .silent }
    return bills[number]
  }

  /// The verdict on a four-digit revenue code.
  public func verdict(revenue: Code) -> RevenueVerdict {
    guard !revenues.isEmpty, revenue.count == 4, revenue.isDigits else { return .silent }
    var number = 0
    for index in 0..<4 { number = number * 10 + Int(revenue[index] - 0x30) }
    return revenues[number]
  }

  /// Whether the place has an operating or procedure room.
  public func isOperatingSite(_ place: Code) -> Bool {
    guard let number = PlaceTable.number(of: place) else { return false }
    return operatingSites[number]
  }

  /// The pair of the watched procedure and `companion` that was in force on `day`, the stricter of two.
  public func pair(with companion: Code, companionIsPart: Bool, isHospital: Bool, on day: Day) -> Pair? {
    guard let slot = companions.slot(of: companion) else { return nil }
    var position = Int(firstPairs[slot])
    var found = -1
    while position < pairs.count, pairs[position].companion == companion {
      if pairs[position].companionIsPart == companionIsPart, pairs[position].isHospital == isHospital,
        pairs[position].isInForce(on: day), found < 0 || !pairs[position].mayBeSeparated
      {
        found = position
      }
      position += 1
    }
    return found < 0 ? nil : pairs[found]
  }

  /// The units that a day allows, 0 when nothing is said.
  public func units(isHospital: Bool, on day: Day) -> Int32 {
    for limit in unitLimits where limit.isHospital == isHospital && (limit.from ?? day) <= day { return limit.units }
    return isHospital ? unitsHospital : unitsPractitioner
  }

  /// Two modifiers as one code of four bytes, the smaller first.
  private static func both(_ one: Code, _ other: Code) -> Code {
    Code(bits: min(one.bits, other.bits) | max(one.bits, other.bits) >> 16)
  }

  /// The numbers of the four-digit revenue codes with that beginning.
  private static func revenueRange(_ prefix: Code) -> Range<Int>? {
    guard prefix.isDigits, prefix.count <= 4 else { return nil }
    var low = 0
    var width = 1
    for index in 0..<4 {
      low *= 10
      if index < prefix.count { low += Int(prefix[index] - 0x30) } else { width *= 10 }
    }
    return low..<low + width
  }
}
