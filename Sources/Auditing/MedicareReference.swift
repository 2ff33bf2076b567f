public import ClaimModel

/// What Medicare's physician fee schedule pays for a procedure: the benchmark beside a charge, never a verdict on it.
///
/// `(work · GPCI + practice expense · GPCI + malpractice · GPCI) · conversion factor`, the practice expense by setting, the year
/// by the service date; exact to the end, then rounded half up to cents. Without a locality the indices are 1: the national
/// amount.
public struct MedicareReference: Sendable {
  /// One row of the fee schedule.
  public struct Row: Sendable, Equatable {
    /// The procedure.
    public var procedure: Code
    /// The first day of the row.
    public var from: Day
    /// The last day of the row.
    public var to: Day
    /// Work, in hundredths of a relative value unit.
    public var work: Int64
    /// Practice expense outside a facility, in hundredths; `nil` where the schedule has none.
    public var expenseOffice: Int64?
    /// Practice expense in a facility, in hundredths; `nil` where the schedule has none.
    public var expenseFacility: Int64?
    /// Malpractice, in hundredths.
    public var malpractice: Int64
    /// The conversion factor, in ten-thousandths of a dollar.
    public var conversionFactor: Int64

    /// A row.
    public init(
      procedure: Code, from: Day, to: Day, work: Int64, expenseOffice: Int64?, expenseFacility: Int64?,
      malpractice: Int64,
      conversionFactor: Int64
    ) {
      self.procedure = procedure
      self.from = from
      self.to = to
      self.work = work
      self.expenseOffice = expenseOffice
      self.expenseFacility = expenseFacility
      self.malpractice = malpractice
      self.conversionFactor = conversionFactor
    }
  }

  /// The geographic indices of a locality, in thousandths.
  public struct Locality: Sendable, Equatable {
    /// Of the work.
    public var work: Int64
    /// Of the practice expense.
    public var expense: Int64
    /// Of the malpractice.
    public var malpractice: Int64

    /// Indices; all 1 is the nation.
    public init(work: Int64 = 1000, expense: Int64 = 1000, malpractice: Int64 = 1000) {
      self.work = work
      self.expense = expense
      self.malpractice = malpractice
    }
  }

  /// The rows.
  public let rows: [Row]

  /// A benchmark from those rows.
  public init(rows: [Row]) { self.rows = rows }

  /// The amount in cents, `nil` where the schedule has no row for that day or no value for that setting.
  public func cents(of procedure: Code, on day: Day, inFacility: Bool, locality: Locality = Locality()) -> Int64? {
    guard let row = rows.first(where: { $0.procedure == procedure && day >= $0.from && day <= $0.to }),
      let expense = inFacility ? row.expenseFacility : row.expenseOffice
    else { return nil }
    // Hundredths times thousandths times ten-thousandths: 10⁻⁹ dollars, 10⁷ of them a cent.
    let units = row.work * locality.work + expense * locality.expense + row.malpractice * locality.malpractice
    return (units * row.conversionFactor + 5_000_000) / 10_000_000
  }
}
