internal import Auditing
internal import ClaimModel

/// Small things of a stream as the ledger keeps them, as text.
enum StoredText {
  // MARK: What an export calls the fields

  /// Every field that a column can be named for, by the name it is kept under.
  private static let fields: [String: ClaimField] = {
    var fields: [ClaimField] = [
      .whole, .claimID, .totalCharge, .frequency, .originalClaimID, .typeOfBill, .placeOfService, .procedure,
      .revenueCode,
      .charge, .units, .diagnosisPointers, .serviceFrom, .serviceTo, .statementPeriod, .admission, .discharge, .payer,
      .filingIndicator, .clinician, .inpatientProcedures, .documentation, .patient,
    ]
    fields += (0..<25).map { .modifier($0) } + (0..<50).map { .diagnosis($0) }
    return Dictionary(fields.map { ("\($0)", $0) }) { first, _ in first }
  }()

  /// `charge=Fee`, one a line; a header has no line end, or it would be none.
  static func text(_ columns: ColumnNames) -> String {
    columns.all.map { "\($0.field)=\($0.name.filter { $0 != "\n" })" }.sorted().joined(separator: "\n")
  }

  static func columns(_ text: String) -> ColumnNames {
    var columns = ColumnNames()
    for line in text.split(separator: "\n") {
      guard let equals = line.firstIndex(of: "="), let field = fields[String(line[..<equals])] else { continue }
      columns[field] = String(line[line.index(after: equals)...])
    }
    return columns
  }

  // MARK: Counts by rule

  /// `12=3 40=1`: position of the rule in its run's catalogue, and how often.
  static func text(_ counts: [RuleIndex: Int]) -> String {
    counts.sorted { $0.key < $1.key }.map { "\($0.key.position)=\($0.value)" }.joined(separator: " ")
  }

  static func counts(_ text: String) -> [RuleIndex: Int] {
    var counts: [RuleIndex: Int] = [:]
    for entry in text.split(separator: " ") {
      let parts = entry.split(separator: "=").compactMap { Int($0) }
      if parts.count == 2, (0...Int(UInt16.max)).contains(parts[0]) { counts[RuleIndex(parts[0])] = parts[1] }
    }
    return counts
  }

  // MARK: Formats

  static func text(_ format: ClaimFormat?) -> String {
    switch format {
    case .x12: "837"
    case .csv: "csv"
    case nil: ""
    }
  }

  static func format(_ text: String) -> ClaimFormat? { text == "837" ? .x12 : text == "csv" ? .csv : nil }
}
