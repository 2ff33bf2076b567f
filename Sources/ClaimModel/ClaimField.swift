/// A field of a claim or a line, as findings and issues name it.
///
/// An 837 calls it by its element (`SV101-3`), an export by the header of its column; `x12Element` is the one, the
/// file's `ColumnNames` the other.
public enum ClaimField: Hashable, Sendable {
  /// The line or the claim as a whole.
  case whole
  /// The claim's id, CLM01.
  case claimID
  /// The claim's total, CLM02.
  case totalCharge
  /// CLM05-3.
  case frequency
  /// REF*F8.
  case originalClaimID
  /// The type of bill.
  case typeOfBill
  /// The place of service: SV105 or CLM05-1.
  case placeOfService
  /// The procedure code.
  case procedure
  /// A modifier, 0 is the first.
  case modifier(Int)
  /// The revenue code.
  case revenueCode
  /// The line's charge.
  case charge
  /// The line's units.
  case units
  /// A diagnosis, 0 is the first.
  case diagnosis(Int)
  /// The diagnosis pointers.
  case diagnosisPointers
  /// The first service date.
  case serviceFrom
  /// The last service date.
  case serviceTo
  /// The statement period.
  case statementPeriod
  /// The admission date.
  case admission
  /// The discharge date.
  case discharge
  /// The payer's name or id.
  case payer
  /// The claim filing indicator.
  case filingIndicator
  /// The clinician.
  case clinician
  /// ICD-10-PCS procedures.
  case inpatientProcedures
  /// PWK, NTE, or the documentation columns.
  case documentation
  /// The patient's identity.
  case patient

  /// The element's name in an 837 of that kind; `ownPlaceOfService` says whether the line has SV105 or SV303.
  public func x12Element(_ kind: ClaimKind, ownPlaceOfService: Bool = false) -> String {
    func pick(_ professional: String, _ institutional: String, _ dental: String) -> String {
      switch kind {
      case .professional: professional
      case .institutional: institutional
      case .dental: dental
      }
    }
    switch self {
    case .whole: return pick("SV1", "SV2", "SV3")
    case .claimID: return "CLM01"
    case .totalCharge: return "CLM02"
    case .frequency: return "CLM05-3"
    case .originalClaimID: return "REF02"
    case .typeOfBill: return "CLM05"
    case .placeOfService: return ownPlaceOfService ? pick("SV105", "CLM05-1", "SV303") : "CLM05-1"
    case .procedure: return pick("SV101-2", "SV202-2", "SV301-2")
    case .modifier(let index): return pick("SV101-", "SV202-", "SV301-") + String(index + 3)
    case .revenueCode: return "SV201"
    case .charge: return pick("SV102", "SV203", "SV302")
    case .units: return pick("SV104", "SV205", "SV306")
    case .diagnosis(let index): return "HI\(index < 9 ? "0" : "")\(index + 1)-2"
    case .diagnosisPointers: return pick("SV107", "HI", "SV311")
    case .serviceFrom, .serviceTo: return "DTP*472"
    case .statementPeriod: return "DTP*434"
    case .admission: return "DTP*435"
    case .discharge: return "DTP*096"
    case .payer: return "NM1*PR"
    case .filingIndicator: return "SBR09"
    case .clinician: return "NM1*82"
    case .inpatientProcedures: return "HI*BBR"
    case .documentation: return "PWK"
    case .patient: return "NM1*IL"
    }
  }
}

extension ClaimField {
  /// The fields there is one of.
  private static let single: [ClaimField] = [
    .whole, .claimID, .totalCharge, .frequency, .originalClaimID, .typeOfBill, .placeOfService, .procedure,
    .revenueCode,
    .charge, .units, .diagnosisPointers, .serviceFrom, .serviceTo, .statementPeriod, .admission, .discharge, .payer,
    .filingIndicator, .clinician, .inpatientProcedures, .documentation, .patient,
  ]

  /// The field as a number: those there is one of, then modifiers and diagnoses in turn.
  public var ordinal: Int {
    switch self {
    case .whole: 0
    case .claimID: 1
    case .totalCharge: 2
    case .frequency: 3
    case .originalClaimID: 4
    case .typeOfBill: 5
    case .placeOfService: 6
    case .procedure: 7
    case .revenueCode: 8
    case .charge: 9
    case .units: 10
    case .diagnosisPointers: 11
    case .serviceFrom: 12
    case .serviceTo: 13
    case .statementPeriod: 14
    case .admission: 15
    case .discharge: 16
    case .payer: 17
    case .filingIndicator: 18
    case .clinician: 19
    case .inpatientProcedures: 20
    case .documentation: 21
    case .patient: 22
    case .modifier(let index): 24 + 2 * index
    case .diagnosis(let index): 25 + 2 * index
    }
  }

  /// The field of a number that `ordinal` gave.
  public init(ordinal: Int) {
    if ordinal < 24 {
      self = ClaimField.single[min(ordinal, ClaimField.single.count - 1)]
    } else {
      self = ordinal % 2 == 0 ? .modifier((ordinal - 24) / 2) : .diagnosis((ordinal - 24) / 2)
    }
  }
}

/// What an export calls the fields: the headers of the columns that were recognised.
public struct ColumnNames: Sendable {
  /// By the fields' ordinals, asked for every finding.
  private var names: [String?] = []

  /// No names: an 837.
  public init() {}

  /// The header of `field`'s column, or the field's own name where the file has no such column.
  public subscript(field: ClaimField) -> String? {
    get {
      let position = field.ordinal
      return position < names.count ? names[position] : nil
    }
    set {
      let position = field.ordinal
      while names.count <= position { names.append(nil) }
      names[position] = newValue
    }
  }

  /// Whether there are none.
  public var isEmpty: Bool { names.allSatisfy { $0 == nil } }

  /// All of them, by the fields' ordinals.
  public var all: [(field: ClaimField, name: String)] {
    names.enumerated().compactMap { position, name in name.map { (ClaimField(ordinal: position), $0) } }
  }
}
