internal import Auditing
internal import ClaimModel

/// Finds lines of which no diagnosis speaks for the procedure.
///
/// A warning only: no coverage policy was found for such procedures, the list is clinical plausibility. Where a diagnosis is
/// missing or not billable, that is said instead.
struct UnsupportedProcedure: LineRule {
  static let description = RuleDescription(
    id: "DX-004", severity: .warning, name: "unsupported-procedure",
    summary: "A diagnosis that the line points to supports the procedure.",
    rationale: "Payers deny a procedure whose diagnoses do not show why it was needed.",
    needs: .diagnoses, applies: .all, carc: "11;50", rarc: "N569",
    fix: "Point to the diagnosis for which the procedure was done, or send the records.",
    source: "Clinical plausibility; ICD-10-CM",
    flagged: RuleExample { $0.diagnoses = ["J18.9"] }, clean: RuleExample { $0.diagnoses = ["J86.0"] })

  static let occasions: Occasions = .diagnosisUnsupporting

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    let policy = line.policy
    guard !policy.support.isEmpty, !line.hasICD9, !line.claim.diagnoses.isEmpty else { return }
    guard line.doDiagnosesSpeak == false, line.areDiagnosesBillable else { return }
    findings.report(
      line.usesPointers ? .diagnosisPointers : .diagnosis(0), Message.unsupported(line.line.procedure.code))
  }
}

extension UnsupportedProcedure {
  fileprivate enum Message {
    static func unsupported(_ procedure: Code) -> MessageText { "no diagnosis of the line supports \(procedure)" }
  }
}
