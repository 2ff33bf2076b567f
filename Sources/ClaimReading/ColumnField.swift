/// A field of a claim or a line that a column of an export can hold.
public enum ColumnField: UInt8, CaseIterable, Sendable {
  // The claim.
  case claimID
  case claimType
  case personID
  case memberID
  case patientID
  case birthDate
  case payer
  case payerID
  case plan
  case filingIndicator
  case claimStart
  case claimEnd
  case admission
  case discharge
  case billType
  case billFacility
  case billClass
  case frequency
  case originalClaimID
  case claimTotal
  case billingNPI
  case billingTaxonomy
  case diagnosisType
  case diagnosis
  case inpatientProcedure
  case attachment
  case claimNote
  case interchangeControl
  case groupControl
  case transactionControl
  // The line.
  case lineNumber
  case lineControl
  case recordKind
  case reversal
  case procedure
  case procedureSystem
  case modifier
  case placeOfService
  case revenueCode
  case serviceFrom
  case serviceTo
  case units
  case charge
  case allowed
  case paid
  case renderingNPI
  case lineDiagnosis
  case diagnosisPointer

  /// The field's name, as `--column` and mapping files spell it.
  public var name: String { ColumnField.names[Int(rawValue)] }

  /// The names in the order of the cases.
  private static let names = [
    "claim_id", "claim_type", "person_id", "member_id", "patient_id", "birth_date", "payer", "payer_id", "plan",
    "filing_indicator", "claim_start_date", "claim_end_date", "admission_date", "discharge_date", "bill_type",
    "bill_facility_type", "bill_classification", "claim_frequency_code", "original_claim_id", "claim_total_charge",
    "billing_npi", "billing_taxonomy", "diagnosis_code_type", "diagnosis", "procedure_code_icd10pcs",
    "attachment_control_number", "claim_note", "interchange_control", "group_control", "transaction_control",
    "line_number", "line_control", "record_kind", "reversal", "procedure_code", "procedure_code_system", "modifier",
    "place_of_service", "revenue_code", "service_date", "claim_line_end_date", "units", "charge_amount",
    "allowed_amount", "paid_amount", "rendering_npi", "line_diagnosis", "diagnosis_pointer",
  ]

  /// What kind of value stands in such a column.
  enum Kind {
    case text, date, amount, units, procedure, modifier, placeOfService, billType, revenueCode, npi, diagnosis

    /// How many bytes the longest code of the kind has; 0 where values have no such bound.
    var length: Int {
      switch self {
      case .placeOfService: 2
      case .billType, .revenueCode: 4
      case .diagnosis: 8
      case .npi: 10
      case .text, .date, .amount, .units, .procedure, .modifier: 0
      }
    }
  }

  var kind: Kind {
    switch self {
    case .serviceFrom, .serviceTo, .claimStart, .claimEnd, .admission, .discharge, .birthDate: .date
    case .charge, .allowed, .paid, .claimTotal: .amount
    case .units: .units
    case .procedure: .procedure
    case .modifier: .modifier
    case .placeOfService: .placeOfService
    case .billType: .billType
    case .revenueCode: .revenueCode
    case .renderingNPI, .billingNPI: .npi
    case .diagnosis, .lineDiagnosis: .diagnosis
    default: .text
    }
  }

  /// Whether several columns may hold it: `modifier_1`, `modifier_2`, … in that order.
  var isList: Bool {
    switch self {
    case .modifier, .diagnosis, .inpatientProcedure, .diagnosisPointer: true
    default: false
    }
  }

  /// Whether a wide row has one of it for every line, as `HCPCS_CD_1` and `HCPCS_CD_2` are.
  var isPerLine: Bool {
    switch self {
    case .procedure, .placeOfService, .revenueCode, .serviceFrom, .serviceTo, .units, .charge, .allowed, .paid,
      .renderingNPI, .lineDiagnosis:
      true
    default: false
    }
  }

  /// Whether a value of it belongs to the claim, so that it is repeated on its rows or left blank on all but the first.
  var isClaimLevel: Bool {
    switch self {
    case .claimType, .personID, .memberID, .birthDate, .payer, .payerID, .plan, .filingIndicator, .claimStart,
      .claimEnd,
      .admission, .discharge, .billType, .billFacility, .billClass, .frequency, .originalClaimID, .claimTotal,
      .billingNPI,
      .diagnosis:
      true
    default: false
    }
  }

  /// The field of that name: a canonical name or any name that the synonym table knows for it.
  public init?(name: String) {
    if let index = ColumnField.names.firstIndex(of: name), let field = ColumnField(rawValue: UInt8(index)) {
      self = field
    } else if let known = ColumnSynonyms.match(HeaderName.normalised(name)) {
      self = known.field
    } else {
      return nil
    }
  }
}

/// A header as names are compared: letters and digits only, lower-cased.
enum HeaderName {
  static func normalised(_ bytes: some Sequence<UInt8>) -> String {
    var name: [UInt8] = []
    for byte in bytes {
      switch byte {
      case 0x30...0x39, 0x61...0x7A: name.append(byte)
      case 0x41...0x5A: name.append(byte | 0x20)
      default: break
      }
    }
    return String(decoding: name, as: UTF8.self)
  }

  static func normalised(_ text: String) -> String { normalised(text.utf8) }

  /// The name without the number at its end, and the number, where there is one of 1 to 99.
  static func numbered(_ name: String) -> (base: String, number: Int)? {
    let digits = name.utf8.reversed().prefix { $0 >= 0x30 && $0 <= 0x39 }.count
    guard digits > 0, digits <= 2, digits < name.utf8.count, let number = Int(name.suffix(digits)), number > 0 else {
      return nil
    }
    return (String(name.dropLast(digits)), number)
  }
}
