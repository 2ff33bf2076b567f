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
    needs: [.serviceDate, .clinician, .modifiers], applies: .all, carc: "97;236", rarc: "M15;N20",
    fix: "Do not bill the companion, or add the modifier that says why it was distinct (59, XE, XS, XP, XU).",
    source: "CMS NCCI procedure-to-procedure edits, file of 2024-07-01; NCCI policy manual, chapter I",
    flagged: RuleExample { $0.companions = [RuleExample.Companion("36000")] },
    clean: RuleExample { $0.companions = [RuleExample.Companion("36000", modifiers: ["59"])] })

  static let occasions: Occasions = .pairedProcedure

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard !line.hasModifier(.bypass) else { return }
    let codes = line.pairs(companionIsPart: true, mayBeSeparated: true, withVisits: line.isInstitutional)
    if !codes.isEmpty { findings.report(.procedure, Message.bundled(codes, line.line.procedure.code)) }
  }
}

extension BundledCompanion {
  fileprivate enum Message {
    static func bundled(_ codes: CodeList, _ procedure: Code) -> MessageText {
      "\(codes) is bundled with \(procedure) unless it was distinct"
    }
  }
}

extension AuditedLine {
  /// The companions of the pairs in one direction that were in force; a pair that a modifier may separate does not count when the
  /// companion's line has one.
  ///
  /// - Parameters:
  ///   - companionIsPart: whether the companions are part of the procedure, else it is part of them.
  ///   - mayBeSeparated: whether a modifier may separate the pair; `nil` takes both kinds.
  ///   - withVisits: whether visits count.
  func pairs(companionIsPart: Bool, mayBeSeparated: Bool?, withVisits: Bool = true) -> CodeList {
    var codes = CodeList()
    guard let day, !policy.companions.isEmpty, !billType.hasPrefix("011") else { return codes }
    for other in claim.lines.indices where isPaired(other) {
      let code = claim.lines[other].procedure.code
      guard isCompanion(other), withVisits || !isVisit(other), !codes.contains(code),
        let pair = policy.pair(with: code, companionIsPart: companionIsPart, isHospital: isInstitutional, on: day),
        mayBeSeparated == nil || pair.mayBeSeparated == mayBeSeparated
      else { continue }
      if pair.mayBeSeparated, !families(ofLine: other).isDisjoint(with: .bypass) { continue }
      codes.insert(code)
    }
    return codes
  }
}
