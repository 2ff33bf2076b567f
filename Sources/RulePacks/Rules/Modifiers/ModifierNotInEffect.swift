internal import Auditing
internal import ClaimModel

/// Finds modifiers that had ended or had not begun on the service date.
///
/// Without a valid date nothing is said: most dates of the list are open anyway.
struct ModifierNotInEffect: LineRule {
  static let description = RuleDescription(
    id: "MOD-004", severity: .error, name: "modifier-not-in-effect",
    summary: "Each modifier is in effect on the service date.",
    rationale: "Payers look a modifier up by the date of service; outside its dates it does not exist.",
    needs: .modifiers, applies: .all, scope: .general, carc: "182", rarc: "N823",
    fix: "Enter the modifier that was in effect on that day, or correct the date.",
    source: "CPT and HCPCS modifier lists, with the dates of their changes",
    flagged: RuleExample(modifiers: ["21"]), clean: RuleExample(modifiers: ["XE"]))

  static let occasions: Occasions = .modifier(.notInEffect)

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.modifiers.has(.notInEffect), let day = line.day else { return }
    let (values, field) = line.values(.notInEffect)
    findings.report(field, Message.notInEffect(values, day))
  }
}

extension ModifierNotInEffect {
  fileprivate enum Message {
    static func notInEffect(_ values: MessageText, _ day: Day) -> MessageText {
      "modifier \(values) is not valid on \(day)"
    }
  }
}
