import Testing

@testable import RulePacks

@Suite("Schemas/rulepack.schema.json")
struct SchemaTests {
  private func schema() throws -> PackNode {
    // JSON is YAML.
    try YAMLReading.node(of: file("Schemas/rulepack.schema.json"), file: "schema")
  }

  private func member(_ node: PackNode?, _ path: [String]) -> PackNode? {
    path.reduce(node) { node, key in
      guard case .mapping(let entries) = node?.value else { return nil }
      return entries.first { $0.key == key }?.value
    }
  }

  private func keys(_ node: PackNode?) -> Set<String> {
    guard case .mapping(let entries) = node?.value else { return [] }
    return Set(entries.map(\.key))
  }

  /// The keys that the decoder knows where `yaml` names one that nobody knows.
  private func known(_ yaml: String) throws -> Set<String> {
    let errors = try #require(throws: PackErrors.self) { try RulePack(yaml: Array(yaml.utf8), file: "p") }
    let error = try #require(errors.errors.first { $0.kind == .unknownKey }, "\(errors)")
    return Set((error.expected ?? "").split(separator: ",").map { String($0.drop { $0 == " " }) })
  }

  @Test(
    "names the keys that packs may have, and no others",
    arguments: [
      (["properties"], "QQQ: 1\n"),
      (["properties", "fee_schedule", "properties"], "fee_schedule: {QQQ: 1}\n"),
      (
        ["properties", "fee_schedule", "properties", "indicators", "properties"],
        "fee_schedule: {indicators: {QQQ: 1}}\n"
      ),
      (
        ["properties", "fee_schedule", "properties", "rows", "items", "properties"],
        "fee_schedule: {rows: [{QQQ: 1}]}\n"
      ),
      (["properties", "modifiers", "properties"], "modifiers: {QQQ: 1}\n"),
      (["properties", "modifiers", "properties", "families", "properties"], "modifiers: {families: {QQQ: 1}}\n"),
      (
        ["properties", "modifiers", "properties", "exclusions", "items", "properties"],
        "modifiers: {exclusions: [{QQQ: 1}]}\n"
      ),
      (["properties", "places", "properties"], "places: {QQQ: 1}\n"),
      (["properties", "bill_types", "properties"], "bill_types: {QQQ: 1}\n"),
      (["properties", "revenue", "properties"], "revenue: {QQQ: 1}\n"),
      (["properties", "diagnoses", "properties"], "diagnoses: {QQQ: 1}\n"),
      (
        ["properties", "diagnoses", "properties", "conflicts", "items", "properties"],
        "diagnoses: {conflicts: [{QQQ: 1}]}\n"
      ),
      (["properties", "pairs", "items", "properties"], "pairs: [{QQQ: 1}]\n"),
      (["properties", "add_ons", "items", "properties"], "add_ons: [{QQQ: 1}]\n"),
      (["properties", "units_per_day", "properties"], "units_per_day: {QQQ: 1}\n"),
      (["properties", "global_days", "properties"], "global_days: {QQQ: 1}\n"),
      (["properties", "payers", "items", "properties"], "payers: [{QQQ: 1}]\n"),
      (["properties", "overrides", "items", "properties"], "overrides: [{QQQ: 1}]\n"),
      (["properties", "rules", "items", "properties"], "rules: [{QQQ: 1}]\n"),
    ])
  func keys(path: [String], yaml: String) throws {
    let described = try keys(member(schema(), path))
    #expect(try known("version: 1\nid: a\n" + yaml) == described && !described.isEmpty)
  }

  @Test("every pack of ours has only keys that it names")
  func packs() throws {
    let top = try keys(member(schema(), ["properties"]))
    for path in [
      "Sources/CCodeTables/data/cpt-32960.yaml", "Sources/CCodeTables/data/common.yaml",
      "Fixtures/packs/cpt-32551.yaml",
      "Fixtures/packs/house-rules.yaml",
    ] {
      #expect(try keys(YAMLReading.node(of: file(path), file: path)).isSubset(of: top))
    }
  }
}
