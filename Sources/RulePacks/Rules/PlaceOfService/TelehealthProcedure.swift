internal import Auditing
internal import ClaimModel

/// Finds a procedure done by hand at a place of service of telehealth.
struct TelehealthProcedure: LineRule {
  static let description = RuleDescription(
    id: "POS-006", severity: .error, name: "telehealth-procedure",
    summary: "A procedure that is done by hand is not billed as telehealth.",
    rationale: "It is on no list of telehealth services and is denied.",
    needs: .placeOfService, applies: .professionalLines, carc: "5;58", rarc: "N776;M77",
    fix: "Enter the place where the patient was.",
    source: "CMS place-of-service codes 02 and 10; CMS list of telehealth services",
    flagged: RuleExample(placeOfService: "02"), clean: RuleExample(placeOfService: "22"))

  static let occasions: Occasions = .placeDoubtful

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.isPlaceValid, line.policy.verdict(place: line.place.code) == .telehealth else { return }
    findings.report(.placeOfService, Message.telehealth(line.line.procedure.code, line.place.code))
  }
}

extension TelehealthProcedure {
  fileprivate enum Message {
    static func telehealth(_ procedure: Code, _ place: Code) -> MessageText {
      "\(procedure) is done by hand and cannot be telehealth (place of service \(place))"
    }
  }
}
