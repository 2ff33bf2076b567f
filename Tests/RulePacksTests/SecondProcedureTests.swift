import Auditing
import ClaimModel
import Testing

@testable import RulePacks

@Suite("51 and the procedure beside it")
struct SecondProcedureTests {
  private func isFlagged(beside codes: String...) throws -> Bool {
    var example = RuleExample(modifiers: ["51"])
    example.companions = codes.map { RuleExample.Companion($0) }
    return try audit(example).rules.contains("MOD-020")
  }

  @Test(
    "every procedure of the surgery section is a second one", arguments: ["10004", "19499", "31622", "60000", "69990"])
  func surgery(code: String) throws { #expect(try !isFlagged(beside: code)) }

  @Test("no other code is", arguments: ["01999", "70010", "71046", "99213", "G0463", "0042T", "J1100"])
  func others(code: String) throws {
    #expect(try isFlagged(beside: code))
    #expect(try !isFlagged(beside: code, "31622"))
  }

  @Test("alone it is flagged, where it stands")
  func alone() throws {
    #expect(try isFlagged())
    let auditor = try Auditor(
      builtInProgram, options: AuditOptions(asOf: Day(ordinal: 20_544), identityHash: KeyedHash(key0: 3, key1: 4)))
    for (modifiers, place) in [(["51"], 0), (["59", "51"], 1), (["RT", "59", "51"], 2)] {
      var audit = ClaimAudit()
      for claim in RuleExample(modifiers: modifiers).claims() { auditor.audit(claim, into: &audit) }
      let finding = try #require(audit.findings.first { auditor.catalogue[$0.rule] == "MOD-020" })
      #expect(finding.field == .modifier(place))
    }
  }
}
