public import ClaimModel

/// A small claim of which a rule says what it makes of it: a claim of one audited line, and what stands beside it.
///
/// Everything has an unremarkable value, so that an example names only what matters:
///
///     RuleExample(modifiers: ["78"], placeOfService: "11")
///
/// is a professional claim of 32960-78 in an office. Examples are printed by `explain` and run by the tests.
public struct RuleExample: Sendable {
  /// Where the claim is from.
  public enum Form: Sendable {
    /// An 837P.
    case professional
    /// An 837I.
    case institutional
    /// A row of an export.
    case csv
  }

  /// What the claim says in support of the line.
  public enum Documentation: Sendable {
    /// An attachment or a note.
    case present
    /// Neither.
    case none
    /// The export has no column for either.
    case noColumn
  }

  /// Another line of the same claim and day.
  public struct Companion: Sendable {
    /// The procedure.
    public var procedure: String
    /// Its modifiers.
    public var modifiers: [String]
    /// Its units.
    public var units: String
    /// Its charge.
    public var charge: String
    /// Its clinician; `R1` is the audited line's.
    public var clinician: String

    /// Another line.
    public init(
      _ procedure: String, modifiers: [String] = [], units: String = "1", charge: String = "100.00",
      clinician: String = "R1"
    ) {
      self.procedure = procedure
      self.modifiers = modifiers
      self.units = units
      self.charge = charge
      self.clinician = clinician
    }
  }

  /// Another claim of the same patient, before the audited one in the input.
  public struct Prior: Sendable {
    /// The procedure of its one line.
    public var procedure: String
    /// Its modifiers.
    public var modifiers: [String]
    /// Its service date, `YYYYMMDD`.
    public var date: String
    /// Its clinician.
    public var clinician: String
    /// Its charge.
    public var charge: String
    /// Its claim id.
    public var claimID: String
    /// Its frequency.
    public var frequency: String
    /// The claim it replaces or voids.
    public var originalClaimID: String
    /// Its units.
    public var units: String
    /// Its place among the payers: `P`, `S` or `T`.
    public var payerSequence: String
    /// The patient, where it is another one.
    public var patient: UInt64

    /// Another claim.
    public init(
      _ procedure: String, modifiers: [String] = [], date: String, clinician: String = "R1", charge: String = "450.00",
      claimID: String = "PRIOR", frequency: String = "1", originalClaimID: String = "", units: String = "1",
      payerSequence: String = "P", patient: UInt64 = 1
    ) {
      self.procedure = procedure
      self.modifiers = modifiers
      self.date = date
      self.clinician = clinician
      self.charge = charge
      self.claimID = claimID
      self.frequency = frequency
      self.originalClaimID = originalClaimID
      self.units = units
      self.payerSequence = payerSequence
      self.patient = patient
    }
  }

  /// Where the claim is from.
  public var form: Form
  /// The audited procedure.
  public var procedure = "32960"
  /// The modifiers, in order.
  public var modifiers: [String] = []
  /// The place of service; institutional claims have none.
  public var placeOfService = "22"
  /// The type of bill, three or four characters.
  public var typeOfBill = ""
  /// The revenue code.
  public var revenueCode = ""
  /// The diagnoses, dots allowed.
  public var diagnoses = ["A15.0"]
  /// The pointers as numbers; 0 is one that cannot be read.
  public var pointers: [UInt8] = [1]
  /// The edition the diagnosis qualifiers name.
  public var edition = Diagnosis.Edition.icd10
  /// The units, empty for none.
  public var units = "1"
  /// What the units count.
  public var unitBasis = "UN"
  /// The line's charge, empty for none.
  public var charge = "450.00"
  /// The claim's total; empty: the lines' sum.
  public var totalCharge = ""
  /// The payer's name.
  public var payerName = "AETNA"
  /// The payer's id.
  public var payerID = "60054"
  /// The claim filing indicator.
  public var filingIndicator = "CI"
  /// The first service day, `YYYYMMDD`; what is no date is a malformed one.
  public var serviceFrom = "20260310"
  /// The last service day; empty: the first.
  public var serviceTo = ""
  /// The admission date.
  public var admission = ""
  /// The discharge date.
  public var discharge = ""
  /// The statement period, `YYYYMMDD-YYYYMMDD`.
  public var statement = ""
  /// The claim frequency.
  public var frequency = "1"
  /// The payer's number of the claim that is replaced or voided.
  public var originalClaimID = ""
  /// What the claim says in support.
  public var documentation = Documentation.none
  /// The billing provider's taxonomy.
  public var billingTaxonomy = ""
  /// Other lines of the claim; they stand before the audited one.
  public var companions: [Companion] = []
  /// Other claims of the patient; they stand before the audited one.
  public var priors: [Prior] = []
  /// How many ICD-10-PCS procedures the claim lists.
  public var inpatientProcedures = 0
  /// Columns that the export does not have, beyond those with no value here.
  public var withoutColumns: FieldSet = []
  /// Columns that the export has though they are empty here.
  public var withColumns: FieldSet = []
  /// Whether the row says that it reverses another.
  public var isReversal = false
  /// Its place among the payers.
  public var payerSequence = "P"
  /// The run date.
  public var asOf = "20260401"
  /// The audited claim's id.
  public var claimID = "AUDITED"

  /// An example; what is not named is unremarkable.
  public init(_ form: Form = .professional, _ change: (inout RuleExample) -> Void) {
    self.init(form)
    change(&self)
  }

  /// An example that differs in its codes only.
  public init(
    _ form: Form = .professional, modifiers: [String] = [], placeOfService: String? = nil, typeOfBill: String? = nil,
    revenueCode: String? = nil
  ) {
    self.form = form
    self.modifiers = modifiers
    switch form {
    case .professional:
      break
    case .institutional:
      self.placeOfService = ""
      self.typeOfBill = "131"
      self.revenueCode = "0361"
      self.pointers = []
      self.charge = "1450.00"
      self.statement = "20260310-20260310"
      self.frequency = ""
    case .csv:
      self.filingIndicator = ""
      self.documentation = .noColumn
    }
    if let placeOfService { self.placeOfService = placeOfService }
    if let typeOfBill { self.typeOfBill = typeOfBill }
    if let revenueCode { self.revenueCode = revenueCode }
  }
}
