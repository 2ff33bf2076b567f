internal import Auditing
internal import ClaimModel

/// Finds modifiers of visits on the line of a procedure.
///
/// On the visit's own line they are right.
struct VisitModifier: LineRule {
  static let description = RuleDescription(
    id: "MOD-008", severity: .error, name: "visit-modifier",
    summary: "A procedure carries no modifier that is for visits.",
    rationale:
      "25 and its like say that a visit stands apart from the procedure; on the procedure they say nothing and are denied.",
    needs: .modifiers, applies: .all, carc: "4", rarc: "N823",
    fix: "Move the modifier to the visit line of that day, or remove it.",
    source: "CPT modifier definitions (24, 25, 27, 57); CMS definitions of AI, FS, FT",
    flagged: RuleExample(modifiers: ["25"]),
    clean: RuleExample { $0.companions = [RuleExample.Companion("99213", modifiers: ["25"])] })

  static let occasions: Occasions = .modifier(.visit)

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.hasModifier(.visit) else { return }
    let (values, field) = line.named(.visit)
    findings.report(field, Message.visit(values, line))
  }
}

extension VisitModifier {
  fileprivate enum Message {
    static func visit(_ values: MessageText, _ line: AuditedLine) -> MessageText {
      "modifier \(values) is for visits, not for procedure \(line.line.procedure.code)"
    }
  }
}
