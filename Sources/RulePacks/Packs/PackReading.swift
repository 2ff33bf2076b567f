internal import Auditing
internal import ClaimModel

/// Makes a `RulePack` of a node.
struct PackReading {
  let decoder: PackDecoder

  init(file: String) { decoder = PackDecoder(file: file) }

  func pack(_ node: PackNode) throws(PackErrors) -> RulePack {
    var pack = RulePack()
    guard var keys = decoder.keys(node, "the pack") else {
      try decoder.finish()
      return pack
    }
    decoder.version(&keys)
    if let node = decoder.required(&keys, "id") { pack.id = identifier(node, "the pack's id", upper: false) ?? "" }
    pack.name = keys.take("name").flatMap { decoder.text($0, "name") } ?? pack.id
    pack.updated = keys.take("updated").flatMap { decoder.day($0, "updated") }
    pack.sources = keys.take("sources").map { decoder.texts($0, "sources").map(\.text) } ?? []
    if let node = keys.take("watch") { pack.watch = decoder.codes(node, "the watched code", .procedure) }
    pack.contents.packID = pack.id
    if let node = keys.take("phrase"), let phrase = decoder.sentence(node, "phrase") { pack.contents.phrase = phrase }
    if let node = keys.take("fee_schedule") { feeSchedule(node, &pack) }
    if let node = keys.take("modifiers") { modifiers(node, &pack) }
    if let node = keys.take("places") { places(node, &pack) }
    if let node = keys.take("bill_types") { billTypes(node, &pack) }
    if let node = keys.take("revenue") { revenue(node, &pack) }
    if let node = keys.take("diagnoses") { diagnoses(node, &pack) }
    if let node = keys.take("pairs") { pairs(node, &pack) }
    if let node = keys.take("visits") {
      let visits = decoder.patterns(node, "the visit code", .procedure)
      pack.contents.visits = CodePatterns(exact: visits.exact, prefixes: visits.prefixes)
    }
    if let node = keys.take("add_ons") { addOns(node, &pack) }
    if let node = keys.take("units_per_day") { units(node, &pack) }
    if let node = keys.take("global_days") { globalDays(node, &pack) }
    if let node = keys.take("filing_indicators") {
      pack.filingIndicators = decoder.codes(node, "the filing indicator", .filing)
    }
    if let node = keys.take("payers") { pack.payers = decoder.items(node, "payers").compactMap { payer($0) } }
    if let node = keys.take("rules") { rules(node, &pack) }
    if let node = keys.take("overrides") { overrides(node, &pack) }
    decoder.close(keys)
    try decoder.finish()
    return pack
  }

  /// An id that reports and terminals can carry.
  func identifier(_ node: PackNode, _ what: String, upper: Bool) -> String? {
    guard let text = decoder.text(node, what, limit: 1000) else { return nil }
    let isPlain = text.utf8.allSatisfy { byte in
      byte >= 0x30 && byte <= 0x39 || byte == 0x2D
        || (upper ? byte >= 0x41 && byte <= 0x5A : byte >= 0x61 && byte <= 0x7A || byte == 0x5F)
    }
    let letters = upper ? "upper-case letters" : "lower-case letters"
    guard isPlain, !text.isEmpty, text.utf8.count <= 32, text.first != "-", text.last != "-" else {
      decoder.report(.id, node, "\(what) is not an id", expected: "at most 32 \(letters), digits and hyphens")
      return nil
    }
    return text
  }

  private func feeSchedule(_ node: PackNode, _ pack: inout RulePack) {
    guard var keys = decoder.keys(node, "fee_schedule") else { return }
    if let node = keys.take("indicators"), var indicators = decoder.keys(node, "indicators") {
      for name in [
        "status", "professional_technical", "global", "multiple", "bilateral", "assistant", "co_surgeon", "team",
      ] {
        if let node = indicators.take(name), let word = decoder.words(node, name).first {
          pack.indicators[name] = word.word
        }
      }
      decoder.close(indicators)
    }
    for row in keys.take("rows").map({ decoder.items($0, "rows") }) ?? [] {
      guard var keys = decoder.keys(row, "a row of the fee schedule") else { continue }
      let period = decoder.period(&keys)
      let procedure = keys.take("code").flatMap { decoder.codes($0, "the code", .procedure).first }
      func value(_ name: String, decimals: Int, isRequired: Bool) -> Int64? {
        let node = isRequired ? decoder.required(&keys, name) : keys.take(name)
        return node.flatMap { decoder.decimal($0, name, decimals: decimals, 0...100_000_000) }
      }
      let work = value("work", decimals: 2, isRequired: true)
      let office = value("office", decimals: 2, isRequired: false)
      let facility = value("facility", decimals: 2, isRequired: false)
      let malpractice = value("malpractice", decimals: 2, isRequired: true)
      let factor = value("factor", decimals: 4, isRequired: true)
      decoder.close(keys)
      guard let work, let malpractice, let factor, let from = period.from, let to = period.to else {
        if period.from == nil || period.to == nil {
          decoder.report(.missing, row, "a row of the fee schedule has no dates", expected: "from and to")
        }
        continue
      }
      for code in procedure.map({ [$0] }) ?? pack.watch {
        pack.feeSchedule.append(
          MedicareReference.Row(
            procedure: code, from: from, to: to, work: work, expenseOffice: office, expenseFacility: facility,
            malpractice: malpractice, conversionFactor: factor))
      }
    }
    decoder.close(keys)
  }

  private func modifiers(_ node: PackNode, _ pack: inout RulePack) {
    guard var keys = decoder.keys(node, "modifiers") else { return }
    var table = [UInt32](repeating: 0, count: ModifierTable.slots)
    func add(_ code: Code, _ family: ModifierFamilies) {
      if let slot = ModifierTable.slot(of: code) { table[slot] |= family.rawValue }
    }
    if let node = keys.take("families"), var families = decoder.keys(node, "families") {
      for (name, family) in ModifierFamilies.named {
        guard let node = families.take(name) else { continue }
        for code in decoder.codes(node, "the modifier", .modifier) { add(code, family) }
      }
      decoder.close(families)
    }
    if let node = keys.take("unrelated_classes") {
      let entries = BuiltInTables.modifiers.entries
      let known = Set(entries.map(\.family))
      var chosen: Set<String> = []
      for (word, part) in decoder.words(node, "the class") {
        if known.contains(word) {
          chosen.insert(word)
        } else {
          decoder.report(
            .conflict, part, "\"\(word)\" is no class of modifiers", expected: known.sorted().joined(separator: ", "))
        }
      }
      for entry in entries where chosen.contains(entry.family) { add(entry.code, .unrelated) }
    }
    for item in keys.take("exclusions").map({ decoder.items($0, "exclusions") }) ?? [] {
      guard var keys = decoder.keys(item, "an exclusion") else { continue }
      let ones = decoder.required(&keys, "one").map { decoder.codes($0, "the modifier", .modifier) } ?? []
      let others = decoder.required(&keys, "other").map { decoder.codes($0, "the modifier", .modifier) } ?? []
      decoder.close(keys)
      for one in ones {
        for other in others where other != one { pack.contents.exclusions.append((one, other)) }
      }
    }
    decoder.close(keys)
    pack.contents.modifierFamilies = table
  }

  private func places(_ node: PackNode, _ pack: inout RulePack) {
    guard var keys = decoder.keys(node, "places") else { return }
    let verdicts: [(String, ProcedurePolicy.PlaceVerdict)] = [
      ("fits", .fits), ("emergency", .emergency), ("unusual", .unusual), ("implausible", .implausible),
      ("telehealth", .telehealth),
    ]
    for (name, verdict) in verdicts {
      guard let node = keys.take(name) else { continue }
      for code in decoder.codes(node, "the place of service", .place) {
        if pack.contents.places.updateValue(verdict, forKey: code) != nil {
          decoder.report(.conflict, node, "the place of service \(code) has two verdicts", expected: "one")
        }
      }
    }
    if let node = keys.take("operating") {
      pack.contents.operatingSites = decoder.codes(node, "the place of service", .place)
    }
    decoder.close(keys)
  }

  private func billTypes(_ node: PackNode, _ pack: inout RulePack) {
    guard var keys = decoder.keys(node, "bill_types") else { return }
    let verdicts: [(String, ProcedurePolicy.BillVerdict)] = [
      ("expected", .expected), ("unusual", .unusual), ("impossible", .impossible),
    ]
    for (name, verdict) in verdicts {
      guard let node = keys.take(name) else { continue }
      for code in decoder.codes(node, "the type of bill", .billType) {
        if pack.contents.billTypes.updateValue(verdict, forKey: code) != nil {
          decoder.report(.conflict, node, "the type of bill \(code) has two verdicts", expected: "one")
        }
      }
    }
    decoder.close(keys)
  }

  private func revenue(_ node: PackNode, _ pack: inout RulePack) {
    guard var keys = decoder.keys(node, "revenue") else { return }
    func list(_ name: String) -> [Code] {
      guard let node = keys.take(name) else { return [] }
      let patterns = decoder.patterns(node, "the revenue code", .revenue)
      return patterns.exact + patterns.prefixes
    }
    pack.contents.revenueAccepted = list("accepted")
    pack.contents.revenueImpossible = list("impossible")
    decoder.close(keys)
  }

  private func diagnoses(_ node: PackNode, _ pack: inout RulePack) {
    guard var keys = decoder.keys(node, "diagnoses") else { return }
    func list(_ node: PackNode?) -> CodePatterns {
      guard let node else { return CodePatterns() }
      let patterns = decoder.patterns(node, "the diagnosis", .diagnosis)
      return CodePatterns(exact: patterns.exact, prefixes: patterns.prefixes)
    }
    pack.contents.support = list(keys.take("support"))
    pack.contents.contradict = list(keys.take("contradict"))
    if let node = keys.take("contradict_phrase"), let phrase = decoder.sentence(node, "contradict_phrase") {
      pack.contents.contradictPhrase = phrase
    }
    if let node = keys.take("headings") { pack.contents.headings = decoder.codes(node, "the heading", .diagnosis) }
    for item in keys.take("conflicts").map({ decoder.items($0, "conflicts") }) ?? [] {
      guard var keys = decoder.keys(item, "a conflict") else { continue }
      let code = list(decoder.required(&keys, "code"))
      let excludes = list(decoder.required(&keys, "excludes"))
      decoder.close(keys)
      pack.contents.diagnosisConflicts.append(ProcedurePolicy.DiagnosisConflict(code: code, excludes: excludes))
    }
    decoder.close(keys)
  }

  private func pairs(_ node: PackNode, _ pack: inout RulePack) {
    for item in decoder.items(node, "pairs") {
      guard var keys = decoder.keys(item, "a group of pairs") else { continue }
      let table = decoder.required(&keys, "table").flatMap {
        decoder.choice($0, "table", ["practitioner", "hospital"])
      }
      let column = decoder.required(&keys, "companion_column").flatMap {
        decoder.integer($0, "companion_column", 1...2)
      }
      let modifier = decoder.required(&keys, "modifier").flatMap {
        decoder.choice($0, "modifier", ["never", "allowed"])
      }
      let until = keys.take("until").flatMap { decoder.day($0, "until") }
      let codes = decoder.required(&keys, "codes").map { decoder.codes($0, "the companion", .procedure) } ?? []
      decoder.close(keys)
      guard let table, let column, let modifier else { continue }
      for code in codes {
        pack.contents.pairs.append(
          ProcedurePolicy.Pair(
            companion: code, companionIsPart: column == 2, isHospital: table == "hospital",
            mayBeSeparated: modifier == "allowed", deleted: until))
      }
    }
  }

  private func addOns(_ node: PackNode, _ pack: inout RulePack) {
    for item in decoder.items(node, "add_ons") {
      guard var keys = decoder.keys(item, "an add-on") else { continue }
      let codes = decoder.required(&keys, "code").map { decoder.codes($0, "the add-on", .procedure) } ?? []
      let primaries =
        decoder.required(&keys, "primaries").map { decoder.codes($0, "the primary code", .procedure) } ?? []
      decoder.close(keys)
      for code in codes { pack.contents.addOns.append(ProcedurePolicy.AddOn(code: code, primaries: primaries)) }
    }
  }

  private func units(_ node: PackNode, _ pack: inout RulePack) {
    guard var keys = decoder.keys(node, "units_per_day") else { return }
    func limit(_ name: String) -> Int32 {
      Int32(keys.take(name).flatMap { decoder.integer($0, name, 1...10_000) } ?? 0)
    }
    pack.contents.unitsPractitioner = limit("practitioner")
    pack.contents.unitsHospital = limit("hospital")
    decoder.close(keys)
  }

  private func globalDays(_ node: PackNode, _ pack: inout RulePack) {
    guard var keys = decoder.keys(node, "global_days") else { return }
    for (name, days) in [("000", Int32(0)), ("010", 10), ("090", 90)] {
      guard let node = keys.take(name) else { continue }
      for code in decoder.codes(node, "the procedure", .procedure) {
        if pack.globalDays.updateValue(days, forKey: code) != nil {
          decoder.report(.conflict, node, "\(code) has two global periods", expected: "one")
        }
      }
    }
    decoder.close(keys)
  }

  private func payer(_ node: PackNode) -> PayerTable.Payer? {
    guard var keys = decoder.keys(node, "a payer") else { return nil }
    let key = decoder.required(&keys, "key").flatMap { identifier($0, "the payer's key", upper: false) }
    let period = decoder.period(&keys)
    let ids = keys.take("ids").map { decoder.words($0, "the payer's id").map { $0.word.uppercased() } } ?? []
    let names = keys.take("names").map { decoder.texts($0, "the payer's name").map { Self.normalized($0.text) } } ?? []
    func filing(_ name: String) -> [Code] {
      keys.take(name).map { decoder.codes($0, "the filing indicator", .filing) } ?? []
    }
    let both = filing("filing")
    let professional = filing("filing_professional")
    let institutional = filing("filing_institutional")
    let fallback = filing("filing_names_it")
    let isMedicare = keys.take("original_medicare").flatMap { decoder.boolean($0, "original_medicare") } ?? false
    decoder.close(keys)
    guard let key else { return nil }
    return PayerTable.Payer(
      key: key, ids: ids, aliases: names.filter { !$0.isEmpty }, filingProfessional: both + professional,
      filingInstitutional: both + institutional, filingFallback: fallback, isOriginalMedicare: isMedicare,
      from: period.from, to: period.to)
  }

  /// A name as the table compares it.
  private static func normalized(_ name: String) -> String {
    name.uppercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) && $0.isASCII }.joined(separator: " ")
  }
}
