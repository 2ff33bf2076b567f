internal import Auditing
internal import ClaimModel

/// Finds place-of-service codes in modifier fields: `11` is the office, and no modifier.
///
/// A table in circulation pairs 11 with the meaning of 78. The value is never taken for 78: it opens no operating room, no global
/// period and no bundled pair, and 58 and 79 are as likely to have been meant. The hint in the fix says whether the line's own
/// place of service is the same code, which points to shifted columns.
struct PlaceOfServiceAsModifier: LineRule {
  static let description = RuleDescription(
    id: "MOD-003", severity: .error, name: "place-of-service-as-modifier",
    summary: "No modifier field holds a place-of-service code.",
    rationale:
      "The value is no modifier, the line is denied, and what was meant is lost either way: the place or the modifier.",
    needs: .modifiers, applies: .all, scope: .general, carc: "4;182", rarc: "N823",
    fix: "Put the place of service where it belongs, or enter the modifier that was meant.",
    source: "CMS place-of-service codes; CPT and HCPCS modifier lists",
    flagged: RuleExample(modifiers: ["11"]), clean: RuleExample(modifiers: ["22"]).documented)

  static let occasions: Occasions = .modifier(.placeOfService)

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard line.modifiers.has(.placeOfService) else { return }
    var codes = CodeList()
    var first: Int?
    var isColumnShift = false
    for index in line.line.modifiers.indices where line.modifiers.state(at: index) == .placeOfService {
      let code = line.line.modifiers[index].code
      if first == nil { first = index }
      if code == line.place.code { isColumnShift = true }
      codes.insert(code)
    }
    findings.report(
      .modifier(first ?? 0), Message.sentences(codes, line), fix: isColumnShift ? Self.fixOfShift : Self.fixWithoutShift
    )
  }
}

extension PlaceOfServiceAsModifier {
  private static let fixOfShift = description.fix + " (hint: pos_equals_modifier)"
  private static let fixWithoutShift = description.fix + " (hint: none)"

  fileprivate enum Message {
    static func sentences(_ codes: CodeList, _ line: AuditedLine) -> MessageText {
      var text = MessageText()
      for index in 0..<codes.count {
        if index > 0 { text.append(" ") }
        append(codes[index], line, to: &text)
      }
      return text
    }

    private static func append(_ code: Code, _ line: AuditedLine, to text: inout MessageText) {
      text.append(
        "Modifier \"\(code)\" is not a CPT or HCPCS modifier. \(code) is the place-of-service code for " as MessageText)
      text.append(line.tables.places.name(of: code))
      text.append(". ")
      if code == "11" {
        text.append(
          "If an unplanned return to the operating or procedure room for a related procedure was meant, the modifier is 78, "
        )
        text.append("and it applies only inside an open 10- or 90-day period of an earlier procedure")
        let procedure = line.line.procedure.code
        if line.policy.withoutAftercare.contains(procedure) {
          text.append(" (\(procedure) itself has none)" as MessageText)
        }
        text.append(". ")
      }
      text.append("If a place of service was meant, it belongs in CLM05-1/SV105.")
    }
  }
}
