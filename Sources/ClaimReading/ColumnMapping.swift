/// What a user says about an export that its header does not, or should not be trusted with.
///
/// A mapping file is decoded into it elsewhere, `--column FIELD=HEADER` adds to `columns`.
public struct ColumnMapping: Sendable {
  /// The headers of the columns of a field, in order; one, save for modifiers, diagnoses and pointers.
  ///
  /// `#3` is the third column.
  public var columns: [String: [String]] = [:]
  /// The byte between fields; found by itself where it is `nil`.
  public var delimiter: UInt8?
  /// What stands around fields.
  public var quoting = Quoting.automatic
  /// Which record is the header, 1 is the first.
  public var headerRow: Int?
  /// Cells that mean nothing is known, besides the empty one.
  public var nulls = ["~", "NULL", "null", "\\N"]
  /// How lines stand in the table.
  public var layout = Layout.automatic
  /// How dates are written where the digits do not say.
  public var dates = DateOrder.automatic
  /// How amounts are written.
  public var amounts = AmountFormat.us
  /// Values of fields for which there is no column.
  public var constants: [String: String] = [:]

  /// What stands around fields that hold delimiters.
  public enum Quoting: Hashable, Sendable {
    /// Found from the file.
    case automatic
    /// This byte.
    case byte(UInt8)
    /// Nothing: quotes are part of the values.
    case none
  }

  /// How lines stand in the table.
  public enum Layout: String, Hashable, Sendable {
    /// Found from the headers.
    case automatic
    /// One row a line.
    case lines
    /// One row a claim, or a part of one, with numbered columns for its lines.
    case wide
    /// One row a transaction; lines are the rows that are charges.
    case ledger
    /// One row a line, claim fields on the first row of a claim only.
    case continuation
  }

  /// The order of day and month where a date is written in numbers with separators.
  public enum DateOrder: String, Hashable, Sendable {
    /// Month first, unless the column proves otherwise.
    case automatic
    /// `1/31/2026`, `01-31-26`, `01.31.2026`, `01312026`.
    case monthFirst = "month-first"
    /// `31/1/2026`, `31-01-26`, `31.01.2026`, `31012026`.
    case dayFirst = "day-first"

    /// The order in a pattern such as `M/d/yyyy` or `dd.MM.yyyy`, or in our own words; `nil` when it is neither.
    public init?(_ text: String) {
      if let order = DateOrder(rawValue: text) {
        self = order
        return
      }
      let letters = text.lowercased().filter { $0.isLetter }
      guard let first = letters.first, letters.allSatisfy({ "dmy".contains($0) }), letters.contains("y") else {
        return nil
      }
      switch first {
      case "m": self = .monthFirst
      case "d": self = .dayFirst
      default: self = .automatic
      }
    }
  }

  /// How amounts are written.
  public enum AmountFormat: String, Hashable, Sendable {
    /// `1,234.50`.
    case us
    /// `1.234,50`.
    case european = "eu"
    /// `123450`.
    case cents
  }

  /// A mapping that says nothing.
  public init() {}

  /// A mapping of one column each.
  public init(columns: [String: String]) {
    self.columns = columns.mapValues { [$0] }
  }

  /// What is wrong with the mapping itself, whatever the file: sentences that name the field.
  public var problems: [String] {
    var problems: [String] = []
    for (name, headers) in columns.sorted(by: { $0.key < $1.key }) {
      guard let field = ColumnField(name: name) else {
        problems.append("columns: \(name) is not a field of a claim; fields are \(ColumnMapping.fieldNames)")
        continue
      }
      if headers.isEmpty { problems.append("columns: \(name) names no header") }
      if headers.count > 1, !field.isList, !(layout == .wide && field.isPerLine) {
        problems.append("columns: \(name) can have one column, not \(headers.count)")
      }
    }
    for name in constants.keys.sorted() {
      guard let field = ColumnField(name: name), ColumnMapping.constantFields.contains(field) else {
        let known = ColumnMapping.constantFields.map(\.name).joined(separator: ", ")
        problems.append("constants: \(name) cannot be a constant; these can: \(known)")
        continue
      }
    }
    if let delimiter, delimiter == 0x0A || delimiter == 0x0D || delimiter == 0x22 || delimiter >= 0x80 {
      problems.append("delimiter: a line break, a quote or a byte above 127 cannot separate fields")
    }
    if case .byte(let quote) = quoting, quote == delimiter || quote == 0x0A || quote == 0x0D {
      problems.append("quote: it cannot be the delimiter or a line break")
    }
    if let headerRow, headerRow < 1 { problems.append("headerRow: the first record is 1") }
    return problems
  }

  /// The fields that may be given as constants.
  static let constantFields: [ColumnField] = [
    .payer, .payerID, .plan, .filingIndicator, .claimType, .placeOfService, .billingNPI,
  ]

  static var fieldNames: String { ColumnField.allCases.map(\.name).joined(separator: ", ") }
}
