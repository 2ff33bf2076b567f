internal import CSV
internal import ClaimModel

/// Looks at every value of a row that an audit relies on, whether the claim is wanted or not, and says what cannot be read.
///
/// A value that cannot be read never costs the line: it is said here and left empty there (`CSVClaimBuilder`).
struct CSVRowCheck {
  /// What is said once a column instead of once a row.
  fileprivate struct Remark: Hashable {
    var code: String
    var column: Int
  }

  /// What was said once so far.
  struct Remarks: Equatable {
    fileprivate var all: Set<Remark> = []
    /// What of it lets a row pass without a closer look.
    fileprivate(set) var said = Said()
  }

  private let plan: ColumnPlan
  private let amounts: [Int]
  private let dates: [Int]
  private let units: [Int]
  private let identifiers: [Int]
  private let procedures: [Int]
  var remarks = Remarks()

  /// What a row may have without a closer look once it was said for the file.
  struct Said: Equatable {
    /// Which comes first, day or month.
    var dateOrder = false
    /// Zeros that places, revenue codes and types of bill have lost.
    var place = false
    var revenue = false
    var bill = false
  }

  init(_ plan: ColumnPlan) {
    self.plan = plan
    func columns(_ fields: [ColumnField], _ slots: [KeyPath<ColumnPlan.Slot, Int>]) -> [Int] {
      var columns: [Int] = []
      for column in fields.map({ plan[$0] }) + plan.slots.flatMap({ slot in slots.map { slot[keyPath: $0] } })
      where column >= 0 && !columns.contains(column) {
        columns.append(column)
      }
      return columns.sorted()
    }
    amounts = columns([.claimTotal], [\.charge, \.allowed, \.paid])
    dates = columns([.claimStart, .claimEnd, .admission, .discharge], [\.serviceFrom, \.serviceTo])
    units = columns([], [\.units])
    identifiers = columns([.billingNPI], [\.renderingNPI])
    procedures = columns([], [\.procedure])
  }

  /// Checks a row that is a line; `line` is the physical line it begins on.
  mutating func check(_ row: CSVRow, line: Int, _ report: (ReadingIssue) -> Void) {
    for column in procedures { checkProcedure(row, column, line, report) }
    for slot in plan.slots { checkModifiers(row, slot, line, report) }
    for column in amounts
    where ExportAmounts.amount(row.cell(column), plan.amounts) == .malformed {
      report(row.issue("AMOUNT", .claimKept, column, line, "is no amount of money; it is left empty"))
    }
    for column in units
    where ExportAmounts.quantity(row.cell(column), plan.amounts) == .malformed {
      report(row.issue("UNITS", .claimKept, column, line, "is no number of units; it is left empty"))
    }
    for column in dates { checkDate(row, column, line, report) }
    for column in identifiers {
      if case .rounded = ExportCodes.identifier(row.cell(column)) {
        report(
          row.issue(
            "EXCEL_DAMAGE", .claimKept, column, line,
            "was rounded by a spreadsheet and cannot be restored; export the column as text. It is left empty"))
      }
    }
    if plan[.placeOfService] >= 0 {
      for slot in plan.slots {
        let place = ExportCodes.placeOfService(row.cell(slot.placeOfService), row.scratch)
        restored(
          row, "PLACE_OF_SERVICE", slot.placeOfService, line, place, "has lost its leading zero, which is put back",
          report)
      }
    }
    if plan[.billType] >= 0 {
      let bill = ExportCodes.typeOfBill(row.cell(.billType))
      restored(
        row, "BILL_TYPE", plan[.billType], line, bill, "has three characters; its leading zero is put back", report)
    }
    if plan[.revenueCode] >= 0 {
      for slot in plan.slots {
        let revenue = ExportCodes.revenueCode(row.cell(slot.revenueCode), row.scratch)
        restored(
          row, "REVENUE_CODE", slot.revenueCode, line, revenue, "has three digits; its leading zero is put back", report
        )
      }
    }
  }

  /// Says of a column whose codes a spreadsheet took for numbers what it did to the first of them; once it is said, rows pass
  /// without a look at that column.
  private mutating func restored(
    _ row: CSVRow, _ code: String, _ column: Int, _ line: Int, _ reading: ExportCodes.Reading, _ padded: String,
    _ report: (ReadingIssue) -> Void
  ) {
    if reading.hasDecimals {
      sayOnce(
        row, code, column, line, "has decimals that a spreadsheet added; the digits before them are read", report,
        as: "EXCEL_DAMAGE")
    } else if reading.isPadded {
      sayOnce(row, code, column, line, padded, report)
    }
  }

  /// Says where a line has more modifiers than a line can carry.
  private func checkModifiers(_ row: CSVRow, _ slot: ColumnPlan.Slot, _ line: Int, _ report: (ReadingIssue) -> Void) {
    var count = 0
    let procedure = ExportCodes.procedure(row.cell(slot.procedure), raw: row.raw(slot.procedure), row.scratch)
    ExportCodes.modifiers(procedure.modifiers) { _ in count += 1 }
    for column in slot.modifiers { ExportCodes.modifiers(row.cell(column)) { _ in count += 1 } }
    guard count > Modifiers.capacity else { return }
    report(
      row.issue(
        "MODIFIER", .claimKept, slot.modifiers.last ?? slot.procedure, line,
        "makes more than \(Modifiers.capacity) modifiers; those beyond are not read"))
  }

  private mutating func checkProcedure(_ row: CSVRow, _ column: Int, _ line: Int, _ report: (ReadingIssue) -> Void) {
    let raw = row.raw(column)
    switch ExportCodes.procedure(row.cell(column), raw: raw, row.scratch).remark {
    case nil: break
    case .unusual:
      sayOnce(
        row, "PROCEDURE", column, line,
        "is not written plainly: blanks, wide digits or marks of a spreadsheet are taken off", report)
    case .decimals:
      sayOnce(
        row, "EXCEL_DAMAGE", column, line,
        "has decimals that a spreadsheet added; the five digits before them are read", report, .claimKept)
    case .rounded:
      report(
        row.issue(
          "EXCEL_DAMAGE", .claimKept, column, line,
          "was rounded by a spreadsheet and cannot be restored; export the column as text. It is left empty"))
    case .notACode:
      report(row.issue("PROCEDURE", .claimKept, column, line, "is no CPT or HCPCS code; the line is kept as it stands"))
    }
  }

  private mutating func checkDate(_ row: CSVRow, _ column: Int, _ line: Int, _ report: (ReadingIssue) -> Void) {
    switch plan.dates.read(row.cell(column)) {
    case .blank, .day: break
    case .ambiguous:
      let isNew = sayOnce(
        row, "DATE", column, line,
        "could be read month first or day first; it is read month first, as are others like it. A mapping can say otherwise",
        report)
      if isNew, remarks.all.contains(CSVRowCheck.dayFirst) { doubtOrder(row, column, line, report) }
    case .serial:
      report(
        row.issue(
          "DATE", .claimKept, column, line,
          "is a bare number such as a spreadsheet counts days with, no date; export the column as dates. It is left empty"
        ))
    case .malformed:
      report(row.issue("DATE", .claimKept, column, line, "is no date; it is left empty"))
      guard plan.dates.order == .automatic, ExportDates.isDayFirst(row.cell(column)),
        remarks.all.insert(CSVRowCheck.dayFirst).inserted, remarks.said.dateOrder
      else { return }
      doubtOrder(row, column, line, report)
    }
  }

  /// That a date can be read day first only, where nothing had told the order.
  private static let dayFirst = Remark(code: "DATE_ORDER", column: -1)

  /// Says, once for the file, that its dates were read month first and that one of them shows otherwise: by then months and days may
  /// have changed places in any number of claims.
  private func doubtOrder(_ row: CSVRow, _ column: Int, _ line: Int, _ report: (ReadingIssue) -> Void) {
    let field = ColumnField.allCases.first { plan[$0] == column } ?? .serviceFrom
    var issue = row.issue(
      "DATE_ORDER", .unverified, column, line,
      "and others do not go together: some can be read day first only, while dates like 1/2/2026 are read month first, those before "
        + "included, so that day and month may have changed places in them; give the order in a mapping, as in "
        + "\(field.name): { header: \"\(plan.headers[column])\", format: d/M/yyyy }")
    issue.severity = .error
    report(issue)
  }

  @discardableResult
  private mutating func sayOnce(
    _ row: CSVRow, _ code: String, _ column: Int, _ line: Int, _ what: String, _ report: (ReadingIssue) -> Void,
    _ effect: IssueEffect = .none, as said: String? = nil
  ) -> Bool {
    // The order of day and month is a matter of the file, a lost zero one of the column.
    guard remarks.all.insert(Remark(code: code, column: code == "DATE" ? -1 : column)).inserted else { return false }
    switch code {
    case "DATE": remarks.said.dateOrder = true
    case "PLACE_OF_SERVICE": remarks.said.place = true
    case "REVENUE_CODE": remarks.said.revenue = true
    case "BILL_TYPE": remarks.said.bill = true
    default: break
    }
    report(row.issue(said ?? code, effect, column, line, what + (code == "DATE" ? "" : " (said once for the column)")))
    return true
  }
}

extension CSVRow {
  /// An issue about one value; the value itself is never in it.
  func issue(_ code: String, _ effect: IssueEffect, _ column: Int, _ line: Int, _ what: String) -> ReadingIssue {
    let header = plan.headers[column]
    return ReadingIssue(
      code: code, severity: effect == .none ? .info : .warning, effect: effect, location: location, element: header,
      claimID: plan.namesNoClaim ? [] : Array(cell(.claimID)),
      message: "record \(location.record), line \(line): the value of \"\(header)\" \(what)")
  }
}
