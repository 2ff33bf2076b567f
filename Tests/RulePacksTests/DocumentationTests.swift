import Auditing
import Glibc
import Testing

@testable import RulePacks

@Suite("What the documentation shows")
struct DocumentationTests {
  /// The guide's text, found beside the sources.
  private static func guide() throws -> String {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let path = "/" + root + "/Sources/RulePacks/RulePacks.docc/WritingAPack.md"
    let file = try #require(unsafe fopen(path, "r"))
    defer { unsafe fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
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
}
