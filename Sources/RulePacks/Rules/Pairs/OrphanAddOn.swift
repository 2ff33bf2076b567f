internal import Auditing
internal import ClaimModel

/// Finds add-on codes of the same day whose primary code is missing.
struct OrphanAddOn: LineRule {
  static let description = RuleDescription(
    id: "PAIR-005", severity: .warning, name: "orphan-add-on",
    summary: "An add-on code beside the procedure has its primary code on that day.",
    rationale: "An add-on is never paid alone.",
    needs: .serviceDate, applies: .all, carc: "107;B15", rarc: "N122",
    fix: "Bill the primary code, or remove the add-on.",
    source: "CMS NCCI add-on code edits; CMS physician fee schedule (ZZZ)",
    flagged: RuleExample { $0.companions = [RuleExample.Companion("99153")] },
    clean: RuleExample { $0.companions = [RuleExample.Companion("99152"), RuleExample.Companion("99153")] })

  static let occasions: Occasions = .addOnBeside

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard let day = line.day, !line.claim.isPartial else { return }
    var orphans = CodeList()
    for addOn in line.policy.addOns where Self.has(line, day, addOn.code) {
      if !addOn.primaries.contains(where: { Self.has(line, day, $0) }) { orphans.insert(addOn.code) }
    }
    if !orphans.isEmpty { findings.report(.procedure, Message.orphan(orphans)) }
  }

  private static func has(_ line: AuditedLine, _ day: Day, _ code: Code) -> Bool {
    for other in line.claim.lines.indices
    where line.claim.lines[other].procedure.code == code && line.claim.lines[other].serviceFrom.day == day {
      return true
    }
    return false
  }
}

extension OrphanAddOn {
  fileprivate enum Message {
    static func orphan(_ codes: CodeList) -> MessageText {
      "add-on \(codes) stands without its primary code on that day"
    }
  }
}
