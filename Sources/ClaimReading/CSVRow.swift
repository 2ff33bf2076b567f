internal import CSV
internal import ClaimModel

/// A record as the fields of a plan: cells without quotes, blanks and the words that stand for nothing.
struct CSVRow {
  let record: Record
  let shared: SharedColumnPlan
  let scratch: Scratch
  /// Where the record stands in the stream.
  let location: SourceLocation

  /// Which column holds what.
  var plan: ColumnPlan { shared.plan }

  /// The cell of `column`, as it stands between its quotes, a spreadsheet's mark of a text still before it; empty where there is no such
  /// column.
  func raw(_ column: Int) -> ByteView {
    column >= 0 && column < record.count ? record.field(column, scratch) : ByteView()
  }

  /// The cell of `column`; empty where it is blank or the file has no such column.
  @inline(__always)
  func cell(_ column: Int) -> ByteView {
    guard column >= 0, column < record.count else { return ByteView() }
    let (start, end) = record.bounds(column)
    if start == end { return ByteView() }
    // An ordinary value: neither quoted nor blank at its ends, no word for nothing and not marked as a text.
    let first = record.bytes[start]
    let last = record.bytes[end - 1]
    if first > 0x20, first < 0x80, last > 0x20, last < 0x80, first != record.quote,
      !shared.nulls.mayHold(first, last, end - start)
    {
      return record.bytes.part(start, end)
    }
    return anyCell(column)
  }

  @inline(never)
  private func anyCell(_ column: Int) -> ByteView {
    let cell = raw(column).trimmed.withoutTextMark
    guard !cell.isEmpty else { return cell }
    for null in shared.plan.nulls where null.count == cell.count && null[0] == cell[0] && cell.elementsEqual(null) {
      return ByteView()
    }
    return cell
  }

  /// The cells of columns that stand side by side, as they are written, with what is between them.
  func span(_ columns: ClosedRange<Int>?) -> ByteView {
    guard let columns, columns.upperBound < record.count else { return ByteView() }
    return record.bytes.part(record.bounds(columns.lowerBound).start, record.bounds(columns.upperBound).end)
  }

  /// Whether nothing at all stands in `column`.
  func isEmpty(_ column: Int) -> Bool {
    guard column >= 0, column < record.count else { return true }
    let (start, end) = record.bounds(column)
    return start == end
  }

  /// The cell of a field.
  func cell(_ field: ColumnField) -> ByteView { cell(plan[field]) }
}

/// What a row is to the claim reader.
enum CSVRowKind {
  /// A billed line, or several.
  case line
  /// A further line of the claim before it, whose claim fields are blank.
  case continuation
  /// Nothing stands in the row.
  case blank
  /// A payment, a transfer or another entry of a ledger that is no billed line.
  case ledgerEntry
  /// An entry of a ledger of which nobody knows what it is.
  case unknownEntry
  /// A row of sums: no claim, no procedure, no date.
  case total
  /// The header again, as in files that were put together.
  case header
  /// Another header than the first: what follows means something else.
  case foreignHeader
  /// A line without a claim id, of which nobody knows where it belongs.
  case orphan
}

extension CSVRow {
  /// What the row is; `canContinue` says whether a claim is open that has values a row of its own would repeat.
  func kind(canContinue: Bool) -> CSVRowKind {
    let isAnythingThere = (0..<record.count).contains { !raw($0).isEmpty }
    guard isAnythingThere else { return .blank }
    if isHeader { return .header }
    let id = cell(.claimID)
    let hasProcedure = plan.slots.contains { !cell($0.procedure).isEmpty }
    if !hasProcedure, cell(plan[.serviceFrom]).isEmpty, cell(.claimStart).isEmpty, cell(.revenueCode).isEmpty,
      id.isEmpty || isTotalWord(id) || plan.groupsByDate
    {
      return .total
    }
    if isForeignHeader { return .foreignHeader }
    let kind = cell(.recordKind)
    if !kind.isEmpty {
      switch ExportRecordKind(kind, plan.kinds) {
      case .charge: break
      case .other: return .ledgerEntry
      case .unknown: return .unknownEntry
      }
    }
    guard id.isEmpty else { return .line }
    // The claim's own columns say whether the row continues the claim above or has lost its id: they are blank too.
    return canContinue && plan.claimColumns.allSatisfy({ cell($0).isEmpty }) ? .continuation : .orphan
  }

  private func isTotalWord(_ id: ByteView) -> Bool {
    let name = HeaderName.normalised(id)
    return name.hasPrefix("total") || name.hasSuffix("total") || name.hasSuffix("totals")
  }

  /// Whether the row repeats the header, in the columns that matter.
  private var isHeader: Bool {
    let columns = [plan[.claimID]] + plan.slots.prefix(1).map(\.procedure)
    return columns.allSatisfy { column in raw(column).trimmed.elementsEqual(plan.headers[column].utf8) }
  }

  /// Whether the row is a header, but not ours.
  private var isForeignHeader: Bool {
    guard let procedure = plan.slots.first?.procedure, !cell(procedure).isEmpty, !ExportCodes.isCode(cell(procedure))
    else {
      return false
    }
    return CSVRow.isHeaderLike(record, scratch)
  }

  /// Whether a record holds five known names or more, half of its cells at least: values do not do that.
  static func isHeaderLike(_ record: Record, _ scratch: Scratch) -> Bool {
    let cells = (0..<record.count).map { record.field($0, scratch) }
    let known = HeaderMatcher.knownNames(cells)
    return known >= 5 && 2 * known >= cells.filter { !$0.isEmpty }.count
  }
}
