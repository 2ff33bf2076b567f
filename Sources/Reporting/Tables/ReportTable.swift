/// A table of the report set: its name, and its columns in the order and under the names that every format uses.
///
/// `lines.csv`, the attributes of `line` in `report.xml` and the members of an object in `lines.jsonl` are all written from
/// the one list here.
public struct ReportTable: Sendable {
  /// The name of the table, and of its files without the extension.
  public let name: String
  /// The columns.
  public let columns: [Column]

  /// A column.
  public struct Column: Sendable {
    /// The name: header, attribute and member name.
    public let name: String
    /// What its cells hold.
    public let kind: Kind
  }

  /// What the cells of a column hold; only JSON tells them apart.
  public enum Kind: Sendable {
    /// Text; also codes, dates and amounts, which must keep their zeros and decimals.
    case text
    /// A whole number.
    case count
    /// `true` or `false`.
    case flag
  }

  private init(_ name: String, counts: Set<String>, flags: Set<String> = [], _ columns: String) {
    self.name = name
    self.columns = columns.split(separator: ",").map(String.init).map { column in
      Column(name: column, kind: counts.contains(column) ? .count : flags.contains(column) ? .flag : .text)
    }
  }

  /// The names of the columns as a CSV header has them.
  package var header: String { columns.map(\.name).joined(separator: ",") }

  /// One row a reported service line.
  public static let lines = ReportTable(
    "lines", counts: ["record", "byte_offset", "findings"], flags: ["watched"],
    """
    source_file,format,record,byte_offset,interchange_control,group_control,transaction_control,claim_id,claim_type,\
    claim_frequency,original_claim_id,line_number,line_control,payer,payer_name,payer_id,filing_indicator,billing_npi,\
    rendering_npi,service_from,service_to,place_of_service,type_of_bill,revenue_code,procedure,modifier_1,modifier_2,\
    modifier_3,modifier_4,diagnoses,units,charge,allowed,paid,watched,severity,findings,rules,messages,carc,at_risk
    """)

  /// One row a finding.
  public static let findings = ReportTable(
    "findings", counts: ["record", "byte_offset"],
    """
    source_file,format,record,byte_offset,claim_id,line_number,procedure,payer,service_from,rule,severity,element,message,\
    fix,carc,rarc,at_risk
    """)

  /// One row a reading issue.
  public static let issues = ReportTable(
    "issues", counts: ["record", "byte_offset"],
    "source_file,record,byte_offset,code,severity,segment,element,claim_id,message,effect")

  /// One row a finding as JSON has it, which can say more without moving a column.
  static let fingerprintedFindings = ReportTable(
    "findings", counts: ["record", "byte_offset"], findings.header + ",fingerprint")

  /// One row a finding that is accepted: the columns of `findings`, and which suppression it is.
  public static let suppressed = ReportTable(
    "suppressed", counts: ["record", "byte_offset"], findings.header + ",fingerprint,reason,until,owner")

  /// One row a difference between the findings of two runs; `was_…` is what a changed finding said before.
  public static let differences = ReportTable(
    "differences", counts: ["record", "byte_offset"],
    "status,fingerprint," + findings.header + ",was_severity,was_message,was_carc,was_at_risk")

  /// The tables of every report set.
  public static let all = [lines, findings, issues]
}

/// Where the columns of `lines` stand that something else than a writer has to know.
enum LineColumn {
  static let sourceFile = 0
  static let format = 1
  static let record = 2
  static let byteOffset = 3
  static let interchangeControl = 4
  static let groupControl = 5
  static let transactionControl = 6
  static let claimID = 7
  static let claimType = 8
  static let originalClaimID = 10
  static let lineNumber = 11
  static let payer = 13
  static let billingNPI = 17
  static let serviceFrom = 19
  static let placeOfService = 21
  static let typeOfBill = 22
  static let procedure = 24
  static let firstModifier = 25
  static let lastModifier = 28
  static let paid = 33
  static let watched = 34
  static let rules = 37
  static let messages = 38
  static let carc = 39

  /// The columns that do not depend on findings nor on where the stream stands in the run: what a record holds.
  static let recorded = interchangeControl..<paid + 1

  /// The position of a column among the cells of a record.
  static func inRecord(_ column: Int) -> Int { column - recorded.lowerBound }
}

/// Where the columns of `issues` stand that the summary counts.
enum IssueColumn {
  static let code = 3
  static let effect = 9
}

/// Where the columns of `findings` stand that are the finding's own and not its line's.
enum FindingColumn {
  static let own = 9..<17

  /// Which columns of `lines` stand between the place of the line and those, in this order.
  static let ofRecord = [
    LineColumn.claimID, LineColumn.lineNumber, LineColumn.procedure, LineColumn.payer, LineColumn.serviceFrom,
  ]
}
