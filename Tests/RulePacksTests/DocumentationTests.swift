import Auditing
import ClaimModel
import Testing

@testable import RulePacks

@Suite("What the documentation shows")
struct DocumentationTests {
  /// The guide's text, found beside the sources.
  private static func guide() throws -> String {
    String(decoding: try file("Sources/RulePacks/RulePacks.docc/WritingAPack.md"), as: UTF8.self)
  }

  @Test("the pack of the guide is in order")
  func packIsSound() throws {
    let parts = try Self.guide().split(separator: "```yaml\n")
    let pack = try #require(parts.dropFirst().first?.split(separator: "```").first)
    let parsed = try RulePack(yaml: Array(String(pack).utf8), file: "guide.yaml")
    #expect(parsed.watch == ["32960"])
    #expect(parsed.payers.map(\.key) == ["exampleplan"])
    #expect(parsed.overrides.count == 1)
    #expect(parsed.rules.map(\.description.id) == ["PRACTICE-001"])
  }

  @Test("every field of conditions is named in the guide")
  func fieldsAreNamed() throws {
    let guide = try Self.guide()
    for field in Auditing.Condition.Field.allCases { #expect(guide.contains(field.rawValue), "\(field.rawValue)") }
  }

  @Test("the reference of the rules is what the program prints; `make rules` brings it up to date")
  func referenceIsFresh() throws {
    let page = String(decoding: try file("Sources/RulePacks/RulePacks.docc/Rules.md"), as: UTF8.self)
    #expect(page.hasSuffix("\n\n" + RuleReference.markdown(RuleRegistry.descriptions)))
  }
}
