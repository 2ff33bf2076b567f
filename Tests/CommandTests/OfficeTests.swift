import Foundation
import TestSupport
import Testing

@Suite(
  "--excel in LibreOffice",
  .enabled(if: OutsideProgram.office != nil, "LibreOffice is not installed: its tables are not opened"), .serialized)
struct OfficeTests {
  /// What LibreOffice has in a cell.
  private struct Cell {
    /// `string`, `float`, `date`; empty for an empty cell.
    var kind: String
    var text: String
    /// The number or date behind the text.
    var value: String
  }

  /// The cells of a flat OpenDocument table, row by row.
  private func rows(_ document: String) -> [[Cell]] {
    document.matches(of: #/<table:table-row(?s:.*?)</table:table-row>/#).map { row in
      row.output.matches(of: #/<table:table-cell(?<head>[^>]*?)(?:/>|>(?<body>(?s:.*?))</table:table-cell>)/#).flatMap {
        match in
        func attribute(_ name: String) -> String {
          guard let start = match.head.range(of: " \(name)=\"") else { return "" }
          return String(match.head[start.upperBound...].prefix { $0 != "\"" })
        }
        let lines = (match.body ?? "").matches(of: #/<text:p>(.*?)</text:p>/#).map { String($0.output.1) }
        var text = lines.joined(separator: "\n")
        for (reference, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
        {
          text = text.replacing(reference, with: character)
        }
        let cell = Cell(
          kind: attribute("office:value-type"), text: text,
          value: attribute("office:value") + attribute("office:date-value"))
        return Array(repeating: cell, count: Int(attribute("table:number-columns-repeated")) ?? 1)
      }
    }
  }

  @Test("keeps zeros, long numbers, exponents and letters of every script, and runs nothing")
  func opens() throws {
    let scratch = try Scratch()
    var night = Night(sound: 0)
    night.claims = [
      "0012", "12345678901234567890", "=1+1", "-5+3", "@SUM(A1)", "12E45", "00E12", "1-2", "2025-12", "3/14", "10:30",
      "Žižka-é中", "<b>&amp;</b>", "\"a \"\"b\"\", c\"",
    ].enumerated().map { Night.Claim(id: $1, place: "10", day: "2026-03-\(10 + $0)") }
    let input = try scratch.write("in.csv", night.table)
    let outcome = try Command(
      ["audit", input, "-o", scratch.path + "/out", "--excel", "--as-of", "2026-04-30", "--format", "csv", "-q"]
    ).run()
    try #require(outcome.exitCode == 0, "\(outcome.standardError)")
    let office = try #require(OutsideProgram.office)
    let home = try Scratch()
    // The import dialog chooses UTF-8 by the byte order mark; without a dialog it has to be said.
    let said = try office.run(
      [
        "-env:UserInstallation=file://\(home.path)/profile", "--headless", "--infilter=CSV:44,34,76,1", "--convert-to",
        "fods", "--outdir", home.path, scratch.path + "/out/lines.csv", scratch.path + "/out/findings.csv",
      ], home: home)
    for name in ["lines", "findings"] {
      let document = home.text(name + ".fods")
      try #require(!document.isEmpty, "\(said.messages)")
      #expect(!document.contains("table:formula"), "\(name)")
      let records = ReportRow.records(scratch.bytes("out/\(name).csv"))
      let rows = rows(document).filter { $0.contains { !$0.text.isEmpty } }
      #expect(rows.count == records.count, "\(name)")
      for (record, row) in zip(records, rows) {
        for (column, cell) in record.enumerated() {
          let shown = column < row.count ? row[column] : Cell(kind: "", text: "", value: "")
          switch shown.kind {
          case "float":
            #expect(Double(shown.value) == Double(cell) && !cell.hasPrefix("0") || cell == "0.00", "\(cell)")
          case "boolean": #expect(shown.text.lowercased() == cell)
          case "date": #expect(shown.value == cell, "\(name): \(cell)")
          default: #expect(shown.text == cell, "\(name): \(cell)")
          }
        }
      }
      let ids = Set(rows.flatMap { $0.map(\.text) })
      for id in [
        "'0012", "'12345678901234567890", "'=1+1", "'-5+3", "'@SUM(A1)", "'12E45", "'1-2", "'10:30", "Žižka-é中",
      ] {
        #expect(ids.contains(id), "\(name): \(id)")
      }
    }
  }
}
