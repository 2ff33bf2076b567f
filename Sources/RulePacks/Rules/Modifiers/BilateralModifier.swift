internal import Auditing
internal import ClaimModel

/// Finds 50, or LT with RT, on a code that pays both sides as one.
struct BilateralModifier: LineRule {
  static let description = RuleDescription(
    id: "MOD-011", severity: .warning, name: "bilateral-modifier",
    summary: "A code with bilateral indicator 0 is not billed for both sides.",
    rationale: "Both sides are paid as one, and the daily limit of one unit stands: the second side is refused.",
    needs: .modifiers, applies: .all, carc: "59;151", rarc: "N644;N362",
    fix: "Bill one unit without 50, with LT or RT if only one side was treated.",
    source: "CMS physician fee schedule, bilateral indicator; CMS medically unlikely edits",
    flagged: RuleExample(modifiers: ["50"]), clean: RuleExample(modifiers: ["LT"]))

  static let occasions: Occasions = .modifier([.bilateral, .left, .right])

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    let families = line.modifiers.families
    guard families.contains(.bilateral) || families.contains([.left, .right]) else { return }
    let which: ModifierFamilies = families.contains(.bilateral) ? .bilateral : [.left, .right]
    let (values, field) = line.named(which)
    findings.report(field, Message.bilateral(values, line))
  }
}

extension BilateralModifier {
  fileprivate enum Message {
    static func bilateral(_ values: MessageText, _ line: AuditedLine) -> MessageText {
      "modifier \(values) bills both sides, but \(line.line.procedure.code) has bilateral indicator 0 and pays as one side"
    }
  }
}
