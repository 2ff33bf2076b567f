import Auditing
import ClaimModel
import Testing

@testable import RulePacks

@Suite("Every rule's own examples")
struct RuleExampleTests {
  @Test("flag what they say they flag, and nothing else does", arguments: RuleRegistry.descriptions.map(\.id))
  func examples(id: String) throws {
    let description = try #require(RuleRegistry.descriptions.first { $0.id == id })
    guard let flagged = description.flagged, let clean = description.clean else {
      #expect(description.applies == .envelope)
      return
    }
    #expect(try audit(flagged).rules.contains(id))
    #expect(try !audit(clean).rules.contains(id))
    #expect(!flagged.sentence.isEmpty && flagged.sentence != clean.sentence)
  }

  @Test("there are 70, sorted, each with an id of its own")
  func ids() {
    let ids = RuleRegistry.descriptions.map(\.id)
    #expect(ids.count == 70)
    #expect(Set(ids).count == 70)
    #expect(ids == ids.sorted())
    #expect(
      RuleRegistry.lineRules.map { $0.description.id } == RuleRegistry.lineRules.map { $0.description.id }.sorted())
  }

  @Test("names are words and unique, texts are sentences that a list of messages can hold")
  func texts() {
    let descriptions = RuleRegistry.descriptions
    #expect(Set(descriptions.map(\.name)).count == descriptions.count)
    for description in descriptions {
      for text in [description.summary, description.rationale, description.fix] {
        #expect(text.hasSuffix("."), "\(description.id)")
      }
      #expect(!description.source.isEmpty)
      #expect(description.carc.utf8.allSatisfy { $0 == 0x3B || $0 >= 0x30 && $0 <= 0x5A })
    }
  }

  @Test("messages never hold what joins them")
  func messages() throws {
    for description in RuleRegistry.descriptions {
      guard let flagged = description.flagged else { continue }
      let outcome = try audit(flagged)
      let message = try #require(outcome.messages[description.id])
      #expect(!message.contains("; ") && !message.isEmpty && !message.hasSuffix(";"))
    }
  }
}
