internal import CSV
internal import ClaimModel

/// Which column of an export holds which field, decided once for a file.
struct ColumnPlan: Sendable {
  /// The columns that one line is read from.
  ///
  /// A wide row has several of them.
  struct Slot: Sendable {
    var procedure = -1
    var serviceFrom = -1
    var serviceTo = -1
    var placeOfService = -1
    var revenueCode = -1
    var units = -1
    var charge = -1
    var allowed = -1
    var paid = -1
    var renderingNPI = -1
    var lineDiagnosis = -1
    var modifiers: [Int] = []
  }

  /// A diagnosis column and what is known about the edition of its codes.
  struct DiagnosisColumn: Sendable {
    var column: Int
    var edition = Diagnosis.Edition.unknown
    /// The column that says the edition row by row (`ICD_DGNS_VRSN_CD1`), -1 where there is none.
    var versionColumn = -1
    /// Whether it is named as the principal diagnosis and has no number: a numbered list beside it may begin with it again.
    var isPrincipal = false
  }

  /// The headers as written.
  var headers: [String] = []
  /// How many columns there are without nameless ones at the end.
  var namedColumns = 0
  /// The lines of a row.
  var slots: [Slot] = []
  /// The diagnosis columns in order, the principal first.
  var diagnoses: [DiagnosisColumn] = []
  /// ICD-10-PCS columns.
  var inpatientProcedures: [Int] = []
  /// Diagnosis pointer columns.
  var pointers: [Int] = []
  /// What besides words names the kinds of a ledger's rows.
  var kinds = ExportRecordKind.Vocabulary()
  /// Whether a row holds several lines.
  var isWide = false
  /// Whether the claim's id is the patient's, so that another day is another claim.
  var groupsByDate = false
  /// Whether what groups the rows is a medical record's number, which no report may hold: its claims have no id.
  var namesNoClaim = false
  /// What the file can carry.
  var fields: FieldSet = []
  /// The headers by field of the model.
  var names = ColumnNames()
  /// How dates are read.
  var dates = ExportDates()
  /// How amounts are read.
  var amounts = ColumnMapping.AmountFormat.us
  /// Values for fields without a column.
  var constants: [ColumnField: [UInt8]] = [:]
  /// Cells that mean nothing is known.
  var nulls: [[UInt8]] = []
  /// Whether claim fields are blank on all rows of a claim but the first, by the user's word.
  var isContinuation = false
  // In place: a list would be kept alive anew at every look.
  private var columns = InlineArray<80, Int16>(repeating: -1)

  /// The column of a field that has one, -1 where the file has none.
  subscript(field: ColumnField) -> Int {
    get { Int(columns[Int(field.rawValue)]) }
    set { columns[Int(field.rawValue)] = Int16(newValue) }
  }

  /// The columns of all fields that belong to the claim, save its id.
  private(set) var claimColumns: [Int] = []

  /// The first and the last diagnosis column where they stand side by side and nothing else says anything about them.
  private(set) var diagnosisSpan: ClosedRange<Int>?

  /// Closes the plan: what is looked up row by row is worked out once.
  mutating func close() {
    claimColumns = ColumnField.allCases.filter { $0.isClaimLevel && !$0.isList }.map { self[$0] }.filter { $0 >= 0 }
    claimColumns += diagnoses.map(\.column)
    let listed = diagnoses.map(\.column)
    if let first = listed.first, listed.elementsEqual(first..<first + listed.count), self[.diagnosisType] < 0,
      diagnoses.allSatisfy({ $0.versionColumn < 0 })
    {
      diagnosisSpan = first...first + listed.count - 1
    }
  }
}

/// A plan that many rows share: to hand it on costs one reference, not one for each of its lists.
final class SharedColumnPlan: Sendable {
  let plan: ColumnPlan
  /// What tells that a value is no word for nothing.
  let nulls: NullMarks

  init(_ plan: ColumnPlan) {
    self.plan = plan
    nulls = NullMarks(plan.nulls)
  }
}

/// How words for nothing begin, how long they are and how they end, to tell at a glance that a value is none of them; and the bytes
/// that mark a value as a text for spreadsheets.
struct NullMarks: Sendable {
  private var first = Bytes()
  private var last = Bytes()
  /// One bit a length; the highest for all from 63 on.
  private var lengths: UInt64 = 0

  /// A set of bytes below 0x80, one bit a byte.
  private struct Bytes {
    var low: UInt64 = 0
    var high: UInt64 = 0

    mutating func insert(_ byte: UInt8) {
      if byte < 0x40 { low |= 1 << UInt64(byte) } else if byte < 0x80 { high |= 1 << UInt64(byte - 0x40) }
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool { (byte < 0x40 ? low : high) &>> UInt64(byte & 0x3F) & 1 != 0 }
  }

  /// The marks of words that are in use for nothing.
  init(_ nulls: [[UInt8]]) {
    first.insert(ByteView.apostrophe)
    first.insert(ByteView.equalsSign)
    for null in nulls {
      guard let first = null.first, let last = null.last else { continue }
      self.first.insert(first)
      self.last.insert(last)
      lengths |= 1 << UInt64(min(null.count, 63))
    }
  }

  /// Whether a value of `count` bytes, the first and the last of which are below 0x80, may be a word for nothing or marked as a text.
  @inline(__always)
  func mayHold(_ first: UInt8, _ last: UInt8, _ count: Int) -> Bool {
    guard self.first.contains(first) else { return false }
    if first == ByteView.apostrophe || first == ByteView.equalsSign { return true }
    return self.last.contains(last) && lengths &>> UInt64(truncatingIfNeeded: min(count, 63)) & 1 != 0
  }
}

/// What was found out about the columns of a file: what `claimaudit inspect` shows.
///
/// It holds headers, never values.
public struct ColumnReport: Sendable {
  /// A column that was recognised.
  public struct Entry: Sendable {
    /// What it holds.
    public var field: ColumnField
    /// Its header.
    public var header: String
    /// Its position, 1 is the first.
    public var column: Int
    /// Whether the user said so.
    public var isMapped: Bool
    /// How many cells of the sample were not blank.
    public var sampled: Int
    /// How many of those have the shape of such a value.
    public var fitting: Int
    /// Whether it is read.
    ///
    /// A column whose values do not fit its name is not.
    public var isUsed: Bool
  }

  /// The recognised columns, in the order of the file.
  public var entries: [Entry] = []
  /// The headers of columns that are not read, in the order of the file.
  public var unrecognised: [String] = []
  /// The fields that a report of claims usually has and this one lacks.
  public var absent: [ColumnField] = []
  /// How lines stand in the table.
  public var layout = ColumnMapping.Layout.lines
  /// The byte between fields.
  public var delimiter: UInt8 = 0x2C
  /// Which record is the header, 1 is the first.
  public var headerRecord = 1
  /// Whether dates like `1/2/2026` are read day first.
  public var isDayFirst = false
}
