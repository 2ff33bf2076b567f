import Auditing
import ClaimModel
import Testing

@testable import RulePacks

@Suite("Packs")
struct PackContentTests {
  private func pack(_ name: String) throws -> RulePack {
    try RulePack(yaml: fixture("packs/\(name).yaml"), file: "\(name).yaml")
  }

  @Test("the built-in pack says what the tables say")
  func builtIn() {
    let pack = RulePack.builtIn
    #expect(pack.watch == ["32960"])
    #expect(pack.contents.pairs.count == 534)
    #expect(pack.globalDays.count == 39)
    #expect(pack.globalDays.filter { $0.value == 90 }.count == 25)
    #expect(pack.contents.exclusions.count == 36)
    #expect(pack.contents.places.count == 52)
    #expect(pack.contents.billTypes.count == 31)
    #expect(pack.indicators["bilateral"] == "0")
    #expect(RulePack.common.filingIndicators.count == 23)
  }

  @Test("another procedure is another pack")
  func another() throws {
    let program = AuditProgram(packs: [try pack("cpt-32551")])
    func rules(_ change: (inout RuleExample) -> Void) throws -> [String] {
      try audit(
        RuleExample {
          $0.procedure = "32551"
          $0.diagnoses = ["J93.11"]
          change(&$0)
        }, program: program
      ).rules
    }
    #expect(try rules { _ in } == [])
    #expect(try rules { $0.modifiers = ["50"] } == [])
    #expect(try rules { $0.modifiers = ["TC"] } == ["MOD-007"])
    #expect(try rules { $0.placeOfService = "11" } == ["POS-004"])
    #expect(try rules { $0.placeOfService = "24" } == [])
    #expect(try rules { $0.diagnoses = ["A15.0"] } == ["DX-005"])
    #expect(try rules { $0.companions = [.init("71046")] } == ["PAIR-002"])
    #expect(try rules { $0.units = "2" } == [])
    #expect(try rules { $0.units = "3" } == ["UNIT-002"])
    #expect(try rules { $0.modifiers = ["11"] } == ["MOD-003"])
    // What the pack does not say is silence, and 32960 is not watched.
    #expect(try rules { $0.modifiers = ["80"] } == [])
    #expect(try rules { $0.procedure = "32960" } == [])
  }

  @Test("two packs watch two procedures, each by its own")
  func both() throws {
    let program = AuditProgram(packs: [.builtIn, try pack("cpt-32551")])
    let example = RuleExample {
      $0.placeOfService = "24"
      $0.modifiers = ["80"]
    }
    #expect(try audit(example, program: program).rules == ["MOD-012"])
    let tube = RuleExample {
      $0.procedure = "32551"
      $0.diagnoses = ["J93.11"]
      $0.placeOfService = "12"
    }
    #expect(try audit(tube, program: program).rules == ["POS-004"])
  }

  @Test("no rule knows a procedure by name")
  func noNames() throws {
    for description in RuleRegistry.descriptions {
      let family = description.id.split(separator: "-")[0]
      for text in [description.summary, description.rationale, description.fix, description.name] {
        #expect(!text.contains("32960"), "\(family): \(text)")
      }
    }
  }

  @Test("a code that is only watched gets the general rules")
  func watched() throws {
    func rules(_ change: (inout RuleExample) -> Void) throws -> [String] {
      try audit(
        RuleExample {
          $0.procedure = "31622"
          change(&$0)
        }, change: { $0.extraWatch = ["31622"] }
      ).rules
    }
    #expect(try rules { $0.modifiers = ["26", "50", "LT", "GP"] } == [])
    #expect(
      try rules { $0.modifiers = ["11", "ZZ", "7", "RT", "RT"] } == ["MOD-001", "MOD-002", "MOD-003", "MOD-005"])
    #expect(try rules { $0.placeOfService = "12" } == [])
    #expect(try rules { $0.placeOfService = "29" } == ["POS-002"])
    #expect(try rules { $0.diagnoses = ["J18.9"] } == [])
    #expect(try rules { $0.diagnoses = ["A15"] } == ["DX-003"])
    #expect(try rules { $0.units = "5" } == [])
    #expect(try rules { $0.units = "0" } == ["UNIT-001"])
    #expect(try rules { $0.companions = [.init("31622", charge: "450.00")] } == ["DUP-001"])
    #expect(try rules { $0.priors = [.init("32650", date: "20260201")] } == [])
    #expect(try rules { $0.totalCharge = "1.00" } == ["CHG-002"])
  }

  @Test("a payer of one's own")
  func payer() throws {
    let program = AuditProgram(packs: [.builtIn, try pack("house-rules")])
    func outcome(_ change: (inout RuleExample) -> Void) throws -> ExampleOutcome {
      try audit(
        RuleExample {
          $0.diagnoses = ["J86.0"]
          change(&$0)
        }, program: program)
    }
    let byName = try outcome {
      $0.payerName = "acme benefit, Inc"
      $0.payerID = ""
    }
    #expect(byName.payer == "acme" && byName.rules == [])
    let byID = try outcome {
      $0.payerName = ""
      $0.payerID = "00042"
    }
    #expect(byID.payer == "acme")
    let unfit = try outcome {
      $0.payerName = "ACME BENEFIT TRUST"
      $0.payerID = ""
      $0.filingIndicator = "BL"
    }
    #expect(unfit.rules == ["PAYER-002"])
    // A new id of a known payer, from a day on; the payer's filing indicators hold for it.
    let known = try outcome {
      $0.payerName = "?"
      $0.payerID = "60099"
      $0.filingIndicator = "BL"
    }
    #expect(known.payer == "aetna" && known.rules == ["PAYER-002"])
    let early = try outcome {
      $0.payerName = "?"
      $0.payerID = "60099"
      $0.serviceFrom = "20251231"
    }
    #expect(early.payer == "other")
  }

  @Test("a payer wants more from a day on")
  func dated() throws {
    let program = AuditProgram(packs: [.builtIn, try pack("house-rules")])
    func severity(_ payer: String, _ day: String) throws -> Severity? {
      try audit(
        RuleExample {
          $0.modifiers = ["22"]
          $0.payerName = payer
          $0.payerID = ""
          $0.serviceFrom = day
          $0.asOf = "20261231"
          $0.diagnoses = ["J86.0"]
        }, program: program
      ).severities["MOD-016"]
    }
    #expect(try severity("UHC", "20260630") == .warning)
    #expect(try severity("UHC", "20260701") == .error)
    #expect(try severity("AETNA", "20260701") == .warning)
  }

  @Test("a rule is switched off, weakened by a condition, changed over the run")
  func overrides() throws {
    let program = AuditProgram(packs: [.builtIn, try pack("house-rules")])
    func outcome(_ change: (inout RuleExample) -> Void) throws -> ExampleOutcome {
      try audit(
        RuleExample {
          $0.diagnoses = ["J86.0"]
          change(&$0)
        }, program: program)
    }
    #expect(try outcome { $0.placeOfService = "23" }.rules == [])
    #expect(try outcome { $0.placeOfService = "11" }.severities["POS-003"] == .info)
    let acme = try outcome {
      $0.payerName = "ACME BENEFIT TRUST"
      $0.payerID = ""
      $0.companions = [.init("32960", charge: "450.00")]
    }
    #expect(acme.severities["DUP-001"] == .warning)
    #expect(try outcome { $0.companions = [.init("32960", charge: "450.00")] }.severities["DUP-001"] == .error)
  }

  @Test("rules of one's own")
  func rules() throws {
    let program = AuditProgram(packs: [.builtIn, try pack("house-rules")])
    func outcome(_ form: RuleExample.Form = .professional, _ change: (inout RuleExample) -> Void) throws
      -> ExampleOutcome
    {
      try audit(
        RuleExample(form) {
          $0.payerName = "ACME BENEFIT TRUST"
          $0.payerID = ""
          $0.diagnoses = ["J86.0"]
          $0.charge = "1000.01"
          change(&$0)
        }, program: program)
    }
    let found = try outcome { _ in }
    #expect(found.rules == ["ACME-001"])
    #expect(found.messages["ACME-001"] == "ACME wants a note with every charge above 1000 dollars")
    #expect(found.severities["ACME-001"] == .error && found.rarcs["ACME-001"] == "M29")
    #expect(try outcome { $0.charge = "1000.00" }.rules == [])
    #expect(try outcome { $0.documentation = .present }.rules == [])
    #expect(try outcome { $0.placeOfService = "23" }.rules == [])
    #expect(try outcome { $0.serviceFrom = "20251231" }.rules == [])
    #expect(try outcome(.institutional) { _ in }.rules == [])
    #expect(try outcome { $0.diagnoses = ["A15.0"] }.rules == ["ACME-001", "HOUSE-1"])
    #expect(try outcome { $0.diagnoses = ["B90.9"] }.rules == ["ACME-001", "DX-004", "HOUSE-1"])
    let export = try outcome(.csv) { _ in }
    #expect(export.rules == [] && export.notEvaluated.contains("ACME-001"))
    #expect(program.descriptions.count == 72)
  }

  @Test(
    "conditions test what they say",
    arguments: [
      ("{field: procedure, in: 32960}", true), ("{field: procedure, not_in: 32960}", false),
      ("{field: procedure, in: 32900-32999}", true), ("{field: procedure, matches: 329}", true),
      ("{field: modifier, in: [LT]}", true), ("{field: modifier, not_in: [RT]}", true),
      ("{field: modifier, exists: true}", true), ("{field: place_of_service, eq: \"22\"}", true),
      ("{field: type_of_bill, exists: true}", false), ("{field: revenue_code, matches: 036x}", false),
      ("{field: diagnosis, matches: A15.-}", true), ("{field: payer, in: aetna}", true),
      ("{field: payer, ne: aetna}", false), ("{field: filing_indicator, in: CI HM}", true),
      ("{field: claim_type, eq: P}", true), ("{field: source, eq: \"837\"}", true),
      ("{field: frequency, ne: 7}", true), ("{field: companion, in: 71046}", true),
      ("{field: companion, matches: 99}", false), ("{field: units, eq: 1}", true), ("{field: units, ne: 1}", false),
      ("{field: units, lt: 1}", false), ("{field: units, le: 1}", true), ("{field: charge, ge: 450}", true),
      ("{field: charge, gt: 450.00}", false), ("{field: charge, ge: 449.99, lt: 450.01}", true),
      ("{field: claim_total, gt: 500}", true), ("{field: service_date, ge: 2026-03-10}", true),
      ("{field: service_date, lt: 2026-03-10}", false), ("{field: service_to, eq: 2026-03-10}", true),
      ("{field: admission_date, exists: false}", true), ("{field: discharge_date, lt: 2030-01-01}", false),
      ("{field: billing_npi, eq: \"1234567893\"}", true), ("{field: billing_npi, matches: \"1234\"}", true),
      ("{field: rendering_npi, not_in: \"1000000004\"}", false), ("{field: billing_taxonomy, exists: true}", false),
      ("{field: original_claim, exists: false}", true), ("{field: documentation, exists: true}", false),
      ("{all: [{field: units, ge: 1}, {not: {field: units, ge: 2}}]}", true),
      ("{any: [{field: units, ge: 2}, {field: charge, lt: 1}]}", false),
    ])
  func conditions(text: String, expected: Bool) throws {
    let yaml = "version: 1\nid: t\nwatch: 32960\nrules:\n  - id: T-1\n    message: m\n    when: \(text)\n"
    let program = AuditProgram(packs: [try RulePack(yaml: Array(yaml.utf8), file: "t.yaml")])
    let example = RuleExample {
      $0.modifiers = ["LT"]
      $0.companions = [.init("71046")]
    }
    #expect(try audit(example, program: program).rules.contains("T-1") == expected)
  }

  @Test("what a payer's pack says of a rule over the run stands in the finding")
  func runOverrides() throws {
    let yaml = """
      version: 1
      id: house
      payers:
        - key: acme
          names: [ACME BENEFIT TRUST]
      overrides:
        - {rule: DUP-001, payer: acme, carc: "97", rarc: N522, fix: Send the second with 76.}
        - {rule: DUP-002, payer: acme, severity: none}
        - {rule: MOD-003, payer: acme, severity: info, carc: "16", rarc: N519, fix: Ask the office.}
      """
    let pack = try RulePack(yaml: Array(yaml.utf8), file: "house.yaml")
    let auditor = try Auditor(
      AuditProgram(packs: [.builtIn, pack]),
      options: AuditOptions(asOf: Day(ordinal: 20_544), identityHash: KeyedHash(key0: 3, key1: 4)))
    for (payer, isChanged) in [("ACME BENEFIT TRUST", true), ("AETNA", false)] {
      let example = RuleExample {
        $0.payerName = payer
        $0.payerID = ""
        $0.companions = [.init("32960", charge: "450.00")]
        $0.modifiers = ["11"]
      }
      var audit = ClaimAudit()
      var facts: [LineFact] = []
      for claim in example.claims() {
        auditor.audit(claim, into: &audit)
        facts += audit.facts
      }
      let position = try #require(audit.findings.first { auditor.catalogue[$0.rule] == "MOD-003" })
      #expect((position.severity == .info) == isChanged)
      #expect((position.fix.map(audit.string) == "Ask the office.") == isChanged)
      #expect((position.carc.map(audit.string) == "16") == isChanged)
      #expect((position.rarc.map(audit.string) == "N519") == isChanged)
      let finding = try #require(
        auditor.runAuditor.findings(facts).first { auditor.catalogue[$0.rule] == "DUP-001" }, "\(payer)")
      #expect((finding.fix == "Send the second with 76.") == isChanged, "\(payer): \(finding.fix)")
      #expect((finding.carc == "97" && finding.rarc == "N522") == isChanged, "\(payer)")
    }
  }
}
