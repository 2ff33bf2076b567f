/// Writes claims as an export in our own vocabulary, with the columns a case can fill.
enum TableWriting {
  /// A file of `claims`, all of one kind.
  static func file(_ claims: [CaseClaim]) -> [UInt8] {
    guard let facts = claims.last?.facts else { return [] }
    let columns = columns(for: facts)
    var text = columns.joined(separator: ",") + "\n"
    for claim in claims {
      for (index, line) in claim.lines.enumerated() {
        let cells = cells(claim, line, number: index + 1)
        text += columns.map { cells[$0] ?? "" }.joined(separator: ",") + "\n"
      }
    }
    return Array(text.utf8)
  }

  private static func columns(for facts: ClaimCase) -> [String] {
    var columns = [
      "claim_id", "claim_line_number", "claim_type", "person_id", "patient_last_name", "patient_birth_date", "payer",
      "payer_id",
    ]
    if !facts.isTable || !facts["sbr09"].isEmpty { columns.append("filing_indicator") }
    columns += ["service_date", "claim_line_end_date", "admission_date", "discharge_date"]
    if facts.isInstitutional {
      columns += ["claim_start_date", "claim_end_date", "bill_type_code", "revenue_center_code"]
      columns += ["procedure_code_type", "procedure_code_1"]
    } else {
      columns.append("place_of_service_code")
      if !facts["tob"].isEmpty { columns += ["bill_type_code", "revenue_center_code"] }
    }
    columns += [
      "claim_frequency_code", "original_claim_id", "hcpcs_code", "hcpcs_modifier_1", "hcpcs_modifier_2",
      "hcpcs_modifier_3", "hcpcs_modifier_4", "service_unit_quantity", "rendering_npi", "billing_npi", "charge_amount",
      "claim_total_charge", "diagnosis_code_type", "diagnosis_code_1", "diagnosis_code_2", "diagnosis_pointer",
    ]
    if facts["documentation"] != "n/a" { columns += ["attachment_control_number", "claim_note"] }
    return columns
  }

  private static func cells(_ claim: CaseClaim, _ line: CaseClaim.Line, number: Int) -> [String: String] {
    let facts = claim.facts
    let statement = facts.list("statement", "-")
    let codes = facts.list("dx", ",")
    var cells = [
      "claim_id": claim.id, "claim_line_number": "\(number)",
      "claim_type": facts.isInstitutional ? "institutional" : "professional",
      "person_id": Canary.word + claim.patient, "patient_last_name": Canary.word + "LAST",
      "patient_birth_date": iso(Canary.birthDate), "payer": facts["payer_name"], "payer_id": facts["payer_id"],
      "filing_indicator": facts["sbr09"], "service_date": iso(line.date), "claim_line_end_date": iso(line.lastDate),
      "admission_date": iso(facts["admit"]), "discharge_date": iso(facts["discharge"]),
      "claim_start_date": iso(statement.first ?? ""), "claim_end_date": iso(statement.last ?? ""),
      "place_of_service_code": facts["pos"], "bill_type_code": facts["tob"].isEmpty ? "" : "0" + facts["tob"],
      "revenue_center_code": facts["rev"], "claim_frequency_code": facts["frequency"],
      "original_claim_id": facts["original_ref"], "hcpcs_code": line.procedure, "service_unit_quantity": line.units,
      "rendering_npi": CaseClaim.clinicians[line.clinician] ?? "", "billing_npi": "1122334455",
      "charge_amount": line.charge, "claim_total_charge": claim.total,
      "diagnosis_code_type": facts["icd_qualifier"].hasPrefix("A") ? "icd-10-cm" : "icd-9-cm",
      "diagnosis_code_1": codes.first ?? "", "diagnosis_code_2": codes.count > 1 ? codes[1] : "",
      "diagnosis_pointer": line.pointers.joined(separator: ":"),
      "attachment_control_number": facts["documentation"] == "text" ? "EXATT" : "",
    ]
    if !facts["icd10pcs"].isEmpty {
      cells["procedure_code_type"] = "icd-10-pcs"
      cells["procedure_code_1"] = facts["icd10pcs"]
    }
    for (index, modifier) in line.modifiers.enumerated() { cells["hcpcs_modifier_\(index + 1)"] = modifier }
    return cells
  }

  /// `20260310` as `2026-03-10`.
  private static func iso(_ digits: String) -> String {
    guard digits.count == 8 else { return digits }
    return "\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.suffix(2))"
  }
}
