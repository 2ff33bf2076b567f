internal import Auditing
internal import ClaimModel

/// Finds lines whose only telling diagnosis speaks against the procedure.
///
/// Beside a supporting diagnosis the same code is a complication, and nothing is said.
struct ContradictingDiagnosis: LineRule {
  static let description = RuleDescription(
    id: "DX-005", severity: .warning, name: "contradicting-diagnosis",
    summary: "The line does not point only to a diagnosis that speaks against the procedure.",
    rationale: "A diagnosis that calls for the opposite treatment is a coding error or the wrong procedure.",
    needs: .diagnoses, applies: .all, carc: "11", rarc: "N569",
    fix: "Check whether another procedure was done, or point to the diagnosis it was done for.",
    source: "Clinical plausibility; ICD-10-CM",
    flagged: RuleExample { $0.diagnoses = ["J95.811"] },
    clean: RuleExample {
      $0.diagnoses = ["A15.0", "J95.811"]
      $0.pointers = [1, 2]
    })

  static let occasions: Occasions = .diagnosisAgainst

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    let policy = line.policy
    guard !policy.contradict.isEmpty, !line.hasICD9 else { return }
    var supports = false
    var first: Int?
    line.forEachUsedDiagnosis { index in
      if line.isSupport(index) { supports = true }
      if first == nil, line.isAgainst(index) { first = index }
    }
    guard !supports, let first else { return }
    let against = line.claim.diagnoses[first].code
    let index = line.claim.diagnoses.firstIndex { $0.code == against } ?? 0
    findings.report(.diagnosis(index), Message.contradicting(against, line))
  }
}

extension ContradictingDiagnosis {
  fileprivate enum Message {
    static func contradicting(_ code: Code, _ line: AuditedLine) -> MessageText {
      "diagnosis \(code) is \(line.policy.contradictPhrase), and no other supports \(line.line.procedure.code)"
    }
  }
}
