internal import Auditing
internal import ClaimModel

/// Finds diagnoses on one claim that ICD-10-CM lets not stand together (Excludes1).
///
/// A warning: the guidelines allow the two when they have nothing to do with each other.
struct ExclusiveDiagnoses: LineRule {
  static let description = RuleDescription(
    id: "DX-006", severity: .warning, name: "exclusive-diagnoses",
    summary: "No two diagnoses of the claim exclude each other (Excludes1).",
    rationale: "The one is part of the other or cannot be true with it; payers edit claims for it.",
    needs: .diagnoses, applies: .all, carc: "16", rarc: "M64",
    fix: "Keep the one that the record supports, unless the conditions are unrelated.",
    source: "ICD-10-CM, Excludes1 notes",
    flagged: RuleExample {
      $0.diagnoses = ["A15.0", "J93.9"]
      $0.pointers = [1]
    }, clean: RuleExample { $0.diagnoses = ["J93.81"] })

  static let occasions: Occasions = .severalDiagnoses

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard !line.policy.diagnosisConflicts.isEmpty, line.claim.diagnoses.count > 1, !line.hasICD9 else { return }
    for conflict in line.policy.diagnosisConflicts {
      guard let index = line.claim.diagnoses.firstIndex(where: { conflict.code.matches($0.code) }),
        let other = line.claim.diagnoses.first(where: { conflict.excludes.matches($0.code) })
      else { continue }
      findings.report(.diagnosis(index), Message.exclusive(line.claim.diagnoses[index].code, other.code))
      return
    }
  }
}

extension ExclusiveDiagnoses {
  fileprivate enum Message {
    static func exclusive(_ one: Code, _ other: Code) -> MessageText {
      "diagnoses \(one) and \(other) exclude each other (Excludes1)"
    }
  }
}
