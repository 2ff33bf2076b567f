public import ClaimModel

/// Takes what the rules say about a line and adds what is said once about the rule: its severity, its codes, its fix.
public struct FindingSink {
  private(set) var findings: [Finding]
  /// The position of the rule that is asked, in `texts`.
  var position = 0
  var line = 0
  private let texts: [RuleText]

  init(_ findings: [Finding], texts: [RuleText]) {
    self.findings = findings
    self.texts = texts
  }

  /// Says what was found.
  ///
  /// What is not given is the rule's own.
  ///
  /// - Parameters:
  ///   - field: the field it is about.
  ///   - message: one sentence that a biller can act on, without `; ` and without a name or id of a patient.
  ///   - fix: what to do.
  ///   - carc: the expected adjustment reason codes.
  ///   - rarc: the expected remark codes.
  public mutating func report(
    _ field: ClaimField, _ message: String, fix: String? = nil, carc: String? = nil, rarc: String? = nil
  ) {
    let rule = texts[position]
    findings.append(
      Finding(
        rule: rule.index, severity: rule.severity, line: line, field: field, message: message, fix: fix ?? rule.fix,
        carc: carc ?? rule.carc, rarc: rarc ?? rule.rarc))
  }

  mutating func replaceLast(_ change: (inout Finding) -> Bool) {
    guard var last = findings.popLast() else { return }
    if change(&last) { findings.append(last) }
  }
}

/// Takes what the rules over the run say.
public struct RunFindingSink {
  private(set) var findings: [RunFinding] = []
  /// The watched procedures' policies.
  public let policies: PolicyTable
  var rule: RuleText
  /// The fields without which the rule says nothing about a line.
  var needs: FieldSet = []

  init(policies: PolicyTable, rule: RuleText) {
    self.policies = policies
    self.rule = rule
  }

  /// Says what was found on a line.
  ///
  /// Where the message names another line it holds `RunFinding.placeholder`.
  public mutating func report(
    _ fact: LineFact, _ field: ClaimField, _ message: String, fix: String? = nil, related: LineKey? = nil
  ) {
    guard needs.isDisjoint(with: fact.missing) else { return }
    findings.append(
      RunFinding(
        key: fact.key, rule: rule.index, severity: rule.severity, field: field, message: message, fix: fix ?? rule.fix,
        carc: rule.carc, rarc: rule.rarc, relatedLine: related))
  }

  mutating func replaceLast(from count: Int, _ change: (inout RunFinding) -> Bool) {
    var kept: [RunFinding] = []
    for index in count..<findings.count {
      var finding = findings[index]
      if change(&finding) { kept.append(finding) }
    }
    findings.removeSubrange(count...)
    findings.append(contentsOf: kept)
  }
}

/// Which policy holds for which watched procedure, and how many days of aftercare a procedure brings.
public struct PolicyTable: Sendable {
  private let procedures: [Code]
  private let policies: [ProcedurePolicy]
  private let globalCodes: [Code]
  private let globalDays: [Int32]

  /// A table.
  public init(policies: [Code: ProcedurePolicy], globalDays: [Code: Int32]) {
    let sorted = policies.sorted { $0.key < $1.key }
    procedures = sorted.map(\.key)
    self.policies = sorted.map(\.value)
    let days = globalDays.sorted { $0.key < $1.key }
    globalCodes = days.map(\.key)
    self.globalDays = days.map(\.value)
  }

  /// The watched procedures, sorted.
  public var watched: [Code] { procedures }

  /// The procedures whose global days are known, sorted.
  public var withGlobalDays: [Code] { globalCodes }

  /// The policy of a watched procedure, `nil` when it is not watched.
  public func policy(of procedure: Code) -> ProcedurePolicy? {
    // Nearly always one or two: a walk beats a search.
    for index in procedures.indices where procedures[index] == procedure { return policies[index] }
    return nil
  }

  /// The global days of a procedure: 0, 10 or 90; `nil` when they are not known.
  public func globalDays(of procedure: Code) -> Int32? {
    var low = 0
    var high = globalCodes.count
    while low < high {
      let middle = (low + high) / 2
      if globalCodes[middle] < procedure { low = middle + 1 } else { high = middle }
    }
    return low < globalCodes.count && globalCodes[low] == procedure ? globalDays[low] : nil
  }
}
