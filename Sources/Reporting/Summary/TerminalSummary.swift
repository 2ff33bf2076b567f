/// What a run says on the terminal when its reports are written: a screenful, aligned, at most 80 columns, whole without colour.
///
/// ```
/// 3 files, 1,204 claims, 3,377 lines, 58 watched
///
/// findings     9 errors   31 warnings   4 info
/// at risk      $12,470.00 of $61,031.50 charged on watched lines
/// issues       2  (1 claim kept, 1 file cut)
///
/// rule                                                                findings
///   MOD-003    modifier is no CPT or HCPCS modifier                         12
/// ```
public struct TerminalSummary: Sendable {
  private let summary: Summary
  private let titles: [String: String]
  private let isColored: Bool

  /// The widest line.
  static let width = 80
  /// How many rules are shown.
  private static let mostFrequent = 5
  /// How many payers and benchmark groups are shown; all of them stand in `summary.json`.
  private static let longest = 10

  /// A summary to show.
  ///
  /// - Parameters:
  ///   - summary: the summary.
  ///   - titles: what the rules check, in a few words, by id.
  ///   - isColored: whether to use the colours of the terminal.
  public init(_ summary: Summary, titles: [String: String] = [:], isColored: Bool = false) {
    self.summary = summary
    self.titles = titles
    self.isColored = isColored
  }

  /// The text, its last line ended.
  public var text: String {
    var lines = head
    lines += rules
    lines += payers
    lines += benchmark
    return lines.map { $0 + "\n" }.joined()
  }

  // MARK: Parts

  private var head: [String] {
    let totals = summary.totals
    let input = [
      counted(totals.files, "file"), counted(totals.claims, "claim"), counted(totals.lines, "line"),
      grouped(Int64(totals.watchedLines)) + " watched",
    ].joined(separator: ", ")
    func severity(_ name: String) -> Int { Int(summary.bySeverity.first { $0.name == name }?.value ?? 0) }
    let findings = [
      colored(counted(severity("error"), "error"), severity("error") > 0 ? .red : .plain),
      colored(counted(severity("warning"), "warning"), severity("warning") > 0 ? .yellow : .plain),
      grouped(Int64(severity("info"))) + " info",
    ].joined(separator: "   ")
    var lines = [colored(input, .bold)]
    if let coverage = summary.coverage, coverage.unchanged > 0 {
      let unchanged = counted(coverage.unchanged, "unchanged file")
      lines.append(
        coverage.isWhole
          ? "\(unchanged) among them, not read again" : "new files only; \(unchanged) of earlier runs left out")
    }
    lines += [
      "", "findings     " + findings,
      "at risk      \(dollars(totals.atRiskCents)) of \(dollars(totals.watchedChargeCents)) charged on watched lines",
    ]
    if let suppressed = summary.suppressed, suppressed.findings > 0 {
      lines.append(
        "suppressed   \(counted(suppressed.findings, "finding"))  (\(dollars(suppressed.atRiskCents)) would be at risk too)"
      )
    }
    if totals.issues > 0 {
      let effects = summary.issuesByEffect.map {
        "\(grouped($0.value)) \($0.name == "none" ? "without effect" : $0.name)"
      }
      lines.append(clipped("issues       \(grouped(Int64(totals.issues)))  (\(effects.joined(separator: ", ")))"))
    }
    if !summary.notEvaluated.isEmpty {
      let names = summary.notEvaluated.map(\.name).joined(separator: ", ")
      let count = counted(summary.notEvaluated.count, "rule")
      lines.append(clipped("not checked  \(count)  (no columns for them: \(names))"))
    }
    return lines
  }

  private var rules: [String] {
    // The most frequent first; rules that are equally frequent in the order of their ids.
    let frequent = summary.byRule.enumerated().sorted {
      $0.element.value != $1.element.value ? $0.element.value > $1.element.value : $0.offset < $1.offset
    }.prefix(TerminalSummary.mostFrequent).map(\.element)
    if frequent.isEmpty { return [] }
    var lines = ["", heading("rule", "findings")]
    for rule in frequent {
      lines.append(spread("  " + padded(rule.name, 10) + " " + (titles[rule.name] ?? ""), grouped(rule.value)))
    }
    lines += more(summary.byRule.count - frequent.count, "other rule")
    return lines
  }

  private var payers: [String] {
    if summary.byPayer.isEmpty { return [] }
    var lines = ["", heading("payer", right("watched lines", 14) + right("at risk", 18))]
    for payer in summary.byPayer.prefix(TerminalSummary.longest) {
      let atRisk = summary.atRiskByPayer.first { $0.name == payer.name }?.value ?? 0
      lines.append(spread("  " + payer.name, right(grouped(payer.value), 14) + right(dollars(atRisk), 18)))
    }
    lines += more(summary.byPayer.count - TerminalSummary.longest, "other payer")
    return lines
  }

  private var benchmark: [String] {
    let entries = summary.benchmark.filter { $0.median != nil }
    if entries.isEmpty { return [] }
    func row(_ cells: [String]) -> String {
      var line = ""
      for (cell, width) in zip(cells, [6, 14, 14, 14]) { line += right(cell, width) }
      return line
    }
    var lines = ["", heading("benchmark", row(["lines", "p25", "median", "p75"]))]
    for entry in entries.prefix(TerminalSummary.longest) {
      let name =
        "  \(padded(entry.payer, 10)) \(entry.claimType) \(padded(entry.setting.rawValue, 7)) \(entry.measure.rawValue)"
      let amounts = [entry.p25, entry.median, entry.p75].map { $0.map(dollars) ?? "" }
      lines.append(spread(name, row([grouped(Int64(entry.count))] + amounts)))
    }
    lines += more(entries.count - TerminalSummary.longest, "other group")
    return lines
  }

  // MARK: Text

  private enum Color: String {
    case plain = ""
    case bold = "\u{1B}[1m"
    case red = "\u{1B}[31m"
    case yellow = "\u{1B}[33m"
  }

  private func colored(_ text: String, _ color: Color) -> String {
    isColored && color != .plain ? color.rawValue + text + "\u{1B}[0m" : text
  }

  private func heading(_ left: String, _ right: String) -> String { colored(spread(left, right), .bold) }

  /// One text at the left edge, one at the right.
  private func spread(_ left: String, _ right: String) -> String {
    let room = TerminalSummary.width - right.count
    let start = left.count < room ? left : String(left.prefix(room - 2)) + "…"
    return padded(start, room) + right
  }

  /// What a table leaves out.
  private func more(_ count: Int, _ noun: String) -> [String] { count > 0 ? ["  and \(counted(count, noun))"] : [] }

  private func clipped(_ text: String) -> String {
    text.count <= TerminalSummary.width ? text : String(text.prefix(TerminalSummary.width - 1)) + "…"
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private func counted(_ count: Int, _ noun: String) -> String {
    "\(grouped(Int64(count))) \(noun)\(count == 1 ? "" : "s")"
  }

  private func dollars(_ cents: Int64) -> String {
    let fraction = cents.magnitude % 100
    let whole = grouped(Int64(cents.magnitude / 100))
    return "\(cents < 0 ? "-" : "")$\(whole).\(fraction < 10 ? "0" : "")\(fraction)"
  }

  /// Digits in groups of three.
  private func grouped(_ number: Int64) -> String {
    var text = ""
    for (index, digit) in String(number.magnitude).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return (number < 0 ? "-" : "") + String(text.reversed())
  }
}
