internal import Auditing
internal import ClaimModel

/// The code sets that come with the program, read from its embedded files.
enum BuiltInTables {
  /// The modifiers, the retired ones included.
  static var modifiers: ModifierTable {
    var entries: [ModifierTable.Entry] = []
    EmbeddedTable.modifiers.forEachRow { cells in
      guard cells.count >= 4 else { return }
      entries.append(
        ModifierTable.Entry(
          code: Code(cells[0]), family: String(decoding: cells[1], as: UTF8.self), from: day(cells[2]),
          to: day(cells[3])))
    }
    return ModifierTable(entries)
  }

  /// The places of service.
  static var places: PlaceTable {
    var places: [(code: Code, place: PlaceTable.Place)] = []
    EmbeddedTable.placesOfService.forEachRow { cells in
      guard cells.count >= 4 else { return }
      let place = PlaceTable.Place(
        isAssigned: true, isFacility: cells[1].first == 0x46, from: day(cells[2]),
        name: String(decoding: cells[3], as: UTF8.self))
      places.append((Code(cells[0]), place))
    }
    return PlaceTable(places)
  }

  /// The types of bill.
  static var billTypes: BillTypeTable {
    var known: [Code] = []
    var sites: [Code: [Code]] = [:]
    EmbeddedTable.billTypes.forEachRow { cells in
      let code = Code(cells[0])
      known.append(code)
      if cells.count > 1 { sites[code] = cells[1].split(separator: 0x20).map { Code($0) } }
    }
    return BillTypeTable(known: known, sites: sites)
  }

  /// The rows of the fee schedule: procedures without a modifier.
  static var feeSchedule: [MedicareReference.Row] {
    var rows: [MedicareReference.Row] = []
    EmbeddedTable.feeSchedule.forEachRow { cells in
      guard cells.count >= 18, cells[2].isEmpty, let year = DecimalNumber.parse(cells[0], decimals: 0).map({ Int($0) }),
        let from = Day(year: year, month: 1, day: 1), let to = Day(year: year, month: 12, day: 31),
        let work = DecimalNumber.parse(cells[4], decimals: 2),
        let malpractice = DecimalNumber.parse(cells[9], decimals: 2),
        let factor = DecimalNumber.parse(cells[17], decimals: 4)
      else { return }
      // NA: the schedule has no price in that setting, the number repeats the other one's.
      rows.append(
        MedicareReference.Row(
          procedure: Code(cells[1]), from: from, to: to, work: work,
          expenseOffice: cells[6].isEmpty ? DecimalNumber.parse(cells[5], decimals: 2) : nil,
          expenseFacility: cells[8].isEmpty ? DecimalNumber.parse(cells[7], decimals: 2) : nil,
          malpractice: malpractice,
          conversionFactor: factor))
    }
    return rows
  }

  private static func day(_ cell: ArraySlice<UInt8>) -> Day? {
    cell.isEmpty ? nil : Day(digits: cell.filter { $0 != 0x2D })
  }
}

/// The billable codes of ICD-10-CM, searched where they lie in the program: nothing is loaded.
struct EmbeddedDiagnoses: DiagnosisTable {
  private let table = EmbeddedTable.icd10cm
  /// A code, blanks up to seven characters, a line end.
  private static let record = 8

  /// The fiscal year of the list.
  let validity = Day(ordinal: 20_362)...Day(ordinal: 20_726)

  func isBillable(_ code: Code) -> Bool {
    guard !code.isNone, code.count <= 7 else { return false }
    let index = lowerBound(code)
    return index < recordCount && padded(index) == Self.padded(code)
  }

  func isHeading(_ code: Code) -> Bool {
    guard !code.isNone, code.count < 7 else { return false }
    let index = lowerBound(code)
    return index < recordCount && self[index] != code && self[index].hasPrefix(code)
  }

  /// How many codes there are.
  var recordCount: Int { table.count / Self.record }

  /// The code at a position.
  subscript(index: Int) -> Code {
    var bits = padded(index)
    // Blanks stand behind the code only.
    while bits & 0xFF == 0x20 { bits >>= 8 }
    while bits != 0, bits & 0xFF00_0000_0000_0000 == 0 { bits <<= 8 }
    return Code(bits: bits)
  }

  /// The seven characters at a position, blanks included, as a number.
  private func padded(_ index: Int) -> UInt64 { table.word(at: index * Self.record) >> 8 }

  /// A code as the list has it, with blanks behind it.
  private static func padded(_ code: Code) -> UInt64 {
    let blanks = code.count >= 8 ? 0 : 0x2020_2020_2020_2020 & (UInt64.max >> UInt64(8 * code.count))
    return (code.bits | blanks) >> 8
  }

  /// The first position whose code is not before `code`.
  private func lowerBound(_ code: Code) -> Int {
    let wanted = Self.padded(code)
    let bucket = Self.bucket(code[0], code[1])
    return bound(wanted, Self.starts[bucket], Self.starts[bucket + 1])
  }

  private func bound(_ wanted: UInt64, _ from: Int, _ to: Int) -> Int {
    var low = from
    var high = to
    while low < high {
      let middle = (low + high) / 2
      if padded(middle) < wanted { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Codes by their first two characters, of which there are some hundred: 128 second ones for each first.
  private static func bucket(_ first: UInt8, _ second: UInt8) -> Int {
    Int(min(max(first, 0x40), 0x5B) - 0x40) * 128 + Int(min(second, 127))
  }

  /// Where the codes of each bucket begin; one more for the end.
  private static let starts: [Int] = {
    let list = EmbeddedDiagnoses()
    var starts = [Int](repeating: 0, count: 28 * 128 + 1)
    var position = 0
    for bucket in 0..<28 * 128 {
      let first = UInt64(0x40 + bucket / 128)
      let beginning = first << 48 | UInt64(bucket % 128) << 40
      // Empty for most: only where the next code is before it is there anything to look for.
      if position < list.recordCount, list.padded(position) < beginning {
        position = list.bound(beginning, position, list.recordCount)
      }
      starts[bucket] = position
    }
    starts[28 * 128] = list.recordCount
    return starts
  }()
}
