internal import Auditing
internal import ClaimModel

/// Reads the procedure-to-procedure edits of NCCI: two codes, the days of the pair, and whether a modifier may separate it.
///
/// The files have millions of rows; those that name no watched procedure are passed over after a look at two cells.
struct PairFile {
  /// A row that names a watched procedure.
  struct Row: Equatable {
    /// The watched one.
    var procedure: Code
    /// The code beside it.
    var companion: Code
    /// Whether that one stands in column 2.
    var companionIsPart: Bool
    /// Whether the table is the hospitals'.
    var isHospital: Bool
    /// Whether a modifier may separate the pair; `nil` for a pair that was taken back the day it began.
    var mayBeSeparated: Bool?
    var from: Day
    var deleted: Day?
  }

  /// The rows of a file.
  static func read(
    _ reader: inout TableReader, _ header: TableHeader, watched: Set<Code>
  ) throws(PackErrors) -> [Row] {
    let isHospital = try isHospital(header.title, reader.file)
    var header = header
    guard let one = header.column({ $1.hasPrefix("COLUMN 1") || $1.hasPrefix("COLUMN1") }),
      let two = header.column({ $1.hasPrefix("COLUMN 2") || $1.hasPrefix("COLUMN2") })
    else { throw .unreadable(reader.file) }
    try passHeading(&reader, &header, one: one)
    guard let begins = header.column({ name, _ in name.contains("EFFECTIVE") }),
      let ends = header.column({ name, _ in name.contains("DELETION") }),
      let modifier = header.column({ name, _ in name.contains("MODIFIER") })
    else {
      throw .one(
        .missing, reader.file, header.line, 1, "the heading has not all columns of the edits",
        "Column 1, Column 2, Effective Date, Deletion Date, Modifier")
    }
    let last = max(one, two, begins, ends, modifier)
    var rows: [Row] = []
    var faults = TableFaults(file: reader.file)
    while !faults.isFull, try reader.next() {
      let codes = (reader.code(one), reader.code(two))
      guard codes.0.count == 5, codes.1.count == 5, reader.count > last else {
        if reader.filledCells < 2 { continue }
        faults.report(
          .code, reader, one, "the row is no pair",
          expected: "two codes of five characters and \(last + 1) cells")
        continue
      }
      let isFirst = watched.contains(codes.0)
      let isSecond = watched.contains(codes.1)
      guard isFirst || isSecond else { continue }
      guard let from = WrittenDay.parse(reader.bytes(begins)) else {
        faults.report(.date, reader, begins, "the first day is not a date", expected: "YYYYMMDD")
        continue
      }
      var deleted: Day?
      let end = reader.bytes(ends)
      if !end.isEmpty, !end.elementsEqual("*".utf8) {
        deleted = WrittenDay.parse(end)
        if deleted == nil {
          faults.report(.date, reader, ends, "the last day is not a date", expected: "YYYYMMDD, * or nothing")
          continue
        }
      }
      let indicator = reader.code(modifier)
      guard ["0", "1", "9"].contains(indicator) else {
        faults.report(.range, reader, modifier, "the modifier indicator is none", expected: "0, 1 or 9")
        continue
      }
      let row = Row(
        procedure: codes.0, companion: codes.1, companionIsPart: true, isHospital: isHospital,
        mayBeSeparated: indicator == "9" ? nil : indicator == "1", from: from, deleted: deleted)
      if isFirst { rows.append(row) }
      if isSecond {
        var other = row
        (other.procedure, other.companion, other.companionIsPart) = (codes.1, codes.0, false)
        rows.append(other)
      }
    }
    try faults.finish()
    return rows
  }

  /// Adds the further rows of the heading, in which the first column is empty.
  private static func passHeading(
    _ reader: inout TableReader, _ header: inout TableHeader, one: Int
  ) throws(PackErrors) {
    while try reader.next() {
      guard reader.bytes(one).isEmpty else {
        reader.keep()
        return
      }
      header.add((0..<reader.count).map { reader.label($0) })
    }
  }

  /// Which of the two tables a file is, by its title or its name (`ccipra-…`, `ccioph-…`).
  private static func isHospital(_ title: String, _ file: String) throws(PackErrors) -> Bool {
    let isHospital = title.contains("HOSPITAL") || title.contains("CCIOPH") || title.contains("OUTPATIENT")
    let isPractitioner = title.contains("PRACTITIONER") || title.contains("CCIPRA") || title.contains("PHYSICIAN")
    guard isHospital != isPractitioner else {
      throw .one(
        .missing, file, 1, 1, "neither the title nor the name says whose edits these are",
        "practitioner or hospital in one of them")
    }
    return isHospital
  }
}
