internal import Auditing
internal import ClaimModel

/// Finds 51 on a claim that bills no second procedure of that day.
struct MultipleWithoutSecondProcedure: LineRule {
  static let description = RuleDescription(
    id: "MOD-020", severity: .warning, name: "multiple-without-second-procedure",
    summary: "A line with 51 stands beside another procedure of the same day and clinician.",
    rationale: "51 marks the second of several procedures and halves its price; alone it only costs.",
    needs: [.modifiers, .serviceDate, .clinician], applies: .professionalLines, carc: "4", rarc: "N519",
    fix: "Remove 51: payers apply the reduction themselves.",
    source: "CPT modifier 51; CMS physician fee schedule, multiple procedure indicator",
    flagged: RuleExample(modifiers: ["51"]),
    clean: RuleExample {
      $0.modifiers = ["51"]
      $0.companions = [RuleExample.Companion("31622")]
    })

  static let occasions: Occasions = .modifier(.multipleProcedures)

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.hasModifier(.multipleProcedures), line.day != nil, !line.claim.isPartial else { return }
    for other in line.claim.lines.indices where line.isCompanion(other) {
      if Self.isSurgical(line.claim.lines[other].procedure.code) { return }
    }
    let (values, field) = line.named(.multipleProcedures)
    findings.report(field, Message.alone(values))
  }

  /// The surgery section of CPT: 10000 to 69999.
  private static func isSurgical(_ code: Code) -> Bool {
    code.count == 5 && code.isDigits && code[0] >= 0x31 && code[0] <= 0x36
  }
}

extension MultipleWithoutSecondProcedure {
  fileprivate enum Message {
    static func alone(_ values: MessageText) -> MessageText {
      "modifier \(values) marks one of several procedures, and the claim has no other of that day and clinician"
    }
  }
}
