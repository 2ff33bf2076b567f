public import ClaimModel

/// The code sets that hold for every procedure: modifiers, places of service, bill types, diagnoses, payers.
public final class CodeTables: Sendable {
  /// The modifiers.
  public let modifiers: ModifierTable
  /// The places of service.
  public let places: PlaceTable
  /// The types of bill.
  public let billTypes: BillTypeTable
  /// The diagnoses.
  public let diagnoses: any DiagnosisTable
  /// The diagnoses of further years; for their days they win over `diagnoses`.
  public let furtherDiagnoses: [any DiagnosisTable]
  /// The payers.
  public let payers: PayerTable

  /// A set of tables.
  public init(
    modifiers: ModifierTable, places: PlaceTable, billTypes: BillTypeTable, diagnoses: any DiagnosisTable,
    furtherDiagnoses: [any DiagnosisTable] = [], payers: PayerTable
  ) {
    self.modifiers = modifiers
    self.places = places
    self.billTypes = billTypes
    self.diagnoses = diagnoses
    self.furtherDiagnoses = furtherDiagnoses
    self.payers = payers
  }

  /// Which list of diagnoses holds on a day: a position in `furtherDiagnoses`, or -1 for the first one.
  func diagnosisList(on day: Day?) -> Int {
    guard let day, !furtherDiagnoses.isEmpty else { return -1 }
    return furtherDiagnoses.firstIndex { $0.validity.contains(day) } ?? -1
  }

  /// The diagnoses of a day: the list of its year, else the first one.
  public func diagnoses(on day: Day?) -> any DiagnosisTable {
    let position = diagnosisList(on: day)
    return position < 0 ? diagnoses : furtherDiagnoses[position]
  }
}

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

/// The types of bill by their first two digits (facility and care), and where the place of service of such a bill may be.
public struct BillTypeTable: Sendable {
  private let known: [Bool]
  private let sites: [[Code]]

  /// A table of the known pairs of digits, and of the places that agree with some of them.
  public init(known: [Code], sites: [Code: [Code]]) {
    var flags = [Bool](repeating: false, count: 100)
    for code in known {
      if let number = PlaceTable.number(of: code) { flags[number] = true }
    }
    var places = [[Code]](repeating: [], count: 100)
    for (code, list) in sites {
      if let number = PlaceTable.number(of: code) { places[number] = list }
    }
    self.known = flags
    self.sites = places
  }

  /// The first two digits of a four-character type of bill (`0131` is 13), `nil` when there are none.
  @inlinable
  public static func number(of billType: Code) -> Int? {
    guard billType.count == 4, billType[0] == 0x30 else { return nil }
    return PlaceTable.number(of: billType.dropFirst(1).prefix(2))
  }

  /// Whether the type of bill is four characters with known first digits and a frequency.
  public func isKnown(_ billType: Code) -> Bool {
    guard let number = Self.number(of: billType), known[number] else { return false }
    let frequency = billType[3]
    return frequency >= 0x30 && frequency <= 0x39 || frequency >= 0x41 && frequency <= 0x5A
  }

  /// The places of service that agree with the type of bill, empty where none is said.
  public func places(of billType: Code) -> [Code] {
    guard let number = Self.number(of: billType) else { return [] }
    return sites[number]
  }
}

/// The ICD-10-CM codes.
public protocol DiagnosisTable: Sendable {
  /// Whether the code may stand on a claim: it is a code without further subdivision.
  func isBillable(_ code: Code) -> Bool
  /// Whether the code is a heading: longer codes begin with it.
  func isHeading(_ code: Code) -> Bool
  /// The days for which the table is complete.
  var validity: ClosedRange<Day> { get }
}
