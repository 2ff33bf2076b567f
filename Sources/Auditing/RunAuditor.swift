import ClaimModel

/// Answers what only the whole run can tell, from the facts of its lines.
///
/// The answers depend on which facts there are and on nothing else: not on their order, nor on how the input was split. They may
/// also be parted by a grouping's key, each part be asked alone, and the answers be put together (`audit(_:grouping:into:)`).
public struct RunAuditor: Sendable {
  private let rules: [CompiledRunRule]
  private let policies: PolicyTable
  private let overrides: RunOverrides

  init(
    rules: [CompiledRunRule], policies: PolicyTable, overrides: [[RuleOverride]], payers: [String],
    minimumSeverity: Severity
  ) {
    self.rules = rules
    self.policies = policies
    self.overrides = RunOverrides(overrides, payers: payers, minimumSeverity: minimumSeverity)
  }

  /// Everything the rules over the run find in all the facts of a run, by line, then by rule.
  public func findings(_ facts: [LineFact]) -> [RunFinding] {
    let ordered = facts.sorted { $0.key < $1.key }
    var findings = RunFindings()
    func ask<Kept: GroupedFact>(of kept: Kept.Type) {
      var facts = ordered.compactMap { Kept($0)?.fact }
      audit(&facts, grouping: Kept.grouping, into: &findings)
    }
    ask(of: LineFact.self)
    ask(of: ClaimNumberFact.self)
    var peers: [UInt32: [PeerFact]] = [:]
    for fact in ordered {
      if let peer = PeerFact(fact) { peers[fact.peerGroup, default: []].append(peer) }
    }
    for group in peers.values {
      audit(PeerCharges(group.map(\.charge)), pass: { group.forEach($0) }, into: &findings)
    }
    findings.sort()
    return findings.all
  }

  /// Whether some rule looks at the groups of a grouping.
  public func asks(_ grouping: FactGrouping) -> Bool { !rules(of: grouping).isEmpty }

  /// Adds what the rules of one grouping find, group by group.
  ///
  /// - Parameters:
  ///   - facts: facts in input order that hold each of the grouping's groups whole or not at all; they are put group by group.
  ///   - grouping: which rules are asked.
  ///   - findings: takes what is found.
  public func audit(_ facts: inout [LineFact], grouping: FactGrouping, into findings: inout RunFindings) {
    var asked = rules(of: grouping)
    guard !asked.isEmpty else { return }
    let groups = FactGroups(&facts, grouping)
    var sink = RunFindingSink(policies: policies, overrides, &findings)
    groups.forEach(in: facts) { group in
      for position in asked.indices {
        sink.rule = asked[position].rule
        asked[position].check.check(group, &sink)
      }
    }
    findings = sink.findings
  }

  /// Adds what the rules that compare charges find in one peer group.
  ///
  /// - Parameters:
  ///   - peers: the charges of the group.
  ///   - pass: hands out its lines, the same each time.
  ///   - findings: takes what is found.
  public func audit(_ peers: PeerCharges, pass: ((PeerFact) -> Void) -> Void, into findings: inout RunFindings) {
    var sink = RunFindingSink(policies: policies, overrides, &findings)
    for rule in rules {
      guard case .peers(let check) = rule.kind, let judge = check.judge(peers) else { continue }
      sink.rule = asked(rule)
      pass { peer in
        if judge.silent.contains(peer.charge) { return }
        guard let message = judge(peer.charge) else { return }
        sink.report(LineFact(peer), .charge, message)
      }
    }
    findings = sink.findings
  }

  /// A rule that looks at groups, with memory of its own.
  private struct Asked {
    let rule: RunFindingSink.Rule
    var check: any RunRule
  }

  /// The rules that look at groups of a grouping.
  private func rules(of grouping: FactGrouping) -> [Asked] {
    rules.compactMap { rule in
      if case .groups(grouping, let check) = rule.kind { Asked(rule: asked(rule), check: check) } else { nil }
    }
  }

  private func asked(_ rule: CompiledRunRule) -> RunFindingSink.Rule {
    RunFindingSink.Rule(
      index: rule.index, severity: rule.severity, needs: rule.needs, isOverridden: overrides.change(rule.index))
  }
}
