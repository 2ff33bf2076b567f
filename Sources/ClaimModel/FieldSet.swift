/// Which fields a source can carry at all.
///
/// An 837 carries all of them; an export has the columns it has. A rule that needs a field the source has no place for is not
/// evaluated, and counted so, instead of taking an absent column for an empty cell.
public struct FieldSet: OptionSet, Hashable, Sendable, BitwiseCopyable {
  /// One bit a field.
  public let rawValue: UInt32

  /// A set from its bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The claim's id.
  public static let claimID = FieldSet(rawValue: 1 << 0)
  /// The patient's identity: `person_id`, or `member_id`.
  public static let patient = FieldSet(rawValue: 1 << 1)
  /// The payer's name or id.
  public static let payer = FieldSet(rawValue: 1 << 2)
  /// The claim filing indicator (SBR09).
  public static let filingIndicator = FieldSet(rawValue: 1 << 3)
  /// The place of service.
  public static let placeOfService = FieldSet(rawValue: 1 << 4)
  /// The type of bill.
  public static let typeOfBill = FieldSet(rawValue: 1 << 5)
  /// The revenue code.
  public static let revenueCode = FieldSet(rawValue: 1 << 6)
  /// Modifiers.
  public static let modifiers = FieldSet(rawValue: 1 << 7)
  /// Diagnoses.
  public static let diagnoses = FieldSet(rawValue: 1 << 8)
  /// Diagnosis pointers.
  public static let diagnosisPointers = FieldSet(rawValue: 1 << 9)
  /// The service date.
  public static let serviceDate = FieldSet(rawValue: 1 << 10)
  /// Units.
  public static let units = FieldSet(rawValue: 1 << 11)
  /// The line's charge.
  public static let charge = FieldSet(rawValue: 1 << 12)
  /// The claim's total charge.
  public static let totalCharge = FieldSet(rawValue: 1 << 13)
  /// The rendering or billing clinician.
  public static let clinician = FieldSet(rawValue: 1 << 14)
  /// The admission date.
  public static let admission = FieldSet(rawValue: 1 << 15)
  /// The discharge date.
  public static let discharge = FieldSet(rawValue: 1 << 16)
  /// The claim frequency.
  public static let frequency = FieldSet(rawValue: 1 << 17)
  /// The payer's number of the replaced claim.
  public static let originalClaimID = FieldSet(rawValue: 1 << 18)
  /// ICD-10-PCS procedures.
  public static let inpatientProcedures = FieldSet(rawValue: 1 << 19)
  /// An attachment control number or a claim note.
  public static let documentation = FieldSet(rawValue: 1 << 20)
  /// The billing provider's taxonomy.
  public static let billingTaxonomy = FieldSet(rawValue: 1 << 21)
  /// The billing provider's NPI.
  public static let billingNPI = FieldSet(rawValue: 1 << 22)
  /// The statement period.
  public static let statementPeriod = FieldSet(rawValue: 1 << 23)
  /// The edition of the diagnoses, ICD-9 or ICD-10.
  public static let diagnosisEdition = FieldSet(rawValue: 1 << 24)

  /// Every field: what an 837 carries.
  public static let all = FieldSet(rawValue: (1 << 25) - 1)

  /// The fields' names as the reports spell them, in bit order.
  public static let names = [
    "claim_id", "patient", "payer", "filing_indicator", "place_of_service", "type_of_bill", "revenue_code", "modifiers",
    "diagnoses", "diagnosis_pointer", "service_date", "units", "charge", "claim_total_charge", "clinician",
    "admission_date", "discharge_date", "claim_frequency", "original_claim_id", "procedure_code_icd10pcs",
    "documentation",
    "billing_taxonomy", "billing_npi", "statement_period", "diagnosis_code_type",
  ]

  /// The names of the fields in the set.
  public var names: [String] {
    FieldSet.names.indices.filter { rawValue & 1 << UInt32($0) != 0 }.map { FieldSet.names[$0] }
  }
}
