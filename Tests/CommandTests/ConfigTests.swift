import Foundation
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

  @Test(
    "a value that only the run can refuse is the config's fault where the config sets it, else that of the command line",
    arguments: [
      ("select: [MOD, FOO]", ["--select", "FOO"], "FOO"), ("ignore: FOO", ["--ignore", "FOO"], "FOO"),
      ("payer: foo", ["--payer", "foo"], "foo"), ("watch: [9921]", ["--watch", "9921"], "9921"),
      ("format: [csv, doc]", ["-f", "csv,doc"], "doc"),
      ("column: [charge_amount]", ["--column", "charge_amount"], "FIELD"),
      ("column: [no_such_field=A]", ["--column", "no_such_field=A"], "no_such_field"),
    ])
  func refusedLate(line: String, arguments: [String], hint: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write("own.yaml", "scope: hits\n\(line)\n")
    let inFile = try Command("audit", ConfigTests.sound, "--config", path).run()
    #expect(inFile.exitCode == 78, "\(inFile.standardError)")
    #expect(inFile.standardError.hasPrefix("claimaudit: \(path):2:") && inFile.standardError.contains(hint))
    // What the command line says holds instead, and is its own fault.
    let onLine = try Command(["audit", ConfigTests.sound, "--config", path] + arguments).run()
    #expect(onLine.exitCode == 64 && !onLine.standardError.contains("own.yaml"), "\(onLine.standardError)")
    try scratch.write("own.yaml", "scope: hits\n")
    #expect(try Command(["audit", ConfigTests.sound, "--config", path] + arguments).run().exitCode == 64)
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

@Suite("Options from the environment, and the manual page")
struct EnvironmentTests {
  private let file = Fixture("valid/professional.837").path

  private func findings(_ arguments: [String], _ environment: [String: String], folder: String? = nil) throws -> Set<
    String
  > {
    var command = Command(["audit", file] + arguments)
    command.environment = environment
    command.folder = folder
    let outcome = try command.run()
    #expect(outcome.exitCode == 0, "\(outcome.standardError)")
    return outcome.rows.reduce(into: []) { $0.formUnion($1.rules) }
  }

  @Test("the command line wins over the environment, the environment over a config file, each over the default")
  func order() throws {
    let scratch = try Scratch()
    try scratch.write(".claimaudit.yaml", "select: [MOD]\n")
    let inFile = try findings([], [:], folder: scratch.path)
    let inEnvironment = try findings([], ["CLAIMAUDIT_SELECT": "POS"], folder: scratch.path)
    let onLine = try findings(["--select", "DX"], ["CLAIMAUDIT_SELECT": "POS"], folder: scratch.path)
    for (rules, family) in [(inFile, "MOD"), (inEnvironment, "POS"), (onLine, "DX")] {
      #expect(!rules.isEmpty && rules.allSatisfy { $0.hasPrefix(family) }, "\(rules)")
    }
    // A file that the environment names, and an empty variable, which says nothing.
    let named = try scratch.write("other.yaml", "select: [DATE]\n")
    let fromNamed = try findings([], ["CLAIMAUDIT_CONFIG": named, "CLAIMAUDIT_SELECT": ""])
    #expect(!fromNamed.isEmpty && fromNamed.allSatisfy { $0.hasPrefix("DATE") })
  }

  @Test("flags, lists of lines and plain values; what is no value is said with the variable's or the option's name")
  func values() throws {
    let scratch = try Scratch()
    var command = Command("audit", file)
    command.environment = [
      "CLAIMAUDIT_OUTPUT": scratch.path + "/out", "CLAIMAUDIT_FORMAT": "jsonl", "CLAIMAUDIT_QUIET": "true",
      "CLAIMAUDIT_EXCEL": "0", "CLAIMAUDIT_WATCH": "99213\n71046", "CLAIMAUDIT_FAIL_ON": "error",
    ]
    let outcome = try command.run()
    #expect(outcome.exitCode == 1 && outcome.standardError == "")
    #expect(ReportSetFiles(folder: scratch.path + "/out").names.contains("lines.jsonl"))
    #expect(scratch.text("out/lines.jsonl").contains("\"procedure\":\"99213\""))
    command.environment = ["CLAIMAUDIT_STRICT": "yes"]
    let flag = try command.run()
    #expect(flag.exitCode == 78 && flag.standardError.contains("CLAIMAUDIT_STRICT"))
    command.environment = ["CLAIMAUDIT_JOBS": "many"]
    let number = try command.run()
    #expect(number.exitCode == 64 && number.standardError.contains("jobs"))
    // Other commands take nothing from it.
    var rules = Command("rules")
    rules.environment = ["CLAIMAUDIT_FORMAT": "jsonl", "CLAIMAUDIT_STRICT": "yes"]
    #expect(try rules.run().exitCode == 0)
  }

  @Test("the manual page names every command and option, and roff has nothing against it")
  func manual() throws {
    let page = try Command("manual").run()
    #expect(page.exitCode == 0)
    for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "EXAMPLES", "CONFIGURATION", "EXIT CODES", "COMMANDS"] {
      #expect(page.text.contains(".Sh \(section)\n"), "\(section)")
    }
    for command in [
      "audit", "inspect", "rules", "explain", "check\\-pack", "diff", "ledger list", "ledger show", "ledger prune",
    ] {
      #expect(page.text.contains(".Ss \(command)\n"), "\(command)")
    }
    let help = try Command("audit", "--help").run().text
    let options = Set(help.matches(of: /--([a-z][a-z-]+)/).map { String($0.1) }).subtracting(["help", "version"])
    #expect(options.count > 30)
    for option in options where help.contains("\n  --\(option)") || help.contains(", --\(option)") {
      #expect(page.text.contains("Fl Fl \(option.replacingOccurrences(of: "-", with: "\\-"))"), "\(option)")
    }
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/groff") else { return }
    let scratch = try Scratch()
    let path = try scratch.write("claimaudit.1", page.standardOutput)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/groff")
    process.arguments = ["-mdoc", "-Tutf8", "-ww", path]
    let errors = Pipe()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0 && said.isEmpty, "\(said)")
  }

  @Test("completions for three shells name the commands and options")
  func completions() throws {
    for shell in ["bash", "zsh", "fish"] {
      let script = try Command("--generate-completion-script", shell).run()
      #expect(script.exitCode == 0)
      for word in ["inspect", "ledger", "fail-on", "coverage"] {
        #expect(script.text.contains(word), "\(shell) \(word)")
      }
    }
  }
}
