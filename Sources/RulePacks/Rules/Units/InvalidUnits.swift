internal import Auditing
internal import ClaimModel

/// Finds units that are missing, no whole number above zero, or not counted in units.
struct InvalidUnits: LineRule {
  static let description = RuleDescription(
    id: "UNIT-001", severity: .error, name: "invalid-units",
    summary: "The line bills a whole number of units (UN), at least one.",
    rationale: "A procedure is done a whole number of times; anything else is rejected.",
    needs: .units, applies: .all, scope: .general, carc: "16", rarc: "M53",
    fix: "Enter the number of units, with UN.",
    source: "X12 837 SV103 and SV104, SV204 and SV205",
    flagged: RuleExample { $0.units = "0" }, clean: RuleExample { $0.units = "1.0" })

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    switch line.line.units {
    case .absent: findings.report(.units, Message.missing)
    case .malformed: findings.report(.units, Message.malformed)
    case .tenThousandths(let value):
      if value <= 0 {
        findings.report(.units, Message.notPositive)
      } else if value % 10_000 != 0 {
        findings.report(.units, Message.fractional)
      } else if line.line.unitBasis != "UN", line.claim.kind != .dental {
        // SV3 has no place for a basis.
        findings.report(.units, Message.basis(line.line.unitBasis))
      }
    }
  }
}

extension InvalidUnits {
  fileprivate enum Message {
    static var missing: MessageText { "the units are missing" }
    static var malformed: MessageText { "the units are not a number" }
    static var notPositive: MessageText { "the units are zero or less" }
    static var fractional: MessageText { "the units are not a whole number" }
    static func basis(_ basis: Code) -> MessageText {
      basis.isNone
        ? "the units do not say what they count" : "the units are counted in \"\(basis)\" and not in units (UN)"
    }
  }
}
