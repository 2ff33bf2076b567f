public import Auditing

/// Every rule there is, in the order of the ids; a new rule is a file of its own and a word here.
public enum RuleRegistry {
  /// The rules over one line.
  static let lineRules: [any LineRule.Type] = [
    InvalidCharge.self,
    TotalDiffers.self,
    InvalidServiceDate.self,
    FutureServiceDate.self,
    ServiceOutsideStatement.self,
    ServiceOutsideStay.self,
    MissingAdmission.self,
    DateSpan.self,
    MissingDiagnosis.self,
    InvalidPointer.self,
    UnbillableDiagnosis.self,
    UnsupportedProcedure.self,
    ContradictingDiagnosis.self,
    ExclusiveDiagnoses.self,
    WrongEdition.self,
    MalformedModifier.self,
    UnknownModifier.self,
    PlaceOfServiceAsModifier.self,
    ModifierNotInEffect.self,
    RepeatedModifier.self,
    ExclusiveModifiers.self,
    ComponentModifier.self,
    VisitModifier.self,
    AnesthesiaModifier.self,
    SplitCareModifier.self,
    BilateralModifier.self,
    AssistantModifier.self,
    CoSurgeryModifier.self,
    FacilityModifierOnProfessionalClaim.self,
    ProfessionalModifierOnFacilityClaim.self,
    UndocumentedModifier.self,
    UncheckableModifier.self,
    UnrelatedModifier.self,
    ReturnWithoutOperatingRoom.self,
    MultipleWithoutSecondProcedure.self,
    ModifierOrder.self,
    NonHospitalModifier.self,
    NeverSeparate.self,
    BundledCompanion.self,
    VisitWithoutModifier.self,
    PartOfLargerProcedure.self,
    OrphanAddOn.self,
    UnknownPayer.self,
    UnfitFilingIndicator.self,
    ReplacementToPartB.self,
    MissingPlaceOfService.self,
    InvalidPlaceOfService.self,
    UnusualPlaceOfService.self,
    ImplausiblePlaceOfService.self,
    EmergencyRoomProcedure.self,
    TelehealthProcedure.self,
    InvalidRevenueCode.self,
    UnexpectedRevenueCode.self,
    ImpossibleRevenueCode.self,
    InvalidTypeOfBill.self,
    UnusualTypeOfBill.self,
    ImpossibleTypeOfBill.self,
    InpatientBillWithoutProcedure.self,
    BillAndPlaceDisagree.self,
    ReplacementWithoutReference.self,
    InvalidUnits.self,
  ]

  /// The rules over the run.
  static let runRules: [any RunRule.Type] = [
    ExactDuplicate.self,
    ReusedClaimNumber.self,
    UnconfirmedEarlierProcedure.self,
    InsideGlobalPeriod.self,
    NoOpenGlobalPeriod.self,
    UnitsPerDay.self,
  ]

  /// The rules that compare charges.
  static let peerRules: [any PeerRule.Type] = [ChargeOutlier.self]

  /// What is said of rules that the reader applies.
  static let envelope: [RuleDescription] = [BrokenEnvelope.description, MixedClaimType.description]

  /// What is said of every built-in rule, by id.
  public static let descriptions: [RuleDescription] =
    (lineRules.map { $0.description } + runRules.map { $0.description }
    + peerRules.map { $0.description } + envelope).sorted { $0.id < $1.id }
}
