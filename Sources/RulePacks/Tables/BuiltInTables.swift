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
    return index < recordCount && self[index] == code
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
    var bits: UInt64 = 0
    for offset in 0..<7 {
      let byte = table[index * Self.record + offset]
      bits = bits << 8 | UInt64(byte == 0x20 ? 0 : byte)
    }
    return Code(bits: bits << 8)
  }

  /// The first position whose code is not before `code`.
  private func lowerBound(_ code: Code) -> Int {
    var low = 0
    var high = recordCount
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < code { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
