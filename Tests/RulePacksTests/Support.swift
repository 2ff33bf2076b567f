import Auditing
import ClaimModel
import FoundationEssentials

@testable import RulePacks

/// The run's packs, decoded once for all tests.
let builtInProgram = AuditProgram()

/// What auditing an example gave: the rule ids of its last claim's last line, the others', and the messages.
struct ExampleOutcome {
  /// The rules on the audited line, sorted.
  var rules: [String] = []
  /// The rules on any line, sorted.
  var anywhere: Set<String> = []
  /// The findings of the audited line, of both kinds, by rule.
  var messages: [String: String] = [:]
  var fixes: [String: String] = [:]
  var rarcs: [String: String] = [:]
  var severities: [String: Severity] = [:]
  var notEvaluated: Set<String> = []
  var payer = ""
}

/// Audits an example as a run of its claims.
func audit(
  _ example: RuleExample, program: AuditProgram = builtInProgram, change: (inout AuditOptions) -> Void = { _ in }
) throws -> ExampleOutcome {
  try audit(example.claims(), asOf: example.asOf, program: program, change: change)
}

/// Audits claims as a run; the last line of the last claim is the one that is asked about.
func audit(
  _ claims: [Claim], asOf: String = "20260401", program: AuditProgram = builtInProgram,
  change: (inout AuditOptions) -> Void = { _ in }
) throws -> ExampleOutcome {
  var options = AuditOptions(
    asOf: Day(digits: Array(asOf.utf8)) ?? Day(ordinal: 0), identityHash: KeyedHash(key0: 1, key1: 2))
  change(&options)
  let auditor = try Auditor(program, options: options)
  var outcome = ExampleOutcome()
  var facts: [LineFact] = []
  var audit = ClaimAudit()
  var last = LineKey(stream: 0, record: 0)
  var rules: Set<String> = []
  for (position, claim) in claims.enumerated() {
    auditor.audit(claim, into: &audit)
    facts += audit.facts
    for finding in audit.findings {
      let id = auditor.catalogue[finding.rule]
      outcome.anywhere.insert(id)
      guard position == claims.count - 1, finding.line == claim.lines.count - 1 else { continue }
      rules.insert(id)
      let text = auditor.catalogue.texts[Int(finding.rule.position)]
      outcome.messages[id] = audit.string(finding.message)
      outcome.fixes[id] = finding.fix.map(audit.string) ?? text.fix
      outcome.rarcs[id] = finding.rarc.map(audit.string) ?? text.rarc
      outcome.severities[id] = finding.severity
    }
    outcome.payer = audit.payer
    outcome.notEvaluated = Set(audit.notEvaluated.map { auditor.catalogue[$0] })
    last = LineKey(stream: 0, record: claim.lines.last?.location.record ?? 0)
  }
  for finding in auditor.runAuditor.findings(facts.shuffled()) {
    let id = auditor.catalogue[finding.rule]
    outcome.anywhere.insert(id)
    guard finding.key == last else { continue }
    rules.insert(id)
    outcome.messages[id] = finding.message.string
    outcome.severities[id] = finding.severity
  }
  outcome.rules = rules.sorted()
  return outcome
}

/// A file under `Fixtures/` as bytes.
func fixture(_ path: String) throws -> [UInt8] {
  try file("Fixtures/" + path)
}

/// A file of the repository as bytes.
func file(_ path: String) throws -> [UInt8] {
  // Tests/RulePacksTests/Support.swift, three levels up.
  let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  return [UInt8](try Data(contentsOf: URL(filePath: "/" + root + "/" + path)))
}
