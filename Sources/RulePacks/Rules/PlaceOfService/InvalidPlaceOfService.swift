internal import Auditing
internal import ClaimModel

/// Finds place-of-service values that are no code, or none yet on the service date.
struct InvalidPlaceOfService: LineRule {
  static let description = RuleDescription(
    id: "POS-002", severity: .error, name: "invalid-place-of-service",
    summary: "The place of service is an assigned code that is in effect on the service date.",
    rationale: "A code that does not exist on that day makes the claim unprocessable.",
    needs: .placeOfService, applies: .professionalLines, scope: .general, carc: "16;5", rarc: "M77",
    fix: "Enter the code of the place where the service was done.",
    source: "CMS place-of-service codes",
    flagged: RuleExample(placeOfService: "29"), clean: RuleExample(placeOfService: "19"))

  static let occasions: Occasions = .placeInvalid

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard !line.place.isEmpty, !line.isPlaceValid else { return }
    findings.report(.placeOfService, Message.invalid(line.quoted(line.place), line.day))
  }
}

extension InvalidPlaceOfService {
  fileprivate enum Message {
    static func invalid(_ place: MessageText, _ day: Day?) -> MessageText {
      if let day {
        "\(place) is not a place-of-service code on \(day)"
      } else {
        "\(place) is not a place-of-service code"
      }
    }
  }
}
