import ClaimModel

/// The rules over one line that a run applies, in catalogue order, parted so that the loop over them touches small plain values.
struct CompiledRules: Sendable {
  /// The checks.
  let checks: CheckList
  /// Their rules.
  let indices: [RuleIndex]
  /// Their severities.
  let severities: [Severity]
  /// The fields without which each cannot be evaluated.
  let needs: [FieldSet]
  /// What the rules need that look at a kind of line, by `kind`.
  private let planNeeds: [FieldSet]
  /// The rules that look at each kind of line, kind after kind.
  private let plans: [Step]
  /// Where each kind's steps begin; one more for the end.
  private let starts: [Int]
  /// For each kind and each occasion, one bit a step of the kind: the rule is asked then.
  ///
  /// `words` words each.
  private let asked: [UInt64]
  /// How many words hold one bit a step of any kind.
  private let words: Int

  /// A rule in the plan of a kind of line.
  struct Step: Sendable {
    /// When the rule is asked.
    var occasions: Occasions
    /// Its position.
    var position: Int32
  }

  init(_ rules: [(description: RuleDescription, index: RuleIndex, occasions: Occasions, check: any LineCheck)]) {
    let rules = rules.sorted { $0.index < $1.index }
    checks = CheckList(rules.map(\.check))
    indices = rules.map(\.index)
    severities = rules.map(\.description.severity)
    needs = rules.map(\.description.needs)
    var steps = [[Step]](repeating: [], count: 16)
    var planNeeds = [FieldSet](repeating: [], count: 16)
    // Rule by rule, then kind by kind: a description is large and would else be copied for each kind.
    for position in rules.indices {
      let rule = rules[position]
      let isAboutTotals = Self.isAboutTotals(rule.description.id)
      for kind in steps.indices where Self.looks(rule.description, at: kind, isAboutTotals: isAboutTotals) {
        steps[kind].append(Step(occasions: rule.occasions, position: Int32(position)))
        planNeeds[kind].formUnion(rule.description.needs)
      }
    }
    var plans: [Step] = []
    var starts = [0]
    for list in steps {
      plans += list
      starts.append(plans.count)
    }
    let words = (steps.map(\.count).max() ?? 0) / 64 + 1
    var asked = [UInt64](repeating: 0, count: steps.count * 64 * words)
    for (kind, list) in steps.enumerated() {
      for (number, step) in list.enumerated() {
        for occasion in 0..<64 where step.occasions.rawValue >> UInt64(occasion) & 1 != 0 {
          asked[(kind * 64 + occasion) * words + number / 64] |= 1 << UInt64(number % 64)
        }
      }
    }
    self.words = words
    self.asked = asked
    self.plans = plans
    self.starts = starts
    self.planNeeds = planNeeds
  }

  /// Whether a rule looks at lines of a kind.
  private static func looks(_ rule: RuleDescription, at kind: Int, isAboutTotals: Bool) -> Bool {
    if !rule.applies.covers(institutional: kind & 1 != 0, csv: kind & 2 != 0) { return false }
    if kind & 4 != 0, rule.scope == .procedure { return false }
    return kind & 8 == 0 || !isAboutTotals
  }

  /// Hands out, in order, the positions of the rules that look at a kind of line and have one of those occasions.
  ///
  /// Of 60 rules a line gives a dozen and a half reason to speak: the bits of its occasions are put together, and no other rule is
  /// looked at.
  @inline(__always)
  func forEachPosition(of kind: Int, on occasions: Occasions, _ body: (Int) -> Void) {
    let (steps, asked) = (plans.span, asked.span)
    for word in 0..<words {
      var bits: UInt64 = 0
      var left = occasions.rawValue
      while left != 0 {
        bits |= asked[(kind * 64 + left.trailingZeroBitCount) * words + word]
        left &= left &- 1
      }
      let first = starts[kind] + word * 64
      while bits != 0 {
        body(Int(steps[first + bits.trailingZeroBitCount].position))
        bits &= bits &- 1
      }
    }
  }

  /// Hands out the rules that look at a kind of line.
  @inline(__always)
  func forEachStep(of kind: Int, _ body: (Step) -> Void) {
    let steps = plans.span
    for index in starts[kind]..<starts[kind + 1] { body(steps[index]) }
  }

  /// Whether some rule that looks at a kind of line needs one of those fields.
  func needs(_ fields: FieldSet, kind: Int) -> Bool { !planNeeds[kind].isDisjoint(with: fields) }

  /// The kind of a line: how it is judged, where it is from, whether a pack speaks of it, whether it voids another.
  static func kind(institutional: Bool, csv: Bool, general: Bool, void: Bool) -> Int {
    (institutional ? 1 : 0) | (csv ? 2 : 0) | (general ? 4 : 0) | (void ? 8 : 0)
  }

  /// The families that add up, pair or compare services: what a void takes back is no service.
  private static func isAboutTotals(_ id: String) -> Bool {
    ["UNIT-", "DUP-", "PAIR-", "GLOB-"].contains { id.hasPrefix($0) }
  }
}

extension AppliesTo {
  /// Whether a rule with this set looks at such a claim.
  ///
  /// CSV alone (`C`) means exports of either kind; together with a kind it means exports judged as that kind.
  func covers(institutional: Bool, csv: Bool) -> Bool {
    if self == .csv { return csv }
    return contains(institutional ? .institutional : .professional)
  }
}
