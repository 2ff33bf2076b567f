/// A field of a claim or a line that a column of an export can hold.
public enum ColumnField: String, CaseIterable, Sendable {
  // The claim.
  case claimID = "claim_id"
  case claimType = "claim_type"
  case personID = "person_id"
  case memberID = "member_id"
  case patientID = "patient_id"
  case birthDate = "birth_date"
  case payer
  case payerID = "payer_id"
  case plan
  case filingIndicator = "filing_indicator"
  case claimStart = "claim_start_date"
  case claimEnd = "claim_end_date"
  case admission = "admission_date"
  case discharge = "discharge_date"
  case billType = "bill_type"
  case billFacility = "bill_facility_type"
  case billClass = "bill_classification"
  case frequency = "claim_frequency_code"
  case originalClaimID = "original_claim_id"
  case claimTotal = "claim_total_charge"
  case billingNPI = "billing_npi"
  case billingTaxonomy = "billing_taxonomy"
  case diagnosisType = "diagnosis_code_type"
  case diagnosis
  case inpatientProcedure = "procedure_code_icd10pcs"
  case attachment = "attachment_control_number"
  case claimNote = "claim_note"
  case interchangeControl = "interchange_control"
  case groupControl = "group_control"
  case transactionControl = "transaction_control"
  // The line.
  case lineNumber = "line_number"
  case lineControl = "line_control"
  case recordKind = "record_kind"
  case reversal
  case procedure = "procedure_code"
  case procedureSystem = "procedure_code_system"
  case modifier
  case placeOfService = "place_of_service"
  case revenueCode = "revenue_code"
  case serviceFrom = "service_date"
  case serviceTo = "claim_line_end_date"
  case units
  case charge = "charge_amount"
  case allowed = "allowed_amount"
  case paid = "paid_amount"
  case renderingNPI = "rendering_npi"
  case lineDiagnosis = "line_diagnosis"
  case diagnosisPointer = "diagnosis_pointer"

  /// What kind of value stands in such a column.
  enum Kind {
    case text, date, amount, units, procedure, modifier, placeOfService, billType, revenueCode, npi, diagnosis
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

  /// Whether a wide row has one of it for every line: `HCPCS_CD_1`, `HCPCS_CD_2`, …
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
    if let field = ColumnField(rawValue: name) {
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
