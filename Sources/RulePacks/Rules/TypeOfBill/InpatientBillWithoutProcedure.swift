internal import Auditing
internal import ClaimModel

/// Finds inpatient bills that list a CPT code and no ICD-10-PCS procedure.
///
/// The CPT code on the line is not wrong; the procedure is missing where inpatient bills report it. Only presence is tested.
struct InpatientBillWithoutProcedure: LineRule {
  static let description = RuleDescription(
    id: "TOB-004", severity: .warning, name: "inpatient-bill-without-procedure",
    summary: "An inpatient bill (11x) that lists the procedure carries an ICD-10-PCS code.",
    rationale: "Inpatient stays are grouped and paid by ICD-10-PCS; a CPT line alone does not count.",
    needs: [.typeOfBill, .inpatientProcedures], applies: .institutionalLines, carc: "16", rarc: "MA66",
    fix: "Report the procedure in ICD-10-PCS (HI*BBR), with its date.",
    source: "X12 837I HI*BBR and HI*BBQ; UB-04 type of bill",
    flagged: RuleExample(.institutional) {
      $0.typeOfBill = "111"
      $0.admission = "20260309"
    },
    clean: RuleExample(.institutional) {
      $0.typeOfBill = "111"
      $0.admission = "20260309"
      $0.inpatientProcedures = 1
    })

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.billType.hasPrefix("011"), line.claim.inpatientProcedureCount == 0 else { return }
    findings.report(.inpatientProcedures, Message.missing(line.line.procedure.code))
  }
}

extension InpatientBillWithoutProcedure {
  fileprivate enum Message {
    static func missing(_ procedure: Code) -> MessageText {
      "the inpatient bill lists \(procedure) and no ICD-10-PCS procedure"
    }
  }
}
