internal import Auditing
internal import Comparison

/// A comparison as a person reads it: the counts, then the differences of each kind, the heaviest first, aligned.
///
/// ```
/// old   reports/monday    1,204 findings
/// new   reports/tuesday   1,201 findings
///
/// new           3   2 errors   1 warning   0 info
/// changed       0
/// gone          6   0 errors   0 warnings  6 info
/// unchanged 1,198
///
/// new
///   error    POS-006  EX0603  line 1  2026-03-16  aetna    310.00  e79157d38a5960c4
///            32960 is done by hand and cannot be telehealth (place of service 10)
///            professional.837, record 71
/// ```
struct DiffText {
  /// The text, its last line ended.
  let text: String

  /// How many differences of a kind are shown; the other formats hold all of them.
  private static let limit = 100

  init(_ comparison: Comparison, old: String, new: String, isColored: Bool) throws {
    var listed: [FindingDifference.Kind: HeaviestDifferences] = [:]
    try comparison.forEachDifference { difference in
      listed[difference.kind, default: HeaviestDifferences(limit: DiffText.limit)].add(difference)
    }
    let style = Style(isColored: isColored)
    let kinds: [(FindingDifference.Kind, Comparison.Counts)] = [
      (.new, comparison.new), (.changed, comparison.changed), (.gone, comparison.gone),
    ]
    let before = comparison.unchanged.total + comparison.changed.total
    var lines = DiffText.aligned([
      ["old", printable(old), DiffText.findings(before + comparison.gone.total)],
      ["new", printable(new), DiffText.findings(before + comparison.new.total)],
    ])
    lines.append("")
    let unchanged = ("unchanged", comparison.unchanged)
    lines += DiffText.counts(kinds.map { ($0.0.rawValue, $0.1) } + [unchanged], style)
    for (kind, counts) in kinds {
      guard let rows = listed[kind]?.rows, !rows.isEmpty else { continue }
      lines += ["", style.bold(kind.rawValue)]
      lines += DiffText.list(rows, style)
      let more = counts.total - rows.count
      if more > 0 { lines.append("  and \(more) more; --format csv writes all of them") }
    }
    text = lines.map { $0 + "\n" }.joined()
  }

  private static func findings(_ count: Int) -> String { "\(count) finding\(count == 1 ? "" : "s")" }

  private static func counts(_ rows: [(name: String, counts: Comparison.Counts)], _ style: Style) -> [String] {
    let cells = rows.map { row -> [String] in
      let counts = row.counts
      func counted(_ severity: Severity, _ noun: String) -> String {
        let count = counts[severity]
        return "\(count) \(noun)\(count == 1 || severity == .info ? "" : "s")"
      }
      return [
        row.name, String(counts.total), counted(.error, "error"), counted(.warning, "warning"), counted(.info, "info"),
      ]
    }
    return aligned(cells, numbers: [1], between: "   ")
  }

  private static func list(_ rows: [HeaviestDifferences.Row], _ style: Style) -> [String] {
    let heads = aligned(rows.map(\.head), numbers: [6])
    var lines: [String] = []
    for (row, head) in zip(rows, heads) {
      // The severity is the first word, and the only one with colour.
      let word = row.severity.name
      lines.append("  " + style.colored(String(head.prefix(word.count)), row.severity) + head.dropFirst(word.count))
      lines += row.body.map { "           " + $0 }
    }
    return lines
  }

  /// Rows of cells as lines, each column as wide as its widest cell.
  private static func aligned(_ rows: [[String]], numbers: Set<Int> = [], between gap: String = "  ") -> [String] {
    var widths: [Int] = []
    for row in rows {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], cell.count)
      }
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        if column > 0 { line += gap }
        line += numbers.contains(column) ? padding + cell : cell + padding
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// Colour, where it is wanted.
  private struct Style {
    let isColored: Bool

    func bold(_ text: String) -> String { isColored ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

    func colored(_ text: String, _ severity: Severity) -> String {
      guard isColored else { return text }
      switch severity {
      case .error: return "\u{1B}[31m\(text)\u{1B}[0m"
      case .warning: return "\u{1B}[33m\(text)\u{1B}[0m"
      case .info, .none: return text
      }
    }
  }
}

/// The heaviest differences of one kind, those of one severity in the order of the report.
private struct HeaviestDifferences {
  /// A difference as it is shown.
  struct Row {
    var severity: Severity
    /// The cells of the first line.
    var head: [String]
    /// The lines below it.
    var body: [String]
  }

  private let limit: Int
  private var bySeverity: [[Row]] = [[], [], [], []]

  init(limit: Int) { self.limit = limit }

  var rows: [Row] { Array(bySeverity.reversed().joined().prefix(limit)) }

  mutating func add(_ difference: borrowing FindingDifference) {
    let finding = difference.finding
    let severity = finding.severity ?? .none
    guard bySeverity[Int(severity.rawValue)].count < limit else { return }
    func cell(_ column: FindingRow.Column, _ width: Int = 400) -> String {
      let text = printable(finding[column])
      return text.count <= width ? text : String(text.prefix(width - 1)) + "…"
    }
    var body = [cell(.message)]
    if let earlier = difference.earlier {
      var was: [String] = []
      if earlier.severity != finding[.severity] { was.append(earlier.severity) }
      if earlier.atRisk != finding[.atRisk] { was.append("at risk \(earlier.atRisk)") }
      if earlier.carc != finding[.carc] { was.append("denial code \(earlier.carc.isEmpty ? "none" : earlier.carc)") }
      if earlier.message != finding[.message] { was.append(earlier.message) }
      body.append(printable("was: " + was.joined(separator: ", ")))
    }
    body.append("\(cell(.sourceFile)), record \(cell(.record))")
    let line = finding[.lineNumber].isEmpty ? "" : "line \(cell(.lineNumber, 12))"
    bySeverity[Int(severity.rawValue)].append(
      Row(
        severity: severity,
        head: [
          severity.name, cell(.rule), cell(.claimID, 24), line, cell(.serviceFrom), cell(.payer, 16), cell(.atRisk),
          difference.fingerprint.description,
        ], body: body))
  }
}
