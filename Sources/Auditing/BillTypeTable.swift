public import ClaimModel

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
