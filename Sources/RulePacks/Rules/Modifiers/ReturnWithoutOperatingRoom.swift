internal import Auditing
internal import ClaimModel

/// Finds 78 at a place that has no operating or procedure room.
struct ReturnWithoutOperatingRoom: LineRule {
  static let description = RuleDescription(
    id: "MOD-019", severity: .warning, name: "return-without-operating-room",
    summary: "A line with 78 was done where there is an operating or procedure room.",
    rationale:
      "78 is the return to such a room; elsewhere the service is aftercare, which is not paid apart. 79 and 58 need no room.",
    needs: [.modifiers, .placeOfService], applies: .professionalLines, carc: "4;58", rarc: "N428",
    fix: "Correct the place of service, or remove 78.",
    source: "CPT modifier 78; Medicare Claims Processing Manual, chapter 12 §40.2; Regence policy 112",
    flagged: RuleExample(modifiers: ["78"], placeOfService: "11"),
    clean: RuleExample(modifiers: ["78"], placeOfService: "21"))

  static let occasions: Occasions = .modifier(.operatingRoom)

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.hasModifier(.operatingRoom), line.isPlaceValid, !line.policy.isOperatingSite(line.place.code) else {
      return
    }
    let (values, field) = line.named(.operatingRoom)
    findings.report(field, Message.noRoom(values, line.place.code))
  }
}

extension ReturnWithoutOperatingRoom {
  fileprivate enum Message {
    static func noRoom(_ values: MessageText, _ place: Code) -> MessageText {
      "modifier \(values) needs an operating or procedure room, and place of service \(place) has none"
    }
  }
}
