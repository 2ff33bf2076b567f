internal import Auditing
internal import ClaimModel

/// Finds institutional lines dated outside the statement period.
///
/// The admission date is not compared: services before an admission are billed inside the period.
struct ServiceOutsideStatement: LineRule {
  static let description = RuleDescription(
    id: "DATE-003", severity: .error, name: "service-outside-statement",
    summary: "An institutional line's date is within the statement period.",
    rationale: "The claim bills one period; a line outside it is returned.",
    needs: [.serviceDate, .statementPeriod], applies: .institutionalLines, scope: .general, carc: "16", rarc: "MA31",
    fix: "Correct the line's date or the statement period (DTP*434).",
    source: "X12 837I DTP*434 and DTP*472",
    flagged: RuleExample(.institutional) { $0.serviceFrom = "20260312" }, clean: RuleExample(.institutional))

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard let day = line.serviceDay, let from = line.claim.statementFrom.day else { return }
    let to: Day
    switch line.claim.statementTo {
    case .day(let last): to = last
    // DTP*434 with one day is a period of that day; an export that does not say the last day says nothing about it.
    case .absent where !line.isCSV: to = from
    case .absent, .malformed: return
    }
    guard from <= to, day < from || day > to else { return }
    findings.report(.serviceFrom, Message.outside(day, from, to))
  }
}

extension ServiceOutsideStatement {
  fileprivate enum Message {
    static func outside(_ day: Day, _ from: Day, _ to: Day) -> MessageText {
      "the service date \(day) is outside the statement period \(from) to \(to)"
    }
  }
}
