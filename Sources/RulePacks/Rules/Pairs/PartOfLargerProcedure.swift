internal import Auditing
internal import ClaimModel

/// Finds larger procedures beside this one that contain it (NCCI, this code in column 2).
struct PartOfLargerProcedure: LineRule {
  static let description = RuleDescription(
    id: "PAIR-004", severity: .warning, name: "part-of-larger-procedure",
    summary: "The procedure does not stand beside one that contains it, unless a modifier separates them.",
    rationale: "Medicare pays the larger procedure and refuses the one that is part of it.",
    needs: [.serviceDate, .clinician, .modifiers], applies: .all, carc: "97;236", rarc: "N19;M15",
    fix: "Do not bill the smaller procedure, or add the modifier that says why it was distinct (59, XE, XS, XP, XU).",
    source: "CMS NCCI procedure-to-procedure edits, file of 2024-07-01",
    flagged: RuleExample { $0.companions = [RuleExample.Companion("32650", charge: "2500.00")] },
    clean: RuleExample {
      $0.modifiers = ["XS"]
      $0.companions = [RuleExample.Companion("32650", charge: "2500.00")]
    })

  static let occasions: Occasions = .pairedProcedure

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    let codes = line.pairs(companionIsPart: false, mayBeSeparated: line.hasModifier(.bypass) ? false : nil)
    if !codes.isEmpty { findings.report(.procedure, Message.part(codes, line.line.procedure.code)) }
  }
}

extension PartOfLargerProcedure {
  fileprivate enum Message {
    static func part(_ codes: CodeList, _ procedure: Code) -> MessageText {
      "\(procedure) is part of \(codes)"
    }
  }
}
