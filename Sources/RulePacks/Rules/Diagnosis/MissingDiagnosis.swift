internal import Auditing
internal import ClaimModel

/// Finds lines without a diagnosis: the claim has none, or the line points to none.
///
/// In an export without a pointer column all diagnoses of the claim count as pointed to. Dental claims need none.
struct MissingDiagnosis: LineRule {
  static let description = RuleDescription(
    id: "DX-001", severity: .error, name: "missing-diagnosis",
    summary: "The claim has a diagnosis, and a professional line points to one.",
    rationale: "Without a diagnosis no payer can judge the need for the service.",
    needs: .diagnoses, applies: .all, scope: .general, carc: "16", rarc: "M76",
    fix: "Enter the diagnosis and point the line to it.",
    source: "X12 837 HI and SV107",
    flagged: RuleExample {
      $0.diagnoses = []
      $0.pointers = []
    }, clean: RuleExample())

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.claim.kind != .dental else { return }
    if line.claim.diagnoses.isEmpty {
      findings.report(.diagnosis(0), Message.noDiagnosis, rarc: line.isInstitutional ? "MA63" : nil)
    } else if line.usesPointers, line.line.diagnosisPointers.isEmpty {
      findings.report(.diagnosisPointers, Message.noPointer)
    }
  }
}

extension MissingDiagnosis {
  fileprivate enum Message {
    static var noDiagnosis: MessageText { "the claim has no diagnosis" }
    static var noPointer: MessageText { "the line points to no diagnosis" }
  }
}
