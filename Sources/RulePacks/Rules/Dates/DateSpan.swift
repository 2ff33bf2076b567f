internal import Auditing
internal import ClaimModel

/// Finds a procedure billed over several days, and periods that end before they begin.
struct DateSpan: LineRule {
  static let description = RuleDescription(
    id: "DATE-006", severity: .warning, name: "date-span",
    summary: "A procedure is billed on one day, and no period ends before it begins.",
    rationale: "The procedure is done once on a day; a span leaves open which one, and is returned or denied.",
    needs: .serviceDate, applies: .all, scope: .general, carc: "16", rarc: "N345;M59",
    fix: "Enter one service date, or one line a day.",
    source: "X12 837 DTP*472 (RD8) and DTP*434",
    flagged: RuleExample { $0.serviceTo = "20260312" }, clean: RuleExample())

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    if let from = line.serviceDay, let to = line.line.serviceTo.day, from != to {
      findings.report(.serviceTo, from > to ? Message.reversed(from, to) : Message.span(from, to))
    } else if let from = line.claim.statementFrom.day, let to = line.claim.statementTo.day, from > to {
      findings.report(.statementPeriod, Message.statement(from, to))
    }
  }
}

extension DateSpan {
  fileprivate enum Message {
    static func span(_ from: Day, _ to: Day) -> MessageText {
      "the service dates \(from) to \(to) do not fit a procedure done once"
    }
    static func reversed(_ from: Day, _ to: Day) -> MessageText {
      "the service ends on \(to), before it begins on \(from)"
    }
    static func statement(_ from: Day, _ to: Day) -> MessageText {
      "the statement period ends on \(to), before it begins on \(from)"
    }
  }
}
