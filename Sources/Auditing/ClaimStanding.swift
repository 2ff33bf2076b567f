internal import ClaimModel

/// What kind of claim it is, and what it is to the claims before it.
struct ClaimStanding {
  /// Whether the claim is judged as an institutional one: an 837I, or rows with a type of bill.
  let isInstitutional: Bool
  /// The frequency: CLM05-3, else the last character of the type of bill.
  let frequency: Code

  init(_ claim: borrowing Claim) {
    isInstitutional = claim.kind == .institutional || (claim.format == .csv && !claim.typeOfBill.isEmpty)
    let billType = claim.typeOfBill.code
    let isSaid = !claim.frequency.code.isNone || billType.count != 4
    frequency = isSaid ? claim.frequency.code : billType.dropFirst(3)
  }

  /// Whether the claim replaces another (frequency 7).
  var isReplacement: Bool { frequency == "7" }
  /// Whether the claim voids another (frequency 8).
  var isVoid: Bool { frequency == "8" }
  /// Whether the claim is the first for its services, as one is that does not say.
  var isOriginal: Bool { frequency.isNone || frequency == "1" || frequency == "0" }
}
