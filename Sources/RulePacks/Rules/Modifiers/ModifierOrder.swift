internal import Auditing
internal import ClaimModel

/// Finds modifiers that inform standing before modifiers that price.
struct ModifierOrder: LineRule {
  static let description = RuleDescription(
    id: "MOD-021", severity: .info, name: "modifier-order",
    summary: "Modifiers that change the price stand first.",
    rationale: "Some payers price by the first modifier only.",
    needs: .modifiers, applies: .all, carc: "", rarc: "",
    fix: "Put the pricing modifier first.",
    source: "Advice of Medicare contractors on the sequence of modifiers",
    flagged: RuleExample(modifiers: ["RT", "52"]), clean: RuleExample(modifiers: ["52", "RT"]))

  static let occasions: Occasions = .severalModifiers

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.modifiers.validCount > 1, line.modifiers.families.contains([.pricing, .afterPricing]) else { return }
    var late: Code?
    for index in 0..<line.modifiers.validCount {
      let families = line.families(at: index)
      if let late, families.contains(.pricing) {
        let pricing = line.modifiers.valid(at: index)
        findings.report(.modifier(line.position(of: late)), Message.order(late, pricing))
        return
      }
      if late == nil, families.contains(.afterPricing) { late = line.modifiers.valid(at: index) }
    }
  }
}

extension ModifierOrder {
  fileprivate enum Message {
    static func order(_ late: Code, _ pricing: Code) -> MessageText {
      "modifier \"\(late)\" stands before \"\(pricing)\", which changes the price and goes first"
    }
  }
}
