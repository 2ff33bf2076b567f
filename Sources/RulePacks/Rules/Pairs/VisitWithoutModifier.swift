internal import Auditing
internal import ClaimModel

/// Finds a visit of the same day and clinician that does not say it stands apart (25).
///
/// 57 is for visits that decide on a major operation and does not help here.
struct VisitWithoutModifier: LineRule {
  static let description = RuleDescription(
    id: "PAIR-003", severity: .warning, name: "visit-without-modifier",
    summary: "A visit beside the procedure carries 25.",
    rationale:
      "The visit of the day is part of a procedure with global days 000 unless it was significant and separate.",
    needs: [.serviceDate, .clinician, .modifiers], applies: .professionalLines, carc: "97", rarc: "M144;N20",
    fix: "Add 25 to the visit if the record shows a separate one, else do not bill it.",
    source: "CMS physician fee schedule, global days; NCCI policy manual, chapter I",
    flagged: RuleExample { $0.companions = [RuleExample.Companion("99213")] },
    clean: RuleExample { $0.companions = [RuleExample.Companion("99213", modifiers: ["25"])] })

  static let occasions: Occasions = .visitBeside

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard !line.policy.visits.isEmpty else { return }
    var codes = CodeList()
    for other in line.claim.lines.indices where line.isVisit(other) {
      let code = line.claim.lines[other].procedure.code
      guard !codes.contains(code), line.isCompanion(other),
        line.families(ofLine: other).isDisjoint(with: .separateVisit)
      else { continue }
      codes.insert(code)
    }
    if !codes.isEmpty { findings.report(.procedure, Message.visit(codes, line.line.procedure.code)) }
  }
}

extension VisitWithoutModifier {
  fileprivate enum Message {
    static func visit(_ codes: CodeList, _ procedure: Code) -> MessageText {
      "visit \(codes) on the day of \(procedure) needs modifier 25"
    }
  }
}
