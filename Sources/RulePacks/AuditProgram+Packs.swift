public import Auditing
internal import ClaimModel

extension AuditProgram {
  /// The program of a run without packs and reference files of its own.
  public static let builtIn = AuditProgram()

  /// The program of a run: the built-in rules and tables, with what the packs say.
  ///
  /// Later packs win over earlier ones for a procedure that both watch, and what was read from reference files over both.
  public init(packs: [RulePack] = [.builtIn], reference: ReferenceData = ReferenceData()) {
    let common = RulePack.common
    var policies: [Code: ProcedurePolicy] = [:]
    var globalDays: [Code: Int32] = [:]
    var payers: [PayerTable.Payer] = []
    var lines = RuleRegistry.lineRules.map { Line($0.description, $0.init(), occasions: $0.occasions) }
    var overrides: [RuleOverride] = []
    var ids: Set<String> = []
    for pack in packs {
      var contents = pack.contents
      contents.withoutAftercare = pack.watch.filter { pack.globalDays[$0] == 0 }
      let policy = ProcedurePolicy(contents)
      for code in pack.watch {
        policies[code] =
          reference.speaks(of: code) ? ProcedurePolicy(reference.applied(to: contents, for: code)) : policy
      }
      globalDays.merge(pack.globalDays) { _, later in later }
      payers += pack.payers.map { Self.completed($0, from: common.payers) }
      overrides += pack.overrides
      for rule in pack.rules where ids.insert(rule.description.id).inserted {
        lines.append(Line(rule.description, rule.check))
      }
    }
    let tables = CodeTables(
      modifiers: BuiltInTables.modifiers, places: reference.applied(to: BuiltInTables.places),
      billTypes: BuiltInTables.billTypes, diagnoses: EmbeddedDiagnoses(), furtherDiagnoses: reference.diagnoses,
      payers: PayerTable(payers + common.payers, filingIndicators: common.filingIndicators))
    self.init(
      lineRules: lines, runRules: RuleRegistry.runRules, peerRules: RuleRegistry.peerRules,
      otherDescriptions: RuleRegistry.envelope, policies: policies,
      globalDays: globalDays, overrides: overrides, tables: tables)
  }

  /// A pack's payer that is known already keeps the filing indicators it does not change.
  private static func completed(_ payer: PayerTable.Payer, from known: [PayerTable.Payer]) -> PayerTable.Payer {
    guard let old = known.first(where: { $0.key == payer.key }) else { return payer }
    var payer = payer
    if payer.filingProfessional.isEmpty { payer.filingProfessional = old.filingProfessional }
    if payer.filingInstitutional.isEmpty { payer.filingInstitutional = old.filingInstitutional }
    payer.isOriginalMedicare = payer.isOriginalMedicare || old.isOriginalMedicare
    return payer
  }
}

extension RulePack {
  /// The built-in pack of 32960.
  public static let builtIn = embedded(.cpt32960PackCompact, "cpt-32960.yaml")

  /// The pack that holds for every procedure: payers and filing indicators.
  static let common = embedded(.commonPackCompact, "common.yaml")

  /// The YAML of the built-in pack: where a pack of one's own may begin.
  public static var builtInYAML: [UInt8] { EmbeddedTable.cpt32960Pack.array }

  private static func embedded(_ table: EmbeddedTable, _ name: String) -> RulePack {
    do {
      return try PackReading(file: name).pack(CompactNode.node(in: table.array))
    } catch {
      preconditionFailure("a built-in pack is not in order")
    }
  }
}

extension MedicareReference {
  /// The benchmark without packs and reference files of one's own.
  public static let builtIn = MedicareReference()

  /// The benchmark of the fee schedules that were read, of the packs' and of the built-in rows of their neighbours; the first
  /// row of a day counts.
  public init(packs: [RulePack] = [.builtIn], reference: ReferenceData = ReferenceData()) {
    self.init(rows: reference.feeSchedule + packs.flatMap(\.feeSchedule) + BuiltInTables.feeSchedule)
  }
}
