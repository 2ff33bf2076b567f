internal import CSV
internal import ClaimModel

/// Finds out which column holds which field, from the header, the rows below it and what the user said.
///
/// A name alone is never believed where values can speak: a procedure column whose values are no procedure codes refuses the
/// file, a place-of-service column of identifiers is not read, and of two columns that could both be the charge neither is
/// taken. Every refusal says what was found and how to say it with `--column`.
struct HeaderMatcher {
  /// What became of the matching.
  enum Outcome {
    case matched(ColumnPlan, ColumnReport, [ReadingIssue])
    case refused([ReadingIssue])
  }

  /// A column that could hold a field.
  private struct Candidate {
    var column: Int
    var match: ColumnSynonyms.Match
    var isMapped = false
  }

  private let finding: DialectSniffer.Finding
  private let sample: ColumnSample
  private let mapping: ColumnMapping
  private let names: [String]
  private var plan: ColumnPlan
  private var report = ColumnReport()
  private var notices: [ReadingIssue] = []
  private var refusals: [ReadingIssue] = []
  private var candidates: [ColumnField: [Candidate]] = [:]

  init(headers: [String], finding: DialectSniffer.Finding, sample: ByteView, mapping: ColumnMapping) {
    self.finding = finding
    self.mapping = mapping
    names = headers.map { HeaderName.normalised($0) }
    plan = ColumnPlan()
    plan.headers = headers
    plan.namedColumns = (headers.lastIndex { !$0.isEmpty } ?? -1) + 1
    plan.nulls = mapping.nulls.map { Array($0.utf8) }
    plan.amounts = mapping.amounts
    plan.dates.order = mapping.dates
    plan.isContinuation = mapping.layout == .continuation
    self.sample = ColumnSample(
      sample, from: finding.next.offset, dialect: finding.dialect, width: headers.count, named: plan.namedColumns,
      nulls: plan.nulls)
    report.delimiter = finding.dialect.delimiter
    report.headerRecord = finding.header.record
  }

  /// How many of the fields of a record are names that the synonym table knows.
  static func knownNames(_ fields: [ByteView]) -> Int {
    var known: Set<ColumnSynonyms.Match> = []
    for field in fields where field.count <= 64 {
      if let match = ColumnSynonyms.match(HeaderName.normalised(field)) { known.insert(match) }
    }
    return known.count
  }

  /// How many of the fields of a record are headers that the user names.
  static func mappedNames(_ fields: [ByteView], _ mapping: ColumnMapping) -> Int {
    let wanted = Set(mapping.columns.values.joined().filter { $0.first != "#" }.map { HeaderName.normalised($0) })
    return fields.count { !wanted.isEmpty && $0.count <= 256 && wanted.contains(HeaderName.normalised($0)) }
  }

  /// Matches.
  mutating func run() -> Outcome {
    collect()
    applyMapping()
    guard refusals.isEmpty else { return .refused(refusals) }
    refuseDuplicates()
    refuseOddWidth()
    guard refusals.isEmpty else { return .refused(refusals) }
    findLayout()
    for field in ColumnField.allCases where !field.isList && !(plan.isWide && field.isPerLine) {
      // Whose claim it is matters only where nothing says which claim it is.
      if field != .patientID { choose(field) }
    }
    takeLists()
    guard refusals.isEmpty else { return .refused(refusals) }
    findClaimID()
    checkProcedures()
    guard refusals.isEmpty else { return .refused(refusals) }
    provePeculiarities()
    describe()
    return .matched(plan, report, notices)
  }

  // MARK: Candidates

  private mutating func collect() {
    for column in names.indices {
      guard let match = ColumnSynonyms.match(names[column]) else { continue }
      candidates[match.field, default: []].append(Candidate(column: column, match: match))
    }
  }

  private mutating func applyMapping() {
    for (name, headers) in mapping.columns.sorted(by: { $0.key < $1.key }) {
      guard let field = ColumnField(name: name) else { continue }
      var mapped: [Candidate] = []
      for (index, header) in headers.enumerated() {
        guard let column = column(named: header) else {
          refuse(
            "HEADER", field.name,
            "no column, or more than one, is headed \"\(header)\", which is to be \(field.name); a position such as "
              + "\(field.name)=#3 names one of several")
          continue
        }
        let isSlot = mapping.layout == .wide && field.isPerLine && headers.count > 1
        mapped.append(
          Candidate(
            column: column, match: ColumnSynonyms.Match(field: field, rank: 0, number: index + 1, isSlot: isSlot),
            isMapped: true))
      }
      for other in Array(candidates.keys) {
        candidates[other]?.removeAll { candidate in mapped.contains { $0.column == candidate.column } }
      }
      candidates[field] = mapped
    }
  }

  private func column(named header: String) -> Int? {
    if header.first == "#", let number = Int(header.dropFirst()), number >= 1, number <= names.count {
      return number - 1
    }
    let exact = plan.headers.indices.filter { plan.headers[$0] == header }
    if !exact.isEmpty { return exact.count == 1 ? exact[0] : nil }
    let wanted = HeaderName.normalised(header)
    let alike = names.indices.filter { !wanted.isEmpty && names[$0] == wanted }
    return alike.count == 1 ? alike[0] : nil
  }

  private mutating func refuseDuplicates() {
    for field in ColumnField.allCases where !field.isList {
      let found = candidates[field, default: []].filter { !$0.isMapped && $0.match.rank < 3 }
      for (index, candidate) in found.enumerated() {
        guard let twin = found[..<index].first(where: { names[$0.column] == names[candidate.column] }) else { continue }
        let header = plan.headers[candidate.column]
        refuse(
          "HEADER_DUPLICATE", header,
          "columns \(twin.column + 1) and \(candidate.column + 1) are both headed \"\(header)\"; say which one is meant, for "
            + "example --column \(field.name)=#\(twin.column + 1)")
        break
      }
    }
  }

  private mutating func refuseOddWidth() {
    guard sample.rows.isEmpty,
      let (width, count) = sample.oddWidths.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
      count >= 3
    else { return }
    refuse(
      "HEADER", "",
      "the header has \(names.count) columns and the rows have \(width): it cannot be told which value belongs to which name"
    )
  }

  // MARK: Layout

  /// Tells one line a row from several, and finds the columns of each line of a wide row.
  private mutating func findLayout() {
    let procedures = candidates[.procedure, default: []]
    let hasPlain = procedures.contains { !$0.match.isSlot && $0.match.rank < 3 }
    if !hasPlain, procedures.filter(\.match.isSlot).isEmpty { adoptNumberedProcedures() }
    let slots = candidates[.procedure, default: []].filter(\.match.isSlot)
    let wide = mapping.layout == .wide || mapping.layout == .automatic && !hasPlain && slots.count > 1
    guard wide, !slots.isEmpty else {
      // A single `HCPCS_CD_1` is the procedure column; other numbered ones are somebody else's.
      for field in ColumnField.allCases where field.isPerLine {
        let plain = candidates[field, default: []].filter { !$0.match.isSlot }
        candidates[field] = plain.isEmpty ? candidates[field, default: []].filter { $0.match.number == 1 } : plain
      }
      return
    }
    plan.isWide = true
    report.layout = .wide
    let numbers = slots.compactMap(\.match.number).sorted()
    let modifiers = candidates[.modifier, default: []]
    if !modifiers.isEmpty, mapping.layout != .wide {
      refuse(
        "HEADER", plan.headers[modifiers[0].column],
        "a row holds \(numbers.count) procedures and \(modifiers.count) modifier columns, and it cannot be told which modifier "
          + "belongs to which procedure; with layout: wide in a mapping they are taken one by one")
      return
    }
    for number in numbers {
      func column(_ field: ColumnField) -> Int {
        let found = candidates[field, default: []]
        if let own = found.first(where: { $0.match.isSlot && $0.match.number == number }) { return own.column }
        // One date or place for the whole row holds for each of its lines; one amount is not the amount of each.
        guard field == .serviceFrom || field == .serviceTo || field == .placeOfService || field == .renderingNPI else {
          return -1
        }
        return found.first { !$0.match.isSlot && $0.match.rank < 3 }?.column ?? -1
      }
      plan.slots.append(
        ColumnPlan.Slot(
          procedure: column(.procedure), serviceFrom: column(.serviceFrom), serviceTo: column(.serviceTo),
          placeOfService: column(.placeOfService), revenueCode: column(.revenueCode), units: column(.units),
          charge: column(.charge), allowed: column(.allowed), paid: column(.paid), renderingNPI: column(.renderingNPI),
          lineDiagnosis: column(.lineDiagnosis),
          modifiers: modifiers.filter { $0.match.number == number }.map(\.column)))
    }
    for field in ColumnField.allCases where field.isPerLine {
      for candidate in candidates[field, default: []] where candidate.match.isSlot || candidate.match.rank < 3 {
        enter(field, candidate, isUsed: true)
      }
      if let first = candidates[field, default: []].first { plan[field] = first.column }
    }
  }

  /// `procedure_code_1` … are ICD-10-PCS beside a procedure column; alone and full of CPT codes they are the lines.
  private mutating func adoptNumberedProcedures() {
    let numbered = candidates[.inpatientProcedure, default: []].filter { !$0.isMapped }
    guard !numbered.isEmpty else { return }
    var sampled = 0
    var fitting = 0
    for candidate in numbered {
      let evidence = sample.evidence(candidate.column, .procedure, plan)
      sampled += evidence.sampled
      fitting += evidence.fitting
    }
    guard fitting > 0, 2 * fitting >= sampled else { return }
    candidates[.inpatientProcedure] = nil
    candidates[.procedure, default: []] += numbered.map { candidate in
      var candidate = candidate
      candidate.match = ColumnSynonyms.Match(
        field: .procedure, rank: 0, number: candidate.match.number ?? 1, isSlot: true)
      return candidate
    }
  }

  // MARK: Choosing

  /// Chooses the column of a field that can have one only.
  private mutating func choose(_ field: ColumnField) {
    var found = candidates[field, default: []]
    if let mapped = found.first(where: \.isMapped) {
      take(field, mapped)
      return
    }
    // Names that mean many things need values that are nothing else.
    found.removeAll { candidate in
      guard candidate.match.rank == 3 else { return false }
      if field == .recordKind { return mapping.layout == .lines || !isRecordKind(candidate.column) }
      let (sampled, fitting) = sample.evidence(candidate.column, field.kind, plan)
      return sampled == 0 || fitting * 10 < sampled * 8 || field.kind == .text
    }
    guard let best = found.map(\.match.rank).min() else { return }
    var tied = found.filter { $0.match.rank == best }
    if tied.count > 1 { tied = decideByValues(field, tied) }
    guard tied.count == 1, let chosen = tied.first else {
      let list = tied.map { describe($0, field) }.joined(separator: ", ")
      refuse(
        "HEADER", field.name,
        "\(tied.count) columns could be \(field.name): \(list); say which with --column \(field.name)=HEADER")
      return
    }
    guard believe(field, chosen) else { return }
    take(field, chosen)
    if field == .charge, names[chosen.column].hasPrefix("totalcharge"), let claim = claimCandidate,
      sample.looksLikeTotal(chosen.column, claim: claim)
    {
      refuse(
        "HEADER", plan.headers[chosen.column],
        "\"\(plan.headers[chosen.column])\" is the same on all rows of a claim: it may be the line's charge or the claim's; say "
          + "--column charge_amount=HEADER or --column claim_total_charge=HEADER")
    }
  }

  /// Whether a column says what is a charge: in words, or in the numbers of Epic's ledgers, where 1 is a charge.
  private func isRecordKind(_ column: Int) -> Bool {
    sample.isRecordKind(column, isNumbered: HeaderMatcher.numberedKinds.contains(names[column]))
  }

  private static let numberedKinds: Set<String> = ["detailtype", "txtype", "txtypec", "trantype"]

  private var claimCandidate: Int? {
    candidates[.claimID, default: []].min { $0.match.rank < $1.match.rank }?.column
  }

  /// Of several columns with equally good names those that their values leave in the race.
  private func decideByValues(_ field: ColumnField, _ tied: [Candidate]) -> [Candidate] {
    // The same in every row: it does not matter which.
    if !sample.rows.isEmpty, tied.dropFirst().allSatisfy({ sample.areSame($0.column, tied[0].column) }) {
      return [tied[0]]
    }
    var left = tied.filter { candidate in
      let (sampled, fitting) = sample.evidence(candidate.column, field.kind, plan)
      return sampled > 0 && 2 * fitting >= sampled
    }
    if field == .charge { left = left.filter { !sample.isFlag($0.column) } }
    return left.isEmpty ? tied : left
  }

  /// Whether the values of a column let it be what its name says; a column that is not believed is not read.
  private mutating func believe(_ field: ColumnField, _ candidate: Candidate) -> Bool {
    let (sampled, fitting) = sample.evidence(candidate.column, field.kind, plan)
    guard sampled >= 3, 2 * fitting < sampled else { return true }
    switch field.kind {
    case .placeOfService, .npi, .diagnosis, .modifier, .billType, .revenueCode: break
    case .date, .amount, .units:
      // A value that cannot be read is a finding about the line, not about the column, where the name leaves no doubt.
      if candidate.match.rank < 2 {
        notice(
          "HEADER", plan.headers[candidate.column], .warning,
          "\(fitting) of \(sampled) sampled values of \"\(plan.headers[candidate.column])\" can be read as \(field.name); a "
            + "mapping can say how they are written")
        return true
      }
    case .text, .procedure: return true
    }
    enter(field, candidate, isUsed: false)
    notice(
      "HEADER", plan.headers[candidate.column], .warning,
      "column \"\(plan.headers[candidate.column])\" is named like \(field.name), but \(fitting) of \(sampled) sampled values "
        + "are of that kind: it is not read; --column \(field.name)=HEADER names the right one")
    return false
  }

  private mutating func take(_ field: ColumnField, _ candidate: Candidate) {
    plan[field] = candidate.column
    enter(field, candidate, isUsed: true)
  }

  private mutating func takeLists() {
    var modifiers: [Int] = []
    for field in ColumnField.allCases where field.isList {
      let found = candidates[field, default: []].sorted {
        ($0.match.number ?? ($0.match.rank == 0 ? 0 : 1), $0.column) < (
          $1.match.number ?? ($1.match.rank == 0 ? 0 : 1), $1.column
        )
      }
      for candidate in found where candidate.isMapped || believe(field, candidate) {
        enter(field, candidate, isUsed: true)
        if plan[field] < 0 { plan[field] = candidate.column }
        switch field {
        case .diagnosis: plan.diagnoses.append(diagnosisColumn(candidate.column))
        case .inpatientProcedure: plan.inpatientProcedures.append(candidate.column)
        case .diagnosisPointer: plan.pointers.append(candidate.column)
        case .modifier: modifiers.append(candidate.column)
        default: break
        }
      }
    }
    guard !plan.isWide else { return }
    plan.slots = [
      ColumnPlan.Slot(
        procedure: plan[.procedure], serviceFrom: plan[.serviceFrom], serviceTo: plan[.serviceTo],
        placeOfService: plan[.placeOfService], revenueCode: plan[.revenueCode], units: plan[.units],
        charge: plan[.charge],
        allowed: plan[.allowed], paid: plan[.paid], renderingNPI: plan[.renderingNPI],
        lineDiagnosis: plan[.lineDiagnosis], modifiers: modifiers)
    ]
  }

  private func diagnosisColumn(_ column: Int) -> ColumnPlan.DiagnosisColumn {
    var diagnosis = ColumnPlan.DiagnosisColumn(column: column)
    let name = names[column]
    if name.contains("icd9") { diagnosis.edition = .icd9 } else if name.contains("icd10") { diagnosis.edition = .icd10 }
    // `ICD_DGNS_CD1` has `ICD_DGNS_VRSN_CD1` beside it.
    if let range = name.firstRange(of: "dgnscd") {
      var version = name
      version.replaceSubrange(range, with: "dgnsvrsncd")
      diagnosis.versionColumn = names.firstIndex(of: version) ?? -1
    }
    return diagnosis
  }

  // MARK: What must be there

  private mutating func findClaimID() {
    guard plan[.claimID] < 0, refusals.isEmpty else { return }
    choose(.patientID)
    let patient = plan[.patientID]
    guard patient >= 0 else {
      refuse(
        "HEADER_MISSING", ColumnField.claimID.name,
        missing(.claimID, "not a claim export: no column holds the claim's id"))
      return
    }
    plan[.claimID] = patient
    plan.groupsByDate = true
    notice(
      "HEADER", plan.headers[patient], .warning,
      "no column holds the claim's id; rows of one \"\(plan.headers[patient])\" and day that follow each other are taken for a "
        + "claim, and its value stands for the id in the reports; --column claim_id=HEADER names a better one")
  }

  private mutating func checkProcedures() {
    guard plan.isWide || plan[.procedure] >= 0 else {
      refuse(
        "HEADER_MISSING", ColumnField.procedure.name, missing(.procedure, "not a claim export: no procedure column")
      )
      return
    }
    let columns = plan.isWide ? plan.slots.map(\.procedure) : [plan[.procedure]]
    var sampled = 0
    var fitting = 0
    for column in columns {
      let evidence = sample.evidence(column, .procedure, plan)
      sampled += evidence.sampled
      fitting += evidence.fitting
    }
    guard sampled > 0, 2 * fitting < sampled, !report.entries.contains(where: { $0.field == .procedure && $0.isMapped })
    else {
      return
    }
    refuse(
      "NOT_CLAIMS", plan.headers[columns[0]],
      missing(
        .procedure,
        "not a claim export: \(fitting) of \(sampled) sampled values of \"\(plan.headers[columns[0]])\" are procedure codes"
      ))
  }

  /// A sentence that ends in what was found and how to name the missing field.
  private func missing(_ field: ColumnField, _ sentence: String) -> String {
    let found = report.entries.filter(\.isUsed).prefix(12).map { "\($0.field.name) = \"\($0.header)\"" }
    let list = found.isEmpty ? "nothing" : found.joined(separator: ", ")
    return "\(sentence) (recognised: \(list)); --column \(field.name)=HEADER names it"
  }

  // MARK: The rest

  private mutating func provePeculiarities() {
    let dates = [ColumnField.serviceFrom, .serviceTo, .claimStart, .claimEnd, .admission, .discharge].map { plan[$0] }
    if plan.dates.order == .automatic,
      let order = sample.provenOrder(dates.filter { $0 >= 0 } + plan.slots.map(\.serviceFrom).filter { $0 >= 0 })
    {
      plan.dates.order = order
      if order == .dayFirst {
        notice("DATE", "", .info, "dates are written day first, as values prove that can be read no other way")
      }
    }
    report.isDayFirst = plan.dates.order == .dayFirst
    if plan[.recordKind] >= 0 {
      report.layout = .ledger
      plan.hasNumberedKinds = HeaderMatcher.numberedKinds.contains(names[plan[.recordKind]])
    }
    if plan.isContinuation { report.layout = .continuation }
    for (name, value) in mapping.constants {
      guard let field = ColumnField(name: name), plan[field] < 0 else { continue }
      plan.constants[field] = Array(value.utf8)
    }
  }

  private mutating func describe() {
    plan.describe()
    plan.close()
    let used = Set(report.entries.filter(\.isUsed).map(\.column))
    report.entries.sort { $0.column < $1.column }
    report.unrecognised = plan.headers.indices.filter { !used.contains($0 + 1) && !plan.headers[$0].isEmpty }.map {
      plan.headers[$0]
    }
    let usual: [ColumnField] = [
      .serviceFrom, .placeOfService, .modifier, .units, .charge, .diagnosis, .payer, .renderingNPI,
    ]
    report.absent = usual.filter { plan[$0] < 0 && plan.constants[$0] == nil }
  }

  private mutating func enter(_ field: ColumnField, _ candidate: Candidate, isUsed: Bool) {
    let (sampled, fitting) = sample.evidence(candidate.column, field.kind, plan)
    report.entries.append(
      ColumnReport.Entry(
        field: field, header: plan.headers[candidate.column], column: candidate.column + 1,
        isMapped: candidate.isMapped,
        sampled: sampled, fitting: fitting, isUsed: isUsed))
  }

  private func describe(_ candidate: Candidate, _ field: ColumnField) -> String {
    let (sampled, fitting) = sample.evidence(candidate.column, field.kind, plan)
    return "\"\(plan.headers[candidate.column])\" (\(fitting) of \(sampled) sampled values fit)"
  }

  private var location: SourceLocation {
    SourceLocation(record: finding.header.record, byteOffset: finding.header.offset)
  }

  private mutating func refuse(_ code: String, _ element: String, _ message: String) {
    refusals.append(
      ReadingIssue(
        code: code, severity: .error, effect: .fileRefused, location: location, element: element,
        message: "line \(finding.header.line): \(message)"))
  }

  private mutating func notice(_ code: String, _ element: String, _ severity: IssueSeverity, _ message: String) {
    notices.append(
      ReadingIssue(
        code: code, severity: severity, effect: .none, location: location, element: element,
        message: "line \(finding.header.line): \(message)"))
  }
}
