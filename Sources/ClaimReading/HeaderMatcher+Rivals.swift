internal import CSV
internal import ClaimModel

/// Columns whose names say less than that of the chosen one, and whose values say something else.
extension HeaderMatcher {
  /// The columns that could be the field as well and hold other values than the chosen one: the better name alone does not tell which
  /// is meant.
  ///
  /// Only of values that can be read can it be said that they are others: an insurance may be named in two ways.
  func rivals(of chosen: Candidate, for field: ColumnField, among found: [Candidate]) -> [Candidate] {
    guard !chosen.isMapped else { return [] }
    switch field.kind {
    case .procedure, .date, .amount, .units, .placeOfService, .billType, .revenueCode: break
    case .text, .modifier, .npi, .diagnosis: return []
    }
    return found.filter { candidate in
      candidate.column != chosen.column && candidate.match.rank < 3 && isSupported(candidate, field)
        && sample.contradicts(candidate.column, chosen.column, field.kind, plan)
    }
  }
}

extension ColumnSample {
  /// Whether `column` says in some row something else than `other`, which may be blank there.
  func contradicts(_ column: Int, _ other: Int, _ kind: ColumnField.Kind, _ plan: ColumnPlan) -> Bool {
    let scratch = Scratch()
    return rows.contains { row in
      if row[column].isEmpty || row[column] == row[other] { return false }
      return unsafe row[column].withUnsafeBytes { one in
        unsafe row[other].withUnsafeBytes { two in
          let (one, two) = unsafe (ByteView(one), ByteView(two))
          switch kind {
          case .date: return plan.dates.read(one).day != plan.dates.read(two).day
          case .amount: return ExportAmounts.amount(one, plan.amounts) != ExportAmounts.amount(two, plan.amounts)
          case .units: return ExportAmounts.quantity(one, plan.amounts) != ExportAmounts.quantity(two, plan.amounts)
          case .procedure:
            let code = ExportCodes.procedure(one, raw: one, scratch).code
            return code != ExportCodes.procedure(two, raw: two, Scratch()).code
          case .placeOfService:
            return ExportCodes.placeOfService(one, scratch).code != ExportCodes.placeOfService(two, Scratch()).code
          default: return true
          }
        }
      }
    }
  }
}
