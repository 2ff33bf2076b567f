internal import Auditing
internal import ClaimModel

/// Finds places where the procedure cannot well be done.
struct ImplausiblePlaceOfService: LineRule {
  static let description = RuleDescription(
    id: "POS-004", severity: .error, name: "implausible-place-of-service",
    summary: "The place of service is not one where such a procedure is out of the question.",
    rationale: "Payers deny a procedure at a place that does not fit its type.",
    needs: .placeOfService, applies: .professionalLines, carc: "5;58", rarc: "N428",
    fix: "Enter the place where the procedure was done.",
    source: "CMS place-of-service codes",
    flagged: RuleExample(placeOfService: "12"), clean: RuleExample(placeOfService: "22"))

  static let occasions: Occasions = .placeDoubtful

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.isPlaceValid, line.policy.verdict(place: line.place.code) == .implausible else { return }
    findings.report(.placeOfService, Message.implausible(line))
  }
}

extension ImplausiblePlaceOfService {
  fileprivate enum Message {
    static func implausible(_ line: AuditedLine) -> MessageText {
      let name = line.tables.places.name(of: line.place.code)
      return "place of service \(line.place.code) (\(name)) is not a site for \(line.policy.phrase)"
    }
  }
}
