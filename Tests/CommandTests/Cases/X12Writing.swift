/// Writes claims as an 837 with complete and right envelopes, or cut before its SE.
enum X12Writing {
  /// A file of `claims`, all of one kind.
  static func file(_ claims: [CaseClaim]) -> [UInt8] {
    guard let facts = claims.last?.facts else { return [] }
    let isCut = facts["envelope"] == "file ends before SE"
    let guide = guide(of: facts)
    let date = facts["as_of"]
    var set = [
      "ST*837*0001*\(guide)", "BHT*0019*00*REF1*\(date)*1200*CH", "NM1*41*2*EXAMPLE SUBMITTER*****46*EXSUB",
      "PER*IC*\(Canary.word) CONTACT*TE*5550100000", "NM1*40*2*EXAMPLE RECEIVER*****46*EXREC", "HL*1**20*1",
      "NM1*85*2*EXAMPLE CLINIC*****XX*1122334455", "N3*1 SAMPLE STREET", "N4*SPRINGFIELD*IL*627010000",
      "REF*EI*000000001",
    ]
    for (index, claim) in claims.enumerated() { set += segments(of: claim, level: index + 2) }
    var file = [
      "ISA*00*          *00*          *ZZ*EXSENDER       *ZZ*EXRECEIVER     *260401*1200*^*00501*000000001*0*T*:",
      "GS*HC*EXSENDER*EXRECEIVER*\(date)*1200*1*X*\(guide)",
    ]
    file += set
    if !isCut { file += ["SE*\(set.count + 1)*0001", "GE*1*1", "IEA*1*000000001"] }
    return Array((file.joined(separator: "~\n") + "~\n").utf8)
  }

  /// The guide of GS08 and ST03; with a mixed claim type that of the other kind.
  private static func guide(of facts: ClaimCase) -> String {
    let isInstitutional = facts.isInstitutional != (facts["envelope"] == "claim type mixed")
    return isInstitutional ? "005010X223A2" : "005010X222A1"
  }

  private static func segments(of claim: CaseClaim, level: Int) -> [String] {
    let facts = claim.facts
    let isInstitutional = facts.isInstitutional
    // An export may lack the filing indicator; an 837 without one would be a finding of its own.
    let filing = facts.isTable && facts["sbr09"].isEmpty ? "CI" : facts["sbr09"]
    var segments = [
      "HL*\(level)*1*22*0", trimmed("SBR*P*18*******\(filing)"),
      "NM1*IL*1*\(Canary.word)LAST*\(Canary.word)FIRST****MI*\(Canary.word)\(claim.patient)",
      "N3*2 \(Canary.word) AVENUE", "N4*\(Canary.word)VILLE*IL*62701", "DMG*D8*\(Canary.birthDate)*F",
      "NM1*PR*2*\(facts["payer_name"])*****PI*\(facts["payer_id"])",
    ]
    let bill = facts["tob"]
    let facility =
      isInstitutional ? "\(bill.dropLast()):A:\(bill.suffix(1))" : "\(facts["pos"]):B:\(facts["frequency"])"
    segments.append("CLM*\(claim.id)*\(claim.total)***\(facility)*Y*A*Y*Y")
    if isInstitutional, !facts["statement"].isEmpty { segments.append("DTP*434*RD8*\(facts["statement"])") }
    if !facts["admit"].isEmpty {
      segments.append(isInstitutional ? "DTP*435*DT*\(facts["admit"])0800" : "DTP*435*D8*\(facts["admit"])")
    }
    if !isInstitutional, !facts["discharge"].isEmpty { segments.append("DTP*096*D8*\(facts["discharge"])") }
    if facts["documentation"] == "text" { segments.append("PWK*OZ*EL***AC*EXATT") }
    if !facts["original_ref"].isEmpty { segments.append("REF*F8*\(facts["original_ref"])") }
    segments += diagnoses(of: facts)
    if !facts["icd10pcs"].isEmpty { segments.append("HI*BBR:\(facts["icd10pcs"]):D8:\(facts["dos"])") }
    let clinician = CaseClaim.clinicians["R1"] ?? ""
    segments.append("NM1*\(isInstitutional ? "71" : "82")*1*SAMPLE*CLINICIAN****XX*\(clinician)")
    for (index, line) in claim.lines.enumerated() {
      let procedure = (["HC", line.procedure] + line.modifiers).joined(separator: ":")
      let amounts = "\(procedure)*\(line.charge)*\(line.unitBasis)*\(line.units)"
      segments.append("LX*\(index + 1)")
      segments.append(
        isInstitutional
          ? "SV2*\(facts["rev"])*\(amounts)" : trimmed("SV1*\(amounts)***\(line.pointers.joined(separator: ":"))"))
      segments.append(
        line.lastDate.isEmpty ? "DTP*472*D8*\(line.date)" : "DTP*472*RD8*\(line.date)-\(line.lastDate)")
      if line.clinician != "R1" {
        segments.append("NM1*82*1*SAMPLE*OTHER****XX*\(CaseClaim.clinicians[line.clinician] ?? "")")
      }
    }
    return segments
  }

  private static func diagnoses(of facts: ClaimCase) -> [String] {
    let qualifier = facts["icd_qualifier"]
    let codes = facts.list("dx", ",").map { $0.filter { $0 != "." } }
    let composites = codes.enumerated().map { index, code in
      (index == 0 ? qualifier : qualifier.dropLast() + "F") + ":" + code
    }
    guard let first = composites.first else { return [] }
    if !facts.isInstitutional { return ["HI*" + composites.joined(separator: "*")] }
    return ["HI*" + first] + (composites.count > 1 ? ["HI*" + composites.dropFirst().joined(separator: "*")] : [])
  }

  private static func trimmed(_ segment: String) -> String {
    var segment = segment
    while segment.last == "*" { segment.removeLast() }
    return segment
  }
}
