internal import Auditing
internal import ClaimModel

/// Finds the same modifier twice on a line.
struct RepeatedModifier: LineRule {
  static let description = RuleDescription(
    id: "MOD-005", severity: .warning, name: "repeated-modifier",
    summary: "No modifier stands twice on a line.",
    rationale:
      "The second one says nothing and takes a place that another modifier may need; some payers reject the line.",
    needs: .modifiers, applies: .all, scope: .general, carc: "4", rarc: "N519",
    fix: "Remove the repetition.",
    source: "X12 837 SV101, SV202",
    flagged: RuleExample(modifiers: ["RT", "RT"]), clean: RuleExample(modifiers: ["RT", "GC"]))

  static let occasions: Occasions = .modifier(.repeated)

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.modifiers.has(.repeated) else { return }
    let (values, field) = line.values(.repeated)
    findings.report(field, Message.repeated(values))
  }
}

extension RepeatedModifier {
  fileprivate enum Message {
    static func repeated(_ values: MessageText) -> MessageText {
      "modifier \(values) stands more than once on the line"
    }
  }
}
