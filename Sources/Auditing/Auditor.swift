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
  /// Claims with one of them or of the watched ones are to be handed to `audit`.
  public let globalProcedures: [Code]
  /// The answers to what only the whole run can tell.
  public let runAuditor: RunAuditor
  /// The payer keys that are known.
  public var payerKeys: [String] { tables.payers.keys }

  private let rules: CompiledRules
  private let runRules: [CompiledRunRule]
  private let overrides: [[RuleOverride]]
  private let policies: PolicyTable
  private let tables: CodeTables
  private let options: AuditOptions
  private let contentSeed: UInt64

  /// An auditor that follows the options; options that name a rule or a payer that does not exist are an error.
  public init(_ program: AuditProgram, options: AuditOptions) throws(AuditOptionsError) {
    descriptions = program.descriptions
    let catalogue = RuleCatalogue(ids: descriptions.map(\.id))
    self.catalogue = catalogue
    self.options = options
    tables = program.tables
    if let payer = options.payer, !tables.payers.keys.contains(payer) {
      throw AuditOptionsError("there is no payer \"\(payer)\", known are \(tables.payers.keys.joined(separator: ", "))")
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
    // A rule below the asked severity is not run, unless a pack may raise it.
    func isWanted(_ description: RuleDescription, _ rule: RuleIndex) -> Bool {
      let heaviest = overrides[Int(rule.position)].compactMap(\.severity).max() ?? .none
      return selection.includes(description.id) && max(description.severity, heaviest) >= options.minimumSeverity
    }
    var rules: [(description: RuleDescription, index: RuleIndex, check: any LineCheck)] = []
    for rule in program.lineRules {
      if let index = catalogue.index(of: rule.description.id), isWanted(rule.description, index) {
        rules.append((rule.description, index, rule.check))
      }
    }
    self.rules = CompiledRules(rules)
    var runRules: [CompiledRunRule] = []
    for type in program.runRules {
      let description = type.description
      guard let index = catalogue.index(of: description.id), isWanted(description, index) else { continue }
      runRules.append(
        CompiledRunRule(
          text: RuleText(description, index: index),
          needs: description.needs, applies: description.applies, scope: description.scope, grouping: type.grouping,
          rule: type.init()))
    }
    self.runRules = runRules
    runAuditor = RunAuditor(
      rules: runRules, policies: self.policies, overrides: overrides, payers: tables.payers.keys,
      minimumSeverity: options.minimumSeverity)
    contentSeed = options.identityHash("claim content".utf8)
  }

  /// Audits a claim: says which lines are watched, what was found on them, and what the rules over the run need to know.
  public func audit(_ claim: Claim, into audit: inout ClaimAudit) {
    audit.reset()
    var isOfInterest = false
    for line in claim.lines {
      let policy = isBilledCode(line, claim) ? policies.policy(of: line.procedure.code) : nil
      audit.watched.append(policy != nil)
      if policy != nil || policies.globalDays(of: line.procedure.code) != nil { isOfInterest = true }
    }
    let day = firstDay(of: claim)
    let payer = tables.payers.payer(of: claim, on: day)
    let key = payer.map { tables.payers.payers[$0].key } ?? PayerTable.other
    audit.payer = key
    guard isOfInterest else { return }
    var line = AuditedLine(claim: claim, tables: tables, asOf: options.asOf, payer: payer)
    let isPayerWanted = options.payer.map { $0 == key } ?? true
    var identity = ClaimIdentity(claim, options.identityHash)
    var sink = FindingSink(audit.findings, texts: rules.texts)
    audit.findings = []
    for index in claim.lines.indices {
      let procedure = claim.lines[index].procedure.code
      let isProcedureWatched = audit.watched[index]
      guard isProcedureWatched || policies.globalDays(of: procedure) != nil, isBilledCode(claim.lines[index], claim)
      else {
        continue
      }
      let policy = isProcedureWatched ? policies.policy(of: procedure) ?? .none : .none
      line.load(index, policy: policy)
      let isWatched = isProcedureWatched && isPayerWanted && isInPeriod(line.day)
      audit.watched[index] = isWatched
      audit.facts.append(fact(line, identity: &identity, payer: key, isWatched: isWatched))
      if isWatched { check(line, &sink, &audit.notEvaluated) }
    }
    audit.findings = sink.findings
  }

  /// Asks every rule about a watched line.
  private func check(_ line: AuditedLine, _ sink: inout FindingSink, _ notEvaluated: inout [RuleIndex]) {
    sink.line = line.index
    let missing = Self.missing(line)
    let isGeneral = line.policy.isNone
    let kind = CompiledRules.kind(
      institutional: line.isInstitutional, csv: line.isCSV, general: isGeneral, void: line.isVoid)
    for position in rules.plans[kind] {
      if !rules.needs[position].isDisjoint(with: missing) {
        notEvaluated.append(rules.texts[position].index)
        continue
      }
      let count = sink.findings.count
      sink.position = position
      rules.checks[position].check(line, &sink)
      if sink.findings.count > count { adjust(&sink, line) }
    }
    if missing.isEmpty && line.claim.patient != 0 { return }
    for rule in runRules {
      guard rule.applies.covers(institutional: line.isInstitutional, csv: line.isCSV),
        !isGeneral || rule.scope == .general
      else { continue }
      let lacksPatient = rule.grouping == .patient && line.claim.patient == 0
      if lacksPatient || !rule.needs.isDisjoint(with: missing) { notEvaluated.append(rule.text.index) }
    }
  }

  /// The fields that the claim's source has no place for.
  private static func missing(_ line: AuditedLine) -> FieldSet {
    var fields = line.claim.fields
    // A type of bill brings the frequency with it.
    if fields.contains(.typeOfBill) { fields.insert(.frequency) }
    return FieldSet.all.subtracting(fields)
  }

  /// Changes the last finding as the packs say, and drops it when it is not wanted.
  private func adjust(_ sink: inout FindingSink, _ line: AuditedLine) {
    sink.replaceLast { finding in
      for override in overrides[Int(finding.rule.position)]
      where override.applies(payer: line.payerKey, procedure: line.line.procedure.code, day: line.day) {
        if let condition = override.condition, !condition.holds(for: line) { continue }
        if let severity = override.severity { finding.severity = severity }
        if let carc = override.carc { finding.carc = carc }
        if let rarc = override.rarc { finding.rarc = rarc }
        if let fix = override.fix { finding.fix = fix }
      }
      return finding.severity != .none && finding.severity >= options.minimumSeverity
    }
  }

  /// Whether the line bills a CPT or HCPCS code; dental lines bill under a qualifier of their own.
  private func isBilledCode(_ line: ServiceLine, _ claim: Claim) -> Bool {
    line.procedureQualifier == "HC" || (claim.kind == .dental && line.procedureQualifier == "AD")
  }

  private func isInPeriod(_ day: Day?) -> Bool {
    if options.since == nil && options.until == nil { return true }
    guard let day else { return false }
    if let since = options.since, day < since { return false }
    if let until = options.until, day > until { return false }
    return true
  }

  private func firstDay(of claim: Claim) -> Day? {
    for line in claim.lines {
      if let day = line.serviceFrom.day { return day }
    }
    return claim.statementFrom.day
  }

  /// What the rules over the run keep of a line.
  private func fact(_ line: AuditedLine, identity: inout ClaimIdentity, payer: String, isWatched: Bool) -> LineFact {
    let claim = line.claim
    var traits = LineFact.Traits()
    if isWatched { traits.insert(.watched) }
    if line.isInstitutional { traits.insert(.institutional) }
    if line.isVoid { traits.insert(.void) }
    if line.isReplacement { traits.insert(.replacement) }
    if line.frequency.isNone || line.frequency == "1" || line.frequency == "0" { traits.insert(.original) }
    if claim.payerSequence == "S" || claim.payerSequence == "T" { traits.insert(.notPrimary) }
    if line.hasModifier(.globalPeriod) { traits.insert(.globalModifier) }
    if line.line.isReversal { traits.insert(.reversal) }
    if claim.kind == .dental { traits.insert(.dental) }
    var modifierSet: UInt64 = 0
    for index in 0..<line.modifiers.validCount {
      modifierSet = modifierSet &+ ClaimIdentity.mix(line.modifiers.valid(at: index).bits)
    }
    // A line of the professional kind is in a facility or not by its place; a line of the other kind always is.
    let setting: UInt64 = line.isInstitutional ? 2 : tables.places.isFacility(line.place.code).map { $0 ? 1 : 0 } ?? 3
    let payerHash = ClaimIdentity.stable(payer)
    var group = ClaimIdentity.mix(UInt64(payerHash) << 8 | setting << 4 | UInt64(claim.kind.rawValue))
    group = ClaimIdentity.mix(group ^ line.line.procedure.code.bits)
    let units = line.line.units.whole.flatMap { $0 >= 0 && $0 <= 1_000_000 ? Int32($0) : nil } ?? -1
    return LineFact(
      key: LineKey(stream: 0, record: max(line.line.location.record, 0), slot: slot(of: line)),
      patient: claim.patient, clinician: identity.clinician(of: line.line, claim), facility: identity.facility,
      claimID: identity.claimID, originalClaimID: identity.originalClaimID,
      claimContent: identity.content(claim, seed: contentSeed), procedure: line.line.procedure.code,
      modifierSet: modifierSet, charge: line.line.charge.cents ?? Int64.min, units: units,
      serviceDay: line.serviceDay?.ordinal ?? line.day?.ordinal ?? Int32.min,
      peerGroup: UInt32(truncatingIfNeeded: group) | 1, traits: traits, payer: payerHash,
      missing: Self.missing(line))
  }

  /// Lines of one record are told apart by their order; only wide rows have several.
  private func slot(of line: AuditedLine) -> Int {
    var slot = 0
    var index = line.index - 1
    while index >= 0, line.claim.lines[index].location.record == line.line.location.record {
      slot += 1
      index -= 1
    }
    return slot
  }
}

/// The hashes of a claim's numbers, each made once and only when a line needs it.
struct ClaimIdentity {
  private let hash: KeyedHash
  let claimID: UInt64
  let originalClaimID: UInt64
  let facility: UInt64
  private var lastClinician: (range: TextRange, hash: UInt64) = (.none, 0)
  private var claimContent: UInt64?

  init(_ claim: Claim, _ hash: KeyedHash) {
    self.hash = hash
    func of(_ range: TextRange) -> UInt64 { range.isEmpty ? 0 : hash(claim.text[range]) }
    claimID = of(claim.id)
    originalClaimID = of(claim.originalClaimID)
    facility = of(claim.billingNPI)
  }

  mutating func clinician(of line: ServiceLine, _ claim: Claim) -> UInt64 {
    let range = claim.clinician(of: line)
    if range.isEmpty { return 0 }
    if lastClinician.range != range { lastClinician = (range, hash(claim.text[range])) }
    return lastClinician.hash
  }

  /// A hash over what the claim bills: procedures, modifiers, charges, units and days of its lines, its diagnoses, its type.
  mutating func content(_ claim: Claim, seed: UInt64) -> UInt64 {
    if let claimContent { return claimContent }
    var hash = seed
    func add(_ word: UInt64) { hash = Self.mix(hash ^ word) }
    add(UInt64(claim.kind.rawValue))
    add(claim.typeOfBill.code.bits)
    add(UInt64(bitPattern: claim.totalCharge.cents ?? Int64.min))
    for diagnosis in claim.diagnoses { add(diagnosis.code.bits) }
    for line in claim.lines {
      add(line.procedure.code.bits)
      for index in line.modifiers.indices { add(line.modifiers[index].code.bits) }
      add(line.revenueCode.code.bits)
      add(UInt64(bitPattern: line.charge.cents ?? Int64.min))
      add(UInt64(bitPattern: line.units.tenThousandths ?? Int64.min))
      add(UInt64(bitPattern: Int64(line.serviceFrom.day?.ordinal ?? Int32.min)))
    }
    claimContent = hash
    return hash
  }

  /// Spreads a word over all its bits.
  static func mix(_ word: UInt64) -> UInt64 {
    var word = word ^ word >> 33
    word = word &* 0xFF51_AFD7_ED55_8CCD
    word ^= word >> 33
    word = word &* 0xC4CE_B9FE_1A85_EC53
    return word ^ word >> 33
  }

  /// A hash of a text that is the same on every machine and in every run.
  static func stable(_ text: String) -> UInt32 {
    var hash: UInt32 = 0x811C_9DC5
    for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    return hash
  }
}
