import Auditing
import Testing

@testable import RulePacks

/// A pack that is refused: why, and where.
struct Refusal: CustomTestStringConvertible, Sendable {
  let name: String
  let yaml: [UInt8]
  let kind: PackError.Kind
  let line: Int
  let column: Int

  var testDescription: String { name }

  init(_ name: String, _ kind: PackError.Kind, _ line: Int, _ column: Int, _ yaml: String) {
    self.init(name, kind, line, column, bytes: Array(yaml.utf8))
  }

  init(_ name: String, _ kind: PackError.Kind, _ line: Int, _ column: Int, bytes: [UInt8]) {
    self.name = name
    self.yaml = bytes
    self.kind = kind
    self.line = line
    self.column = column
  }

  static let all: [Refusal] = [
    Refusal("nothing", .empty, 1, 1, ""),
    Refusal("only a comment", .empty, 1, 1, "# nothing\n"),
    Refusal("a list", .type, 1, 1, "- a\n"),
    Refusal("an unknown key", .unknownKey, 2, 1, "version: 1\nrulez: []\nid: a\n"),
    Refusal("an unknown key inside", .unknownKey, 3, 10, "version: 1\nid: a\nplaces: {fitz: \"22\"}\n"),
    Refusal("a key twice", .duplicate, 1, 1, "version: 1\nid: a\nversion: 1\n"),
    Refusal("a future version", .version, 1, 10, "version: 99\nid: a\n"),
    Refusal("no version", .missing, 1, 1, "id: a\n"),
    Refusal("a version that is a text", .type, 1, 10, "version: \"1\"\nid: a\n"),
    Refusal("no id", .missing, 1, 1, "version: 1\n"),
    Refusal("an id in upper case", .id, 2, 5, "version: 1\nid: ACME Pack\n"),
    Refusal(
      "an escape in an id", .id, 4, 9,
      "version: 1\nid: a\nrules:\n  - id: \"R\\e[2J0\"\n    message: m\n    when: {field: units, ge: 1}\n"),
    Refusal("a right-to-left mark", .id, 3, 7, "version: 1\nid: a\nname: \"a\u{202E}b\"\n"),
    Refusal("a code with lost zeros", .code, 3, 8, "version: 1\nid: a\nwatch: 00123\n"),
    Refusal("a code with lost zeros in a list", .code, 3, 17, "version: 1\nid: a\nplaces: {fits: [06]}\n"),
    Refusal("a code with decimals", .type, 3, 8, "version: 1\nid: a\nwatch: 32960.5\n"),
    Refusal("a code of four digits", .code, 3, 8, "version: 1\nid: a\nwatch: 3296\n"),
    Refusal("a list where a mapping belongs", .type, 3, 9, "version: 1\nid: a\nplaces: [22]\n"),
    Refusal("a mapping where a list belongs", .type, 3, 8, "version: 1\nid: a\npairs: {a: 1}\n"),
    Refusal("two verdicts", .conflict, 3, 31, "version: 1\nid: a\nplaces: {fits: \"22\", unusual: \"22\"}\n"),
    Refusal(
      "dates in the wrong order", .date, 7, 9,
      "version: 1\nid: a\nrules:\n  - id: R1\n    message: m\n    from: 2026-02-01\n    to: 2026-01-01\n    when: {field: units, ge: 1}\n"
    ),
    Refusal("a date that is none", .date, 3, 10, "version: 1\nid: a\nupdated: 2026-02-30\n"),
    Refusal("an alias", .alias, 3, 7, "version: 1\nid: a\nname: *x\n"),
    Refusal("an anchor", .alias, 2, 5, "version: 1\nid: &x a\nname: b\n"),
    Refusal("an anchor in a list", .alias, 1, 5, "a0: &a0 [x,x,x]\na1: &a1 [*a0,*a0]\n"),
    Refusal("a merge", .alias, 3, 1, "version: 1\nid: a\n<<: {name: b}\n"),
    Refusal("a tag", .tag, 1, 1, "!!python/object/apply:os.system ['id']\n"),
    Refusal("a tag on a value", .tag, 2, 5, "version: 1\nid: !!str a\n"),
    Refusal("brackets without end", .depth, 1, 64, String(repeating: "[", count: 10_000)),
    Refusal("lists in lists", .depth, 1, 128, String(repeating: "- ", count: 5_000) + "a"),
    Refusal("bad UTF-8", .encoding, 2, 5, bytes: Array("version: 1\nid: ".utf8).dropLast(0) + [0xFF, 0xFE, 0x0A]),
    Refusal("a picture", .encoding, 1, 1, bytes: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00]),
    Refusal("a zero byte", .encoding, 2, 5, bytes: Array("version: 1\nid: ".utf8) + [0x00, 0x0A]),
    Refusal("tabs", .syntax, 3, 1, "version: 1\nrules:\n\t- id: R1\n"),
    Refusal("two documents", .syntax, 3, 1, "version: 1\nid: a\n---\nversion: 1\n"),
    Refusal("a bracket that is not closed", .syntax, 3, 1, "version: 1\nid: [a\n"),
    Refusal("another file", .include, 2, 1, "version: 1\ninclude: ../../etc/shadow\nid: a\n"),
    Refusal(
      "a regular expression as a key", .regex, 5, 5,
      "version: 1\nid: a\nrules:\n  - id: R1\n    match: '(a+)+$'\n    message: m\n    when: {field: units, ge: 1}\n"),
    Refusal(
      "a regular expression as a beginning", .regex, 6, 39,
      "version: 1\nid: a\nrules:\n  - id: R1\n    message: m\n    when: {field: procedure, matches: '(3+)+$'}\n"),
    Refusal("no number", .range, 2, 23, "version: 1\nlimits: {max_segment: .nan}\nid: a\n"),
    Refusal("a negative number", .range, 2, 23, "version: 1\nlimits: {max_segment: -1}\nid: a\n"),
    Refusal("a number out of range", .range, 3, 31, "version: 1\nid: a\nunits_per_day: {practitioner: -1}\n"),
    Refusal(
      "a field that does not exist", .unknownKey, 6, 19,
      "version: 1\nid: a\nrules:\n  - id: R1\n    message: m\n    when: {field: weather, eq: 1}\n"),
    Refusal(
      "a test of another kind of field", .unknownKey, 6, 29,
      "version: 1\nid: a\nrules:\n  - id: R1\n    message: m\n    when: {field: modifier, gt: 1}\n"),
    Refusal(
      "a rule that is there already", .duplicate, 4, 9,
      "version: 1\nid: a\nrules:\n  - id: MOD-001\n    message: m\n    when: {field: units, ge: 1}\n"),
    Refusal(
      "a message that would break the list", .conflict, 5, 14,
      "version: 1\nid: a\nrules:\n  - id: R1\n    message: a; b\n    when: {field: units, ge: 1}\n"),
    Refusal(
      "an override of nothing", .conflict, 4, 11,
      "version: 1\nid: a\noverrides:\n  - rule: MOD-999\n    severity: off\n"),
    Refusal(
      "an override of a run rule with a condition", .conflict, 5, 11,
      "version: 1\nid: a\noverrides:\n  - rule: DUP-001\n    when: {field: units, ge: 1}\n    severity: off\n"),
  ]
}

@Suite("Refused packs")
struct PackRefusalTests {
  @Test("say what is wrong and where", arguments: Refusal.all)
  func refused(refusal: Refusal) throws {
    let errors = try #require(throws: PackErrors.self) { try RulePack(yaml: refusal.yaml, file: "p.yaml") }
    let error = try #require(errors.errors.first { $0.kind == refusal.kind }, "\(errors)")
    #expect(error.line == refusal.line && error.column == refusal.column, "\(errors)")
    #expect(error.description.hasPrefix("p.yaml:\(refusal.line):\(refusal.column): "))
    #expect(!errors.description.utf8.contains { $0 < 0x20 && $0 != 0x0A })
  }

  @Test("too large a pack is not even looked at")
  func size() throws {
    let errors = try #require(throws: PackErrors.self) {
      try RulePack(yaml: [UInt8](repeating: 0x23, count: (1 << 20) + 1), file: "p.yaml")
    }
    #expect(errors.errors.map(\.kind) == [.size])
  }

  @Test("several faults are told at once")
  func several() throws {
    let yaml = "version: 2\nid: A B\nplaces: {fits: 6x}\nupdated: never\n"
    let errors = try #require(throws: PackErrors.self) { try RulePack(yaml: Array(yaml.utf8), file: "p.yaml") }
    #expect(errors.errors.map(\.line) == [1, 2, 3, 4])
  }

  @Test("quotes, comments and block texts hold what would be refused elsewhere")
  func harmless() throws {
    let yaml = """
      version: 1
      id: a # *not &an !alias
      name: "*x & !y"
      phrase: 'it''s & *that'
      sources:
        - |
          *a &b !c [[[[
        - a *b & c! {
      """
    let pack = try RulePack(yaml: Array(yaml.utf8), file: "p.yaml")
    #expect(pack.name == "*x & !y")
    #expect(pack.contents.phrase == "it's & *that")
    #expect(pack.sources == ["*a &b !c [[[[", "a *b & c! {"])
  }

  @Test("random damage of a pack is refused or taken, and never more", arguments: 1...40)
  func damage(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    var bytes = RulePack.builtInYAML
    for _ in 0..<8 {
      let index = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
      case 1: bytes.remove(at: index)
      default: bytes.insert(Array("[{*&!\"'#:-|> \n\t".utf8).randomElement(using: &generator) ?? 0, at: index)
      }
    }
    do {
      _ = try RulePack(yaml: bytes, file: "p.yaml")
    } catch {
      #expect(!error.errors.isEmpty)
    }
  }

  @Test("ids are as long as they may be and no longer", arguments: [1, 31, 32, 33])
  func idLengths(length: Int) throws {
    let id = String(repeating: "a", count: length)
    let pack = try? RulePack(yaml: Array("version: 1\nid: \(id)\n".utf8), file: "p.yaml")
    #expect((pack != nil) == (length <= 32))
    #expect(throws: PackErrors.self) { try RulePack(yaml: Array("version: 1\nid: a-\n".utf8), file: "p.yaml") }
  }

  @Test("a block text may have a comment behind its header, and holds what would else be refused")
  func blockTexts() throws {
    for header in ["|", ">", "|-", ">+", "| # a note", ">-  # a note", "|2"] {
      let yaml = "version: 1\nid: a\nname: \(header)\n  one !!tag &anchor *alias\n  [[[ #\n"
      #expect(throws: Never.self, "\(header)") { _ = try RulePack(yaml: Array(yaml.utf8), file: "p.yaml") }
    }
    // What only looks like a header is a value: the next line is looked at.
    for value in ["a|", "'|'", "# |", "x #|"] {
      let yaml = "version: 1\nid: a\nname: \(value)\n  !!tag b\n"
      #expect(throws: PackErrors.self, "\(value)") { try RulePack(yaml: Array(yaml.utf8), file: "p.yaml") }
    }
  }
}
