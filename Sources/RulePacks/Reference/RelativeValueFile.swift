internal import Auditing
internal import ClaimModel

/// Reads the relative values of Medicare's physician fee schedule (PPRRVU, the csv of a release).
///
/// The columns are found by their names: their order differs from year to year, and 2026 has one more. Only the rows of watched
/// procedures without a modifier are kept.
struct RelativeValueFile {
  /// A row before it is known how long it holds.
  struct Row {
    var row: MedicareReference.Row
    var year: Int
    /// The first month of its quarter: 1, 4, 7 or 10.
    var month: Int
    var file: String
    var line: Int
  }

  /// The columns that are read.
  private struct Columns {
    var code: Int
    var modifier: Int
    var work: Int
    var office: Int
    var officeNA: Int?
    var facility: Int
    var facilityNA: Int?
    var malpractice: Int
    var factor: Int
    var last: Int {
      max(code, modifier, work, office, facility, malpractice, factor, officeNA ?? 0, facilityNA ?? 0)
    }
  }

  /// The rows of a file.
  static func read(
    _ reader: inout TableReader, _ header: TableHeader, watched: Set<Code>
  ) throws(PackErrors) -> (rows: [Row], period: String) {
    let columns = try columns(of: header, reader.file)
    guard let year = year(header.title, reader.name) else {
      throw .one(
        .missing, reader.file, 1, 1, "neither the title nor the name of the file says the year",
        "2026 in the title or in the name")
    }
    let month = month(of: header.title)
    var rows: [Row] = []
    var faults = TableFaults(file: reader.file)
    while !faults.isFull, try reader.next() {
      if reader.filledCells < 2 { continue }
      let code = reader.code(columns.code)
      guard code.count == 5, reader.count > columns.last else {
        faults.report(
          .code, reader, columns.code, "the row is not one of the schedule",
          expected: "a procedure code of five characters and \(columns.last + 1) cells")
        continue
      }
      guard watched.contains(code), reader.bytes(columns.modifier).isEmpty else { continue }
      func value(_ column: Int, _ name: String, decimals: Int) -> Int64? {
        if let value = DecimalNumber.parse(reader.bytes(column), decimals: decimals), 0..<10_000_000 ~= value {
          return value
        }
        faults.report(
          .range, reader, column, "\(name) is not a number", expected: "a number of at most \(decimals) decimals")
        return nil
      }
      let work = value(columns.work, "the work", decimals: 2)
      let office = value(columns.office, "the practice expense outside a facility", decimals: 2)
      let facility = value(columns.facility, "the practice expense in a facility", decimals: 2)
      let malpractice = value(columns.malpractice, "the malpractice", decimals: 2)
      let factor = value(columns.factor, "the conversion factor", decimals: 4)
      guard let work, let office, let facility, let malpractice, let factor,
        let from = Day(year: year, month: 1, day: 1)
      else { continue }
      // NA: the schedule has no price in that setting, the number repeats the other one's.
      func isNA(_ column: Int?) -> Bool { column.map { !reader.bytes($0).isEmpty } ?? false }
      rows.append(
        Row(
          row: MedicareReference.Row(
            procedure: code, from: from, to: from, work: work, expenseOffice: isNA(columns.officeNA) ? nil : office,
            expenseFacility: isNA(columns.facilityNA) ? nil : facility, malpractice: malpractice,
            conversionFactor: factor),
          year: year, month: month, file: reader.file, line: reader.line))
    }
    try faults.finish()
    return (rows, "\(year), \(monthNames[month / 3]) release")
  }

  /// The rows with the days on which they hold: each from its quarter, the first of a year from its beginning.
  static func dated(_ rows: [Row]) throws(PackErrors) -> [MedicareReference.Row] {
    var dated: [MedicareReference.Row] = []
    let years = Dictionary(grouping: rows) { [Int(truncatingIfNeeded: $0.row.procedure.bits), $0.year] }
    for group in years.values {
      let sorted = group.sorted { $0.month < $1.month }
      for (index, row) in sorted.enumerated() {
        if index > 0, sorted[index - 1].month == row.month {
          if sorted[index - 1].row == row.row { continue }
          throw .one(
            .conflict, row.file, row.line, 1, "\(row.row.procedure) has other values in \(sorted[index - 1].file)",
            "one file of a release")
        }
        let next = sorted[(index + 1)...].first { $0.month > row.month }
        guard let from = Day(year: row.year, month: index == 0 ? 1 : row.month, day: 1),
          let end = Day(year: next == nil ? row.year + 1 : row.year, month: next?.month ?? 1, day: 1)
        else { continue }
        var result = row.row
        result.from = from
        result.to = end.advanced(by: -1)
        dated.append(result)
      }
    }
    return dated.sorted { ($0.procedure, $0.from) < ($1.procedure, $1.from) }
  }

  private static let monthNames = ["January", "April", "July", "October"]

  /// The month of the release that the title or the file's name tells; January when they are silent.
  private static func month(of title: String) -> Int {
    let words = TableHeader.words(title)
    for (index, name) in monthNames.enumerated() {
      let name = name.uppercased()
      if words.contains(where: { $0 == name || $0 == name.prefix(3) }) { return index * 3 + 1 }
    }
    return 1
  }

  /// The year in front of the title's "Relative Value File", else that of the file's name (`PPRRVU26_JUL.csv`).
  ///
  /// Not just any year: the notes on copyright have one of their own.
  private static func year(_ title: String, _ file: String) -> Int? {
    if let end = title.firstRange(of: "RELATIVE VALUE")?.lowerBound {
      let words = title[..<end].split { !$0.isNumber }
      if let year = words.reversed().lazy.compactMap({ Int($0) }).first(where: { 2000...2199 ~= $0 }) { return year }
    }
    if let year = TableHeader.year(in: file) { return year }
    let name = file.uppercased()
    guard let start = name.firstRange(of: "RVU")?.upperBound else { return nil }
    let digits = name[start...].prefix { $0.isASCII && $0.isNumber }
    return digits.count == 2 ? Int(digits).map { 2000 + $0 } : nil
  }

  private static func columns(of header: TableHeader, _ file: String) throws(PackErrors) -> Columns {
    var faults: [PackError] = []
    func required(_ found: Int?, _ what: String, _ expected: String) -> Int {
      if let found { return found }
      faults.append(
        PackError(
          .missing, file: file, line: header.line, column: 1, "the heading has no column for \(what)",
          expected: expected))
      return 0
    }
    let code = required(header.column { $1.hasPrefix("HCPCS") }, "the procedure", "HCPCS")
    let modifier = required(header.column { $1 == "MOD" || $1 == "MODIFIER" }, "the modifier", "MOD")
    let work = required(
      header.column { name, bottom in bottom.hasSuffix("RVU") && TableHeader.has(name, "WORK") }, "the work", "WORK RVU"
    )
    let expenses = header.columns { name, bottom in bottom.hasSuffix("RVU") && TableHeader.has(name, "PE") }
    func isOffice(_ column: Int) -> Bool {
      header.names[column].contains("NON-FAC") || header.names[column].contains("NON FAC")
    }
    let office = required(expenses.first(where: isOffice), "the practice expense outside a facility", "NON-FAC PE RVU")
    let facility = required(
      expenses.first { !isOffice($0) && header.names[$0].contains("FAC") }, "the practice expense in a facility",
      "FACILITY PE RVU")
    let malpractice = required(
      header.column { name, bottom in bottom.hasSuffix("RVU") && TableHeader.has(name, "MP") }, "the malpractice",
      "MP RVU")
    let factor = required(
      header.column { $1 == "FACTOR" || $1.hasPrefix("CONV") }, "the conversion factor", "CONV FACTOR")
    if !faults.isEmpty { throw PackErrors(faults) }
    // The mark of each practice expense stands behind it.
    let marks = header.columns { name, bottom in bottom.hasSuffix("INDICATOR") && TableHeader.has(name, "NA") }
    func mark(after column: Int) -> Int? { marks.first { $0 == column + 1 } }
    return Columns(
      code: code, modifier: modifier, work: work, office: office, officeNA: mark(after: office), facility: facility,
      facilityNA: mark(after: facility), malpractice: malpractice, factor: factor)
  }
}
