internal import Auditing
internal import ClaimModel

/// What is said about ENV-002, which the reader finds: a set whose guide, facility qualifier and service segments are of different
/// kinds of claim.
enum MixedClaimType {
  static let description = RuleDescription(
    id: "ENV-002", severity: .error, name: "mixed-claim-type",
    summary: "The guide (GS08, ST03), CLM05-2 and the service segments (SV1, SV2) are of one kind of claim.",
    rationale: "A professional claim in an institutional set, or the reverse, is rejected.",
    applies: .envelope, scope: .general, carc: "", rarc: "N34",
    fix: "Send professional claims as 837P and institutional ones as 837I.",
    source: "X12 837 guides 005010X222A1 and X222A2, 005010X223A2 and X223A3",
    flagged: nil, clean: nil)
}
