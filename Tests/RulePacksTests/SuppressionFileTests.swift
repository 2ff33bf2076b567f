import Auditing
import ClaimModel
import Testing

@testable import RulePacks

@Suite("Files of suppressions")
struct SuppressionFileTests {
  private static let text = """
    version: 1
    suppressions:
      - fingerprint: e79157d38a5960c4
        reason: the payer confirmed it in writing
        until: 2026-12-31
        owner: billing
      - { fingerprint: "0000000000000012", reason: known }
    """

  private func read(_ yaml: String) throws -> [Suppression] {
    try SuppressionFile(yaml: Array(yaml.utf8), file: "s.yaml").suppressions
  }

  @Test("are read whole, with the place of each entry")
  func whole() throws {
    let entries = try read(Self.text)
    #expect(entries.map(\.fingerprint.description) == ["e79157d38a5960c4", "0000000000000012"])
    #expect(entries.map(\.reason) == ["the payer confirmed it in writing", "known"])
    #expect(entries.map(\.until) == [Day(iso: "2026-12-31"), nil])
    #expect(entries.map(\.owner) == ["billing", ""])
    #expect(entries.map(\.line) == [3, 7])
    #expect(try read("version: 1\nsuppressions: []\n").isEmpty)
    // Digits alone are a fingerprint as well, quoted or not.
    #expect(try read("version: 1\nsuppressions: [{fingerprint: 1234567890123456, reason: r}]\n").count == 1)
  }

  @Test(
    "are refused with the place of the fault",
    arguments: [
      ("suppressions: []\n", PackError.Kind.missing, 1, 1), ("version: 2\nsuppressions: []\n", .version, 1, 10),
      ("version: 1\n", .missing, 1, 1), ("version: 1\nsuppressions: yes\n", .type, 2, 15),
      ("version: 1\nsuppressions:\n  - e79157d38a5960c4\n", .type, 3, 5),
      ("version: 1\nsuppressions:\n  - {fingerprint: e79157d38a5960c, reason: r}\n", .id, 3, 19),
      ("version: 1\nsuppressions:\n  - {fingerprint: MOD-018, reason: r}\n", .id, 3, 19),
      ("version: 1\nsuppressions:\n  - {reason: r}\n", .missing, 3, 5),
      ("version: 1\nsuppressions:\n  - {fingerprint: e79157d38a5960c4}\n", .missing, 3, 5),
      ("version: 1\nsuppressions:\n  - {fingerprint: e79157d38a5960c4, reason: \" \"}\n", .missing, 3, 45),
      ("version: 1\nsuppressions:\n  - {fingerprint: e79157d38a5960c4, reason: r, until: soon}\n", .date, 3, 55),
      (
        "version: 1\nsuppressions:\n  - {fingerprint: e79157d38a5960c4, reason: r, rule: MOD-018}\n", .unknownKey, 3, 48
      ),
      (
        "version: 1\nsuppressions:\n  - {fingerprint: e79157d38a5960c4, reason: r}\n  - {fingerprint: E79157D38A5960C4, reason: q}\n",
        .duplicate, 4, 5
      ),
    ])
  func refused(yaml: String, kind: PackError.Kind, line: Int, column: Int) throws {
    let errors = try #require(throws: PackErrors.self) { try read(yaml) }
    #expect(errors.errors.contains { $0.kind == kind && $0.line == line && $0.column == column }, "\(errors)")
  }

  @Test("hold up to the last day, and not a day longer")
  func expiry() throws {
    let entries = try read(Self.text)
    let last = try #require(Day(iso: "2026-12-31"))
    let on = SuppressionList(entries, on: last)
    #expect(on.inForce.count == 2 && on.expired.isEmpty && on.position(of: entries[0].fingerprint) == 0)
    let after = SuppressionList(entries, on: last.advanced(by: 1))
    #expect(after.inForce == [entries[1]] && after.expired == [entries[0]])
    #expect(after.position(of: entries[0].fingerprint) == nil && after.position(of: entries[1].fingerprint) == 0)
  }

  @Test("Schemas/suppressions.schema.json names the keys that the decoder knows, and what it requires")
  func schema() throws {
    let schema = try YAMLReading.node(of: file("Schemas/suppressions.schema.json"), file: "schema")
    func member(_ path: [String]) -> PackNode? {
      path.reduce(schema) { node, key in
        guard case .mapping(let entries) = node?.value else { return nil }
        return entries.first { $0.key == key }?.value
      }
    }
    func keys(_ path: [String]) -> Set<String> {
      guard case .mapping(let entries) = member(path)?.value else { return [] }
      return Set(entries.map(\.key))
    }
    func words(_ path: [String]) -> [String] {
      guard case .sequence(let items) = member(path)?.value else { return [] }
      return items.compactMap { if case .scalar(let text, _) = $0.value { text } else { nil } }
    }
    func known(_ yaml: String) throws -> Set<String> {
      let errors = try #require(throws: PackErrors.self) { try read(yaml) }
      let error = try #require(errors.errors.first { $0.kind == .unknownKey }, "\(errors)")
      return Set((error.expected ?? "").split(separator: ",").map { String($0.drop { $0 == " " }) })
    }
    let item = ["properties", "suppressions", "items"]
    #expect(try known("version: 1\nsuppressions: []\nQQQ: 1\n") == keys(["properties"]))
    #expect(
      try known("version: 1\nsuppressions: [{fingerprint: e79157d38a5960c4, reason: r, QQQ: 1}]\n")
        == keys(item + ["properties"]))
    // What the schema requires is what the decoder misses.
    for key in words(["required"]) {
      let rest = ["version: 1", "suppressions: []"].filter { !$0.hasPrefix(key) }.joined(separator: "\n")
      #expect(throws: PackErrors.self) { try read(rest) }
    }
    let entry = ["fingerprint": "e79157d38a5960c4", "reason": "r"]
    #expect(Set(words(item + ["required"])) == Set(entry.keys))
    for key in entry.keys {
      let rest = entry.filter { $0.key != key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
      #expect(throws: PackErrors.self) { try read("version: 1\nsuppressions: [{\(rest)}]\n") }
    }
  }
}
