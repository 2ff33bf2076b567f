internal import Auditing
internal import ClaimModel

/// Reads a list of the place-of-service codes: the code, its name and, where the list has it, its first day and its setting.
struct PlaceFile {
  /// A place of the list; what it does not say is `nil`.
  struct Row {
    var code: Code
    var name: String
    var from: Day?
    var isFacility: Bool?
  }

  /// The assigned codes of a list.
  static func read(_ reader: inout TableReader, _ header: TableHeader) throws(PackErrors) -> [Row] {
    guard
      let code = header.column({ $1.hasPrefix("PLACE OF SERVICE CODE") || $1.hasPrefix("POS CODE") || $1 == "CODE" }),
      let name = header.column({ $1.hasSuffix("NAME") })
    else {
      throw .one(
        .missing, reader.file, header.line, 1, "the heading has not all columns of the list",
        "Place of Service Code, Place of Service Name")
    }
    let from = header.column { $1.contains("EFFECTIVE") || $1.contains("BEGIN") }
    let setting = header.column { $1.contains("FACILITY") || $1.contains("SETTING") || $1.contains("RATE") }
    var rows: [Row] = []
    var faults = TableFaults(file: reader.file)
    while !faults.isFull, try reader.next() {
      if reader.filledCells < 2 { continue }
      let text = printable(reader.bytes(name))
      // Unassigned codes stand in the list too, several in one row (28-30).
      if text.uppercased().hasPrefix("UNASSIGNED") || text.isEmpty { continue }
      var place = reader.code(code)
      if place.count == 1, place.isDigits { place = Code("0" + place.description) }
      guard PlaceTable.number(of: place) != nil else {
        faults.report(.code, reader, code, "the code is no place of service", expected: "two digits")
        continue
      }
      var day: Day?
      if let from, !reader.bytes(from).isEmpty {
        day = WrittenDay.parse(reader.bytes(from)) ?? WrittenDay.find(in: reader.label(from))
        if day == nil {
          faults.report(.date, reader, from, "the first day is not a date", expected: "YYYY-MM-DD or nothing")
          continue
        }
      }
      rows.append(Row(code: place, name: text, from: day, isFacility: setting.flatMap { isFacility(reader.label($0)) }))
    }
    try faults.finish()
    return rows
  }

  /// `F` and `Facility`, `NF` and `Non-facility`; anything else says nothing.
  private static func isFacility(_ text: String) -> Bool? {
    if text.hasPrefix("N") { return false }
    return text.hasPrefix("F") || text == "Y" || text == "YES" ? true : nil
  }

  /// A name as messages may carry it: printable ASCII, 80 bytes at most, without what stands in brackets.
  private static func printable(_ bytes: ArraySlice<UInt8>) -> String {
    var text = ""
    for byte in bytes.prefix(80) {
      if byte == 0x28 { break }
      text.unicodeScalars.append(byte >= 0x20 && byte < 0x7F ? Unicode.Scalar(byte) : " ")
    }
    while text.last == " " { text.removeLast() }
    return text
  }
}
