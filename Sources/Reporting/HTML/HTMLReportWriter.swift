internal import Auditing

/// Writes `report.html`: the run as one page that needs no network and no script.
///
/// While lines and findings pass it only adds up and keeps the heaviest findings and the first issues, so its memory does not
/// grow with the input; the page is written at the end. Every count is of the whole run, only the tables of findings, issues
/// and files are cut, and say so.
///
/// Nothing stands in the page that does not depend on input and options alone: the same input gives the same bytes.
final class HTMLReportWriter: ReportWriter {
  private let output: ReportOutput
  private let facts: HTMLFacts
  private var breakdowns = FindingBreakdowns()
  private var findings: HeaviestFindings
  private var issues: [[String]] = []
  private var suppressed: [[String]] = []

  /// How many issues, suppressed findings and files are shown.
  static let listLimit = 1000
  private static let cellLimit = 400

  /// A writer of the page.
  init(_ output: ReportOutput, facts: HTMLFacts, findingLimit: Int = HeaviestFindings.limit) {
    self.output = output
    self.facts = facts
    findings = HeaviestFindings(limit: findingLimit)
  }

  var needs: WriterNeeds { [.lineRows, .findingRows] }

  var weight: Int { 3 }

  func line(_ line: borrowing ReportedLine, in records: borrowing ByteBuffer) throws(ReportError) {
    breakdowns.add(line)
  }

  func finding(_ finding: borrowing ReportedFinding) throws(ReportError) {
    breakdowns.add(finding: finding.row)
    findings.add(finding.row, finding.severity)
  }

  func suppressed(_ row: borrowing TableRow) throws(ReportError) {
    guard suppressed.count < HTMLReportWriter.listLimit else { return }
    suppressed.append((0..<row.cells.count).map { row.clipped($0, to: HTMLReportWriter.cellLimit) })
  }

  func issue(_ row: borrowing TableRow) throws(ReportError) {
    guard issues.count < HTMLReportWriter.listLimit else { return }
    issues.append((0..<row.cells.count).map { row.clipped($0, to: HTMLReportWriter.cellLimit) })
  }

  func finish(_ summary: Summary) throws(ReportError) {
    let page = HTMLPage(
      facts: facts, summary: summary, breakdowns: breakdowns, findings: findings.all, issues: issues,
      suppressed: suppressed)
    for part in HTMLPage.parts {
      output.buffer.append(try HTMLTemplate(part).render(page.values))
      try output.flushIfFull()
    }
    try output.flush()
  }
}

/// What the page says that stands on no line: how the run was made, and what its rules mean.
struct HTMLFacts {
  /// The version of the program.
  var version: String
  /// Which lines were reported: `hits`, `claims` or `all`.
  var scope: String
  /// The rule packs.
  var packs: [(name: String, version: String)]
  /// What is said of the rules.
  var rules: [RuleDescription]
  /// What else the numbers depend on.
  var conditions: [String]
  /// What the places of service are, by code.
  var places: [String: String]
  /// The report that holds every finding, `nil` when the run writes none.
  var findingsFile: String?
  /// The report that holds every issue.
  var issuesFile: String?
  /// The report that holds every suppressed finding.
  var suppressedFile: String?
}

extension HTMLFacts {
  /// The facts of a run.
  init(_ options: ReportOptions) {
    func file(_ table: ReportTable, orTree: Bool = true) -> String? {
      if case .standardOutput = options.destination { return nil }
      for format in [ReportFormat.csv, .jsonl] where options.formats.contains(format) {
        return "\(table.name).\(format.rawValue)"
      }
      return orTree && options.formats.contains(.xml) ? "report.xml" : nil
    }
    self.init(
      version: options.version, scope: options.scope, packs: options.packs, rules: options.rules,
      conditions: options.conditions, places: options.places,
      findingsFile: file(.findings), issuesFile: file(.issues), suppressedFile: file(.suppressed, orTree: false))
  }
}
