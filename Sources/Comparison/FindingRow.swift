public import Auditing
internal import Reporting

/// One finding as a report or a ledger has it: its cells, in the columns of `ReportTable.findings`.
///
/// A source fills one and the same row again and again, so that millions of findings cost no memory of their own.
///
/// ```
/// row.removeAll()
/// for column in FindingRow.Column.allCases { row.append(text(of: column)) }
/// ```
public struct FindingRow: Sendable {
  /// The columns, in order.
  public enum Column: Int, Sendable, CaseIterable {
    case sourceFile, format, record, byteOffset, claimID, lineNumber, procedure, payer, serviceFrom, rule, severity
    case element, message, fix, carc, rarc, atRisk

    /// The name in the header of `findings.csv`.
    public var name: String { ReportTable.findings.columns[rawValue].name }
  }

  /// The cells, one behind the other.
  private(set) var bytes: [UInt8] = []
  private var ends: [Int] = []

  /// A row without cells.
  public init() {}

  /// Forgets the cells and keeps the memory.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }

  /// Adds the cell of the next column.
  public mutating func append(_ text: String) { append(text.utf8) }

  /// Adds the cell of the next column, in UTF-8.
  public mutating func append(_ cell: some Sequence<UInt8>) {
    bytes.append(contentsOf: cell)
    ends.append(bytes.count)
  }

  /// A cell as text; empty where the row is too short.
  public subscript(column: Column) -> String { String(decoding: bytes[range(column)], as: UTF8.self) }

  /// Where a cell stands in `bytes`.
  func range(_ column: Column) -> Range<Int> {
    let index = column.rawValue
    guard index < ends.count else { return 0..<0 }
    return (index == 0 ? 0 : ends[index - 1])..<ends[index]
  }

  /// The fingerprint of the first finding with these cells.
  public var fingerprint: FindingFingerprint {
    let bytes = bytes.span
    return FindingFingerprint(
      rule: bytes.extracting(range(.rule)), claimID: bytes.extracting(range(.claimID)),
      lineNumber: bytes.extracting(range(.lineNumber)), procedure: bytes.extracting(range(.procedure)),
      serviceFrom: bytes.extracting(range(.serviceFrom)))
  }

  /// The severity, `nil` when the cell names none.
  public var severity: Severity? { Severity(name: self[.severity]) }

  /// The charge at risk in cents, `nil` when the cell is no amount with two decimals.
  public var atRiskCents: Int64? {
    var cents: Int64 = 0
    var digits = 0
    var decimals: Int?
    let cell = bytes[range(.atRisk)]
    let isNegative = cell.first == 0x2D
    for byte in isNegative ? cell.dropFirst() : cell {
      switch byte {
      case 0x30...0x39 where digits < 17:
        cents = cents * 10 + Int64(byte - 0x30)
        digits += 1
        if let before = decimals { decimals = before + 1 }
      case 0x2E where decimals == nil && digits > 0: decimals = 0
      default: return nil
      }
    }
    return decimals == 2 ? (isNegative ? -cents : cents) : nil
  }
}
