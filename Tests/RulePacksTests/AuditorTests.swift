import Auditing
import ClaimModel
import Testing

@testable import RulePacks

@Suite("The auditor")
struct AuditorTests {
  private func auditor(_ change: (inout AuditOptions) -> Void = { _ in }) throws -> Auditor {
    var options = AuditOptions(asOf: Day(ordinal: 20_544))
    change(&options)
    return try Auditor(builtInProgram, options: options)
  }

  @Test("finds in the order of lines, then of rules")
  func order() throws {
    var claim = RuleExample { $0.modifiers = ["QZ", "26"] }.claims()[0]
    claim.lines.append(claim.lines[0])
    claim.lines[1].location.record += 1
    claim.totalCharge = .cents(90_000)
    var audit = ClaimAudit()
    let auditor = try auditor()
    auditor.audit(claim, into: &audit)
    #expect(audit.findings.map(\.line) == [0, 0, 1, 1])
    #expect(audit.findings.map { auditor.catalogue[$0.rule] } == ["MOD-007", "MOD-009", "MOD-007", "MOD-009"])
    #expect(audit.watched == [true, true] && audit.payer == "aetna" && audit.facts.count == 2)
    #expect(auditor.watchedProcedures == ["32960"] && auditor.globalProcedures.contains("32650"))
    #expect(auditor.catalogue.count == 70)
  }

  @Test("keeps facts of unwatched lines that open a global period, and nothing of others")
  func facts() throws {
    let claim = RuleExample { $0.companions = [.init("32650"), .init("71046")] }.claims()[0]
    var audit = ClaimAudit()
    try auditor().audit(claim, into: &audit)
    #expect(audit.watched == [false, false, true])
    #expect(audit.facts.map(\.procedure) == ["32650", "32960"])
    #expect(audit.facts.map { $0.traits.contains(.watched) } == [false, true])
    #expect(audit.facts.allSatisfy { $0.claimID == audit.facts[0].claimID && $0.key.stream == 0 })
  }

  @Test("lines of one record are told apart")
  func slots() throws {
    var claim = RuleExample().claims()[0]
    claim.lines += [claim.lines[0], claim.lines[0]]
    var audit = ClaimAudit()
    try auditor().audit(claim, into: &audit)
    #expect(audit.facts.map(\.key.slot) == [0, 1, 2])
  }

  @Test("an export that says when a statement begins and not when it ends puts no line outside of it")
  func openStatement() throws {
    var claim = RuleExample(.institutional) { $0.statement = "20260309-20260309" }.claims()[0]
    #expect(try audit([claim]).rules == ["DATE-003"])
    claim.statementTo = .absent
    #expect(try audit([claim]).rules == ["DATE-003"])
    claim.format = .csv
    #expect(try !audit([claim]).rules.contains("DATE-003"))
  }

  @Test("a claim read in parts is no other claim of the same number")
  func parts() throws {
    var claims = (0..<2).map { number in
      RuleExample {
        $0.claimID = "LONG"
        $0.charge = "\(450 + number).00"
        $0.serviceFrom = "2026031\(number)"
      }.claims()[0]
    }
    #expect(try audit(claims).rules.contains("DUP-002"))
    for index in claims.indices { claims[index].isPartial = true }
    #expect(try !audit(claims).rules.contains("DUP-002"))
  }

  @Test("a code under another qualifier is not watched")
  func qualifier() throws {
    var claim = RuleExample().claims()[0]
    claim.lines[0].procedureQualifier = "ER"
    var audit = ClaimAudit()
    try auditor().audit(claim, into: &audit)
    #expect(audit.watched == [false] && audit.facts.isEmpty)
  }

  @Test("period and payer decide what is watched, not what counts for the run")
  func filters() throws {
    let claim = RuleExample().claims()[0]
    var audit = ClaimAudit()
    for (change, isWatched) in [
      ({ $0.period = ServicePeriod(since: Day(iso: "2026-03-10")) }, true),
      ({ $0.period = ServicePeriod(since: Day(iso: "2026-03-11")) }, false),
      ({ $0.period = ServicePeriod(until: Day(iso: "2026-03-10")) }, true),
      ({ $0.period = ServicePeriod(until: Day(iso: "2026-03-09")) }, false),
      ({ $0.payer = "aetna" }, true), ({ $0.payer = "uhc" }, false),
    ] as [((inout AuditOptions) -> Void, Bool)] {
      try auditor(change).audit(claim, into: &audit)
      #expect(audit.watched == [isWatched])
      #expect(audit.facts.count == 1 && audit.facts[0].traits.contains(.watched) == isWatched)
    }
  }

  @Test("selection, by id and by beginning")
  func selection() throws {
    func rules(_ change: @escaping (inout AuditOptions) -> Void) throws -> [String] {
      try audit(
        RuleExample {
          $0.modifiers = ["26", "RT", "QZ"]
          $0.placeOfService = "23"
          $0.units = "2"
        }, change: change
      ).rules
    }
    #expect(try rules { _ in } == ["MOD-007", "MOD-009", "POS-005", "UNIT-002"])
    #expect(try rules { $0.select = ["MOD"] } == ["MOD-007", "MOD-009"])
    #expect(try rules { $0.select = ["mod-007", "UNIT"] } == ["MOD-007", "UNIT-002"])
    #expect(try rules { $0.ignore = ["MOD", "UNIT-002"] } == ["POS-005"])
    #expect(
      try rules {
        $0.select = ["MOD"]; $0.ignore = ["MOD-009"]
      } == ["MOD-007"])
    #expect(try rules { $0.minimumSeverity = .warning } == ["MOD-007", "MOD-009", "UNIT-002"])
  }

  @Test("what does not exist is an error that names what is near")
  func near() {
    #expect(throws: AuditOptionsError.self) { try auditor { $0.payer = "aetan" } }
    do {
      _ = try auditor { $0.select = ["MOD-0O3"] }
      Issue.record("taken")
    } catch {
      #expect("\(error)".contains("MOD-003"))
    }
    do {
      _ = try auditor { $0.ignore = ["PSO"] }
      Issue.record("taken")
    } catch {
      #expect("\(error)".contains("POS"))
    }
  }

  @Test("a claim that was too long to be kept whole is not judged as a whole")
  func partial() throws {
    var claims = RuleExample {
      $0.modifiers = ["51"]
      $0.totalCharge = "9.00"
      $0.companions = [.init("99153")]
    }.claims()
    #expect(try audit(claims).rules == ["CHG-002", "MOD-020", "PAIR-005"])
    claims[0].isPartial = true
    #expect(try audit(claims).rules == [])
  }

  @Test("modifier 11 gets the whole answer and a hint")
  func eleven() throws {
    let hospital = try audit(RuleExample(modifiers: ["11"]))
    #expect(
      hospital.messages["MOD-003"]
        == """
        Modifier "11" is not a CPT or HCPCS modifier. 11 is the place-of-service code for Office. If an unplanned return to \
        the operating or procedure room for a related procedure was meant, the modifier is 78, and it applies only inside an \
        open 10- or 90-day period of an earlier procedure (32960 itself has none). If a place of service was meant, it belongs \
        in CLM05-1/SV105.
        """)
    #expect(hospital.fixes["MOD-003"]?.hasSuffix("(hint: none)") == true)
    let office = try audit(RuleExample(modifiers: ["11"], placeOfService: "11"))
    #expect(office.fixes["MOD-003"]?.hasSuffix("(hint: pos_equals_modifier)") == true)
  }

  @Test("messages hold no text that could move a cursor or break a list")
  func hostileValues() throws {
    let outcome = try audit(
      RuleExample {
        $0.modifiers = ["\u{1B}[2J; \"x", String(repeating: "A", count: 500)]
        $0.placeOfService = "2; 2"
      })
    for message in outcome.messages.values {
      #expect(!message.contains("; ") && !message.contains("\u{1B}") && message.utf8.count < 300)
    }
  }

  @Test("telehealth modifiers have an answer of their own")
  func telehealth() throws {
    #expect(try audit(RuleExample(modifiers: ["95"])).rarcs["MOD-018"] == "N776")
    #expect(try audit(RuleExample(modifiers: ["GP"])).rarcs["MOD-018"] == "N519;N823")
  }

  @Test("what an export has no column for is counted")
  func notEvaluated() throws {
    let outcome = try audit(
      RuleExample(.csv) {
        $0.withoutColumns = [.diagnoses, .units, .patient]
      })
    #expect(outcome.rules == [])
    for id in ["DX-001", "DX-004", "UNIT-001", "UNIT-002", "MOD-016", "PAYER-002", "DATE-004"] {
      #expect(outcome.notEvaluated.contains(id), "\(id)")
    }
    #expect(!outcome.notEvaluated.contains("MOD-017") && !outcome.notEvaluated.contains("TOB-001"))
  }
}
