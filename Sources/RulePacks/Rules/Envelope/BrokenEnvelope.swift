internal import Auditing
internal import ClaimModel

/// What is said about ENV-001, which the reader finds: counts and control numbers of an 837's envelope that disagree, and files that
/// end early.
///
/// It never stands on a line: every claim that was read whole is audited as if the envelope were right.
enum BrokenEnvelope {
  static let description = RuleDescription(
    id: "ENV-001", severity: .error, name: "broken-envelope",
    summary: "Control numbers and counts of ISA and IEA, GS and GE, ST and SE agree, and the file ends with its IEA.",
    rationale: "The payer's front end rejects the file, group or set (TA1, 999) before anyone looks at a claim.",
    applies: .envelope, scope: .general, carc: "", rarc: "",
    fix: "Have the file written again by the system that made it; look for a transfer that was cut.",
    source: "X12.5 interchange control, X12.6 application control",
    flagged: nil, clean: nil)
}
