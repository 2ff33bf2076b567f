internal import Auditing
internal import ClaimModel

/// Finds codes beside the procedure that no modifier separates from it (NCCI, CCMI 0).
///
/// Professional lines are judged by the practitioners' table, institutional ones by the hospitals', which is for outpatients: on an
/// inpatient bill (11x) nothing is said.
struct NeverSeparate: LineRule {
  static let description = RuleDescription(
    id: "PAIR-001", severity: .error, name: "never-separate",
    summary: "No code stands beside the procedure that is never paid apart from it (NCCI, modifier indicator 0).",
    rationale: "The companion is part of the procedure by Medicare's edits, and no modifier brings it payment.",
    needs: [.serviceDate, .clinician], applies: .all, carc: "97;236", rarc: "M80;N20",
    fix: "Do not bill the companion.",
    source: "CMS NCCI procedure-to-procedure edits, file of 2024-07-01",
    flagged: RuleExample { $0.companions = [RuleExample.Companion("99156")] },
    clean: RuleExample { $0.companions = [RuleExample.Companion("99156", clinician: "R2")] })

  static let occasions: Occasions = .pairedProcedure

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    let codes = line.pairs(companionIsPart: true, mayBeSeparated: false)
    if !codes.isEmpty { findings.report(.procedure, Message.never(codes, line.line.procedure.code)) }
  }
}

extension NeverSeparate {
  fileprivate enum Message {
    static func never(_ codes: CodeList, _ procedure: Code) -> MessageText {
      "\(codes) is never separate from \(procedure)"
    }
  }
}
