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
  struct Candidate {
    var column: Int
    var match: ColumnSynonyms.Match
    var isMapped = false
  }

  let finding: DialectSniffer.Finding
  let sample: ColumnSample
  let mapping: ColumnMapping
  let names: [String]
  var plan: ColumnPlan
  var report = ColumnReport()
  var notices: [ReadingIssue] = []
  var refusals: [ReadingIssue] = []
  var candidates: [ColumnField: [Candidate]] = [:]

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
    for field in fields where !field.isEmpty && field.count <= 64 {
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

  mutating func collect() {
    for column in names.indices {
      guard let match = ColumnSynonyms.match(names[column]) else { continue }
      candidates[match.field, default: []].append(Candidate(column: column, match: match))
    }
  }

  mutating func applyMapping() {
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

  func column(named header: String) -> Int? {
    if header.first == "#", let number = Int(header.dropFirst()), number >= 1, number <= names.count {
      return number - 1
    }
    let exact = plan.headers.indices.filter { plan.headers[$0] == header }
    if !exact.isEmpty { return exact.count == 1 ? exact[0] : nil }
    let wanted = HeaderName.normalised(header)
    let alike = names.indices.filter { !wanted.isEmpty && names[$0] == wanted }
    return alike.count == 1 ? alike[0] : nil
  }

  mutating func refuseDuplicates() {
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

  mutating func refuseOddWidth() {
    guard sample.rows.isEmpty,
      let (width, count) = sample.oddWidths.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }),
      count >= 3
    else { return }
    refuse(
      "HEADER", "",
      "the header has \(names.count) columns and the rows have \(width): it cannot be told which value belongs to which name"
    )
  }

  // MARK: What must be there

  mutating func findClaimID() {
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
    plan.namesNoClaim = HeaderMatcher.medicalRecordNumbers.contains(names[patient])
    let header = plan.headers[patient]
    let outcome =
      plan.namesNoClaim
      ? "and the reports name no claim, since a medical record's number belongs in none"
      : "and its value, the number of the patient's account, stands for the claim's id in the reports"
    notice(
      "HEADER", header, .warning,
      "no column holds the claim's id; rows of one \"\(header)\" and day that follow each other are taken for a claim, "
        + "\(outcome); --column claim_id=HEADER names a better column")
  }

  /// Headers, normalised, of the number a patient has in the medical records rather than in the practice's accounts.
  static let medicalRecordNumbers: Set<String> = ["mrn", "medicalrecordnumber", "chart", "chartnumber"]

  mutating func checkProcedures() {
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
  func missing(_ field: ColumnField, _ sentence: String) -> String {
    let found = report.entries.filter(\.isUsed).prefix(12).map { "\($0.field.name) = \"\($0.header)\"" }
    let list = found.isEmpty ? "nothing" : found.joined(separator: ", ")
    return "\(sentence) (recognised: \(list)); --column \(field.name)=HEADER names it"
  }

  // MARK: The rest

  mutating func provePeculiarities() {
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
    if plan[.claimID] >= 0, sample.isRounded(plan[.claimID]) {
      let header = plan.headers[plan[.claimID]]
      notice(
        "EXCEL_DAMAGE", header, .warning,
        "values of \"\(header)\" were rounded by a spreadsheet: different claims may have got one id and are then taken for one; export "
          + "the column as text")
    }
    if plan[.recordKind] >= 0 {
      report.layout = .ledger
      plan.kinds = kindVocabulary(plan[.recordKind])
    }
    if plan.isContinuation { report.layout = .continuation }
    for (name, value) in mapping.constants {
      guard let field = ColumnField(name: name), plan[field] < 0 else { continue }
      plan.constants[field] = Array(value.utf8)
    }
  }

  mutating func describe() {
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

  mutating func enter(_ field: ColumnField, _ candidate: Candidate, isUsed: Bool) {
    let (sampled, fitting) = sample.evidence(candidate.column, field.kind, plan)
    report.entries.append(
      ColumnReport.Entry(
        field: field, header: plan.headers[candidate.column], column: candidate.column + 1,
        isMapped: candidate.isMapped,
        sampled: sampled, fitting: fitting, isUsed: isUsed))
  }

  func describe(_ candidate: Candidate, _ field: ColumnField) -> String {
    let (sampled, fitting) = sample.evidence(candidate.column, field.kind, plan)
    return "\"\(plan.headers[candidate.column])\" (\(fitting) of \(sampled) sampled values fit)"
  }

  var location: SourceLocation {
    SourceLocation(record: finding.header.record, byteOffset: finding.header.offset)
  }

  mutating func refuse(_ code: String, _ element: String, _ message: String) {
    refusals.append(
      ReadingIssue(
        code: code, severity: .error, effect: .fileRefused, location: location, element: element,
        message: "line \(finding.header.line): \(message)"))
  }

  mutating func notice(_ code: String, _ element: String, _ severity: IssueSeverity, _ message: String) {
    notices.append(
      ReadingIssue(
        code: code, severity: severity, effect: .none, location: location, element: element,
        message: "line \(finding.header.line): \(message)"))
  }
}
