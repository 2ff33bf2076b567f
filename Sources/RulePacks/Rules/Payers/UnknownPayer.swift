internal import Auditing
internal import ClaimModel

/// Says of a payer that neither id, name nor filing indicator makes it known.
struct UnknownPayer: LineRule {
  static let description = RuleDescription(
    id: "PAYER-001", severity: .info, name: "unknown-payer",
    summary: "The payer is known by id, by name, or by the filing indicator.",
    rationale: "Rules and totals by payer leave the claim out.",
    needs: .payer, applies: .all, scope: .general, carc: "", rarc: "",
    fix: "Add the payer's id or name to a rule pack.",
    source: "The payer table of the packs",
    flagged: RuleExample {
      $0.payerName = "ACME BENEFIT TRUST"
      $0.payerID = "A0001"
    },
    clean: RuleExample {
      $0.payerName = "Aetna Life & Casualty"
      $0.payerID = ""
    })

  static let occasions: Occasions = .payerUnknown

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    if line.payer == nil { findings.report(.payer, Message.unknown) }
  }
}

extension UnknownPayer {
  fileprivate enum Message {
    static var unknown: MessageText { "the payer is not recognised by its id, name or filing indicator" }
  }
}
