internal import CSV
internal import ClaimModel

/// One line a row, or several.
extension HeaderMatcher {
  /// Tells one line a row from several, and finds the columns of each line of a wide row.
  mutating func findLayout() {
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
    adoptClaimTotal()
    for number in numbers {
      func column(_ field: ColumnField) -> Int {
        let found = candidates[field, default: []]
        if let own = found.first(where: { $0.match.isSlot && $0.match.number == number }) { return own.column }
        // One date or place for the whole row holds for each of its lines; one amount is not the amount of each.
        guard HeaderMatcher.isShared(field) else { return -1 }
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
        let isUsed = candidate.match.isSlot || HeaderMatcher.isShared(field)
        enter(field, candidate, isUsed: isUsed)
        if isUsed, plan[field] < 0 { plan[field] = candidate.column }
      }
    }
  }

  /// Whether one value for the whole row holds for each of its lines.
  private static func isShared(_ field: ColumnField) -> Bool {
    field == .serviceFrom || field == .serviceTo || field == .placeOfService || field == .renderingNPI
  }

  /// The one charge of a row of several lines is the charge of all of them: the claim's total, where nothing else is.
  private mutating func adoptClaimTotal() {
    let charges = candidates[.charge, default: []]
    guard candidates[.claimTotal, default: []].isEmpty, !charges.contains(where: \.match.isSlot) else { return }
    let totals = charges.filter { $0.match.rank < 3 }
    guard !totals.isEmpty else { return }
    candidates[.charge] = nil
    candidates[.claimTotal] = totals
    guard totals.count == 1 else { return }
    let header = plan.headers[totals[0].column]
    notice(
      "HEADER", header, .info,
      "a row holds several procedures and one charge: \"\(header)\" is taken for the claim's total")
  }

  /// `procedure_code_1` … are ICD-10-PCS beside a procedure column; alone and full of CPT codes they are the lines.
  mutating func adoptNumberedProcedures() {
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
}
