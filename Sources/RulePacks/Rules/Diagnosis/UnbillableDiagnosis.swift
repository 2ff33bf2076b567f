internal import Auditing
internal import ClaimModel

/// Finds diagnoses that are no code, or a heading under which the codes stand.
///
/// The list is one year's. For other years only the shape is judged, categories, and headings that a pack names, since codes come
/// and are divided every October.
struct UnbillableDiagnosis: LineRule {
  static let description = RuleDescription(
    id: "DX-003", severity: .error, name: "unbillable-diagnosis",
    summary: "Each diagnosis of the claim is an ICD-10-CM code at its full length.",
    rationale: "One heading instead of a code makes the whole claim unprocessable.",
    needs: .diagnoses, applies: .all, scope: .general, carc: "146;16", rarc: "M76;M64",
    fix: "Enter the code at its full length.",
    source: "ICD-10-CM, release of April 2026",
    flagged: RuleExample { $0.diagnoses = ["A15"] }, clean: RuleExample { $0.diagnoses = ["A15.0"] })

  static let occasions: Occasions = .diagnosisUnbillable

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard !line.hasICD9 else { return }
    var wrong: [MessageText] = []
    var first: Int?
    for (index, diagnosis) in line.claim.diagnoses.enumerated() {
      // Without a qualifier a code of the time before ICD-10 is one of ICD-9.
      if diagnosis.edition == .unknown, let day = line.day, day < AuditedLine.icd10Start { continue }
      if line.isBillable(index) { continue }
      if first == nil { first = index }
      let text = line.quoted(CodedValue(code: diagnosis.code, text: diagnosis.text))
      if !wrong.contains(text) { wrong.append(text) }
    }
    if let first { findings.report(.diagnosis(first), Message.unbillable(wrong)) }
  }
}

extension UnbillableDiagnosis {
  fileprivate enum Message {
    static func unbillable(_ codes: [MessageText]) -> MessageText {
      "\(MessageText.list(codes.count) { codes[$0] }) \(codes.count == 1 ? "is not a billable code" : "are not billable codes")"
    }
  }
}
