import TestSupport
import Testing

@Suite("Config and mapping files")
struct ConfigTests {
  static let sound = Fixture("valid/professional.837").path

  private func run(_ arguments: [String], in scratch: Scratch, environment: [String: String] = [:]) throws
    -> CommandOutcome
  {
    var command = Command(arguments)
    command.folder = scratch.path
    command.environment = environment
    return try command.run()
  }

  @Test("options of ./.claimaudit.yaml hold, and those of the command line win over them")
  func besides() throws {
    let scratch = try Scratch()
    try scratch.write(".claimaudit.yaml", "fail-on: error\nscope: all\n")
    let outcome = try run([ConfigTests.sound], in: scratch)
    #expect(outcome.exitCode == 1)
    #expect(outcome.rows.count == 66)
    #expect(try run(["audit", ConfigTests.sound, "--fail-on", "never"], in: scratch).exitCode == 0)
    #expect(try run(["audit", ConfigTests.sound, "--scope=hits"], in: scratch).rows.count == 34)
    #expect(try run(["--version"], in: scratch).exitCode == 0)
  }

  @Test("the file of the user's own folder holds where there is none beside, and --config names another")
  func elsewhere() throws {
    let scratch = try Scratch()
    try scratch.write("home/claimaudit/config.yaml", "fail-on: error\n")
    let home = ["XDG_CONFIG_HOME": scratch.path + "/home"]
    #expect(try run([ConfigTests.sound], in: scratch, environment: home).exitCode == 1)
    let other = try scratch.write("other.yaml", "scope: claims\n")
    let named = try run(["audit", ConfigTests.sound, "--config", other], in: scratch, environment: home)
    #expect(named.exitCode == 0)
    #expect(named.rows.contains { $0["watched"] == "false" })
    try scratch.write(".claimaudit.yaml", "scope: hits\n")
    #expect(try run([ConfigTests.sound], in: scratch, environment: home).exitCode == 0)
  }

  @Test(
    "a config that is wrong ends the run with 78 and its place, before anything is read",
    arguments: ["nonsense: true\n", "scope: [hits\n", "scope: some\n", "jobs: many\n", "scope: hits\nscope: all\n"])
  func wrong(text: String) throws {
    let scratch = try Scratch()
    try scratch.write(".claimaudit.yaml", text)
    let outcome = try run(["/no/such/input"], in: scratch)
    #expect(outcome.exitCode == 78, "\(outcome.standardError)")
    #expect(outcome.standardError.contains(".claimaudit.yaml:"))
    #expect(!outcome.standardError.contains("/no/such/input"))
  }

  @Test("a mapping file names the columns; --column wins over it")
  func mapping() throws {
    let scratch = try Scratch()
    let path = try scratch.write(
      "own.csv",
      "Ref,Wann,Was,Wo,Kosten,Preis\nA1,2026-03-10,32960,22,450.00,99.00\nA2,2026-03-11,99213,11,80.00,77.00\n")
    let mapping = try scratch.write(
      "map.yaml",
      "version: 1\nname: own\ncolumns:\n  claim_id: Ref\n  service_date: Wann\n  procedure_code: Was\n  place_of_service: Wo\n  charge_amount: Kosten\n"
    )
    let outcome = try Command("audit", path, "--mapping", mapping).run()
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    #expect(outcome.rows.map { $0["charge"] } == ["450.00"])
    let other = try Command("audit", path, "--mapping", mapping, "--column", "charge_amount=Preis").run()
    #expect(other.rows.map { $0["charge"] } == ["99.00"])
    let wrong = try scratch.write("wrong.yaml", "version: 1\ncolumns:\n  no_such_field: Ref\n")
    let refused = try Command("audit", path, "--mapping", wrong).run()
    #expect(refused.exitCode == 78)
    #expect(refused.standardError.contains("wrong.yaml"))
  }
}
