internal import ArgumentParser
internal import AuditPipeline
internal import Auditing
internal import ByteInput
internal import ClaimModel
internal import Glibc
internal import Reporting
internal import SourceCopies

/// `claimaudit extract`: writes selected claims back as they came.
struct ExtractCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract",
    abstract: "Write selected claims back as a valid 837, or as rows of an export.",
    discussion: """
      The claims go out as they came, byte for byte, with the envelopes and levels they stand in. Of an 837 only HL segments and the \
      counts of SE, GE and IEA are written anew where they must be; of an export the header goes with the rows. Several options \
      must all hold; of several values of one option one must. --invert writes the other claims: both outputs together hold every claim \
      once.

      What is no claim is in neither output: transaction sets other than 837, rows that are no service lines (totals, payments, blank \
      lines). A claim that could not be read whole is said, with exit code 65.

      The output holds all that the input holds about patients: it is PHI. Files are written with mode 0600.

      EXAMPLES
        claimaudit extract --with-findings dump.837 -o rework.837
        claimaudit extract --rule MOD,POS-002 --severity error --payer aetna dumps/ -o rework/
        claimaudit extract --with-findings --invert dump.837 > clean.837
      """)

  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Selection") var selection: SelectionOptions
  @OptionGroup(title: "Rules") var rules: RuleOptions
  @OptionGroup(title: "Messages") var messages: MessageOptions

  @Option(
    name: [.customShort("o", allowingJoined: true), .long],
    help: ArgumentHelp(
      "Write into this file, or with a folder (DIR/) a file for each input that has a selected claim; standard output otherwise.",
      valueName: "path"))
  var output: String?

  func run() throws {
    let messenger = messages.messenger
    exitProcess(try messenger.exitCode { () throws in try extract(messenger) })
  }

  private var destination: ClaimExtraction.Destination {
    guard let output, output != "-" else { return .standardOutput }
    var status = stat()
    let isFolder = unsafe stat(output, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    return isFolder || output.hasSuffix("/") ? .folder(output) : .file(output)
  }

  private func extract(_ messenger: Messenger) throws -> Int32 {
    if case .file(let path) = destination, FilePlace.isTaken(path, by: input.namedFiles + rules.pack) {
      throw CommandFailure(
        code: 64, message: "\(path): the output would be written over this file; choose another name with -o")
    }
    let found = try input.discover()
    messenger.tell(found.notices)
    var plan = try input.plan()
    plan.inputs = found.inputs
    plan.tellsRecognition = messages.verbose
    let (auditor, packs) = try rules.auditor(identityHash: plan.identityHash)
    for notice in packs.notices { messenger.warning(notice) }
    for detail in packs.details { messenger.detail(detail) }
    let progressLine = messages.progressLine(over: found.inputs)
    defer { progressLine?.finish() }
    plan.progress = progressLine?.progress
    let outcome = try ClaimExtraction.run(
      plan, auditor: auditor, criteria: try selection.criteria(auditor), isInverted: selection.invert,
      destination: destination, isCancelled: { Interruption.received != 0 }, tell: messenger.tell)
    guard let outcome else {
      messenger.error("interrupted; nothing was written")
      return Interruption.exitCode
    }
    progressLine?.finish()
    if outcome.selected == 0 { messenger.warning("none of \(grouped(outcome.claims)) claims is selected") }
    if !messages.quiet, !outcome.files.isEmpty {
      let files = outcome.files.count == 1 ? outcome.files[0] : "\(outcome.files.count) files in \(output ?? "")"
      StandardError.write(
        printable("\(grouped(outcome.selected)) of \(grouped(outcome.claims)) claims written to \(files)") + "\n")
    }
    return RunOutcome(isDamaged: outcome.isDamaged, isUnopened: outcome.isUnopened, heaviest: .none, failOn: nil)
      .exitCode
  }
}

/// Which claims are written back.
struct SelectionOptions: ParsableArguments {
  @Flag(name: .long, help: "Claims with a finding.")
  var withFindings = false

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Claims with a finding of these rules, by id or prefix (MOD, POS-002), comma-separated.", valueName: "rules"))
  var rule: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Claims with a finding at or above info, warning or error; with --rule, of those rules.", valueName: "level"))
  var severity: SeverityLevel?

  @Option(name: .long, help: ArgumentHelp("The claim with this id (CLM01); may be repeated.", valueName: "id"))
  var claim: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Claims of these payer keys, comma-separated: medicare, aetna, bcbs, cigna, uhc, medicaid, tricare, other.",
      valueName: "keys"))
  var payer: [String] = []

  @Flag(name: .long, help: "Claims with a watched line.")
  var watched = false

  @Flag(name: .long, help: "The claims that are not selected instead.")
  var invert = false

  func validate() throws {
    guard withFindings || !rule.isEmpty || severity != nil || !claim.isEmpty || !payer.isEmpty || watched else {
      throw ValidationError(
        "say which claims: --with-findings, --rule, --severity, --claim, --payer or --watched")
    }
  }

  /// The criteria, as the auditor knows rules and payers.
  func criteria(_ auditor: Auditor) throws(CommandFailure) -> ClaimCriteria {
    var criteria = ClaimCriteria()
    criteria.claimIDs = Set(claim.map { Array($0.utf8) })
    criteria.needsWatchedLine = watched
    criteria.payers = Set(RuleOptions.list(payer).map { $0.lowercased() })
    if let unknown = criteria.payers.sorted().first(where: { !auditor.payerKeys.contains($0) }) {
      throw CommandFailure(
        code: 64,
        message: "there is no payer \"\(unknown)\", known are \(auditor.payerKeys.joined(separator: ", "))")
    }
    guard withFindings || !rule.isEmpty || severity != nil else { return criteria }
    var finding = ClaimCriteria.FindingCriteria()
    if let severity { finding.severity = severity.severity }
    do throws(AuditOptionsError) {
      finding.rules = try auditor.catalogue.rules(named: RuleOptions.list(rule))
    } catch {
      throw CommandFailure(code: 64, message: error.description)
    }
    criteria.finding = finding
    return criteria
  }
}
