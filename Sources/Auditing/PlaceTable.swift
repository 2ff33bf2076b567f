public import ClaimModel

/// The place-of-service codes, 01 to 99.
public struct PlaceTable: Sendable {
  /// One place.
  public struct Place: Sendable {
    /// Whether the code is assigned at all.
    public var isAssigned: Bool
    /// Whether Medicare pays the facility rate there, `nil` where that is not known.
    public var isFacility: Bool?
    /// The first day of the code, where one is known.
    public var from: Day?
    /// What the place is, in a few words.
    public var name: String

    /// A place.
    public init(isAssigned: Bool, isFacility: Bool?, from: Day?, name: String) {
      self.isAssigned = isAssigned
      self.isFacility = isFacility
      self.from = from
      self.name = name
    }
  }

  private let places: [Place]
  /// The names behind one another, and where each ends: what is written into a message is not kept and given up as a `Place` would be.
  private let names: [UInt8]
  private let nameEnds: [Int]

  /// A table from the codes; a code that is not named is not assigned.
  public init(_ named: [(code: Code, place: Place)]) {
    var places = [Place](repeating: Place(isAssigned: false, isFacility: false, from: nil, name: ""), count: 100)
    for (code, place) in named {
      if let number = Self.number(of: code) { places[number] = place }
    }
    var names: [UInt8] = []
    var nameEnds = [0]
    for place in places {
      if place.isAssigned { names += place.name.utf8 }
      nameEnds.append(names.count)
    }
    self.places = places
    self.names = names
    self.nameEnds = nameEnds
  }

  /// The two digits of a code as a number, `nil` when it is not two digits.
  @inlinable
  public static func number(of code: Code) -> Int? {
    guard code.bits & 0x0000_FFFF_FFFF_FFFF == 0 else { return nil }
    let tens = Int(code[0]) - 0x30
    let ones = Int(code[1]) - 0x30
    return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : nil
  }

  /// The place of a code, `nil` when it is not assigned.
  public func place(_ code: Code) -> Place? {
    guard let number = Self.number(of: code), places[number].isAssigned else { return nil }
    return places[number]
  }

  /// What the place is, for a message; no text when the code is not assigned.
  public func name(of code: Code) -> MessageText {
    var text = MessageText()
    if let number = Self.number(of: code) {
      text.append(names.span.extracting(nameEnds[number]..<nameEnds[number + 1]))
    }
    return text
  }

  /// Whether the code is assigned.
  public func isAssigned(_ code: Code) -> Bool {
    guard let number = Self.number(of: code) else { return false }
    return places[number].isAssigned
  }

  /// Whether the code is assigned and holds on `day`; without a day, whether it is assigned.
  public func isEffective(_ code: Code, on day: Day?) -> Bool {
    guard let number = Self.number(of: code), places[number].isAssigned else { return false }
    guard let day, let from = places[number].from else { return true }
    return day >= from
  }

  /// Whether Medicare pays the facility rate there, `nil` where the code is not assigned or nothing is known.
  public func isFacility(_ code: Code) -> Bool? {
    guard let number = Self.number(of: code), places[number].isAssigned else { return nil }
    return places[number].isFacility
  }
}
