internal import CSV
internal import CScan
internal import ClaimModel

/// Which rows of an index have nothing but values of the form that nearly all have, with what is counted of them: found for eight rows at
/// a time.
///
/// Pointers are used without checks: of 202 MB of CSV, looking at the values of one row after the other takes 500 instructions a row, and
/// this a fifth. The checked twin is `QuickColumns.areOrdinary`, which stands in for it on processors that lack the instructions and
/// whose answers every test holds this against.
///
/// Memory of one reader, kept from index to index.
@safe
final class OrdinaryRows {
  /// For every row the five bytes of its procedure's code, the first lowest; 0 for a row that is to be looked at by itself.
  private var codes: UnsafeMutablePointer<UInt64>
  /// The eight digits of its charge in cents.
  private var digits: UnsafeMutablePointer<UInt64>
  private var capacity = 8
  /// How many rows were looked at.
  private(set) var count = 0

  init() {
    unsafe codes = .allocate(capacity: capacity)
    unsafe digits = .allocate(capacity: capacity)
  }

  deinit {
    unsafe codes.deallocate()
    unsafe digits.deallocate()
  }

  /// Looks at all rows of an index; says whether it did, or each has to be looked at by itself.
  func look(
    at rows: StructuralIndex.Rows, _ columns: QuickColumns, _ said: CSVRowCheck.Said,
    with instructions: claimaudit_csv_instructions = claimaudit_csv_widest()
  ) -> Bool {
    count = 0
    guard var columns = columns.scan(said) else { return false }
    reserve(rows.count)
    var isDone = false
    unsafe rows.lend { bytes, marks, ends in
      guard let base = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
      let answer = unsafe claimaudit_csv_look(
        instructions, base, bytes.count, marks, ends, rows.count, &columns, codes, digits)
      isDone = answer != 0
    }
    if isDone { count = rows.count }
    return isDone
  }

  private func reserve(_ count: Int) {
    if count <= capacity { return }
    unsafe codes.deallocate()
    unsafe digits.deallocate()
    // Eight rows are written at once.
    capacity = (count + count / 4) / 8 * 8 + 8
    unsafe codes = .allocate(capacity: capacity)
    unsafe digits = .allocate(capacity: capacity)
  }

  /// Whether the row at `index` is one of these; with what is to be known about it then.
  @inline(__always)
  func isOrdinary(_ index: Int, _ pass: inout CSVQuickCheck.Pass) -> Bool {
    guard UInt(bitPattern: index) < UInt(bitPattern: count) else { return false }
    let code = unsafe codes[index]
    pass.code = code.byteSwapped
    pass.cents = CSVQuickCheck.cents(ofDigits: unsafe digits[index])
    return code != 0
  }
}

extension QuickColumns {
  /// The columns as `CScan` takes them; `nil` where it has no answer for any row.
  fileprivate func scan(_ said: CSVRowCheck.Said) -> claimaudit_csv_columns? {
    guard claimID >= 0, procedure >= 0, !hasModifiers || lastModifier >= 0 else { return nil }
    var columns = claimaudit_csv_columns()
    columns.width = Int32(width)
    columns.claim_id = Int32(claimID)
    columns.procedure = Int32(procedure)
    columns.amounts = (Int32(charge), Int32(allowed), Int32(paid), Int32(claimTotal))
    columns.units = Int32(units)
    columns.dates = (
      Int32(dateColumns[0]), Int32(dateColumns[1]), Int32(dateColumns[2]), Int32(dateColumns[3]),
      Int32(dateColumns[4]), Int32(dateColumns[5])
    )
    columns.takes_eight_digits = isDateOrderAutomatic ? 1 : 0
    columns.identifiers = (Int32(renderingNPI), Int32(billingNPI))
    columns.first_modifier = hasModifiers ? Int32(firstModifier) : -1
    columns.last_modifier = hasModifiers ? Int32(lastModifier) : -1
    columns.modifier_span = Int32(modifierSpan)
    columns.place = said.place ? -1 : Int32(place)
    columns.revenue = said.revenue ? -1 : Int32(revenue)
    columns.bill = said.bill ? -1 : Int32(bill)
    return columns
  }
}
