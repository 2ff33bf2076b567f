internal import Auditing
internal import ClaimModel

/// Finds places where the procedure is rarely done.
///
/// Never an error: the fee schedule prices such procedures outside a facility too.
struct UnusualPlaceOfService: LineRule {
  static let description = RuleDescription(
    id: "POS-003", severity: .warning, name: "unusual-place-of-service",
    summary: "The place of service is one where the procedure is usually done.",
    rationale:
      "A place that does not fit the procedure is often an error of the form, and draws a request for records.",
    needs: .placeOfService, applies: .professionalLines, carc: "5;58", rarc: "N428;M77",
    fix: "Check the place of service; keep it if the procedure was done there.",
    source: "CMS place-of-service codes; CMS physician fee schedule (non-facility price)",
    flagged: RuleExample(placeOfService: "11"), clean: RuleExample(placeOfService: "24"))

  static let occasions: Occasions = .placeDoubtful

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.isPlaceValid, line.policy.verdict(place: line.place.code) == .unusual else { return }
    findings.report(.placeOfService, Message.unusual(line))
  }
}

extension UnusualPlaceOfService {
  fileprivate enum Message {
    static func unusual(_ line: AuditedLine) -> MessageText {
      let name = line.tables.places.name(of: line.place.code)
      return "place of service \(line.place.code) (\(name)) is unusual for \(line.line.procedure.code)"
    }
  }
}
