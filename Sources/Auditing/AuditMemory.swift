import ClaimModel

/// What an auditor remembers from claim to claim, since neighbours have much in common: payers, providers' hashes, rules that the
/// source cannot feed.
///
/// Only spares work: with an empty memory everything comes out the same. It is of one auditor, and goes with what that one knows.
struct AuditMemory: Sendable {
  /// Payers by what claims say of them.
  var payers = PayerMemory()
  /// What diagnoses are to the policy that came last.
  var diagnoses = DiagnosisMemory()
  /// What procedures are to it.
  var procedures = ProcedureMemory()
  /// The hashes of clinicians.
  var clinician = HashMemory()
  /// The hashes of facilities.
  var facility = HashMemory()
}
