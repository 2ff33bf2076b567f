internal import Auditing
internal import ClaimModel

/// Reads the medically unlikely edits of NCCI: the units of a procedure on one day.
///
/// Only edits of a day by policy (adjudication indicator 2) are absolute; for the others nothing is said about a day's units.
struct UnitFile {
  /// Whom the limits of a file are for.
  enum Table { case practitioner, hospital, supplier }

  /// The limits of the watched procedures.
  static func read(
    _ reader: inout TableReader, _ header: TableHeader, watched: Set<Code>
  ) throws(PackErrors) -> (limits: [Code: ProcedurePolicy.UnitLimit], from: Day?, table: Table) {
    guard let value = header.column({ $1.contains("MUE VALUE") }) else { throw .unreadable(reader.file) }
    let table = try table([header.bottoms[value], header.title], reader.file)
    guard let code = header.column({ $1.contains("HCPCS") || $1.contains("CPT CODE") || $1 == "CODE" }),
      let indicator = header.column({ $1.contains("ADJUDICATION") || TableHeader.has($1, "MAI") })
    else {
      throw .one(
        .missing, reader.file, header.line, 1, "the heading has not all columns of the edits",
        "HCPCS/CPT Code, MUE Values, MUE Adjudication Indicator")
    }
    let from = WrittenDay.find(in: header.title)
    var limits: [Code: ProcedurePolicy.UnitLimit] = [:]
    var faults = TableFaults(file: reader.file)
    while !faults.isFull, try reader.next() {
      if reader.filledCells < 2 { continue }
      let procedure = reader.code(code)
      guard procedure.count == 5, reader.count > max(code, value, indicator) else {
        faults.report(
          .code, reader, code, "the row is not one of the edits",
          expected: "a code of five characters, units and an indicator")
        continue
      }
      guard watched.contains(procedure) else { continue }
      guard let units = DecimalNumber.parse(reader.bytes(value), decimals: 0), 0...1_000_000 ~= units else {
        faults.report(.range, reader, value, "the units are not a number", expected: "a whole number")
        continue
      }
      // `2 Date of Service Edit: Policy`, or the digit alone.
      let kind = reader.bytes(indicator).first ?? 0
      guard 0x31...0x33 ~= kind else {
        faults.report(.range, reader, indicator, "the adjudication indicator is none", expected: "1, 2 or 3")
        continue
      }
      let limit = ProcedurePolicy.UnitLimit(
        isHospital: table == .hospital, from: from, units: kind == 0x32 ? Int32(units) : 0)
      if let old = limits.updateValue(limit, forKey: procedure), old != limit {
        faults.report(.conflict, reader, code, "the procedure stands twice", expected: "one row a procedure")
      }
    }
    try faults.finish()
    return (limits, from, table)
  }

  /// Whose limits these are, by the name of the column, else by the title.
  private static func table(_ texts: [String], _ file: String) throws(PackErrors) -> Table {
    for text in texts {
      if text.contains("SUPPLIER") || text.contains("DME") { return .supplier }
      if text.contains("PRACTITIONER") { return .practitioner }
      if text.contains("HOSPITAL") { return .hospital }
    }
    throw .one(
      .missing, file, 1, 1, "nothing says whose units these are", "Practitioner or Outpatient Hospital in the heading")
  }
}
