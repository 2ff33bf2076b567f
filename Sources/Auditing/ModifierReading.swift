public import ClaimModel

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
  public init(_ modifiers: Modifiers, day: Day?, tables: borrowing CodeTables, policy: borrowing ProcedurePolicy) {
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
