public import ClaimModel

/// Every modifier there is, with the days between which it holds; asked by position, without hashing.
public struct ModifierTable: Sendable {
  /// A modifier of the CPT or HCPCS list.
  public struct Entry: Sendable {
    /// The two characters.
    public let code: Code
    /// Its family in the list, as `anesthesia`, `therapy` or `global`.
    public let family: String
    /// The first day it holds, where one is known.
    public let from: Day?
    /// The last day it holds, where one is known.
    public let to: Day?

    /// An entry.
    public init(code: Code, family: String, from: Day?, to: Day?) {
      self.code = code
      self.family = family
      self.from = from
      self.to = to
    }

    /// Whether the modifier holds on `day`; a modifier of which no dates are known holds always.
    public func isEffective(on day: Day) -> Bool {
      if let from, day < from { return false }
      if let to, day > to { return false }
      return true
    }
  }

  /// The entries, in the order of their codes.
  public let entries: [Entry]
  /// Position in `entries` plus one, by slot.
  private let positions: [UInt16]
  /// The first and the last day of each entry, as `Day.ordinal`: asked for every modifier, of which the texts of an entry would
  /// be kept and given up each time.
  private let periods: [(from: Int32, to: Int32)]

  /// How many pairs of letters and digits there are.
  public static let slots = 36 * 36

  /// A table of those entries; of two for one code the later wins.
  public init(_ entries: [Entry]) {
    self.entries = entries.sorted { $0.code < $1.code }
    var positions = [UInt16](repeating: 0, count: Self.slots)
    for (position, entry) in self.entries.enumerated() {
      if let slot = Self.slot(of: entry.code) { positions[slot] = UInt16(position + 1) }
    }
    self.positions = positions
    periods = self.entries.map { ($0.from?.ordinal ?? .min, $0.to?.ordinal ?? .max) }
  }

  /// The place of a code among all pairs of letters and digits, `nil` when it is not two of them.
  @inlinable
  public static func slot(of code: Code) -> Int? {
    guard code.bits & 0x0000_FFFF_FFFF_FFFF == 0 else { return nil }
    let first = digit(code[0])
    let second = digit(code[1])
    return first < 0 || second < 0 ? nil : first * 36 + second
  }

  @inlinable
  static func digit(_ byte: UInt8) -> Int {
    switch byte {
    case 0x30...0x39: Int(byte) - 0x30
    case 0x41...0x5A: Int(byte) - 0x41 + 10
    default: -1
    }
  }

  /// The entry at a slot, `nil` when there is no such modifier.
  public func entry(atSlot slot: Int) -> Entry? {
    let position = positions[slot]
    return position == 0 ? nil : entries[Int(position) - 1]
  }

  /// Whether the modifier at a slot holds on `day`, and without a day whenever it is one; `nil` when there is no such modifier.
  func isEffective(atSlot slot: Int, on day: Day?) -> Bool? {
    let position = Int(positions[slot])
    if position == 0 { return nil }
    guard let day else { return true }
    return periods[position - 1].from <= day.ordinal && day.ordinal <= periods[position - 1].to
  }

  /// The entry of a code, `nil` when there is no such modifier.
  public func entry(of code: Code) -> Entry? {
    guard let slot = Self.slot(of: code) else { return nil }
    return entry(atSlot: slot)
  }
}

/// What a modifier field was found to hold.
public enum ModifierState: UInt8, Sendable {
  /// A modifier in effect, for the first time on the line.
  case valid
  /// Not two letters or digits.
  case malformed
  /// A modifier that does not hold on the service date.
  case notInEffect
  /// No modifier, but a place-of-service code.
  case placeOfService
  /// No modifier.
  case unknown
  /// A modifier in effect that already stands on the line.
  case repeated
}

/// The modifiers of one line, sorted out: what each value is, and the valid ones in order.
///
/// A value that failed is told to the rule that names the failure and to no other.
public struct ModifierReading: Sendable {
  /// How many values the line has.
  public private(set) var count = 0
  /// How many of them are valid.
  public private(set) var validCount = 0
  /// What is true of at least one valid modifier.
  public private(set) var families: ModifierFamilies = []
  /// One bit a state that at least one value has.
  private var present: UInt8 = 0
  private var states = InlineArray<5, ModifierState>(repeating: .valid)
  private var codes = InlineArray<5, Code>(repeating: .none)
  private var slots = InlineArray<5, Int16>(repeating: -1)

  /// The reading of a line without modifiers.
  public init() {}

  /// Reads `modifiers` in order: shape, table, place-of-service code, dates, repetition; the first that applies is the state.
  ///
  /// The families are those of `policy`.
  public init(_ modifiers: Modifiers, day: Day?, tables: CodeTables, policy: ProcedurePolicy) {
    for index in modifiers.indices {
      let code = modifiers[index].code
      let slot = ModifierTable.slot(of: code)
      let state: ModifierState
      if let slot {
        switch tables.modifiers.isEffective(atSlot: slot, on: day) {
        case true?: state = isValid(code) ? .repeated : .valid
        case false?: state = .notInEffect
        case nil: state = tables.places.isAssigned(code) ? .placeOfService : .unknown
        }
      } else {
        state = .malformed
      }
      states[index] = state
      present |= 1 << state.rawValue
      count += 1
      if state == .valid, let slot {
        codes[validCount] = code
        slots[validCount] = Int16(slot)
        validCount += 1
        families.formUnion(policy.families(atSlot: slot))
      }
    }
  }

  private func isValid(_ code: Code) -> Bool {
    for index in 0..<validCount where codes[index] == code { return true }
    return false
  }

  /// Whether a value of the line is in that state.
  public func has(_ state: ModifierState) -> Bool { present & 1 << state.rawValue != 0 }

  /// The states of the values.
  var occasions: Occasions { Occasions(rawValue: UInt64(present) << 32) }

  /// What the value at `index` is, 0 is the line's first.
  public func state(at index: Int) -> ModifierState { states[index] }

  /// The valid modifier at `index`, 0 is the first valid one.
  public func valid(at index: Int) -> Code { codes[index] }

  /// The slot of the valid modifier at `index`.
  public func slot(at index: Int) -> Int { Int(slots[index]) }

  /// Whether `code` is among the valid modifiers.
  public func contains(_ code: Code) -> Bool { isValid(code) }
}

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
