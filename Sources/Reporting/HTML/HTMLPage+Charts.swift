/// The bar charts: tables in which each row has its bar beside its numbers, so that there is one truth for eye, reader and ear.
///
/// Bars are SVG in percentages, so that they take any width and the text beside them keeps its size. A bar has up to three
/// pieces: errors in full, warnings hatched, infos outlined.
extension HTMLPage {
  /// How many values a chart shows; the others share a bar.
  private static let barLimit = 20
  private static let monthLimit = 36
  /// Rules are few, and each of them has to be found.
  private static let ruleLimit = 200

  /// One row before it is drawn.
  private struct Bar {
    var name: String
    var detail = ""
    var link: String?
    var counts: BreakdownCounts
  }

  /// All charts.
  var charts: [[String: Any]] {
    [
      chart(
        "severity", "Findings by severity", "Severity",
        "Lines and money count once, under the heaviest severity of the line.", bars: severityBars),
      chart("payer", "Findings by payer", "Payer", "", bars: ranked(breakdowns.payers) { Bar(name: $0, counts: $1) }),
      chart(
        "rule", "Findings by rule", "Rule", "A line counts under each rule that found something on it.",
        bars: ranked(breakdowns.rules, limit: HTMLPage.ruleLimit) {
          Bar(name: $0, detail: title(of: $0), link: $0, counts: $1)
        }),
      chart(
        "place", "Findings by place of service", "Place of service", "",
        bars: ranked(breakdowns.places) {
          Bar(name: stated($0.name), detail: facts.places[$0.name] ?? "", counts: $1)
        }),
      chart(
        "bill", "Findings by type of bill", "Type of bill", "Professional lines have none.",
        bars: ranked(breakdowns.bills) { Bar(name: stated($0.name), counts: $1) }),
      chart(
        "modifier", "Findings by modifier", "Modifier", "A line with two modifiers counts under both.",
        bars: ranked(breakdowns.modifiers) { Bar(name: stated($0.name), counts: $1) }),
      chart(
        "provider", "Findings by provider", "Provider (NPI)", "The rendering provider, else the billing provider.",
        bars: ranked(breakdowns.providers) { Bar(name: stated($0), counts: $1) }),
      chart("month", "Findings by month of service", "Month", "", bars: monthBars),
    ]
  }

  private func stated(_ name: String) -> String {
    switch name {
    case "none": "not stated"
    case "invalid": "not a code"
    default: name
    }
  }

  // MARK: Bars

  private var severityBars: [Bar] {
    ["error", "warning", "info"].enumerated().map { index, name in
      Bar(name: name, counts: breakdowns.severities[3 - index])
    }
  }

  /// The values with the most findings first, the rest of them as one.
  private func ranked<Key>(
    _ breakdown: Breakdown<Key>, limit: Int = HTMLPage.barLimit, _ bar: (Key, BreakdownCounts) -> Bar
  ) -> [Bar] {
    var bars = zip(breakdown.keys, breakdown.counts).map(bar)
    bars.sort { left, right in
      if left.counts.total != right.counts.total { return left.counts.total > right.counts.total }
      if left.counts.watched != right.counts.watched { return left.counts.watched > right.counts.watched }
      return byteOrder(left.name, right.name)
    }
    return joined(bars, keeping: limit, breakdown.rest) { "\($0.grouped) others" }
  }

  /// The months in order, the last of them singly.
  private var monthBars: [Bar] {
    let dated = zip(breakdowns.months.keys, breakdowns.months.counts).map { Bar(name: stated($0), counts: $1) }
    let bars = dated.sorted { byteOrder($1.name, $0.name) }
    return joined(bars, keeping: HTMLPage.monthLimit, breakdowns.months.rest) { "\($0.grouped) earlier" }.reversed()
  }

  private func joined(
    _ bars: [Bar], keeping limit: Int, _ rest: BreakdownCounts, name: (Int) -> String
  ) -> [Bar] {
    let hasRest = rest.watched > 0 || rest.total > 0
    // One more is shown rather than called the others.
    if bars.count <= limit + 1, !hasRest { return bars }
    var others = rest
    for bar in bars.dropFirst(limit) { others.add(bar.counts) }
    let label = hasRest ? "all others" : name(bars.count - limit)
    return bars.prefix(limit) + [Bar(name: label, counts: others)]
  }

  // MARK: Drawing

  private func chart(
    _ id: String, _ title: String, _ key: String, _ note: String, bars: [Bar]
  ) -> [String: Any] {
    let longest = Int64(bars.map(\.counts.total).max() ?? 0)
    return [
      "id": id, "title": title, "key": key, "note": note, "hasNote": !note.isEmpty, "isEmpty": bars.isEmpty,
      "bars": bars.map { draw($0, longest) },
    ]
  }

  private func draw(_ bar: Bar, _ longest: Int64) -> [String: Any] {
    var pieces: [[String: Any]] = []
    var drawn: Int64 = 0
    let words = ["none", "info", "warning", "error"]
    for severity in [3, 2, 1] {
      let count = Int64(bar.counts.findings[severity])
      if count == 0 { continue }
      pieces.append([
        "kind": words[severity], "x": drawn.percent(of: longest), "width": count.percent(of: longest),
      ])
      drawn += count
    }
    let findings = bar.counts.findings
    var values: [String: Any] = [
      "name": bar.name, "detail": bar.detail, "pieces": pieces, "total": bar.counts.total.grouped,
      "errors": findings[3].grouped, "warnings": findings[2].grouped, "infos": findings[1].grouped,
      "lines": bar.counts.watched.grouped, "atRisk": bar.counts.atRisk.dollars,
      "title": "\(bar.name): \(bar.counts.total.counted("finding"))",
    ]
    if let link = bar.link { values["link"] = link }
    return values
  }
}
