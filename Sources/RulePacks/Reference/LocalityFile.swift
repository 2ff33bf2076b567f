internal import Auditing
internal import ClaimModel

/// Reads the geographic indices of the physician fee schedule (GPCI): three for each locality of a contractor.
struct LocalityFile {
  /// The indices of a file by `CARRIER/LOCALITY`, and their year.
  static func read(
    _ reader: inout TableReader, _ header: TableHeader
  ) throws(PackErrors) -> (localities: [String: MedicareReference.Locality], year: Int) {
    var missing: [PackError] = []
    func required(_ found: Int?, _ what: String, _ expected: String) -> Int {
      if let found { return found }
      missing.append(
        PackError(
          .missing, file: reader.file, line: header.line, column: 1, "the heading has no column for \(what)",
          expected: expected))
      return 0
    }
    let carrier = required(
      header.column { $1.contains("CONTRACTOR") || $1 == "MAC" || $1 == "CARRIER" }, "the contractor",
      "Medicare Administrative Contractor (MAC)")
    let locality = required(
      header.column { $1.contains("LOCALITY") && !$1.contains("NAME") }, "the locality", "Locality Number")
    func indices(_ word: String) -> [Int] { header.columns { $1.contains("GPCI") && TableHeader.has($1, word) } }
    // Some years give the work with and without the floor of 1.0; what is paid is with it.
    let works = indices("PW") + indices("WORK")
    let work = required(works.first { !header.bottoms[$0].contains("WITHOUT") } ?? works.first, "the work", "PW GPCI")
    let expense = required(indices("PE").first, "the practice expense", "PE GPCI")
    let malpractice = required(indices("MP").first, "the malpractice", "MP GPCI")
    if !missing.isEmpty { throw PackErrors(missing) }
    guard
      let year = TableHeader.year(in: header.bottoms[work]) ?? TableHeader.year(in: header.bottoms[expense])
        ?? header.year
    else {
      throw .one(
        .missing, reader.file, header.line, 1, "nothing says the year", "2026 in the heading or in the file's name")
    }
    var localities: [String: MedicareReference.Locality] = [:]
    var faults = TableFaults(file: reader.file)
    while !faults.isFull, try reader.next() {
      // Notes at the end have one cell.
      if reader.filledCells < 2 { continue }
      guard let name = name(carrier: reader.code(carrier), locality: reader.code(locality)) else {
        faults.report(
          .code, reader, carrier, "the row is not that of a locality",
          expected: "a contractor and a locality, both digits")
        continue
      }
      func value(_ column: Int, _ what: String) -> Int64? {
        if let value = DecimalNumber.parse(reader.bytes(column), decimals: 3), 1..<10_000 ~= value { return value }
        faults.report(
          .range, reader, column, "the index of \(what) is not a number between 0 and 10",
          expected: "a number of at most three decimals")
        return nil
      }
      let indices = (
        value(work, "the work"), value(expense, "the practice expense"), value(malpractice, "the malpractice")
      )
      guard let work = indices.0, let expense = indices.1, let malpractice = indices.2 else { continue }
      let found = MedicareReference.Locality(work: work, expense: expense, malpractice: malpractice)
      if let old = localities.updateValue(found, forKey: name), old != found {
        faults.report(.conflict, reader, carrier, "the locality \(name) stands twice", expected: "one row a locality")
      }
    }
    try faults.finish()
    return (localities, year)
  }

  /// `13202/01`, with the zeros that spreadsheets take away.
  static func name(carrier: Code, locality: Code) -> String? {
    guard carrier.isDigits, locality.isDigits, carrier.count <= 5, locality.count <= 2 else { return nil }
    let (carrier, locality) = (carrier.description, locality.description)
    return String(repeating: "0", count: 5 - carrier.utf8.count) + carrier + "/"
      + String(repeating: "0", count: 2 - locality.utf8.count) + locality
  }
}
