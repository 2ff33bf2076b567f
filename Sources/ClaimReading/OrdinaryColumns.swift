internal import ClaimModel

/// The columns of rows that are read by words, -1 where there is none: plain integers, so that nothing is kept alive row by row.
struct OrdinaryColumns {
  /// Whether rows of the file can be read so: one line a row, with a date, without pointers or constants.
  let isUseful: Bool
  /// Whether claims too can be begun so.
  let beginsClaims: Bool
  /// The last column, whose value may have the CR of a CR LF behind it.
  let last: Int

  // The line.
  let number: Int
  let control: Int
  let procedure: Int
  let firstModifier: Int
  let lastModifier: Int
  let revenueCode: Int
  let placeOfService: Int
  let units: Int
  let charge: Int
  let allowed: Int
  let paid: Int
  let serviceFrom: Int
  let serviceTo: Int
  let renderingNPI: Int

  // The claim.
  let claimID: Int
  let originalClaimID: Int
  let billingNPI: Int
  let billType: Int
  let frequency: Int
  let claimStart: Int
  let claimEnd: Int
  let claimType: Int
  let personID: Int
  let memberID: Int
  let birthDate: Int
  let interchangeControl: Int
  let groupControl: Int
  let transactionControl: Int
  let payer: Int
  let plan: Int
  let payerID: Int
  let billingTaxonomy: Int
  let filingIndicator: Int
  let claimTotal: Int
  let admission: Int
  let discharge: Int
  let attachment: Int
  let claimNote: Int

  /// The diagnosis columns, which stand side by side.
  let firstDiagnosis: Int
  let lastDiagnosis: Int
  /// The edition of all of them.
  let edition: Diagnosis.Edition
  /// Whether the first of them is the principal diagnosis, which a numbered list behind it may repeat.
  let hasPrincipal: Bool

  /// The columns of a plan.
  init(_ plan: ColumnPlan) {
    let slot = plan.slots.first ?? ColumnPlan.Slot()
    let modifiers = slot.modifiers
    let first = modifiers.first ?? 0
    isUseful =
      !plan.isWide && slot.procedure >= 0 && slot.serviceFrom >= 0 && slot.lineDiagnosis < 0 && plan.pointers.isEmpty
      && plan.constants.isEmpty && plan.amounts == .us && plan[.procedureSystem] < 0 && plan[.reversal] < 0
      && plan.nulls.allSatisfy { ($0.first ?? 0x30) &- 0x30 > 9 }
      && (plan.diagnoses.isEmpty || plan.diagnosisSpan != nil)
      && modifiers.elementsEqual(first..<first + modifiers.count) && modifiers.count <= Modifiers.capacity
    let edition = plan.diagnoses.first?.edition ?? .unknown
    beginsClaims =
      isUseful && plan.inpatientProcedures.isEmpty && (plan[.billFacility] < 0 || plan[.billClass] < 0)
      && plan.diagnoses.allSatisfy { $0.edition == edition }
      && plan.diagnoses.dropFirst().allSatisfy { !$0.isPrincipal }
    last = plan.headers.count - 1

    number = plan[.lineNumber]
    control = plan[.lineControl]
    procedure = slot.procedure
    firstModifier = first
    lastModifier = first + modifiers.count - 1
    revenueCode = slot.revenueCode
    placeOfService = slot.placeOfService
    units = slot.units
    charge = slot.charge
    allowed = slot.allowed
    paid = slot.paid
    serviceFrom = slot.serviceFrom
    serviceTo = slot.serviceTo
    renderingNPI = slot.renderingNPI

    claimID = plan.namesNoClaim ? -1 : plan[.claimID]
    originalClaimID = plan[.originalClaimID]
    billingNPI = plan[.billingNPI]
    billType = plan[.billType]
    frequency = plan[.frequency]
    claimStart = plan[.claimStart]
    claimEnd = plan[.claimEnd]
    claimType = plan[.claimType]
    personID = plan[.personID]
    memberID = plan[.memberID]
    birthDate = plan[.birthDate]
    interchangeControl = plan[.interchangeControl]
    groupControl = plan[.groupControl]
    transactionControl = plan[.transactionControl]
    payer = plan[.payer]
    self.plan = plan[.plan]
    payerID = plan[.payerID]
    billingTaxonomy = plan[.billingTaxonomy]
    filingIndicator = plan[.filingIndicator]
    claimTotal = plan[.claimTotal]
    admission = plan[.admission]
    discharge = plan[.discharge]
    attachment = plan[.attachment]
    claimNote = plan[.claimNote]

    firstDiagnosis = plan.diagnosisSpan?.lowerBound ?? -1
    lastDiagnosis = plan.diagnosisSpan?.upperBound ?? -1
    self.edition = edition
    hasPrincipal = plan.diagnoses.first?.isPrincipal ?? false
  }
}
