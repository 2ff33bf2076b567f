internal import ArgumentParser
internal import Auditing
internal import ClaimModel
internal import Reporting
internal import RulePacks

/// Which rules run, on what, and with what run date.
struct RuleOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Further procedure codes to watch, comma-separated; checked with the general rules.", valueName: "codes"))
  var watch: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp("A rule pack (YAML) instead of the built-in cpt-32960; may be repeated.", valueName: "file"))
  var pack: [String] = []

  @Option(
    name: .long,
    help: ArgumentHelp("Run only these rules, by id or prefix (MOD, POS-002), comma-separated.", valueName: "rules"))
  var select: [String] = []

  @Option(
    name: .long, help: ArgumentHelp("Leave out these rules, by id or prefix, comma-separated.", valueName: "rules"))
  var ignore: [String] = []

  @Option(
    name: .long, help: ArgumentHelp("Report only findings at or above info, warning or error.", valueName: "level"))
  var severity = Level.info

  @Option(
    name: .long, help: ArgumentHelp("Only lines with a service date from this day on (YYYY-MM-DD).", valueName: "date"))
  var since: RunDate?

  @Option(
    name: .long, help: ArgumentHelp("Only lines with a service date up to this day (YYYY-MM-DD).", valueName: "date"))
  var until: RunDate?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Only lines of this payer key: medicare, aetna, bcbs, cigna, uhc, medicaid, tricare, other.", valueName: "name"))
  var payer: String?

  @Option(name: .long, help: ArgumentHelp("The run date, for rules that need one; today otherwise.", valueName: "date"))
  var asOf: RunDate?

  /// The lowest severity reported.
  enum Level: String, CaseIterable, ExpressibleByArgument {
    case info
    case warning
    case error

    var severity: Severity { Severity(name: rawValue) ?? .info }
  }

  /// A day of the command line.
  struct RunDate: ExpressibleByArgument {
    let day: Day

    init?(argument: String) {
      guard let day = Day(iso: argument) else { return nil }
      self.day = day
    }
  }

  func validate() throws {
    if let since, let until, until.day < since.day { throw ValidationError("--until is before --since") }
    for code in watchedCodes where Code(code).isNone || Code(code).count > 7 {
      throw ValidationError("--watch: \"\(code)\" is not a procedure code")
    }
  }

  /// The run date.
  var runDate: Day { asOf?.day ?? RunClock.today }

  private var watchedCodes: [String] { RuleOptions.list(watch) }

  private static func list(_ values: [String]) -> [String] {
    values.flatMap { $0.split(separator: ",") }.map { $0.trimmingBlanks }.filter { !$0.isEmpty }
  }

  /// The packs of a run and what the reports say of them.
  struct LoadedPacks {
    var names: [(name: String, version: String)]
    var benchmark: SummaryBuilder.Reference
  }

  /// Reads the packs.
  func loadPacks() throws(CommandFailure) -> [RulePack] {
    guard !pack.isEmpty else { return [.builtIn] }
    var packs: [RulePack] = []
    for file in pack {
      let content = try FileContent.read(file, limit: 1 << 20, failing: 78)
      do {
        packs.append(try RulePack(yaml: content, file: file))
      } catch {
        throw CommandFailure(code: 78, message: error.description)
      }
    }
    return packs
  }

  /// The auditor that follows the options.
  func auditor(identityHash: KeyedHash) throws(CommandFailure) -> (Auditor, LoadedPacks) {
    let packs = try loadPacks()
    var options = AuditOptions(asOf: runDate, identityHash: identityHash)
    options.extraWatch = watchedCodes.map { Code($0) }
    options.select = RuleOptions.list(select)
    options.ignore = RuleOptions.list(ignore)
    options.minimumSeverity = severity.severity
    options.since = since?.day
    options.until = until?.day
    options.payer = payer
    do {
      let program = AuditProgram(packs: packs)
      let auditor = try Auditor(program, options: options)
      let names = packs.map { (name: $0.id, version: $0.updated?.description ?? "") }
      return (auditor, LoadedPacks(names: names, benchmark: benchmark(packs, places: program.tables.places)))
    } catch {
      throw CommandFailure(code: 64, message: error.description)
    }
  }

  /// What stands beside charges: the setting of each place of service and what Medicare pays on the run date.
  private func benchmark(_ packs: [RulePack], places: PlaceTable) -> SummaryBuilder.Reference {
    let medicare = MedicareReference(packs: packs)
    var amounts: [BenchmarkSetting: Int64] = [:]
    if let procedure = packs.first?.watch.first {
      amounts[.facility] = medicare.cents(of: procedure, on: runDate, inFacility: true)
      amounts[.nonFacility] = medicare.cents(of: procedure, on: runDate, inFacility: false)
    }
    var settings: [Code: BenchmarkSetting] = [:]
    for number in 1...99 {
      let place = Code(number < 10 ? "0\(number)" : "\(number)")
      if let isFacility = places.isFacility(place) { settings[place] = isFacility ? .facility : .nonFacility }
    }
    return SummaryBuilder.Reference(settings: settings, medicare: amounts)
  }
}

extension Substring {
  /// The text without blanks at its ends.
  var trimmingBlanks: String {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
