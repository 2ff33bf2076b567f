internal import Auditing
internal import ClaimModel

/// Finds modifiers that contradict each other on one line.
struct ExclusiveModifiers: LineRule {
  static let description = RuleDescription(
    id: "MOD-006", severity: .error, name: "exclusive-modifiers",
    summary: "No two modifiers of a line exclude each other.",
    rationale: "Two statements that cannot both be true leave the payer nothing to pay by.",
    needs: .modifiers, applies: .all, carc: "4", rarc: "N519",
    fix: "Keep the one that describes the service.",
    source: "CPT modifier definitions; CMS NCCI policy manual, chapter I (59 and XE, XS, XP, XU)",
    flagged: RuleExample(modifiers: ["52", "53"]), clean: RuleExample(modifiers: ["GX", "GY"]))

  static let occasions: Occasions = .severalModifiers

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    let count = line.modifiers.validCount
    guard count > 1 else { return }
    var pairs = MessageText()
    var first: Code?
    for i in 0..<count - 1 {
      for j in i + 1..<count where line.policy.exclude(line.modifiers.valid(at: i), line.modifiers.valid(at: j)) {
        if first == nil { first = line.modifiers.valid(at: i) }
        if !pairs.isEmpty { pairs.append(", ") }
        pairs.append("\(line.modifiers.valid(at: i)) and \(line.modifiers.valid(at: j))" as MessageText)
      }
    }
    if let first { findings.report(.modifier(line.position(of: first)), Message.exclusive(pairs)) }
  }
}

extension ExclusiveModifiers {
  fileprivate enum Message {
    static func exclusive(_ pairs: MessageText) -> MessageText {
      "modifiers \(pairs) exclude each other"
    }
  }
}
