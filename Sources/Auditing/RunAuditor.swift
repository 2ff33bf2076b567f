import ClaimModel

/// Answers what only the whole run can tell, from the facts of its lines.
///
/// The answers depend on which facts there are and on nothing else: not on their order, nor on how the input was split. They may
/// also be parted by a grouping's key, each part be asked alone, and the answers be put together (`findings(in:grouping:)`).
public struct RunAuditor: Sendable {
  private let rules: [CompiledRunRule]
  private let policies: PolicyTable
  private let overrides: [[RuleOverride]]
  private let payers: [UInt32: String]
  private let minimumSeverity: Severity

  init(
    rules: [CompiledRunRule], policies: PolicyTable, overrides: [[RuleOverride]], payers: [String],
    minimumSeverity: Severity
  ) {
    self.rules = rules
    self.policies = policies
    self.overrides = overrides
    self.payers = Dictionary(payers.map { (ClaimIdentity.stable($0), $0) }) { first, _ in first }
    self.minimumSeverity = minimumSeverity
  }

  /// Everything the rules over the run find in all the facts of a run, by line, then by rule.
  public func findings(_ facts: [LineFact]) -> [RunFinding] {
    let ordered = Self.ordered(facts)
    return Self.sorted(FactGrouping.allCases.flatMap { findings(ordered: ordered, grouping: $0) })
  }

  /// What the rules of one grouping find in facts that hold each of its groups whole or not at all, by line, then by rule.
  public func findings(in facts: [LineFact], grouping: FactGrouping) -> [RunFinding] {
    Self.sorted(findings(ordered: Self.ordered(facts), grouping: grouping))
  }

  /// The facts in input order, which they mostly are in already.
  private static func ordered(_ facts: [LineFact]) -> [LineFact] {
    for index in facts.indices.dropFirst() where facts[index].key < facts[index - 1].key {
      return facts.sorted { $0.key < $1.key }
    }
    return facts
  }

  private func findings(ordered facts: [LineFact], grouping: FactGrouping) -> [RunFinding] {
    let chosen = rules.filter { $0.grouping == grouping }
    guard let first = chosen.first else { return [] }
    // Keys with positions are a fraction of the facts' size, and sort that much faster.
    var keyed: [(key: UInt64, position: Int)] = []
    keyed.reserveCapacity(facts.count)
    for position in facts.indices {
      let key = grouping.key(of: facts[position])
      if key != 0 { keyed.append((key, position)) }
    }
    keyed.sort { (left: (key: UInt64, position: Int), right: (key: UInt64, position: Int)) -> Bool in
      left.key != right.key ? left.key < right.key : left.position < right.position
    }
    let sorted = keyed.map { facts[$0.position] }
    var sink = RunFindingSink(policies: policies, rule: first.text)
    var start = 0
    while start < keyed.count {
      var end = start + 1
      while end < keyed.count, keyed[end].key == keyed[start].key { end += 1 }
      let group = sorted[start..<end]
      start = end
      guard group.contains(where: { $0.traits.contains(.watched) }) else { continue }
      for rule in chosen {
        let count = sink.findings.count
        sink.rule = rule.text
        sink.needs = rule.needs
        rule.rule.check(group, &sink)
        if sink.findings.count > count { adjust(&sink, from: count, group) }
      }
    }
    return sink.findings
  }

  /// Changes findings as the packs say, and drops those that are not wanted.
  private func adjust(_ sink: inout RunFindingSink, from count: Int, _ group: ArraySlice<LineFact>) {
    sink.replaceLast(from: count) { finding in
      for override in overrides[Int(finding.rule.position)] where override.condition == nil {
        guard let fact = group.first(where: { $0.key == finding.key }) else { continue }
        let day = fact.serviceDay == Int32.min ? nil : Day(ordinal: fact.serviceDay)
        guard override.applies(payer: payers[fact.payer], procedure: fact.procedure, day: day) else { continue }
        if let severity = override.severity { finding.severity = severity }
        if let carc = override.carc { finding.carc = carc }
        if let rarc = override.rarc { finding.rarc = rarc }
        if let fix = override.fix { finding.fix = fix }
      }
      return finding.severity != .none && finding.severity >= minimumSeverity
    }
  }

  private static func sorted(_ findings: [RunFinding]) -> [RunFinding] {
    findings.sorted { $0.key != $1.key ? $0.key < $1.key : $0.rule < $1.rule }
  }
}
