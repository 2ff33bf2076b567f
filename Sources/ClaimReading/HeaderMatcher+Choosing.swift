internal import CSV
internal import ClaimModel

/// Which of several columns holds a field, and whether it is believed.
extension HeaderMatcher {
  /// Chooses the column of a field that can have one only.
  mutating func choose(_ field: ColumnField) {
    var found = candidates[field, default: []]
    if let mapped = found.first(where: \.isMapped) {
      take(field, mapped)
      return
    }
    if field == .recordKind { found.removeAll { mapping.layout == .lines || !isRecordKind($0) } }
    // Names that mean many things need values that are nothing else.
    found.removeAll { candidate in
      guard candidate.match.rank == 3, field != .recordKind else { return false }
      let (sampled, fitting) = sample.evidence(candidate.column, field.kind, plan)
      return sampled == 0 || fitting * 10 < sampled * 8 || field.kind == .text
    }
    guard let best = found.map(\.match.rank).min() else { return }
    var tied = found.filter { $0.match.rank == best }
    if tied.count > 1 { tied = decideByValues(field, tied) }
    if let chosen = tied.first, tied.count == 1 { tied += rivals(of: chosen, for: field, among: found) }
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

  /// Whether a column says what is a charge.
  ///
  /// One whose name leaves no doubt does so whatever stands in it. In one that is named `Type` the values have to be kinds of entries,
  /// a charge among them, and those that are known no fewer than the others.
  func isRecordKind(_ candidate: Candidate) -> Bool {
    let kinds = kindCounts(candidate.column)
    let known = kinds.charges + kinds.others
    if candidate.match.rank < 3 { return known + kinds.unknown > 0 }
    return kinds.charges > 0 && (kinds.unknown == 0 || kinds.others > 0 && kinds.unknown <= known)
  }

  /// Refuses a ledger of which no row is a charge and some are nobody knows what: payments must not become billed lines, nor lines be
  /// passed over.
  mutating func refuseUntoldKinds(_ column: Int) {
    let kinds = kindCounts(column)
    guard kinds.charges == 0, kinds.unknown > 0 else { return }
    refuse(
      "HEADER", plan.headers[column],
      missing(
        .recordKind,
        "\"\(plan.headers[column])\" is to tell the charges of a ledger from its payments, but of its sampled values none is a charge, "
          + "\(kinds.others) are other entries and \(kinds.unknown) cannot be told; where every row is a billed line, say layout: lines "
          + "in a mapping"))
  }

  /// How many sampled values of a ledger's column are of which kind.
  func kindCounts(_ column: Int) -> (charges: Int, others: Int, unknown: Int) {
    let kinds = sample.recordKinds(column, kindVocabulary(column))
    return (kinds.count { $0 == .charge }, kinds.count { $0 == .other }, kinds.count { $0 == .unknown })
  }

  /// What besides words names kinds in a column: numbers in columns named as Epic's, letters in any but those named `Type`, and either
  /// only where a charge is among them.
  func kindVocabulary(_ column: Int) -> ExportRecordKind.Vocabulary {
    let isVague = ColumnSynonyms.match(names[column]).map { $0.field == .recordKind && $0.rank == 3 } ?? false
    let wide = ExportRecordKind.Vocabulary(
      hasNumbers: HeaderMatcher.numberedKinds.contains(names[column]), hasLetters: !isVague)
    return sample.recordKinds(column, wide).contains(.charge) ? wide : ExportRecordKind.Vocabulary()
  }

  static let numberedKinds: Set<String> = ["detailtype", "txtype", "txtypec", "trantype"]

  var claimCandidate: Int? {
    candidates[.claimID, default: []].min { $0.match.rank < $1.match.rank }?.column
  }

  /// Of several columns with equally good names those that their values leave in the race.
  func decideByValues(_ field: ColumnField, _ tied: [Candidate]) -> [Candidate] {
    // The same in every row: it does not matter which.
    if !sample.rows.isEmpty, tied.dropFirst().allSatisfy({ sample.areSame($0.column, tied[0].column) }) {
      return [tied[0]]
    }
    // Codes and the words for them tell the same rows apart.
    if field == .recordKind {
      let kinds = tied.map { sample.recordKinds($0.column, kindVocabulary($0.column)) }
      if kinds.dropFirst().allSatisfy({ $0 == kinds[0] }) { return [tied[0]] }
    }
    let left = tied.filter { isSupported($0, field) }
    return left.isEmpty ? tied : left
  }

  /// Whether half of the values of a column or more could be values of the field, which as charges are no flags.
  func isSupported(_ candidate: Candidate, _ field: ColumnField) -> Bool {
    let (sampled, fitting) = sample.evidence(candidate.column, field.kind, plan)
    return sampled > 0 && 2 * fitting >= sampled && (field != .charge || !sample.isFlag(candidate.column))
  }

  /// Whether the values of a column let it be what its name says; a column that is not believed is not read.
  mutating func believe(_ field: ColumnField, _ candidate: Candidate) -> Bool {
    let (sampled, fitting) = sample.evidence(candidate.column, field.kind, plan)
    guard sampled >= 3, 2 * fitting < sampled else { return true }
    // Our own name for a field over one bad value, or two, that several rows repeat: wrong values, and not another column.
    let values = sample.values(of: candidate.column)
    if candidate.match.rank == 0, sampled < 10, values.count < 3, values.allSatisfy({ $0.count <= field.kind.length }) {
      return true
    }
    switch field.kind {
    case .placeOfService, .npi, .diagnosis, .modifier, .billType, .revenueCode: break
    case .date, .amount, .units:
      // A value that cannot be read is a finding about the line, not about the column, where the name leaves no doubt.
      // Of many values none: either another column, or one that is written as nobody here knows.
      if candidate.match.rank < 2, fitting > 0 || sampled < 10 {
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

  mutating func take(_ field: ColumnField, _ candidate: Candidate) {
    plan[field] = candidate.column
    enter(field, candidate, isUsed: true)
    if field == .recordKind { refuseUntoldKinds(candidate.column) }
  }

  mutating func takeLists() {
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
        case .diagnosis: plan.diagnoses.append(diagnosisColumn(candidate))
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

  func diagnosisColumn(_ candidate: Candidate) -> ColumnPlan.DiagnosisColumn {
    var diagnosis = ColumnPlan.DiagnosisColumn(column: candidate.column)
    diagnosis.isPrincipal = candidate.match.number == nil
    let name = names[candidate.column]
    if name.contains("icd9") { diagnosis.edition = .icd9 } else if name.contains("icd10") { diagnosis.edition = .icd10 }
    // `ICD_DGNS_CD1` has `ICD_DGNS_VRSN_CD1` beside it.
    if let range = name.firstRange(of: "dgnscd") {
      var version = name
      version.replaceSubrange(range, with: "dgnsvrsncd")
      diagnosis.versionColumn = names.firstIndex(of: version) ?? -1
    }
    return diagnosis
  }
}
