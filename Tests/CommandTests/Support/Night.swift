/// Claims of a night as an export: what is wrong with a claim is in its row.
struct Night {
  /// A claim of one line, without fault unless something is changed.
  struct Claim {
    var id: String
    var place = "22"
    var modifier = ""
    var charge = "310.00"
    var line = "1"
    var day = "2026-03-16"
    var diagnosis = "A15.0"

    var person: String { Canary.word + id.filter { $0.isASCII && ($0.isLetter || $0.isNumber) } }
  }

  var claims: [Claim]

  /// Claims without a fault.
  init(sound count: Int) {
    claims = (0..<count).map { Claim(id: "N\(1000 + $0)", day: "2026-03-\(10 + $0)") }
  }

  var table: String {
    var text =
      "claim_id,line_number,claim_type,payer,person_id,service_date,place_of_service,hcpcs_code,modifier_1,units,charge_amount,"
      + "diagnosis_1,billing_npi,rendering_npi\n"
    for claim in claims {
      text +=
        "\(claim.id),\(claim.line),professional,Aetna,\(claim.person),\(claim.day),"
        + "\(claim.place),32960,\(claim.modifier),1,\(claim.charge),\(claim.diagnosis),1234567893,1245319599\n"
    }
    return text
  }
}

extension Night {
  init(claims: [Claim]) { self.claims = claims }
}
