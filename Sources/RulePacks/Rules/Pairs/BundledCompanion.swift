internal import Auditing
internal import ClaimModel

/// Finds codes beside the procedure that are part of it unless a modifier separates them (NCCI, CCMI 1).
///
/// On professional lines visits have a rule of their own (`VisitWithoutModifier`).
struct BundledCompanion: LineRule {
  static let description = RuleDescription(
    id: "PAIR-002", severity: .warning, name: "bundled-companion",
    summary: "A code that is part of the procedure stands beside it only with a modifier that separates them.",
    rationale: "Medicare pays the pair once unless the two were distinct and a modifier of either line says so.",
    needs: [.serviceDate, .clinician], applies: .all, carc: "97;236", rarc: "M15;N20",
    fix: "Do not bill the companion, or add the modifier that says why it was distinct (59, XE, XS, XP, XU).",
    source: "CMS NCCI procedure-to-procedure edits, file of 2024-07-01; NCCI policy manual, chapter I",
    flagged: RuleExample { $0.companions = [RuleExample.Companion("36000")] },
    clean: RuleExample { $0.companions = [RuleExample.Companion("36000", modifiers: ["59"])] })

  static let occasions: Occasions = .pairedProcedure

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard !line.hasModifier(.bypass) else { return }
    let codes = line.bundled { pair in
      pair.mayBeSeparated && (line.isInstitutional || !line.policy.visits.matches(pair.companion))
    }
    if !codes.isEmpty { findings.report(.procedure, Message.bundled(codes, line.line.procedure.code)) }
  }
}

extension BundledCompanion {
  fileprivate enum Message {
    static func bundled(_ codes: [Code], _ procedure: Code) -> MessageText {
      "\(MessageText.list(codes)) is bundled with \(procedure) unless it was distinct"
    }
  }
}

extension AuditedLine {
  /// The companions that are part of the procedure by a pair that was in force and that `isWanted`; a pair that a modifier may
  /// separate does not count when the companion's line has one.
  func bundled(_ isWanted: (ProcedurePolicy.Pair) -> Bool) -> [Code] {
    pairs(companionIsPart: true, isWanted)
  }

  /// The companions of the pairs in one direction, each once.
  func pairs(companionIsPart: Bool, _ isWanted: (ProcedurePolicy.Pair) -> Bool) -> [Code] {
    guard let day, !policy.companions.isEmpty, !billType.hasPrefix("011") else { return [] }
    var codes: [Code] = []
    for other in claim.lines.indices where isPaired(other) {
      let code = claim.lines[other].procedure.code
      guard isCompanion(other), !codes.contains(code),
        let pair = policy.pair(with: code, companionIsPart: companionIsPart, isHospital: isInstitutional, on: day),
        isWanted(pair)
      else { continue }
      if pair.mayBeSeparated, !families(ofLine: other).isDisjoint(with: .bypass) { continue }
      codes.append(code)
    }
    return codes
  }
}
