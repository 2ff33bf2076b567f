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
    help: ArgumentHelp(
      "Tables of CMS (PPRRVU, GPCI, NCCI, places of service, ICD-10-CM), unzipped, over the built-in ones.",
      valueName: "dir"))
  var reference: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The Medicare benchmark of this locality; needs a GPCI file in --reference.", valueName: "carrier/locality"))
  var locality: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Run only these rules, by id or prefix (MOD, POS-002), comma-separated.", valueName: "rules"))
  var select: [String] = []

  @Option(
    name: .long, help: ArgumentHelp("Leave out these rules, by id or prefix, comma-separated.", valueName: "rules"))
  var ignore: [String] = []

  @Option(
    name: .long, help: ArgumentHelp("Only lines with a service date from this day on (YYYY-MM-DD).", valueName: "date"))
  var since: RunDate?

  @Option(
    name: .long, help: ArgumentHelp("Only lines with a service date up to this day (YYYY-MM-DD).", valueName: "date"))
  var until: RunDate?

  @Option(name: .long, help: ArgumentHelp("The run date, for rules that need one; today otherwise.", valueName: "date"))
  var asOf: RunDate?

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
    if locality != nil, reference == nil { throw ValidationError("--locality needs --reference with a GPCI file") }
    for code in watchedCodes where !RuleOptions.isProcedureCode(code) {
      throw ValidationError("--watch: \"\(code)\" is not a procedure code, which has five letters or digits, as 32960")
    }
  }

  /// The run date.
  var runDate: Day { asOf?.day ?? RunClock.today }

  /// Whether a word can be a code of CPT or HCPCS, those of dentists included: another one matches no line, and silently.
  private static func isProcedureCode(_ word: String) -> Bool {
    word.utf8.count == 5
      && word.unicodeScalars.allSatisfy { $0.isASCII && ($0.properties.isAlphabetic || "0"..."9" ~= $0) }
  }

  private var watchedCodes: [String] { RuleOptions.list(watch) }

  static func list(_ values: [String]) -> [String] {
    values.flatMap { $0.split(separator: ",") }.map { $0.trimmingBlanks }.filter { !$0.isEmpty }
  }

  /// The packs of a run and what the reports say of them.
  struct LoadedPacks {
    var names: [(name: String, version: String)]
    var benchmark: SummaryBuilder.Reference
    /// What the places of service are.
    var places: [String: String] = [:]
    /// What was read from the reference folder, for those who ask.
    var details: [String] = []
    /// The files of the folder that were not read.
    var notices: [String] = []
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
        throw CommandFailure(error)
      }
    }
    return packs
  }

  /// Reads the reference folder.
  private func loadReference(_ packs: [RulePack]) throws(CommandFailure) -> ReferenceData {
    guard let reference else { return ReferenceData() }
    do {
      return try ReferenceFolder(path: reference, watched: Set(packs.flatMap(\.watch))).data
    } catch {
      throw CommandFailure(code: 78, message: error.description)
    }
  }

  /// The geographic indices of the run date.
  private func indices(_ reference: ReferenceData) throws(CommandFailure) -> MedicareReference.Locality {
    guard let locality else { return MedicareReference.Locality() }
    let year = runDate.components.year
    if let found = reference.locality(locality, year: year) { return found }
    let years = reference.localityYears.map(String.init).joined(separator: ", ")
    throw CommandFailure(
      code: 78,
      message: "--locality: no GPCI file of \(year), the year of the run date, has \"\(locality)\"; "
        + (years.isEmpty ? "there is no GPCI file in the folder" : "there are files of \(years)"))
  }

  /// What the numbers of a report depend on besides the input and the packs.
  var conditions: [String] {
    var conditions = ["as of \(runDate)"]
    if let since { conditions.append("services since \(since.day) only") }
    if let until { conditions.append("services until \(until.day) only") }
    if !watch.isEmpty { conditions.append("also watched: \(watchedCodes.joined(separator: ", "))") }
    if !select.isEmpty { conditions.append("only rules \(RuleOptions.list(select).joined(separator: ", "))") }
    if !ignore.isEmpty { conditions.append("without rules \(RuleOptions.list(ignore).joined(separator: ", "))") }
    return conditions
  }

  /// The auditor that follows the options, and where given those of `filter`.
  func auditor(identityHash: KeyedHash, filter: FilterOptions? = nil) throws(CommandFailure) -> (Auditor, LoadedPacks) {
    let packs = try loadPacks()
    let reference = try loadReference(packs)
    let locality = try indices(reference)
    var options = AuditOptions(asOf: runDate, identityHash: identityHash)
    options.extraWatch = watchedCodes.map { Code($0) }
    options.select = RuleOptions.list(select)
    options.ignore = RuleOptions.list(ignore)
    if let filter { options.minimumSeverity = filter.severity.severity }
    options.period = ServicePeriod(since: since?.day, until: until?.day)
    options.payer = filter?.payer
    do {
      let isBuiltIn = pack.isEmpty && self.reference == nil
      let program = isBuiltIn ? .builtIn : AuditProgram(packs: packs, reference: reference)
      let auditor = try Auditor(program, options: options)
      let medicare = isBuiltIn ? .builtIn : MedicareReference(packs: packs, reference: reference)
      var loaded = LoadedPacks(
        names: packs.map { (name: $0.id, version: $0.updated?.description ?? "") },
        benchmark: benchmark(packs, medicare, locality, places: program.tables.places))
      for number in 1...99 {
        let code = Code(number < 10 ? "0\(number)" : "\(number)")
        if let place = program.tables.places.place(code) { loaded.places[code.description] = place.name }
      }
      loaded.names += reference.files.map { (name: $0.file, version: $0.summary) }
      loaded.details = reference.files.map { "\($0.file): \($0.summary)" }
      loaded.notices = reference.notices
      return (auditor, loaded)
    } catch {
      throw ConfigArguments.failure(of: error.option.rawValue, error.description)
    }
  }

  /// What stands beside charges: the setting of each place of service and what Medicare pays on the run date.
  private func benchmark(
    _ packs: [RulePack], _ medicare: MedicareReference, _ locality: MedicareReference.Locality, places: PlaceTable
  ) -> SummaryBuilder.Reference {
    var amounts: [BenchmarkSetting: Int64] = [:]
    if let procedure = packs.first?.watch.first {
      amounts[.facility] = medicare.cents(of: procedure, on: runDate, inFacility: true, locality: locality)
      amounts[.nonFacility] = medicare.cents(of: procedure, on: runDate, inFacility: false, locality: locality)
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
