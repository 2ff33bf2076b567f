import ClaimModel

/// Answers what only the whole run can tell, from the facts of its lines.
///
/// The answers depend on which facts there are and on nothing else: not on their order, nor on how the input was split. They may
/// also be parted by a grouping's key, each part be asked alone, and the answers be put together (`audit(_:grouping:_:)`).
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
    let ordered = facts.sorted { $0.key < $1.key }
    var findings: [RunFinding] = []
    for grouping in FactGrouping.allCases { audit(ordered, grouping: grouping) { findings.append($0) } }
    var peers: [UInt32: [PeerFact]] = [:]
    for fact in ordered {
      if let peer = PeerFact(fact) { peers[fact.peerGroup, default: []].append(peer) }
    }
    for group in peers.values {
      audit(peers: group.count, pass: { take in for peer in group { take(peer) } }, { findings.append($0) })
    }
    return findings.sorted { $0.key != $1.key ? $0.key < $1.key : $0.rule < $1.rule }
  }

  /// Whether some rule looks at the groups of a grouping.
  public func asks(_ grouping: FactGrouping) -> Bool { !rules(of: grouping).isEmpty }

  /// Hands out what the rules of one grouping find, group by group.
  ///
  /// - Parameters:
  ///   - facts: facts in input order that hold each of the grouping's groups whole or not at all.
  ///   - grouping: which rules are asked.
  ///   - report: takes the findings.
  public func audit(_ facts: [LineFact], grouping: FactGrouping, _ report: (RunFinding) -> Void) {
    let chosen = rules(of: grouping)
    guard !chosen.isEmpty else { return }
    let groups = FactGroups(facts, grouping)
    var sink = RunFindingSink(policies: policies)
    for index in 0..<groups.count {
      let group = groups[index]
      let all = chosen.span
      for position in all.indices {
        sink.begin(all[position].0)
        all[position].1.check(group, &sink)
        if sink.findings.isEmpty { continue }
        if !overrides[Int(sink.rule.position)].isEmpty { adjust(&sink, group) }
        for index in sink.findings.indices { report(sink.findings[index]) }
        sink.removeAll()
      }
    }
  }

  /// Hands out what the rules that compare charges find in one peer group.
  ///
  /// - Parameters:
  ///   - count: how many lines the group has.
  ///   - pass: hands out its lines, the same each time.
  ///   - report: takes the findings.
  public func audit(
    peers count: Int, pass: @escaping ((PeerFact) -> Void) -> Void, _ report: (RunFinding) -> Void
  ) {
    var sink = RunFindingSink(policies: policies)
    for rule in rules {
      guard case .peers(let check) = rule.kind else { continue }
      let charges = PeerCharges(count: count) { take in pass { take($0.charge) } }
      guard let judge = check.judge(charges) else { continue }
      sink.begin(rule)
      pass { peer in
        guard let message = judge(peer.charge) else { return }
        let fact = LineFact(peer)
        sink.report(fact, .charge, message)
        if !overrides[Int(rule.index.position)].isEmpty { adjust(&sink, [fact]) }
        for finding in sink.findings { report(finding) }
        sink.removeAll()
      }
    }
  }

  /// The rules that look at groups of a grouping.
  private func rules(of grouping: FactGrouping) -> [(CompiledRunRule, any RunRule)] {
    rules.compactMap { rule in
      if case .groups(grouping, let check) = rule.kind { (rule, check) } else { nil }
    }
  }

  /// Changes findings as the packs say, and drops those that are not wanted.
  private func adjust(_ sink: inout RunFindingSink, _ group: ArraySlice<LineFact>) {
    sink.replaceLast(from: 0) { finding in
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
}

/// Facts put together by what a grouping says they have in common, each group in the order of the facts.
///
/// Groups without a watched line are left out: rules speak of watched lines only.
struct FactGroups {
  private var facts: [LineFact] = []
  private var starts: [Int] = [0]

  init(_ all: [LineFact], _ grouping: FactGrouping) {
    // Open addressing from key to group: one look at each fact, and no sorting.
    var capacity = 16
    while capacity < all.count * 2 { capacity *= 2 }
    let mask = capacity - 1
    var table = [Int32](repeating: -1, count: capacity)
    var groupOf = [Int32](repeating: -1, count: all.count)
    var keys: [UInt64] = []
    var sizes: [Int32] = []
    var watched: [Bool] = []
    for position in all.indices {
      let key = grouping.key(of: all[position])
      if key == 0 { continue }
      var slot = Int(truncatingIfNeeded: ClaimIdentity.mix(key)) & mask
      while table[slot] >= 0, keys[Int(table[slot])] != key { slot = (slot + 1) & mask }
      if table[slot] < 0 {
        table[slot] = Int32(keys.count)
        keys.append(key)
        sizes.append(0)
        watched.append(false)
      }
      let group = Int(table[slot])
      groupOf[position] = Int32(group)
      sizes[group] += 1
      if all[position].traits.contains(.watched) { watched[group] = true }
    }
    var next = [Int](repeating: -1, count: keys.count)
    var end = 0
    for group in keys.indices where watched[group] {
      next[group] = end
      end += Int(sizes[group])
      starts.append(end)
    }
    guard end > 0 else { return }
    var order = [Int32](repeating: 0, count: end)
    for position in all.indices {
      let group = Int(groupOf[position])
      guard group >= 0, next[group] >= 0 else { continue }
      order[next[group]] = Int32(position)
      next[group] += 1
    }
    facts.reserveCapacity(end)
    for position in order { facts.append(all[Int(position)]) }
  }

  /// How many groups there are.
  var count: Int { starts.count - 1 }

  /// A group.
  subscript(index: Int) -> ArraySlice<LineFact> { facts[starts[index]..<starts[index + 1]] }
}
