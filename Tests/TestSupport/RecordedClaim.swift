public import ClaimModel
public import ClaimReading

/// A claim as plain values that compare and print.
///
/// A reader lends its claim and fills it again, and its texts are ranges of an arena; this is a copy of everything in it.
public struct RecordedClaim: Equatable, Sendable {
  /// Where the claim stands.
  public var location: SourceLocation
  /// CLM01.
  public var id: String
  /// P, I or D.
  public var kind: ClaimKind
  /// The fields the source can carry.
  public var fields: FieldSet
  /// ISA13, GS06 and ST02.
  public var controls: [String]
  /// BHT04.
  public var transactionDate: DateValue
  /// Frequency, place of service, type of bill and filing indicator.
  public var frequency, placeOfService, typeOfBill, filingIndicator: RecordedCode
  /// REF*F8.
  public var originalClaimID: String
  /// CLM02.
  public var totalCharge: Amount
  /// SBR01.
  public var payerSequence: String
  /// The payer's name and id.
  public var payerName, payerID: String
  /// The billing provider's NPI and taxonomy, the rendering provider's NPI.
  public var billingNPI, billingTaxonomy, renderingNPI: String
  /// The statement period, admission and discharge.
  public var statementFrom, statementTo, admission, discharge: DateValue
  /// The diagnoses as `code/edition`.
  public var diagnoses: [String]
  /// How many ICD-10-PCS procedures there are.
  public var inpatientProcedureCount: Int
  /// Whether there is a PWK or a note.
  public var hasDocumentation: Bool
  /// The hash of the patient's identity.
  public var patient: UInt64
  /// Whether lines are missing.
  public var isPartial: Bool
  /// The lines.
  public var lines: [RecordedLine]

  /// A copy of `claim`.
  public init(_ claim: Claim) {
    let text = claim.text
    location = claim.location
    id = text.string(claim.id)
    kind = claim.kind
    fields = claim.fields
    controls = [claim.interchangeControl, claim.groupControl, claim.transactionControl].map(text.string)
    transactionDate = claim.transactionDate
    frequency = RecordedCode(claim.frequency, text)
    placeOfService = RecordedCode(claim.placeOfService, text)
    typeOfBill = RecordedCode(claim.typeOfBill, text)
    filingIndicator = RecordedCode(claim.filingIndicator, text)
    originalClaimID = text.string(claim.originalClaimID)
    totalCharge = claim.totalCharge
    payerSequence = claim.payerSequence.description
    payerName = text.string(claim.payerName)
    payerID = text.string(claim.payerID)
    billingNPI = text.string(claim.billingNPI)
    billingTaxonomy = text.string(claim.billingTaxonomy)
    renderingNPI = text.string(claim.renderingNPI)
    statementFrom = claim.statementFrom
    statementTo = claim.statementTo
    admission = claim.admission
    discharge = claim.discharge
    diagnoses = claim.diagnoses.map { "\($0.code)/\($0.edition)/\(text.string($0.text))" }
    inpatientProcedureCount = claim.inpatientProcedureCount
    hasDocumentation = claim.hasDocumentation
    patient = claim.patient
    isPartial = claim.isPartial
    lines = claim.lines.indices.map { RecordedLine($0, in: claim) }
  }
}

/// A coded value: what it was read as and what is written.
public struct RecordedCode: Equatable, Sendable {
  /// The code, empty for none.
  public var code: String
  /// The text as written.
  public var text: String

  /// A copy of `value`.
  public init(_ value: CodedValue, _ arena: TextArena) {
    code = value.code.description
    text = arena.string(value.text)
  }
}

/// A service line as plain values.
public struct RecordedLine: Equatable, Sendable {
  /// Where the line stands.
  public var location: SourceLocation
  /// LX01 and REF*6R.
  public var number, control: String
  /// The qualifier of the procedure.
  public var qualifier: String
  /// Procedure, revenue code and the line's own place of service.
  public var procedure, revenueCode, placeOfService: RecordedCode
  /// The place of service that holds for the line.
  public var effectivePlaceOfService: String
  /// The modifiers.
  public var modifiers: [RecordedCode]
  /// Units and their basis.
  public var units: Quantity
  /// SV103 or SV204.
  public var unitBasis: String
  /// Charge, allowed and paid amount.
  public var charge, allowed, paid: Amount
  /// The service dates and where they come from.
  public var serviceFrom, serviceTo: DateValue
  /// Where the dates come from.
  public var dateOrigin: DateOrigin
  /// The diagnosis pointers.
  public var pointers: [Int]
  /// The line's own clinician and the one that holds for it.
  public var renderingNPI, clinician: String
  /// Whether the line has a PWK or a note; is a reversal; was read from unverified bytes.
  public var hasDocumentation, isReversal, isUnverified: Bool

  /// A copy of the line at `index`.
  public init(_ index: Int, in claim: Claim) {
    let (line, text) = (claim.lines[index], claim.text)
    location = line.location
    number = text.string(line.number)
    control = text.string(line.control)
    qualifier = line.procedureQualifier.description
    procedure = RecordedCode(line.procedure, text)
    revenueCode = RecordedCode(line.revenueCode, text)
    placeOfService = RecordedCode(line.placeOfService, text)
    effectivePlaceOfService = text.string(claim.effectivePlaceOfService(ofLine: index).text)
    modifiers = line.modifiers.indices.map { RecordedCode(line.modifiers[$0], text) }
    units = line.units
    unitBasis = line.unitBasis.description
    charge = line.charge
    allowed = line.allowed
    paid = line.paid
    serviceFrom = line.serviceFrom
    serviceTo = line.serviceTo
    dateOrigin = line.dateOrigin
    pointers = line.diagnosisPointers.indices.map { line.diagnosisPointers[$0] }
    renderingNPI = text.string(line.renderingNPI)
    clinician = text.string(claim.clinician(ofLine: index))
    hasDocumentation = line.hasDocumentation
    isReversal = line.isReversal
    isUnverified = line.isUnverified
  }
}

/// A reading issue as plain values.
public struct RecordedIssue: Equatable, Sendable, CustomStringConvertible {
  /// The code.
  public var code: String
  /// Severity and effect.
  public var severity: IssueSeverity
  /// What it did to the claims.
  public var effect: IssueEffect
  /// Where.
  public var location: SourceLocation
  /// Segment and element.
  public var segment, element: String
  /// The claim's id.
  public var claimID: [UInt8]
  /// The sentence.
  public var message: String

  /// A copy of `issue`.
  public init(_ issue: ReadingIssue) {
    code = issue.code
    severity = issue.severity
    effect = issue.effect
    location = issue.location
    segment = issue.segment
    element = issue.element
    claimID = issue.claimID
    message = issue.message
  }

  /// Code, place and effect: a row of an `.expected` file.
  public var row: String { "\(code)\t\(location.record)\t\(location.byteOffset)\t\(effect.rawValue)" }

  /// The row and the sentence.
  public var description: String { "\(row) \(element): \(message)" }
}

/// What a reader made of a stream, in the order it was handed out.
public struct ReadingOutcome: Equatable, Sendable {
  /// One thing that was handed out.
  public enum Event: Equatable, Sendable {
    /// A claim.
    case claim(RecordedClaim)
    /// An issue.
    case issue(RecordedIssue)
  }

  /// Claims and issues.
  public var events: [Event] = []
  /// What was counted.
  public var totals = ReadingTotals()
  /// Where the reader broke the agreement with its caller, empty when it did not.
  public var breaches: [String] = []

  /// Nothing yet.
  public init() {}

  /// The claims.
  public var claims: [RecordedClaim] {
    events.compactMap { if case .claim(let claim) = $0 { claim } else { nil } }
  }

  /// The issues.
  public var issues: [RecordedIssue] {
    events.compactMap { if case .issue(let issue) = $0 { issue } else { nil } }
  }

  /// The first thing in which two outcomes differ, `nil` when they are the same.
  public func difference(from other: ReadingOutcome) -> String? {
    if self == other { return nil }
    for index in 0..<max(events.count, other.events.count) {
      let mine = index < events.count ? "\(events[index])" : "nothing"
      let theirs = index < other.events.count ? "\(other.events[index])" : "nothing"
      if mine != theirs { return "event \(index): \(mine)\nand not: \(theirs)" }
    }
    return "totals \(totals) and not \(other.totals); \(breaches) \(other.breaches)"
  }
}

/// Records what a reader hands out.
public struct RecordingHandler: ClaimHandler {
  /// What was handed out so far.
  public var events: [ReadingOutcome.Event] = []

  /// Nothing yet.
  public init() {}

  /// Records a claim.
  public mutating func claim(_ claim: inout Claim) { events.append(.claim(RecordedClaim(claim))) }

  /// Records an issue.
  public mutating func issue(_ issue: ReadingIssue) { events.append(.issue(RecordedIssue(issue))) }
}
