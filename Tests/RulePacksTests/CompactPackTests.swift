import FoundationEssentials
import Testing

@testable import RulePacks

@Suite("The built-in packs as trees of values")
struct CompactPackTests {
  /// A pack of `Sources/CCodeTables/data`.
  struct Pack: Sendable {
    let name: String
    let embedded: EmbeddedTable
    let yaml: EmbeddedTable
  }

  static let packs = [
    Pack(name: "common", embedded: .commonPackCompact, yaml: .commonPack),
    Pack(name: "cpt-32960", embedded: .cpt32960PackCompact, yaml: .cpt32960Pack),
  ]

  /// With `CLAIMAUDIT_REGENERATE=1` the files are written anew: run the tests with it after a change of the YAML, then again.
  @Test("are what the YAML says", arguments: packs.indices)
  func fresh(index: Int) throws {
    let pack = Self.packs[index]
    let path = "Sources/CCodeTables/data/\(pack.name)"
    let bytes = try CompactNode.bytes(of: YAMLReading.node(of: file(path + ".yaml"), file: pack.name))
    if ProcessInfo.processInfo.environment["CLAIMAUDIT_REGENERATE"] == "1" {
      let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
      try Data(bytes).write(to: URL(filePath: "/\(root)/\(path).pack"))
    } else {
      #expect(pack.embedded.array == bytes, "stale: run CLAIMAUDIT_REGENERATE=1 swift test --filter CompactPackTests")
      #expect(try pack.yaml.array == file(path + ".yaml"))
    }
  }

  @Test("come back from bytes as they were", arguments: packs.indices)
  func roundTrip(index: Int) throws {
    let node = try YAMLReading.node(of: Self.packs[index].yaml.array, file: "pack")
    #expect(CompactNode.node(in: CompactNode.bytes(of: node)) == node)
  }
}
