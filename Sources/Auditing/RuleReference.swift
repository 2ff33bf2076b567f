import ClaimModel

/// The reference of the rules, made from what the rules say about themselves.
public enum RuleReference {
  /// One line a rule: id, severity, kinds of claim, expected codes, what is checked, what it needs to be evaluated.
  public static func text(_ rules: [RuleDescription]) -> String {
    let rows = rules.map { [$0.id, $0.severity.name, $0.applies.letters, codes($0), $0.summary, needs($0)] }
    let header = ["RULE", "SEVERITY", "APPLIES", "EXPECT", "WHAT IS CHECKED", "NEEDS"]
    var widths = header.map(\.count)
    for row in rows {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
    }
    var text = ""
    for row in [header] + rows {
      for (column, cell) in row.enumerated() {
        text += cell
        if column < row.count - 1 { text += String(repeating: " ", count: widths[column] - cell.count + 2) }
      }
      // A rule that needs nothing.
      while text.last == " " { text.removeLast() }
      text += "\n"
    }
    return text
  }

  /// A table for people, with a section a family.
  public static func markdown(_ rules: [RuleDescription]) -> String {
    var text = ""
    var family = ""
    for rule in rules {
      let name = String(rule.id.split(separator: "-").first ?? "")
      if name != family {
        family = name
        text += text.isEmpty ? "" : "\n"
        text += "## \(family)\n\n| rule | severity | applies | what is checked | why | expected | needs |\n"
        text += "|---|---|---|---|---|---|---|\n"
      }
      let cells = [
        "`\(rule.id)`", rule.severity.name, rule.applies.letters, rule.summary, rule.rationale, codes(rule),
        needs(rule),
      ]
      text += "| " + cells.map(escaped).joined(separator: " | ") + " |\n"
    }
    return text
  }

  /// An array of objects, one a rule.
  public static func json(_ rules: [RuleDescription]) -> String {
    var text = "[\n"
    for (position, rule) in rules.enumerated() {
      text += "  {"
      let fields: [(String, String)] = [
        ("id", quoted(rule.id)), ("severity", quoted(rule.severity.name)), ("name", quoted(rule.name)),
        ("applies", array(rule.applies.letters.split(separator: " ").map(String.init))),
        ("scope", quoted(rule.scope == .general ? "general" : "procedure")), ("summary", quoted(rule.summary)),
        ("rationale", quoted(rule.rationale)), ("fix", quoted(rule.fix)), ("source", quoted(rule.source)),
        ("carc", array(rule.carc.split(separator: ";").map(String.init))),
        ("rarc", array(rule.rarc.split(separator: ";").map(String.init))), ("needs", array(rule.needs.names)),
        ("flagged", quoted(rule.flagged?.sentence ?? "")), ("clean", quoted(rule.clean?.sentence ?? "")),
      ]
      text += fields.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ")
      text += position < rules.count - 1 ? "},\n" : "}\n"
    }
    return text + "]\n"
  }

  /// Everything about one rule, for a terminal.
  public static func explanation(of rule: RuleDescription) -> String {
    var text = "\(rule.id)  \(rule.severity.name)  \(rule.name)\n\n"
    text += wrapped(rule.summary, indent: 0) + "\n" + wrapped(rule.rationale, indent: 0) + "\n"
    let needs = rule.needs.names.joined(separator: ", ")
    let rows: [(String, String)] = [
      ("Flagged", rule.flagged?.sentence ?? ""), ("Clean", rule.clean?.sentence ?? ""), ("Fix", rule.fix),
      ("Applies", applies(rule)), ("Needs", needs.isEmpty ? "nothing beyond the line" : needs),
      ("Expect", codes(rule).isEmpty ? "no denial by itself" : codes(rule)), ("Source", rule.source),
    ]
    for (name, value) in rows where !value.isEmpty {
      let label = name + String(repeating: " ", count: 9 - name.count)
      text += label + wrapped(value, indent: 9).drop { $0 == " " }
    }
    return text
  }

  private static func applies(_ rule: RuleDescription) -> String {
    var parts: [String] = []
    if rule.applies.contains(.professional) { parts.append("professional claims (837P)") }
    if rule.applies.contains(.institutional) { parts.append("institutional claims (837I)") }
    if rule.applies.contains(.csv) { parts.append("exports (CSV)") }
    if rule.applies.contains(.envelope) { parts.append("the envelope of an 837") }
    return parts.joined(separator: ", ")
      + (rule.scope == .general ? "; every watched procedure" : "; procedures that a rule pack describes")
  }

  private static func needs(_ rule: RuleDescription) -> String { rule.needs.names.joined(separator: ", ") }

  private static func codes(_ rule: RuleDescription) -> String {
    var parts: [String] = []
    if !rule.carc.isEmpty { parts.append("CARC " + rule.carc.split(separator: ";").joined(separator: " ")) }
    if !rule.rarc.isEmpty { parts.append("RARC " + rule.rarc.split(separator: ";").joined(separator: " ")) }
    return parts.joined(separator: ", ")
  }

  /// Lines of at most 80 columns.
  private static func wrapped(_ text: String, indent: Int) -> String {
    var result = ""
    var line = String(repeating: " ", count: indent)
    for word in text.split(separator: " ") {
      if line.count + word.count + 1 > 80, line.contains(where: { $0 != " " }) {
        result += line + "\n"
        line = String(repeating: " ", count: indent)
      }
      line += (line.contains { $0 != " " } ? " " : "") + word
    }
    return result + line + "\n"
  }

  private static func escaped(_ cell: String) -> String {
    String(cell.map { $0 == "|" ? "\\|" : String($0) }.joined())
  }

  private static func array(_ items: [String]) -> String { "[" + items.map(quoted).joined(separator: ", ") + "]" }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      default:
        if scalar.value < 0x20 {
          let hex = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}

extension RuleExample {
  /// The example in words: what is unlike an unremarkable claim, and the line itself.
  public var sentence: String {
    let plain = RuleExample(form)
    var parts: [String] = []
    switch form {
    case .professional: parts.append("837P")
    case .institutional: parts.append("837I")
    case .csv: parts.append("CSV")
    }
    parts.append(([procedure] + modifiers).joined(separator: "-"))
    func add(_ name: String, _ value: String, _ usual: String) {
      if value != usual { parts.append(value.isEmpty ? "no \(name)" : "\(name) \(value)") }
    }
    if form == .institutional || !typeOfBill.isEmpty {
      parts.append(typeOfBill.isEmpty ? "no type of bill" : "type of bill \(typeOfBill)")
      if !revenueCode.isEmpty || form == .institutional {
        parts.append(revenueCode.isEmpty ? "no revenue code" : "revenue code \(revenueCode)")
      }
    }
    if form != .institutional {
      parts.append(placeOfService.isEmpty ? "no place of service" : "place of service \(placeOfService)")
    }
    add("diagnoses", diagnoses.joined(separator: " "), plain.diagnoses.joined(separator: " "))
    add(
      "pointer", pointers.map { $0 == 0 ? "?" : String($0) }.joined(separator: " "),
      plain.pointers.map { String($0) }.joined(separator: " "))
    if edition == .icd9 { parts.append("marked as ICD-9") }
    add("units", units, plain.units)
    add("unit basis", unitBasis, plain.unitBasis)
    add("charge", charge, plain.charge)
    add("claim total", totalCharge, plain.totalCharge)
    if payerName != plain.payerName || payerID != plain.payerID { parts.append("payer \(payerName) \(payerID)") }
    add("filing indicator", filingIndicator, plain.filingIndicator)
    add("service date", serviceFrom, plain.serviceFrom)
    if !serviceTo.isEmpty { parts.append("to \(serviceTo)") }
    add("admission", admission, plain.admission)
    add("discharge", discharge, plain.discharge)
    add("statement period", statement, plain.statement)
    add("frequency", frequency, plain.frequency)
    add("original claim", originalClaimID, plain.originalClaimID)
    if documentation != plain.documentation {
      parts.append(documentation == .present ? "with a note" : "without a note")
    }
    add("taxonomy", billingTaxonomy, plain.billingTaxonomy)
    if inpatientProcedures > 0 { parts.append("with an ICD-10-PCS procedure") }
    if isReversal { parts.append("marked as a reversal") }
    for companion in companions {
      let code = ([companion.procedure] + companion.modifiers).joined(separator: "-")
      parts.append("beside \(code)" + (companion.clinician == "R1" ? "" : " of another clinician"))
    }
    let kinds = Set(priors.map { ([$0.procedure] + $0.modifiers).joined(separator: "-") + " on \($0.date)" })
    if kinds.count == priors.count {
      for prior in priors {
        let code = ([prior.procedure] + prior.modifiers).joined(separator: "-")
        let number = prior.claimID == claimID ? " with the same claim number" : ""
        let copy = prior.payerSequence == "P" ? "" : " for a second payer"
        parts.append(
          "after \(code) on \(prior.date)\(number)\(copy)" + (prior.clinician == "R1" ? "" : " of another clinician"))
      }
    } else if let prior = priors.first {
      parts.append("among \(priors.count) others of \(prior.procedure) with charges like \(prior.charge)")
    }
    return parts.joined(separator: ", ")
  }
}
