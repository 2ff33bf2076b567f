internal import ArgumentParser
internal import ByteInput
internal import CHost

/// The command `claimaudit`: what it is called with, and the commands below it.
@main
struct Claimaudit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "claimaudit",
    abstract: "Audit healthcare claim files for lines with CPT 32960.",
    discussion: """
      Reads X12 837 files and CSV claim exports, plain or compressed (gzip, zlib, zip), flags the service lines whose procedure \
      is watched, checks modifiers, sites of service, diagnoses, dates, units, charges, pairs and payers, and writes annotated \
      reports as CSV, XML or JSON Lines.

      EXAMPLES
        claimaudit dumps/ -o reports           every file below dumps/, the whole report set
        zcat x.837.gz | claimaudit - > out.csv  one report to standard output
        claimaudit inspect export.csv          what is in a file and how its columns were understood
        claimaudit extract --with-findings dumps/ -o rework.837
                                               the claims with findings as an 837 again
        claimaudit explain MOD-003             what a rule means and what to do
        claimaudit diff monday tuesday         what is new since the run before

      CONFIGURATION
        Options of audit can stand in ./.claimaudit.yaml, in $XDG_CONFIG_HOME/claimaudit/config.yaml or in the file that \
      --config names, as `severity: warning`; or in the environment, as CLAIMAUDIT_SEVERITY=warning (CLAIMAUDIT_CONFIG names a \
      file). The command line wins, then the environment.

      EXIT CODES
        0    all input was read whole, no finding reached --fail-on
        1    a finding reached --fail-on
        64   the command was used wrongly
        65   some input was damaged, refused or no claims; everything readable was processed
        66   an input could not be opened
        73   an output could not be created        74   an output could not be written
        75   another run holds the output folder or the ledger
        78   a rule pack, mapping or config is wrong
        130, 143, 141   interrupted, terminated, broken pipe
      """,
    version: Version.current,
    subcommands: [
      AuditCommand.self, InspectCommand.self, ExtractCommand.self, RulesCommand.self, ExplainCommand.self,
      CheckPackCommand.self, DiffCommand.self, LedgerCommand.self, ManualCommand.self,
    ],
    defaultSubcommand: AuditCommand.self)

  static func main() {
    // First of all: nothing of what is read may leave through a crash.
    claimaudit_harden_process()
    Interruption.prepare()
    let arguments: [String]
    do throws(CommandFailure) {
      arguments = try ConfigArguments.merged(into: Array(CommandLine.arguments.dropFirst()))
    } catch {
      error.endProcess()
    }
    if arguments.contains("--version"), !Set(arguments).isDisjoint(with: ["-v", "--verbose"]) {
      StandardOutput.write(Version.details + "\n")
      return
    }
    guard let command = plainAudit(arguments) else {
      if let fault = ConfigArguments.fault(in: arguments) { fault.endProcess() }
      runAny(arguments)
    }
    do {
      try command.run()
    } catch {
      exit(withError: error)
    }
  }

  /// Runs whatever command is meant, as ArgumentParser would; what it prints by itself (help, version, completion scripts) goes out like
  /// every other answer, so that a full disk or a reader that went away gives an exit code.
  private static func runAny(_ arguments: [String]) -> Never {
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
      exitProcess(0)
    } catch {
      guard exitCode(for: error) == .success else { exit(withError: error) }
      StandardOutput.write(fullMessage(for: error) + "\n")
      exitProcess(0)
    }
  }

  /// The command, when it is plainly an `audit`, named or meant, and nothing is wrong with how it was called; else the whole command
  /// finds out what to do.
  ///
  /// Finding it out takes ArgumentParser a fifth of a short run: it puts together what every command in question takes, several times
  /// each.
  private static func plainAudit(_ arguments: [String]) -> AuditCommand? {
    guard let first = arguments.first else { return nil }
    let isNamed = first == AuditCommand.configuration.commandName
    let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    if !isNamed, names.contains(first) { return nil }
    // Questions about the program are for the whole command.
    if arguments.contains(where: { ["--version", "--help", "-h"].contains($0) }) { return nil }
    HeadStart.begin()
    return try? AuditCommand.parse(Array(arguments.dropFirst(isNamed ? 1 : 0)))
  }
}

/// The version of the program.
enum Version {
  static let current = "0.1.0"

  /// The version, and the libraries that unpack compressed input: `--version --verbose`.
  static var details: String {
    let fast = InflateEngine.preferred
    let inflate =
      fast == .zlib
      ? "inflate: \(fast.library)"
      : "inflate: \(fast.library); pipes and damaged data: \(InflateEngine.zlib.library)"
    return "\(current)\n\(inflate)"
  }
}
