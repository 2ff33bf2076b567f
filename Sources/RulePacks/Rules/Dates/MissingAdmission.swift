internal import Auditing
internal import ClaimModel

/// Finds inpatient services without an admission date: places of service 21, 51 and 61, types of bill 11x.
struct MissingAdmission: LineRule {
  static let description = RuleDescription(
    id: "DATE-005", severity: .warning, name: "missing-admission-date",
    summary: "A claim for an inpatient gives the admission date.",
    rationale: "The date is required for inpatient services; without it the claim is returned.",
    needs: .admission, applies: .all, scope: .general, carc: "16", rarc: "MA40",
    fix: "Enter the admission date (DTP*435).",
    source: "X12 837 DTP*435",
    flagged: RuleExample(placeOfService: "21"),
    clean: RuleExample {
      $0.placeOfService = "21"
      $0.admission = "20260309"
    })

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.claim.admission == .absent else { return }
    if line.isInstitutional {
      if line.billType.hasPrefix("011") {
        findings.report(.admission, Message.missing("type of bill \(line.billType)"))
      }
    } else if line.place.code == "21" || line.place.code == "51" || line.place.code == "61" {
      findings.report(.admission, Message.missing("place of service \(line.place.code)"))
    }
  }
}

extension MissingAdmission {
  fileprivate enum Message {
    static func missing(_ site: MessageText) -> MessageText {
      "\(site) is inpatient care and the admission date is missing"
    }
  }
}
