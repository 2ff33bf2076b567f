/// A table made from a seed: mostly sound rows, and among them whatever rows can be.
public struct GeneratedExport: Sendable {
  /// The text.
  public private(set) var bytes: [UInt8] = []
  private var generator: SeededGenerator

  /// A table of `rows` rows, about one in `oddness` of them odd; claims have up to a few rows, or about `claimRows`.
  public init(seed: UInt64, rows: Int, oddness: Int, claimRows: Int = 3) {
    generator = SeededGenerator(seed: seed)
    let lineBreak = generator.pick(["\n", "\n", "\r\n", "\r"])
    let quotesAll = generator.once(in: 4)
    let header =
      "claim_id,line_number,procedure_code,modifier_1,modifier_2,place_of_service,units,charge_amount,paid_amount,"
      + "service_date,claim_start_date,bill_type,revenue_code,diagnosis_1,diagnosis_2,rendering_npi,payer,claim_note"
    bytes += Array((header + lineBreak).utf8)
    var claim = 1
    var line = 0
    for _ in 0..<rows {
      line += 1
      if generator.once(in: claimRows) {
        claim += 1
        line = 1
      }
      var cells = [
        "C\(claim)", "\(line)", generator.pick(["32960", "99213", "71046", "J1100", ""]),
        generator.pick(["", "59", "LT"]),
        generator.pick(["", "", "RT"]), generator.pick(["21", "11", ""]), generator.pick(["1", "2", "1.0"]),
        "\(generator.number(1...999)).\(generator.number(10...99))", generator.pick(["", "12", "7.5"]),
        generator.pick(["2026-01-05", "2026-01-05", "2026-02-11"]), generator.pick(["2026-01-05", ""]), "", "",
        generator.pick(["J93.83", "A15.0"]), generator.pick(["", "I10"]), generator.pick(["1234567893", ""]),
        "Acme, Inc.",
        generator.pick(["", "", "", "see \"note\"", "two\nlines", "32960"]),
      ]
      if generator.once(in: oddness) { damage(&cells) }
      var row = cells.map { quoted($0, always: quotesAll) }.joined(separator: ",")
      if generator.once(in: oddness * 2) { row = damaged(row) }
      bytes += Array((row + (generator.once(in: oddness) ? generator.pick(["\n", "\r\n", "\r"]) : lineBreak)).utf8)
      if generator.once(in: oddness * 3) { bytes += Array(lineBreak.utf8) }
    }
    if generator.once(in: 2) {
      bytes += Array("C9999,1,32960,,,21,1,5.00,,2026-01-05,,,,A15.0,,1234567893,Acme,x".utf8)
    }
  }

  private func quoted(_ cell: String, always: Bool) -> String {
    guard always || cell.contains(where: { ",\"\n\r".contains($0) }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }

  /// Values that are written otherwise, or not at all.
  private mutating func damage(_ cells: inout [String]) {
    let choices: [(Int, [String])] = [
      (0, ["", " C1 ", "C\"1", "Total", "~", "'C1", "=\"C1\""]),
      (2, ["32960-LT", " 32960", "32960.0", "3.296E+04", "HC:32960:LT", "???", "３２９６０", "'32960"]),
      (3, ["59.0", "=\"59\""]), (5, ["2", "21 - Inpatient", "ZZZ", "11.0", "2.0", "'2"]),
      (6, ["x", "1,000", "-1", "1E+02"]),
      (7, ["$1,234.50", "(12.00)", "$(12.00)", "'12.00", "1e5", ".5", "12.345"]),
      (9, ["01/02/2026", "25/02/2026", "13/13/2026", "20260105", "46000", "05-JAN-2026", "2026-01-05T10:00:00Z", ""]),
      (11, ["131", "0131", "13", "131.0"]), (12, ["450", "0450", "450.0"]), (13, ["", "J93.83;R09.1"]),
      (15, ["1.23457E+09", "1234567893.0", "12"]),
      (17, ["Ünicode", "tab\there"]),
    ]
    for _ in 0...generator.number(0...2) {
      let (column, values) = generator.pick(choices)
      cells[column] = generator.pick(values)
    }
    if generator.once(in: 6) { cells = cells.map { _ in "" } }
    if generator.once(in: 6) { cells.removeLast() }
    if generator.once(in: 6) { cells.append(generator.pick(["", "x"])) }
  }

  /// A row with a byte more or less than it should have.
  private mutating func damaged(_ row: String) -> String {
    var bytes = Array(row.utf8)
    let at = generator.number(0...max(0, bytes.count - 1))
    switch generator.number(0...4) {
    case 0: bytes.insert(0x22, at: at)
    case 1: bytes.insert(0x00, at: at)
    case 2: bytes.insert(0x0A, at: at)
    case 3: bytes.removeSubrange(at...)
    default: bytes.insert(0x2C, at: at)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
