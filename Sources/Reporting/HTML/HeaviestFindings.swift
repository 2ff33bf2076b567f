internal import Auditing

/// The heaviest findings of the run, those of one severity in input order; lighter ones give way when it is full.
struct HeaviestFindings {
  /// How many are kept.
  static let limit = 2000
  /// How many characters of a cell are kept: what a damaged file calls a claim id may be a megabyte.
  private static let cellLimit = 400

  private let limit: Int
  /// The rows by severity: error, warning, info and none.
  private var rows: [[[String]]] = [[], [], [], []]
  private var kept = 0

  /// None.
  init(limit: Int = HeaviestFindings.limit) { self.limit = limit }

  /// The cells of the findings that are kept, the heaviest first.
  var all: [[String]] { rows.flatMap { $0 } }

  /// Takes a row of `findings.csv` if it is heavy enough.
  mutating func add(_ row: borrowing TableRow, _ severity: Severity) {
    let level = Int(Severity.error.rawValue) - Int(severity.rawValue)
    guard rows.indices.contains(level) else { return }
    if kept == limit {
      guard let lightest = rows.lastIndex(where: { !$0.isEmpty }), lightest > level else { return }
      rows[lightest].removeLast()
      kept -= 1
    }
    rows[level].append((0..<row.cells.count).map { row.clipped($0, to: HeaviestFindings.cellLimit) })
    kept += 1
  }
}

extension TableRow {
  /// A cell as text of at most `limit` characters, an ellipsis where some are missing.
  func clipped(_ cell: Int, to limit: Int) -> String {
    let range = cells[cell]
    if range.count <= limit { return string(cell) }
    // A character has at most four bytes; one that is cut stands behind those that are kept.
    let start = bytes.string(range.lowerBound..<min(range.upperBound, range.lowerBound + limit * 4))
    if range.count <= limit * 4, start.unicodeScalars.count <= limit { return start }
    return String(String.UnicodeScalarView(start.unicodeScalars.prefix(limit))) + "…"
  }
}
