internal import Auditing
internal import ClaimModel

/// Finds professional lines dated before the admission or after the discharge that the claim gives.
struct ServiceOutsideStay: LineRule {
  static let description = RuleDescription(
    id: "DATE-004", severity: .error, name: "service-outside-stay",
    summary: "A professional line's date is within the stay that the claim gives.",
    rationale: "A service of a stay that was over, or had not begun, is denied.",
    needs: [.serviceDate, .admission], applies: .professionalLines, scope: .general, carc: "16", rarc: "MA40;N318",
    fix: "Correct the service date or the dates of the stay (DTP*435, DTP*096).",
    source: "X12 837P DTP*435 and DTP*096",
    flagged: RuleExample {
      $0.placeOfService = "21"
      $0.admission = "20260301"
      $0.discharge = "20260305"
    },
    clean: RuleExample {
      $0.placeOfService = "21"
      $0.admission = "20260301"
    })

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard let day = line.serviceDay else { return }
    if let admission = line.claim.admission.day, day < admission {
      findings.report(.serviceFrom, Message.before(day, admission))
    } else if let discharge = line.claim.discharge.day, day > discharge {
      findings.report(.serviceFrom, Message.after(day, discharge))
    }
  }
}

extension ServiceOutsideStay {
  fileprivate enum Message {
    static func before(_ day: Day, _ admission: Day) -> MessageText {
      "the service date \(day) is before the admission on \(admission)"
    }
    static func after(_ day: Day, _ discharge: Day) -> MessageText {
      "the service date \(day) is after the discharge on \(discharge)"
    }
  }
}
