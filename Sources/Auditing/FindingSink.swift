public import ClaimModel

/// Takes what the rules say about a line.
public struct FindingSink {
  private(set) var findings: [Finding]
  /// The bytes of their texts.
  private(set) var text: [UInt8]
  /// The rule that is asked, and its severity.
  var rule = RuleIndex(0)
  var severity = Severity.none
  var line = 0

  init(_ findings: [Finding], _ text: [UInt8]) {
    self.findings = findings
    self.text = text
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
    _ field: ClaimField, _ message: MessageText, fix: String? = nil, carc: String? = nil, rarc: String? = nil
  ) {
    add(field, text.keep(message), fix: fix, carc: carc, rarc: rarc)
  }

  /// Says what a pack's rule found, in the pack's words.
  mutating func report(_ field: ClaimField, words: String) {
    add(field, text.keep(words), fix: nil, carc: nil, rarc: nil)
  }

  private mutating func add(_ field: ClaimField, _ message: TextRange, fix: String?, carc: String?, rarc: String?) {
    findings.append(
      Finding(
        rule: rule, severity: severity, line: line, field: field, message: message, fix: fix.map { text.keep($0) },
        carc: carc.map { text.keep($0) }, rarc: rarc.map { text.keep($0) }))
  }

  /// Changes the last finding as `override` says.
  mutating func changeLast(_ override: RuleOverride) {
    let last = findings.count - 1
    if let severity = override.severity { findings[last].severity = severity }
    if let carc = override.carc { findings[last].carc = text.keep(carc) }
    if let rarc = override.rarc { findings[last].rarc = text.keep(rarc) }
    if let fix = override.fix { findings[last].fix = text.keep(fix) }
  }

  /// Drops the last finding where its severity is not wanted.
  mutating func dropLast(below minimum: Severity) {
    guard let last = findings.last else { return }
    if last.severity == .none || last.severity < minimum { findings.removeLast() }
  }
}

/// Takes what the rules over the run say.
public struct RunFindingSink {
  /// The rule that is asked.
  struct Rule {
    var index: RuleIndex
    var severity: Severity
    /// The fields without which the rule says nothing about a line.
    var needs: FieldSet
    /// Whether a pack changes what it says.
    var isOverridden: Bool
  }

  /// The watched procedures' policies.
  public let policies: PolicyTable
  /// The rule that is asked.
  var rule = Rule(index: RuleIndex(0), severity: .none, needs: [], isOverridden: false)
  private(set) var findings: RunFindings
  private let overrides: RunOverrides

  /// A sink that adds to findings, which it has until it is done.
  init(policies: PolicyTable, _ overrides: RunOverrides, _ findings: inout RunFindings) {
    self.policies = policies
    self.overrides = overrides
    self.findings = RunFindings()
    swap(&self.findings, &findings)
  }

  /// Says what was found on a line.
  ///
  /// Where the message names another line it holds `RunFinding.placeholder`.
  public mutating func report(
    _ fact: borrowing LineFact, _ field: ClaimField, _ message: borrowing MessageText, related: LineKey? = nil
  ) {
    guard rule.needs.isDisjoint(with: fact.missing) else { return }
    if rule.isOverridden {
      let finding = RunFinding(
        key: fact.key, rule: rule.index, severity: rule.severity, field: field, message: copy message,
        relatedLine: related)
      if let changed = overrides.changed(finding, on: copy fact) { findings.append(changed) }
    } else {
      findings.append(rule, fact.key, field, message, related: related)
    }
  }
}

/// Which policy holds for which watched procedure, and how many days of aftercare a procedure brings.
public final class PolicyTable: Sendable {
  private let procedures: [Code]
  private let policies: [ProcedurePolicy]
  private let globalCodes: [Code]
  private let globalDays: [Int32]
  /// The watched procedures and those whose global days are known.
  private let ofInterest: CodeSet

  /// A table.
  public init(policies: [Code: ProcedurePolicy], globalDays: [Code: Int32]) {
    let sorted = policies.sorted { $0.key < $1.key }
    procedures = sorted.map(\.key)
    self.policies = sorted.map(\.value)
    let days = globalDays.sorted { $0.key < $1.key }
    globalCodes = days.map(\.key)
    self.globalDays = days.map(\.value)
    ofInterest = CodeSet(procedures + globalCodes)
  }

  /// Whether a procedure is watched or its global days are known.
  func isOfInterest(_ procedure: Code) -> Bool { ofInterest.contains(procedure) }

  /// Where the policy of a procedure stands, `nil` when the procedure is not watched.
  ///
  /// Nearly always there are one or two: a walk beats a search.
  func position(of procedure: Code) -> Int? {
    for position in procedures.indices where procedures[position] == procedure { return position }
    return nil
  }

  /// The policy at a position, the one that says nothing where there is none.
  func policy(at position: Int?) -> ProcedurePolicy { position.map { policies[$0] } ?? .none }

  /// The watched procedures, sorted.
  public var watched: [Code] { procedures }

  /// The procedures whose global days are known, sorted.
  public var withGlobalDays: [Code] { globalCodes }

  /// The policy of a watched procedure, `nil` when it is not watched.
  public func policy(of procedure: Code) -> ProcedurePolicy? {
    position(of: procedure).map { policies[$0] }
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
