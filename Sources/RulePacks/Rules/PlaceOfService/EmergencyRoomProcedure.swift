internal import Auditing
internal import ClaimModel

/// Marks procedures in an emergency room, for a person to look at the urgency.
struct EmergencyRoomProcedure: LineRule {
  static let description = RuleDescription(
    id: "POS-005", severity: .info, name: "emergency-room-procedure",
    summary: "A planned procedure is not expected in an emergency room.",
    rationale: "It fits in an emergency only; nothing is wrong if there was one.",
    needs: .placeOfService, applies: .professionalLines, carc: "", rarc: "",
    fix: "Check that the record shows the urgency.",
    source: "CMS place-of-service codes",
    flagged: RuleExample(placeOfService: "23"), clean: RuleExample(placeOfService: "22"))

  static let occasions: Occasions = .placeDoubtful

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.isPlaceValid, line.policy.verdict(place: line.place.code) == .emergency else { return }
    findings.report(.placeOfService, Message.emergency(line.line.procedure.code, line.place.code))
  }
}

extension EmergencyRoomProcedure {
  fileprivate enum Message {
    static func emergency(_ procedure: Code, _ place: Code) -> MessageText {
      "\(procedure) in an emergency room (place of service \(place)): check that it was urgent"
    }
  }
}
