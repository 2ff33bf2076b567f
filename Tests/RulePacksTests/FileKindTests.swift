import Testing

@testable import RulePacks

@Suite("Mappings and configurations")
struct FileKindTests {
  private static let mappingText = """
    version: 1
    name: billing-export
    match: { headersAll: ["Encounter ID", "Procedure"] }
    file: { delimiter: ";", quote: '"', encoding: utf-8, headerRow: auto, nulls: ["~", "NULL"], skipRowsWhere: { procedure: empty } }
    layout: lines
    columns:
      claimId: "Encounter ID"
      serviceFrom: { header: "From", format: "M/d/yyyy" }
      modifiers: ["Mod 1", "Mod 2"]
      placeOfService: { header: "Place of Service", take: leadingDigits, pad: 2 }
      charge: { header: "Total Charge", money: us }
      typeOfBill: { concat: [FAC, CLASS, FREQ] }
    constants: { payer: "ACME" }
    passthrough: ["Primary Insurance"]
    """

  @Test("a mapping is read whole")
  func mapping() throws {
    let mapping = try MappingFile(yaml: Array(Self.mappingText.utf8), file: "m.yaml")
    #expect(mapping.name == "billing-export" && mapping.layout == "lines")
    #expect(mapping.headersAll == ["Encounter ID", "Procedure"])
    #expect(mapping.delimiter == 0x3B && mapping.quote == .byte(0x22) && mapping.headerRow == nil)
    #expect(mapping.nulls == ["~", "NULL"] && mapping.skipRowsWhere == ["procedure": []])
    #expect(mapping.columns["modifiers"]?.headers == ["Mod 1", "Mod 2"])
    #expect(mapping.columns["serviceFrom"]?.format == "M/d/yyyy")
    #expect(mapping.columns["placeOfService"]?.pad == 2 && mapping.columns["placeOfService"]?.take == "leadingDigits")
    #expect(mapping.columns["typeOfBill"]?.isConcatenation == true)
    #expect(mapping.columns["claimId"]?.line == 7)
    #expect(mapping.constants == ["payer": "ACME"] && mapping.passthrough == ["Primary Insurance"])
  }

  @Test(
    "a mapping is refused with the place of the fault",
    arguments: [
      ("version: 1\nname: a\n", PackError.Kind.missing, 1, 1), ("version: 1\nlayout: tall\n", .type, 2, 9),
      ("version: 1\ncolumns: {claimId: []}\n", PackError.Kind.missing, 2, 20),
      ("version: 1\ncolumns: {claim id: A}\n", .unknownKey, 2, 11),
      ("version: 1\ncolumns: {claimId: {header: A, money: yen}}\n", .type, 2, 39),
      ("version: 1\ncolumns: {claimId: {haeder: A}}\n", .unknownKey, 2, 21),
      ("version: 1\ncolumns: {claimId: A}\nfile: {delimiter: ab}\n", .type, 3, 19),
      ("version: 1\ncolumns: {claimId: A}\nfile: {headerRow: 0}\n", .range, 3, 19),
      ("version: 1\ncolumns: {claimId: A}\nlayout: tall\n", .type, 3, 9),
      ("version: 1\ncolumns: {claimId: A}\nconstants: {payerID: 00621}\n", .code, 3, 22),
      ("version: 1\ncolumns: {claimId: A}\nwide: {groups: 3, suffix: _k}\n", .missing, 3, 27),
      ("columns: {claimId: A}\n", .missing, 1, 1),
    ])
  func refusedMapping(yaml: String, kind: PackError.Kind, line: Int, column: Int) throws {
    let errors = try #require(throws: PackErrors.self) { try MappingFile(yaml: Array(yaml.utf8), file: "m.yaml") }
    #expect(errors.errors.contains { $0.kind == kind && $0.line == line && $0.column == column }, "\(errors)")
  }

  @Test("a field that the reader does not know is refused where it stands")
  func unknownField() throws {
    let yaml = "version: 1\ncolumns: {claim_id: A, wetter: B}\n"
    let errors = try #require(throws: PackErrors.self) {
      try MappingFile(yaml: Array(yaml.utf8), file: "m.yaml", fields: ["claimid"])
    }
    #expect(errors.errors.map(\.column) == [24])
  }

  @Test("a configuration is read in the order of the file")
  func config() throws {
    let yaml = "version: 1\nformat: [csv, html]\njobs: 4\nstrict: true\nsince: 2026-01-01\nseverity: warning\n"
    let config = try ConfigFile(yaml: Array(yaml.utf8), file: "c.yaml")
    #expect(config.options.map(\.name) == ["format", "jobs", "strict", "since", "severity"])
    #expect(config.options.map(\.values) == [["csv", "html"], ["4"], ["true"], ["2026-01-01"], ["warning"]])
  }

  @Test(
    "a configuration is refused with the place of the fault",
    arguments: [
      ("jobs: 0\n", PackError.Kind.range, 1, 7), ("jobs: many\n", .type, 1, 7),
      ("jobs: 4\nspeed: 9\n", .unknownKey, 2, 1),
      ("strict: yes\n", .type, 1, 9), ("severity: fatal\n", .type, 1, 11), ("since: yesterday\n", .date, 1, 8),
      ("since: 2026-02-01\nuntil: 2026-01-01\n", .date, 1, 1), ("watch: 00123\n", .code, 1, 8),
      ("version: 2\njobs: 1\n", .version, 1, 10), ("jobs: .nan\n", .range, 1, 7),
    ])
  func refusedConfig(yaml: String, kind: PackError.Kind, line: Int, column: Int) throws {
    let errors = try #require(throws: PackErrors.self) { try ConfigFile(yaml: Array(yaml.utf8), file: "c.yaml") }
    #expect(errors.errors.contains { $0.kind == kind && $0.line == line && $0.column == column }, "\(errors)")
  }

  @Test("the four kinds of file are told apart by their keys")
  func kinds() throws {
    func kind(_ yaml: String) throws -> String {
      switch try CheckedFile(yaml: Array(yaml.utf8), file: "f.yaml") {
      case .pack: "pack"
      case .mapping: "mapping"
      case .config: "config"
      case .suppressions: "suppressions"
      }
    }
    #expect(try kind(Self.mappingText) == "mapping")
    #expect(try kind("jobs: 2\n") == "config")
    #expect(try kind("suppressions: accepted.yaml\n") == "config")
    #expect(try kind("version: 1\nsuppressions: []\n") == "suppressions")
    #expect(try kind("version: 1\nid: a\nwatch: 32960\n") == "pack")
    #expect(try kind(String(decoding: RulePack.builtInYAML, as: UTF8.self)) == "pack")
  }
}
