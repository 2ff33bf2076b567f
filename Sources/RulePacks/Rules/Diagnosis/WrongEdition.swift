internal import Auditing
internal import ClaimModel

/// Finds diagnoses in the edition of another time: ICD-9 since October 2015, ICD-10 before.
struct WrongEdition: LineRule {
  static let description = RuleDescription(
    id: "DX-007", severity: .error, name: "wrong-icd-edition",
    summary: "The diagnoses are in the edition that holds on the service date.",
    rationale:
      "Claims carry ICD-10-CM for services since 2015-10-01 and ICD-9-CM before; the other edition is rejected.",
    needs: [.diagnoses, .diagnosisEdition, .serviceDate], applies: .all, scope: .general, carc: "16;146", rarc: "M76",
    fix: "Code the diagnoses in the edition of the service date, with its qualifiers (ABK and ABF, or BK and BF).",
    source: "X12 837 HI qualifiers; CMS, ICD-10 transition",
    flagged: RuleExample {
      $0.edition = .icd9
      $0.diagnoses = ["011.90"]
    }, clean: RuleExample())

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard let day = line.day else { return }
    let wrong: Diagnosis.Edition = day < AuditedLine.icd10Start ? .icd10 : .icd9
    guard let index = line.claim.diagnoses.firstIndex(where: { $0.edition == wrong }) else { return }
    findings.report(.diagnosis(index), wrong == .icd9 ? Message.old(day) : Message.new(day))
  }
}

extension WrongEdition {
  fileprivate enum Message {
    static func old(_ day: Day) -> MessageText { "ICD-9 diagnoses for a service on \(day), which takes ICD-10" }
    static func new(_ day: Day) -> MessageText { "ICD-10 diagnoses for a service on \(day), which takes ICD-9" }
  }
}
