/// One claim, however it came: an 837 CLM with all below it, or the rows of an export that share a claim id.
///
/// Both readers produce the same claim and the rules cannot tell them apart, save through `fields`: what the source has no
/// place for is not "missing". Texts are ranges of `text`; a claim is storage that its reader fills again and again, so
/// nothing keeps a claim, only what it takes out of it.
public struct Claim: Sendable {
  /// The bytes of the texts below.
  public var text = TextArena()
  /// Where the claim begins: its CLM segment or its first record.
  public var location = SourceLocation()
  /// Which fields the source can carry at all.
  public var fields = FieldSet.all
  /// Where the claim was read from.
  public var format = ClaimFormat.x12

  /// ISA13, or an export's interchange column.
  public var interchangeControl = TextRange.none
  /// GS06.
  public var groupControl = TextRange.none
  /// ST02.
  public var transactionControl = TextRange.none
  /// BHT04, when the transaction set was made.
  public var transactionDate = DateValue.absent

  /// CLM01.
  public var id = TextRange.none
  /// Professional, institutional or dental.
  public var kind = ClaimKind.professional
  /// CLM05-3.
  public var frequency = CodedValue.none
  /// REF*F8 (loop 2300), the payer's number of the claim this one replaces or voids.
  public var originalClaimID = TextRange.none
  /// CLM05-1 with CLM05-2 other than `A`: the claim's place of service.
  public var placeOfService = CodedValue.none
  /// The type of bill as four characters (`0131`): CLM05-1 with CLM05-2 `A`, then CLM05-3.
  ///
  /// Its `text` is as written; its `code` is `none` when it cannot be brought to that form.
  public var typeOfBill = CodedValue.none
  /// CLM02.
  public var totalCharge = Amount.absent
  /// SBR01 of the subscriber loop: `P` primary, `S` secondary, `T` tertiary.
  public var payerSequence = Code.none
  /// SBR09.
  public var filingIndicator = CodedValue.none
  /// NM103 of NM1*PR in 2010BB (4010 institutional: 2010BC).
  public var payerName = TextRange.none
  /// NM109 of the same.
  public var payerID = TextRange.none
  /// NM109 of NM1*85.
  public var billingNPI = TextRange.none
  /// PRV03 of loop 2000A.
  public var billingTaxonomy = TextRange.none
  /// NM109 of NM1*82 in 2310 (4010: 2310B).
  public var renderingNPI = TextRange.none
  /// DTP*434, first and last day of the statement period.
  public var statementFrom = DateValue.absent
  /// See `statementFrom`.
  public var statementTo = DateValue.absent
  /// DTP*435.
  public var admission = DateValue.absent
  /// DTP*096 (professional); an export's discharge date.
  public var discharge = DateValue.absent
  /// HI diagnoses in order, the principal first; 1 is the first for the pointers.
  public var diagnoses: [Diagnosis] = []
  /// How many ICD-10-PCS procedures the claim lists (HI*BBR, HI*BBQ).
  public var inpatientProcedureCount = 0
  /// Whether the claim carries a PWK or an NTE text in loop 2300.
  public var hasDocumentation = false
  /// The keyed hash of the patient's identity, 0 when the source has none.
  ///
  /// Never reported.
  public var patient: UInt64 = 0
  /// The billed lines, in order.
  public var lines: [ServiceLine] = []
  /// The records of an export that the claim was read from, in order; empty for an 837.
  public var rows: [RecordRun] = []
  /// Whether this goes on with a claim of an export that was longer than a claim may be and was handed out in part before.
  public var isContinued = false
  /// Whether lines are missing here because the claim was longer than a claim may be: rules over the whole claim do not hold.
  public var isPartial = false
  /// Whether this is an outline: no line of the claim is watched, and only what the rules over the run keep of it was read.
  ///
  /// It has the lines that open a global period and no others, its numbers, its clinicians and its patient; no diagnoses and no payer.
  public var isOutline = false

  /// An empty claim.
  public init() {}

  /// Empties the claim and keeps its memory.
  ///
  /// Field by field: an empty claim put in its place would be made, and the old one's arrays given up, for every claim that is read.
  public mutating func reset() {
    text.removeAll()
    // Emptying what is empty costs as much as emptying it.
    if !diagnoses.isEmpty { diagnoses.removeAll(keepingCapacity: true) }
    if !lines.isEmpty { lines.removeAll(keepingCapacity: true) }
    if !rows.isEmpty { rows.removeAll(keepingCapacity: true) }
    location = SourceLocation()
    fields = .all
    format = .x12
    (interchangeControl, groupControl, transactionControl) = (.none, .none, .none)
    transactionDate = .absent
    (id, originalClaimID) = (.none, .none)
    kind = .professional
    (frequency, placeOfService, typeOfBill, filingIndicator) = (.none, .none, .none, .none)
    totalCharge = .absent
    payerSequence = .none
    (payerName, payerID) = (.none, .none)
    (billingNPI, billingTaxonomy, renderingNPI) = (.none, .none, .none)
    (statementFrom, statementTo, admission, discharge) = (.absent, .absent, .absent, .absent)
    inpatientProcedureCount = 0
    patient = 0
    (hasDocumentation, isContinued, isPartial, isOutline) = (false, false, false, false)
  }

  /// The place of service that holds for a line: SV105 or SV303, else CLM05-1 of a professional claim.
  @inlinable
  public func effectivePlaceOfService(ofLine index: Int) -> CodedValue {
    lines[index].placeOfService.isEmpty ? placeOfService : lines[index].placeOfService
  }

  /// The clinician of a line: the line's rendering provider, else the claim's, else the billing provider.
  @inlinable
  public func clinician(ofLine index: Int) -> TextRange {
    if !lines[index].renderingNPI.isEmpty { return lines[index].renderingNPI }
    return renderingNPI.isEmpty ? billingNPI : renderingNPI
  }
}

/// The kind of file a claim was read from.
public enum ClaimFormat: UInt8, Sendable {
  /// An X12 837 transaction set.
  case x12
  /// A CSV export.
  case csv
}

/// Professional, institutional or dental: 837P, 837I, 837D.
public enum ClaimKind: UInt8, Sendable {
  /// 837P: a clinician's claim, lines in SV1.
  case professional
  /// 837I: a facility's claim, lines in SV2.
  case institutional
  /// 837D: lines in SV3.
  case dental

  /// `P`, `I` or `D`.
  public var letter: Character {
    switch self {
    case .professional: "P"
    case .institutional: "I"
    case .dental: "D"
    }
  }
}
