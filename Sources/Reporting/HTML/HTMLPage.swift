internal import Auditing

/// The values of the page: what the templates of `HTMLPage.parts` name, as dictionaries, numbers already as people read them.
struct HTMLPage {
  let facts: HTMLFacts
  let summary: Summary
  let breakdowns: FindingBreakdowns
  /// Cells of `findings.csv`.
  let findings: [[String]]
  /// Cells of `issues.csv`.
  let issues: [[String]]
  /// Cells of `suppressed.csv`.
  let suppressed: [[String]]

  /// Everything.
  var values: [String: Any] {
    var values: [String: Any] = [
      "version": facts.version, "scope": scope, "packs": packs, "conditions": facts.conditions, "headline": headline,
      "cards": cards,
      "charts": charts, "benchmarks": benchmarks,
      "findings": findings.map(findingRow), "findingsNote": findingsNote, "hasFindings": !findings.isEmpty,
      "rules": explanations, "hasRules": !explanations.isEmpty,
      "notEvaluated": notEvaluated, "hasNotEvaluated": !summary.notEvaluated.isEmpty,
      "issues": issues.map { row(of: .issues, $0) }, "issuesNote": issuesNote, "hasIssues": !issues.isEmpty,
      "files": files, "filesNote": filesNote, "hasFiles": !summary.files.isEmpty,
      "hasBenchmark": !summary.benchmark.isEmpty,
    ]
    if let damage { values["damage"] = damage }
    if let summed = summary.suppressed {
      values["suppression"] = [
        "title": "\(summed.findings.counted("finding")) suppressed", "note": suppressedNote(summed),
        "hasRows": !suppressed.isEmpty, "rows": suppressed.map { row(of: .suppressed, $0) },
      ]
    }
    return values
  }

  // MARK: The head

  private var scope: String {
    guard let coverage = summary.coverage, coverage.unchanged > 0 else { return lineScope }
    let unchanged = coverage.unchanged.counted("unchanged file")
    return coverage.isWhole
      ? "\(lineScope) of all files, \(unchanged) of earlier runs among them"
      : "\(lineScope) of new files only, without \(unchanged) of earlier runs"
  }

  private var lineScope: String {
    switch facts.scope {
    case "hits": "watched lines"
    case "claims": "every line of the claims with a watched line"
    case "all": "every line"
    default: facts.scope
    }
  }

  private var packs: String {
    facts.packs.map { $0.version.isEmpty ? $0.name : "\($0.name) (\($0.version))" }.joined(separator: ", ")
  }

  private func count(_ severity: String) -> Int64 { summary.bySeverity.first { $0.name == severity }?.value ?? 0 }

  private var headline: String {
    let totals = summary.totals
    if totals.files == 0 { return "There was nothing to read." }
    if totals.watchedLines == 0 { return "No line holds a watched procedure." }
    let watched = totals.watchedLines.counted("watched line")
    if totals.findings == 0 { return "Nothing was found on \(watched)." }
    return
      "\(breakdowns.watchedWithFindings.grouped) of \(watched) \(breakdowns.watchedWithFindings == 1 ? "has" : "have") "
      + "findings; \(totals.atRiskCents.dollars) of \(totals.watchedChargeCents.dollars) charged is at risk."
  }

  private var cards: [[String: Any]] {
    let totals = summary.totals
    func card(_ name: String, _ value: String, _ note: String) -> [String: Any] {
      ["name": name, "value": value, "note": note]
    }
    return [
      card(
        "Findings", totals.findings.grouped,
        "\(count("error").counted("error")), \(count("warning").counted("warning")), \(count("info").grouped) info"
          + (summary.suppressed.map { ", and \($0.findings.grouped) suppressed" } ?? "")),
      card("At risk", totals.atRiskCents.dollars, "charges of lines with an error or a warning, each line once"),
      card(
        "Charged", totals.watchedChargeCents.dollars, "on watched lines, of \(totals.chargeCents.dollars) on all lines"),
      card(
        "Watched lines", totals.watchedLines.grouped,
        "of \(totals.lines.counted("line")) on \(totals.claims.counted("claim"))"),
      card("Files", totals.files.grouped, "\(totals.bytes.counted("byte")), unpacked"),
      card("Issues of reading", totals.issues.grouped, effects),
    ]
  }

  private var effects: String {
    if summary.issuesByEffect.isEmpty { return "every input was read whole" }
    return summary.issuesByEffect.map { "\($0.value.grouped) \($0.name == "none" ? "without effect" : $0.name)" }
      .joined(separator: ", ")
  }

  /// What the reader must know before believing a total.
  private var damage: String? {
    let broken = summary.files.filter { $0.status == "partial" || $0.status == "refused" }.count
    guard broken > 0 else { return nil }
    return
      "\(broken.grouped) of \(summary.files.count.counted("input")) could not be read whole. The totals are of what could."
  }

  // MARK: Tables

  private func findingRow(_ cells: [String]) -> [String: Any] {
    var row = row(of: .findings, cells)
    // By weight, so that sorting does not go by the alphabet.
    row["weight"] = ["error": "3", "warning": "2", "info": "1"][cells[FindingColumn.severity]] ?? "0"
    row["codes"] = HTMLPage.codes(carc: cells[FindingColumn.carc], rarc: cells[FindingColumn.rarc])
    row["title"] = title(of: cells[FindingColumn.rule])
    return row
  }

  private static func codes(carc: String, rarc: String) -> String {
    [("CARC", carc), ("RARC", rarc)].filter { !$0.1.isEmpty }
      .map { "\($0.0) \($0.1.split(separator: ";").joined(separator: " "))" }.joined(separator: ", ")
  }

  private func row(of table: ReportTable, _ cells: [String]) -> [String: Any] {
    var row: [String: Any] = [:]
    for (column, cell) in zip(table.columns, cells) { row[column.name] = cell }
    return row
  }

  private func suppressedNote(_ summed: Summary.Suppressed) -> String {
    var text = "Accepted findings, which count nowhere else on this page; "
    text += "\(summed.atRiskCents.dollars) more would be at risk. "
    if !summed.expired.isEmpty {
      text += "\(summed.expired.count.counted("suppression")) \(summed.expired.count == 1 ? "has" : "have") expired. "
    }
    if !summed.unused.isEmpty {
      text +=
        "\(summed.unused.count.counted("suppression")) \(summed.unused.count == 1 ? "matches" : "match") no finding. "
    }
    return text
      + note(
        shown: suppressed.count, of: summed.findings, "suppressed finding", "In input order.", facts.suppressedFile)
  }

  private var findingsNote: String {
    note(
      shown: findings.count, of: summary.totals.findings, "finding", "The heaviest first, then in input order.",
      facts.findingsFile)
  }

  private var issuesNote: String {
    note(shown: issues.count, of: summary.totals.issues, "issue", "In input order.", facts.issuesFile)
  }

  private var filesNote: String {
    note(shown: shownFiles.count, of: summary.files.count, "file", "In the order they were read.", "summary.json")
  }

  private func note(shown: Int, of all: Int, _ noun: String, _ order: String, _ file: String?) -> String {
    if shown == all { return "\(all.counted(noun)). \(order)" }
    let place = file.map { "all of them stand in \($0)" } ?? "a run with --format csv writes all of them"
    return
      "The first \(shown.grouped) of \(all.counted(noun)); \((all - shown).grouped) are left out here, \(place). \(order)"
  }

  /// All files, or those that were not read whole before the others.
  private var shownFiles: [Summary.File] {
    let limit = HTMLReportWriter.listLimit
    if summary.files.count <= limit { return summary.files }
    let broken = summary.files.filter { $0.status != "ok" }.prefix(limit)
    return Array(broken) + summary.files.filter { $0.status == "ok" }.prefix(limit - broken.count)
  }

  private var files: [[String: Any]] {
    shownFiles.map { file in
      [
        "path": file.path, "format": file.format ?? "",
        "compression": file.compression == "none" ? "" : file.compression,
        "bytes": file.bytes.grouped, "claims": file.claims.grouped, "lines": file.lines.grouped,
        "watched": file.watchedLines.grouped, "findings": file.findings.grouped, "issues": file.issues.grouped,
        "status": file.status, "isBroken": file.status == "partial" || file.status == "refused",
      ]
    }
  }

  // MARK: Rules

  func title(of rule: String) -> String { facts.rules.first { $0.id == rule }?.summary ?? "" }

  /// The rules that found something or could not be evaluated.
  private var explanations: [[String: Any]] {
    let found = Set(summary.byRule.map(\.name)).union(summary.notEvaluated.map(\.name))
    return facts.rules.filter { found.contains($0.id) }.map { rule in
      [
        "id": rule.id, "severity": rule.severity.name, "summary": rule.summary, "rationale": rule.rationale,
        "fix": rule.fix, "source": rule.source, "codes": HTMLPage.codes(carc: rule.carc, rarc: rule.rarc),
        "flagged": rule.flagged?.sentence ?? "", "clean": rule.clean?.sentence ?? "",
        "hasExamples": rule.flagged != nil && rule.clean != nil,
        "findings": (summary.byRule.first { $0.name == rule.id }?.value ?? 0).counted("finding"),
      ]
    }
  }

  private var notEvaluated: [[String: Any]] {
    summary.notEvaluated.map { ["rule": $0.name, "title": title(of: $0.name), "lines": $0.value.grouped] }
  }
}

extension FindingColumn {
  static let carc = 14
  static let rarc = 15
}
