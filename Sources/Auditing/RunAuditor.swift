import ClaimModel

/// Answers what only the whole run can tell, from the facts of its lines.
///
/// The answers depend on which facts there are, each with its line's place in the input, and on nothing else: not on how the input
/// was split. They may also be parted by what a grouping's lines have in common, each part be asked alone, and the answers be put
/// together (`audit(patients:into:)` and its like).
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
    var patients = ordered.compactMap { PatientFact($0) }
    audit(patients: &patients, into: &findings)
    var claimNumbers = ordered.compactMap { ClaimNumberFact($0) }
    audit(claimNumbers: &claimNumbers, into: &findings)
    var peers: [PeerGroup: [PeerFact]] = [:]
    for fact in ordered {
      if let peer = PeerFact(fact) { peers[PeerGroup(fact), default: []].append(peer) }
    }
    for (group, lines) in peers {
      audit(PeerCharges(lines.map(\.charge)), of: group, pass: { lines.forEach($0) }, into: &findings)
    }
    findings.sort()
    return findings.all
  }

  /// Whether some rule looks at the groups of a grouping.
  public func asks(_ grouping: FactGrouping) -> Bool { !rules(of: grouping).isEmpty }

  /// Adds what the rules that look at patients find.
  ///
  /// - Parameters:
  ///   - facts: facts in input order that hold each patient's whole or not at all; they are put patient by patient.
  ///   - findings: takes what is found.
  public func audit(patients facts: inout [PatientFact], into findings: inout RunFindings) {
    audit(&facts, into: &findings)
  }

  /// Adds what the rules that look at claim numbers find.
  ///
  /// - Parameters:
  ///   - facts: facts in input order that hold each number's whole or not at all; they are put number by number.
  ///   - findings: takes what is found.
  public func audit(claimNumbers facts: inout [ClaimNumberFact], into findings: inout RunFindings) {
    audit(&facts, into: &findings)
  }

  private func audit<Kept: GroupedFact>(_ facts: inout [Kept], into findings: inout RunFindings) {
    var asked = rules(of: Kept.grouping)
    guard !asked.isEmpty else { return }
    let groups = FactGroups(&facts)
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
  ///   - group: the group.
  ///   - pass: hands out its lines, the same each time.
  ///   - findings: takes what is found.
  public func audit(
    _ peers: PeerCharges, of group: PeerGroup, pass: ((PeerFact) -> Void) -> Void, into findings: inout RunFindings
  ) {
    var sink = RunFindingSink(policies: policies, overrides, &findings)
    for rule in rules {
      guard case .peers(let check) = rule.kind, let judge = check.judge(peers) else { continue }
      sink.rule = asked(rule)
      pass { peer in
        guard let message = judge(peer.charge) else { return }
        sink.report(LineFact(peer, in: group), .charge, message)
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
      index: rule.demand.rule, severity: rule.severity, needs: rule.demand.needs,
      isOverridden: overrides.change(rule.demand.rule))
  }
}
