/// The benchmark: a box plot for each payer, claim type and setting, and what Medicare pays as a line across it.
///
/// ```
///        min      p25  median  p75        p90          max
///   |-----[========|==========]-----------|             o
/// ```
///
/// The whisker ends at p90 and not at the greatest value: one wrong decimal point would press all boxes of the plot flat. A
/// greatest value beyond the axis is drawn at its end as an arrow.
extension HTMLPage {
  /// A table for each measure of which there are values.
  var benchmarks: [[String: Any]] {
    BenchmarkMeasure.allCases.compactMap { measure in
      let entries = summary.benchmark.filter { $0.measure == measure }
      if entries.isEmpty { return nil }
      let axis = HTMLPage.axis(entries)
      let title =
        switch measure {
        case .charge: "What was charged"
        case .allowed: "What the payer allows"
        case .paid: "What was paid"
        }
      return [
        "title": title, "rows": entries.map { HTMLPage.plot($0, axis) },
        "ticks": axis.ticks.dropLast().map { ["x": $0.percent(of: axis.end), "label": HTMLPage.short($0)] },
      ]
    }
  }

  /// From 0 to `end` in steps of a round number.
  private static func axis(_ entries: [BenchmarkEntry]) -> (end: Int64, ticks: [Int64]) {
    let greatest = entries.map { max($0.p90 ?? $0.median ?? $0.maximum, $0.medicareReference ?? 0) }.max() ?? 0
    var step: Int64 = 100
    let rounds: [Int64] = [2, 5, 10]
    var power: Int64 = 100
    while step < Int64.max / 100, greatest / 4 > step {
      for round in rounds where greatest / 4 > step { step = power * round }
      power *= 10
    }
    let count = min(greatest, Int64.max / 4) / step + 1
    return (step * count, (0...count).map { $0 * step })
  }

  private static func short(_ cents: Int64) -> String { "$\((cents / 100).grouped)" }

  private static func plot(_ entry: BenchmarkEntry, _ axis: (end: Int64, ticks: [Int64])) -> [String: Any] {
    func x(_ cents: Int64) -> String { cents.percent(of: axis.end) }
    var values: [String: Any] = [
      "payer": entry.payer, "group": group(entry), "count": entry.count.grouped,
      "minimum": entry.minimum.dollars, "maximum": entry.maximum.dollars,
      "p25": entry.p25?.dollars ?? "", "median": entry.median?.dollars ?? "", "p75": entry.p75?.dollars ?? "",
      "p90": entry.p90?.dollars ?? "", "medicare": entry.medicareReference?.dollars ?? "",
      "minX": x(entry.minimum), "endX": x(entry.p90 ?? entry.maximum), "maxX": x(entry.maximum),
      "isBeyond": entry.maximum > axis.end, "title": title(entry),
    ]
    if let p25 = entry.p25, let p75 = entry.p75 {
      values["box"] = ["x": x(p25), "width": max(p75 - p25, 0).percent(of: axis.end)]
    }
    if let median = entry.median { values["medianX"] = x(median) }
    if let medicare = entry.medicareReference {
      values["medicareX"] = x(medicare)
      if let median = entry.median, medicare > 0 {
        let hundredths = Int128(median) * 100 / Int128(medicare)
        let fraction = hundredths.magnitude % 100
        values["ratio"] = "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
      }
    }
    return values
  }

  private static func group(_ entry: BenchmarkEntry) -> String {
    let type = ["P": "professional", "I": "institutional", "D": "dental"][entry.claimType] ?? entry.claimType
    return switch entry.setting {
    case .facility: "\(type), facility"
    case .nonFacility: "\(type), non-facility"
    case .unknown: "\(type), setting unknown"
    }
  }

  private static func title(_ entry: BenchmarkEntry) -> String {
    var text = "\(entry.payer), \(group(entry)): \(entry.count.counted("line")), "
    text += "from \(entry.minimum.dollars) to \(entry.maximum.dollars)"
    if let median = entry.median { text += ", median \(median.dollars)" }
    if let medicare = entry.medicareReference { text += ", Medicare pays \(medicare.dollars)" }
    return text
  }
}
