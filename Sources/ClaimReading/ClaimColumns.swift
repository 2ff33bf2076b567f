/// The columns of a file that tell one value of a claim each, which a later row may tell where the first one does not.
struct ClaimColumns {
  /// What they tell.
  let fields: [ColumnField]
  /// Which columns they are.
  let columns: [Int]

  private static let candidates: [ColumnField] = [
    .claimID, .originalClaimID, .billingNPI, .billType, .billFacility, .billClass, .frequency, .claimStart, .claimEnd,
    .interchangeControl, .groupControl, .transactionControl, .payer, .plan, .payerID, .billingTaxonomy,
    .filingIndicator, .claimTotal, .admission, .discharge, .attachment, .claimNote,
  ]

  /// The columns of a plan.
  init(_ plan: ColumnPlan) {
    fields = ClaimColumns.candidates.filter { plan[$0] >= 0 }
    columns = fields.map { plan[$0] }
  }
}
