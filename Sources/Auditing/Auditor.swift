public import ClaimModel

/// Applies the rules of a run to claims.
///
/// A value without state: several threads may use one, each with a `ClaimAudit` of its own.
public struct Auditor: Sendable {
  /// Every rule there is in the run, the ones that are not selected included.
  public let catalogue: RuleCatalogue
  /// What is said of the rules, in the order of the catalogue.
  public let descriptions: [RuleDescription]
  /// The procedures whose lines are watched, sorted.
  public let watchedProcedures: [Code]
  /// The procedures whose lines tell of an open global period, sorted.
  ///
  /// Claims with a watched one are to be handed to `audit`, of those with one of these only an outline is asked for.
  public let globalProcedures: [Code]
  /// The answers to what only the whole run can tell.
  public let runAuditor: RunAuditor
  /// The payer keys that are known.
  public var payerKeys: [String] { tables.payers.keys }

  private let rules: CompiledRules
  /// What the rules over the run ask of a line.
  private let runDemands: [RunRuleDemand]
  private let overrides: [[RuleOverride]]
  /// Whether a pack changes a rule, by its position in the catalogue.
  private let isOverridden: [Bool]
  let policies: PolicyTable
  let tables: CodeTables
  let options: AuditOptions
  /// The days whose lines are reported.
  public var period: ServicePeriod { options.period }
  let contentSeed: UInt64

  /// An auditor that follows the options; options that name a rule or a payer that does not exist are an error.
  public init(_ program: AuditProgram, options: AuditOptions) throws(AuditOptionsError) {
    descriptions = program.descriptions
    let catalogue = RuleCatalogue(descriptions)
    self.catalogue = catalogue
    self.options = options
    tables = program.tables
    if let payer = options.payer, !tables.payers.keys.contains(payer) {
      let known = tables.payers.keys.joined(separator: ", ")
      throw AuditOptionsError(.payer, "there is no payer \"\(payer)\", known are \(known)")
    }
    let selection = try RuleSelection(select: options.select, ignore: options.ignore, among: catalogue.ids)
    var policies = program.policies
    for code in options.extraWatch where policies[code] == nil && !code.isNone { policies[code] = ProcedurePolicy.none }
    self.policies = PolicyTable(policies: policies, globalDays: program.globalDays)
    watchedProcedures = self.policies.watched
    globalProcedures = self.policies.withGlobalDays
    var overrides = [[RuleOverride]](repeating: [], count: catalogue.count)
    for override in program.overrides {
      if let rule = catalogue.index(of: override.rule) { overrides[Int(rule.position)].append(override) }
    }
    self.overrides = overrides
    isOverridden = overrides.map { !$0.isEmpty }
    // A rule below the asked severity is not run, unless a pack may raise it.
    func isWanted(_ description: RuleDescription, _ rule: RuleIndex) -> Bool {
      let heaviest = overrides[Int(rule.position)].compactMap(\.severity).max() ?? .none
      return selection.includes(description.id) && max(description.severity, heaviest) >= options.minimumSeverity
    }
    var rules: [(description: RuleDescription, index: RuleIndex, occasions: Occasions, check: any LineCheck)] = []
    for rule in program.lineRules {
      if let index = catalogue.index(of: rule.description.id), isWanted(rule.description, index) {
        rules.append((rule.description, index, rule.occasions, rule.check))
      }
    }
    self.rules = CompiledRules(rules)
    var runRules: [CompiledRunRule] = []
    for type in program.runRules {
      guard let index = catalogue.index(of: type.description.id), isWanted(type.description, index) else { continue }
      runRules.append(CompiledRunRule(type.description, index: index, kind: .groups(type.grouping, type.init())))
    }
    for type in program.peerRules {
      guard let index = catalogue.index(of: type.description.id), isWanted(type.description, index) else { continue }
      runRules.append(CompiledRunRule(type.description, index: index, kind: .peers(type.init())))
    }
    runDemands = runRules.map(\.demand)
    runAuditor = RunAuditor(
      rules: runRules, policies: self.policies, overrides: overrides, payers: tables.payers.keys,
      minimumSeverity: options.minimumSeverity)
    contentSeed = options.identityHash("claim content".utf8)
  }

  /// Audits a claim: says which lines are watched, what was found on them, and what the rules over the run need to know.
  public func audit(_ claim: Claim, into audit: inout ClaimAudit) {
    var facts = audit.facts
    audit.facts = []
    facts.removeAll(keepingCapacity: true)
    self.audit(claim, into: &audit, addingTo: &facts)
    audit.facts = facts
  }

  /// Audits a claim, adding what the rules over the run need to know to what they need of the claims before it.
  public func audit(_ claim: Claim, into audit: inout ClaimAudit, addingTo facts: inout [LineFact]) {
    audit.reset()
    if claim.isOutline {
      keepFacts(ofOutline: claim, &audit, &facts)
      return
    }
    var isOfInterest = false
    var firstPolicy: Int?
    for index in claim.lines.indices {
      let isListed = policies.isOfInterest(claim.lines[index].procedure.code)
      let policy = isListed ? policies.position(of: claim.lines[index].procedure.code) : nil
      if firstPolicy == nil { firstPolicy = policy }
      audit.watched.append(policy != nil && isBilledCode(claim.lines[index], claim))
      if isListed { isOfInterest = true }
    }
    let day = firstDay(of: claim)
    let payer = audit.memory.payers.payer(of: claim, on: day, in: tables.payers)
    audit.payer = payer.map { tables.payers.payers[$0].key } ?? PayerTable.other
    guard isOfInterest else { return }
    var policyPosition = firstPolicy
    var policy = policies.policy(at: policyPosition)
    var line = AuditedLine(
      claim: claim, tables: tables, asOf: options.asOf, payer: payer, policy: policy, at: policyPosition)
    let isPayerWanted = options.payer.map { $0 == audit.payer } ?? true
    let missing = Self.missing(claim)
    let payerHash = tables.payers.hash(of: payer)
    var identity = ClaimIdentity(claim, options.identityHash, &audit.memory)
    var sink = FindingSink(audit.findings, audit.text)
    audit.findings = []
    audit.text = []
    for index in claim.lines.indices {
      let procedure = claim.lines[index].procedure.code
      let isProcedureWatched = audit.watched[index]
      guard policies.isOfInterest(procedure), isBilledCode(claim.lines[index], claim),
        isProcedureWatched || policies.globalDays(of: procedure) != nil
      else { continue }
      let position = isProcedureWatched ? policies.position(of: procedure) : nil
      if position != policyPosition {
        policy = policies.policy(at: position)
        policyPosition = position
      }
      line.load(index, policy: policy, at: position, tables: tables)
      let isWatched = isProcedureWatched && isPayerWanted && options.period.contains(line.day)
      audit.watched[index] = isWatched
      facts.append(
        fact(
          line, identity: &identity, memory: &audit.memory, payer: payerHash, missing: missing, isWatched: isWatched))
      if isWatched {
        audit.hasWatchedLine = true
        line.prepare(policy, tables, &audit.memory)
        check(line, missing, &sink, &audit.notEvaluated)
      }
    }
    audit.findings = sink.findings
    audit.text = sink.text
  }

  /// Asks every rule about a watched line.
  private func check(
    _ line: AuditedLine, _ missing: FieldSet, _ sink: inout FindingSink, _ notEvaluated: inout [RuleIndex]
  ) {
    sink.line = line.index
    let kind = CompiledRules.kind(
      institutional: line.isInstitutional, csv: line.isCSV, general: line.policy.isNone, void: line.isVoid)
    let occasions = line.occasions
    if rules.needs(missing, kind: kind) {
      rules.forEachStep(of: kind) { step in
        let position = Int(step.position)
        if !rules.needs[position].isDisjoint(with: missing) {
          notEvaluated.append(rules.indices[position])
        } else if !step.occasions.isDisjoint(with: occasions) {
          ask(position, line, &sink)
        }
      }
    } else {
      rules.forEachPosition(of: kind, on: occasions) { ask($0, line, &sink) }
    }
    if missing.isEmpty && line.claim.patient != 0 { return }
    let isGeneral = line.policy.isNone
    for demand in runDemands {
      guard demand.applies.covers(institutional: line.isInstitutional, csv: line.isCSV),
        !isGeneral || demand.scope == .general
      else { continue }
      let lacksPatient = demand.needsPatient && line.claim.patient == 0
      if lacksPatient || !demand.needs.isDisjoint(with: missing) { notEvaluated.append(demand.rule) }
    }
  }

  /// Asks the rule at a position about a line.
  @inline(__always)
  private func ask(_ position: Int, _ line: AuditedLine, _ sink: inout FindingSink) {
    let count = sink.findings.count
    sink.rule = rules.indices[position]
    sink.severity = rules.severities[position]
    rules.checks.check(position, line, &sink)
    if sink.findings.count > count, isOverridden[Int(sink.rule.position)] { adjust(&sink, line) }
  }

  /// The fields that the claim's source has no place for.
  private static func missing(_ claim: Claim) -> FieldSet {
    var fields = claim.fields
    // A type of bill brings the frequency with it.
    if fields.contains(.typeOfBill) { fields.insert(.frequency) }
    return FieldSet.all.subtracting(fields)
  }

  /// Changes the last finding as the packs say, and drops it when it is not wanted.
  private func adjust(_ sink: inout FindingSink, _ line: AuditedLine) {
    for override in overrides[Int(sink.rule.position)]
    where override.applies(payer: line.payerKey, procedure: line.line.procedure.code, day: line.day) {
      if let condition = override.condition, !condition.holds(for: line) { continue }
      sink.changeLast(override)
    }
    sink.dropLast(below: options.minimumSeverity)
  }

  /// Whether the line bills a CPT or HCPCS code; dental lines bill under a qualifier of their own.
  func isBilledCode(_ line: ServiceLine, _ claim: Claim) -> Bool {
    line.procedureQualifier == "HC" || (claim.kind == .dental && line.procedureQualifier == "AD")
  }

  private func firstDay(of claim: Claim) -> Day? {
    for line in claim.lines {
      if let day = line.serviceFrom.day { return day }
    }
    return claim.statementFrom.day
  }
}
