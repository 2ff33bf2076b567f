internal import CSV
internal import ClaimModel

/// The first rows below the header: the evidence that a column holds what its name says.
struct ColumnSample {
  /// The cells, row by row, as bytes without quotes and blanks around them.
  private(set) var rows: [[[UInt8]]] = []
  /// The number of fields of the rows that do not have as many as the header, by number.
  private(set) var oddWidths: [Int: Int] = [:]

  /// How many rows are looked at.
  static let limit = 200

  /// Reads rows of `sample` from `position` on, for a header of `width` columns of which the first `named` have names.
  init(_ sample: ByteView, from position: Int, dialect: Dialect, width: Int, named: Int, nulls: [[UInt8]]) {
    var parser = RecordParser(dialect: dialect, limits: RecordLimits(field: sample.count, record: sample.count + 1))
    var position = position
    while position < sample.count, rows.count < ColumnSample.limit {
      guard case .record = parser.parse(sample, from: position, isLast: true) else { return }
      let record = parser.record(in: sample)
      // The sample may end inside this one.
      let isCut = parser.next == sample.count && record.end == sample.count
      position = parser.next
      if record.isBlank || parser.fault?.isReadable == false { continue }
      let scratch = Scratch()
      let cells = (0..<record.count).map { Array(record.field($0, scratch).trimmed.withoutTextMark) }
      guard record.count >= named, cells.dropFirst(width).allSatisfy(\.isEmpty) else {
        if !isCut { oddWidths[record.count, default: 0] += 1 }
        continue
      }
      rows.append((0..<width).map { $0 < cells.count && !nulls.contains(cells[$0]) ? cells[$0] : [] })
    }
  }

  /// How many cells of `column` are not blank, and how many of those `kind` could be.
  func evidence(_ column: Int, _ kind: ColumnField.Kind, _ plan: ColumnPlan) -> (sampled: Int, fitting: Int) {
    var sampled = 0
    var fitting = 0
    let scratch = Scratch()
    for row in rows where !row[column].isEmpty {
      sampled += 1
      unsafe row[column].withUnsafeBytes { bytes in
        if ColumnSample.fits(unsafe ByteView(bytes), kind, plan, scratch) { fitting += 1 }
      }
    }
    return (sampled, fitting)
  }

  /// The different values of `column`, blank ones aside.
  func values(of column: Int) -> Set<[UInt8]> { Set(rows.map { $0[column] }.filter { !$0.isEmpty }) }

  /// Whether a cell could be a value of `kind`.
  ///
  /// A value that a spreadsheet damaged still shows what it was meant to be.
  private static func fits(_ cell: ByteView, _ kind: ColumnField.Kind, _ plan: ColumnPlan, _ scratch: Scratch) -> Bool {
    switch kind {
    case .text: return true
    case .date:
      switch plan.dates.read(cell) {
      case .day, .ambiguous, .blank: return true
      case .serial, .malformed: return false
      }
    case .amount: return ExportAmounts.amount(cell, plan.amounts) != .malformed
    case .units: return ExportAmounts.quantity(cell, plan.amounts) != .malformed
    case .procedure:
      let procedure = ExportCodes.procedure(cell, raw: cell, scratch)
      switch procedure.remark {
      case nil, .unusual, .decimals, .rounded: return true
      case .notACode: return false
      }
    case .modifier: return cell.count <= 24
    case .placeOfService:
      let place = ExportCodes.placeOfService(cell, scratch)
      return place.text.count == 2 && place.text.allSatisfy(isAlphanumeric)
    case .billType: return cell.withoutDecimals.count <= 4 && cell.digits(from: 0) > 0
    case .revenueCode: return cell.digits(from: 0) > 0 && cell.digits(from: 0) <= 4
    case .npi:
      if case .plain = ExportCodes.identifier(cell) { return cell.isDigits && cell.count >= 7 && cell.count <= 10 }
      return true
    case .diagnosis:
      var isOne = false
      ExportCodes.diagnoses(cell) { if ExportCodes.isDiagnosis($0) { isOne = true } }
      return isOne
    }
  }

  /// Whether a column of identifiers holds numbers as a spreadsheet shortens them, `1.23457E+11`.
  func isRounded(_ column: Int) -> Bool {
    rows.contains { row in
      unsafe row[column].withUnsafeBytes { bytes in
        if case .rounded = ExportCodes.identifier(unsafe ByteView(bytes)) { true } else { false }
      }
    }
  }

  /// Whether two columns hold the same in every row.
  func areSame(_ left: Int, _ right: Int) -> Bool { rows.allSatisfy { $0[left] == $0[right] } }

  /// Whether a column holds nothing but zeros and ones, as a flag does.
  func isFlag(_ column: Int) -> Bool {
    let cells = rows.map { $0[column] }.filter { !$0.isEmpty }
    return !cells.isEmpty && cells.allSatisfy { $0 == [0x30] || $0 == [0x31] }
  }

  /// The order of day and month that the columns prove; `nil` when they prove nothing or both.
  func provenOrder(_ columns: [Int]) -> ColumnMapping.DateOrder? {
    var isMonthFirst = false
    var isDayFirst = false
    for row in rows {
      for column in columns {
        unsafe row[column].withUnsafeBytes { bytes in
          let evidence = ExportDates.evidence(unsafe ByteView(bytes))
          if evidence > 0 { isMonthFirst = true }
          if evidence < 0 { isDayFirst = true }
        }
      }
    }
    return isMonthFirst == isDayFirst ? nil : isMonthFirst ? .monthFirst : .dayFirst
  }

  /// The kinds of entries that the cells of a ledger's column name, `nil` for a blank one.
  func recordKinds(_ column: Int, _ vocabulary: ExportRecordKind.Vocabulary) -> [ExportRecordKind?] {
    rows.map { row in
      row[column].isEmpty
        ? nil : unsafe row[column].withUnsafeBytes { unsafe ExportRecordKind(ByteView($0), vocabulary) }
    }
  }

  /// Whether the amounts of a column are the same on all rows of a claim, in three claims of several rows at least, so that
  /// they look like the claim's total.
  func looksLikeTotal(_ column: Int, claim: Int) -> Bool {
    var seen = 0
    var index = 0
    while index < rows.count {
      var next = index + 1
      while next < rows.count, rows[next][claim] == rows[index][claim] { next += 1 }
      if next - index > 1 {
        guard rows[index..<next].allSatisfy({ $0[column] == rows[index][column] }) else { return false }
        seen += 1
      }
      index = next
    }
    return seen >= 3
  }
}
