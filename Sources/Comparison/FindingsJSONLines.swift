internal import FoundationEssentials

/// Reads `findings.jsonl`: one object a line, its members named as the columns.
enum FindingsJSONLines {
  /// Lends each finding.
  static func read(_ file: TableFile, _ body: (borrowing FindingRow) throws -> Void) throws {
    let decoder = JSONDecoder()
    var row = FindingRow()
    var buffer: [UInt8] = []
    var offset = 0
    var number = 0
    var start = 0
    while true {
      guard let end = buffer[start...].firstIndex(of: 0x0A) else {
        buffer.removeFirst(start)
        start = 0
        let count = try file.read(at: offset, into: &buffer)
        offset += count
        if count > 0 { continue }
        if buffer.isEmpty { return }
        throw ComparisonError(.notFindings, "\(file.path): line \(number + 1)", "has no end; the file is cut off")
      }
      number += 1
      do {
        let object = try decoder.decode([String: Cell].self, from: Data(buffer[start..<end]))
        row.removeAll()
        for column in FindingRow.Column.allCases {
          guard let cell = object[column.name] else { throw Missing(column: column.name) }
          row.append(cell.text)
        }
      } catch let missing as Missing {
        throw ComparisonError(
          .notFindings, "\(file.path): line \(number)", "is no finding: it has no member \(missing.column)")
      } catch {
        throw ComparisonError(.notFindings, "\(file.path): line \(number)", "is no JSON object of texts and numbers")
      }
      try body(row)
      start = end + 1
    }
  }

  private struct Missing: Error {
    var column: String
  }

  /// A text, or a whole number.
  private struct Cell: Decodable {
    var text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Int.self) {
        text = String(number)
      } else {
        text = try container.decode(String.self)
      }
    }
  }
}
