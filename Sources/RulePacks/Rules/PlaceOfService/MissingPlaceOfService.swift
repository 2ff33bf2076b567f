internal import Auditing
internal import ClaimModel

/// Finds professional lines without a place of service, on the line or on the claim.
struct MissingPlaceOfService: LineRule {
  static let description = RuleDescription(
    id: "POS-001", severity: .error, name: "missing-place-of-service",
    summary: "A professional line has a place of service, its own (SV105) or the claim's (CLM05-1).",
    rationale: "Price and coverage depend on the place; a claim without one is unprocessable.",
    needs: .placeOfService, applies: .professionalLines, scope: .general, carc: "16", rarc: "M77",
    fix: "Enter the place of service.",
    source: "X12 837P CLM05-1, SV105",
    flagged: RuleExample(placeOfService: ""), clean: RuleExample(placeOfService: "22"))

  static let occasions: Occasions = .placeInvalid

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    if line.place.isEmpty { findings.report(.placeOfService, Message.missing) }
  }
}

extension MissingPlaceOfService {
  fileprivate enum Message {
    static var missing: MessageText { "the place of service is missing" }
  }
}
