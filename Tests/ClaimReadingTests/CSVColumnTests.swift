import ClaimModel
import ClaimReading
import TestSupport
import Testing

@Suite("Columns of exports")
struct CSVColumnTests {
  private func report(_ text: String, mapping: ColumnMapping = ColumnMapping()) -> ColumnReport? {
    if case .read(_, _, let report, _) = readCSV(text, mapping: mapping) { report } else { nil }
  }

  /// The fields that are read, with their headers.
  private func used(_ text: String) -> [String: String] {
    var used: [String: String] = [:]
    for entry in report(text)?.entries ?? [] where entry.isUsed { used[entry.field.name] = entry.header }
    return used
  }

  @Test("our own vocabulary is always recognised")
  func vocabulary() {
    let names = [
      "claim_id", "claim_line_number", "line_number", "claim_type", "person_id", "member_id", "payer", "payer_id",
      "plan",
      "filing_indicator", "claim_line_start_date", "service_date", "claim_line_end_date", "admission_date",
      "discharge_date",
      "claim_start_date", "claim_end_date", "place_of_service_code", "place_of_service", "bill_type_code", "bill_type",
      "revenue_center_code", "revenue_code", "claim_frequency_code", "original_claim_id", "hcpcs_code",
      "procedure_code",
      "hcpcs_modifier_1", "hcpcs_modifier_5", "modifier_1", "modifier_5", "service_unit_quantity", "units",
      "rendering_npi",
      "billing_npi", "billing_taxonomy", "charge_amount", "claim_total_charge", "allowed_amount", "paid_amount",
      "diagnosis_code_type", "diagnosis_code_1", "diagnosis_code_25", "diagnosis_1", "diagnosis_25",
      "diagnosis_pointer",
      "procedure_code_type", "procedure_code_1", "procedure_code_25", "attachment_control_number", "claim_note",
    ]
    for name in names where name != "procedure_code_type" {
      #expect(ColumnField(name: name) != nil, "\(name)")
      #expect(ColumnField(name: name.uppercased()) != nil, "\(name)")
    }
    #expect(ColumnField(name: "procedure_code_3") == .inpatientProcedure)
    #expect(ColumnField(name: "hcpcs_modifier_3") == .modifier)
    #expect(ColumnField(name: "patient_last_name") == nil)
    #expect(ColumnField(name: "ssn") == nil)
  }

  @Test("every field goes by its own name")
  func fieldNames() {
    for field in ColumnField.allCases { #expect(ColumnField(name: field.name) == field) }
    #expect(Set(ColumnField.allCases.map(\.name)).count == ColumnField.allCases.count)
  }

  @Test("headers are recognised whatever their case, spaces and punctuation")
  func spelling() {
    let used = used(
      "Claim #,Date of Service,CPT/HCPCS Code,Place of Svc.,Chg Amt,Mod 1\nA,2026-01-05,32960,21,4.00,LT\n")
    #expect(used["claim_id"] == "Claim #")
    #expect(used["service_date"] == "Date of Service")
    #expect(used["procedure_code"] == "CPT/HCPCS Code")
    #expect(used["place_of_service"] == "Place of Svc.")
    #expect(used["charge_amount"] == "Chg Amt")
    #expect(used["modifier"] == "Mod 1")
  }

  @Test("names that are not recognised are listed, and so is what is missing")
  func unrecognised() {
    let report = report("claim_id,dos,cpt,shoe_size\nA,2026-01-05,32960,9\n")
    #expect(report?.unrecognised == ["shoe_size"])
    #expect(report?.absent.contains(.placeOfService) == true)
    #expect(report?.absent.contains(.serviceFrom) == false)
  }

  @Test("what the file has no column for is cleared in the claim's fields")
  func fields() {
    let claim = readCSV("claim_id,dos,cpt\nA,2026-01-05,32960\n").claims.first
    #expect(claim?.fields == [.claimID, .serviceDate])
    let more = readCSV("claim_id,dos,cpt,pos,mod,payer,member_id,bill_type\nA,2026-01-05,32960,,,,,\n").claims.first
    #expect(
      more?.fields == [.claimID, .serviceDate, .placeOfService, .modifiers, .payer, .patient, .typeOfBill, .frequency])
  }

  @Test("findings can say the column's own name")
  func columnNames() {
    guard case .read(_, _, _, let names) = readCSV("Claim #,DOS,CPT,Mods,POS\nA,2026-01-05,32960,LT,21\n") else {
      Issue.record("not read")
      return
    }
    #expect(names[.procedure] == "CPT")
    #expect(names[.modifier(0)] == "Mods")
    #expect(names[.modifier(3)] == "Mods")
    #expect(names[.placeOfService] == "POS")
    #expect(names[.charge] == nil)
  }

  @Test("two columns that could be the charge refuse the file and name both")
  func ambiguous() {
    let outcome = readCSV("claim_id,dos,cpt,billed,fee\nA,2026-01-05,32960,412.00,200.00\n")
    #expect(outcome.isRefused)
    let message = outcome.issues.first?.message ?? ""
    #expect(
      message.contains("\"billed\"") && message.contains("\"fee\"") && message.contains("--column charge_amount="))
    #expect(!message.contains("412"))
  }

  @Test("a name that means one thing only wins over a vague one")
  func ranks() {
    #expect(used("claim_id,account,dos,cpt,procedure\nA,B,2026-01-05,32960,injection\n")["claim_id"] == "claim_id")
    #expect(used("claim_id,dos,cpt,procedure\nA,2026-01-05,32960,injection\n")["procedure_code"] == "cpt")
  }

  @Test("of two columns whose names mean it and whose values differ neither is taken")
  func rivals() {
    for (header, rows) in [
      ("claim_id,dos,cpt,procedure code", ["A,2026-01-05,32960,71046", "B,2026-01-05,32960,99213"]),
      // What the better name leaves blank the other one fills.
      ("claim_id,dos,hcpcs_code,cpt_code", ["A,2026-01-05,,32960", "B,2026-01-05,J1100,"]),
      ("claim_id,dos,cpt,charge_amount,billed_amount", ["A,2026-01-05,32960,100.00,150.00"]),
      ("claim_id,service_date,dos,cpt", ["A,2026-01-05,01/06/2026,32960"]),
      ("claim_id,dos,cpt,place_of_service,pos", ["A,2026-01-05,32960,22,11"]),
    ] {
      let outcome = readCSV(([header] + rows).joined(separator: "\n") + "\n")
      #expect(outcome.isRefused && outcome.issues.first?.message.contains("2 columns could be") == true, "\(header)")
    }
    // The same said twice, or in other words, and what nobody would take for the field.
    for (header, row) in [
      ("claim_id,dos,cpt,procedure code", "A,2026-01-05,32960,32960"),
      ("claim_id,dos,cpt,charge_amount,billed_amount", "A,2026-01-05,32960,100.00,$100"),
      ("claim_id,service_date,dos,cpt", "A,2026-01-05,01/05/2026,32960"),
      ("claim_id,dos,cpt,place_of_service,pos", "A,2026-01-05,32960,02,2"),
      ("claim_id,dos,cpt,payer,insurance", "A,2026-01-05,32960,AETNA,Aetna PPO"),
    ] {
      #expect(!readCSV("\(header)\n\(row)\n").isRefused, "\(header)")
    }
  }

  @Test("a date column none of whose values can be read is not read, and a warning says so")
  func unreadableDates() {
    func rows(_ dates: [String]) -> String {
      "claim_id,dos,cpt\n" + dates.enumerated().map { "C\($0),\($1),32960\n" }.joined()
    }
    let none = readCSV(rows(Array(repeating: "5th of January", count: 12)))
    #expect(none.claims.first?.fields.contains(.serviceDate) == false)
    #expect(none.issues("HEADER").first?.message.contains("it is not read") == true)
    let one = readCSV(rows(["2026-01-05"] + Array(repeating: "soon", count: 11)))
    #expect(one.claims.first?.fields.contains(.serviceDate) == true && one.issues("DATE").count == 11)
  }

  @Test("names of exports in use")
  func namesInUse() {
    let used = used(
      "claim_id,service dt,cpt,ICD1 Code,ICD2 Code,LINE_BILLED_AMT\nA,2026-01-05,32960,A15.0,J93.81,10.00\n")
    #expect(used["service_date"] == "service dt" && used["charge_amount"] == "LINE_BILLED_AMT")
    let claim = readCSV("claim_id,dos,cpt,icd10claimdiagcode01,icd10claimdiagcode02\nA,2026-01-05,32960,A15.0,J93.81\n")
      .claims
      .first
    #expect(claim?.diagnoses.count == 2)
  }

  @Test("claim ids that a spreadsheet rounded are said")
  func roundedClaims() {
    let rows = "1.23457E+11,2026-01-05,32960\n1.23457E+11,2026-01-06,71046\n"
    let said = readCSV("claim_id,dos,cpt\n" + rows).issues("EXCEL_DAMAGE")
    #expect(said.count == 1 && said.first?.severity == .warning && said.first?.element == "claim_id")
    #expect(readCSV("claim_id,dos,cpt\nE11,2026-01-05,32960\n123457,2026-01-06,71046\n").issues("EXCEL_DAMAGE").isEmpty)
  }

  @Test("a column named twice refuses the file, save for lists")
  func duplicates() {
    #expect(
      readCSV("claim_id,dos,cpt,charge,charge\nA,2026-01-05,32960,1,2\n").issues.first?.code == "HEADER_DUPLICATE")
    let claim = readCSV("claim_id,dos,cpt,mod,mod\nA,2026-01-05,32960,LT,59\n").claims.first
    #expect(claim?.lines.first?.modifiers.map(\.code) == ["LT", "59"])
  }

  @Test("a total that repeats on all rows of a claim is not taken for the line's charge")
  func totals() {
    var text = "claim_id,dos,cpt,total charge\n"
    for claim in 1...4 { text += "\(claim),2026-01-05,32960,500.00\n\(claim),2026-01-05,71046,500.00\n" }
    #expect(readCSV(text).isRefused)
    let mapped = readCSV(text, mapping: ColumnMapping(columns: ["claim_total_charge": "total charge"]))
    #expect(mapped.claims.first?.totalCharge == .cents(50000))
    #expect(mapped.claims.first?.lines.first?.charge == .absent)
  }

  /// The procedures that are read as billed lines of a ledger whose entries are of these kinds; `nil` where it is refused.
  private func billed(_ header: String, _ kinds: [String], mapping: ColumnMapping = ColumnMapping()) -> [String]? {
    let rows = kinds.enumerated().map { "A,2026-01-05,\(10000 + $0.offset),21,9.00,\($0.element)\n" }
    let outcome = readCSV("Claim ID,DOS,CPT,POS,Amount,\(header)\n" + rows.joined(), mapping: mapping)
    return outcome.isRefused ? nil : outcome.claims.flatMap(\.lines).map(\.procedure.text)
  }

  @Test("of a ledger's entries the charges are billed lines, whatever words there are for the others")
  func recordKinds() {
    for header in ["Transaction Type", "TX_TYPE_NAME", "Trans Type", "Tran Type", "TX_TYPE"] {
      #expect(billed(header, ["Charge", "Insurance Payment", "Contractual Adjustment"]) == ["10000"])
      #expect(billed(header, ["P", "C", "A", "C"]) == ["10001", "10003"])
      #expect(
        billed(header, ["New Charge", "Payment", "Void", "Charge Reversal", "Late Charge"]) == ["10000", "10004"])
      #expect(billed(header, ["Patient Payment", "Refund", "Write-Off", "Bad Debt Transfer", "Copay"]) == [])
    }
    #expect(billed("TX_TYPE", ["1", "2", "1.0", "10"]) == ["10000", "10002"])
    #expect(billed("Type", ["CHARGE", "PAYMENT", "ADJUSTMENT", "TRANSFERIN", "TRANSFEROUT"]) == ["10000"])
    #expect(billed("Type", ["Charge", "Insurance Payment", "Contractual Adjustment"]) == ["10000"])
    #expect(billed("Code Type", ["CPT4", "ICD10", "HCPCS"]) == ["10000", "10002"])
    #expect(billed("Type", ["Charge", "Payment", "Zorb"]) == ["10000"])
    // A type of something else is not one of entries.
    #expect(billed("Type", ["C", "P", "C"])?.count == 3)
    #expect(billed("Type", ["Emergency", "Elective", "Discharge"])?.count == 3)
  }

  @Test("a word for an entry that nobody knows is no charge where charges are told, and is said once")
  func unknownKind() {
    let rows = ["Charge", "Payment", "Zorb", "Zorb", ""].map { "A,2026-01-05,32960,9.00,\($0)\n" }
    let outcome = readCSV("Claim ID,DOS,CPT,Amount,Transaction Type\n" + rows.joined())
    #expect(outcome.claims.flatMap(\.lines).map(\.location.record) == [2, 6])
    #expect(outcome.issues("RECORD_KIND").map(\.severity) == [.warning])
    #expect(outcome.issues("LEDGER_ROWS").count == 1)
    #expect(outcome.issues.allSatisfy { !$0.message.contains("Zorb") })
  }

  @Test("a ledger whose charges cannot be told is refused, and read when told how")
  func untoldKinds() {
    for kinds in [["Zorb", "Payment"], ["X", "Y"], ["P", "A"], ["3", "4"], ["Debit", "Credit"]] {
      for header in ["Trans Type", "TX_TYPE"] { #expect(billed(header, kinds) == nil, "\(header) \(kinds)") }
    }
    var lines = ColumnMapping()
    lines.layout = .lines
    #expect(billed("Trans Type", ["Zorb", "Payment"], mapping: lines)?.count == 2)
    #expect(billed("Art", ["Zorb", "Payment"], mapping: ColumnMapping(columns: ["record_kind": "Art"])) == nil)
    #expect(billed("Art", ["C", "Payment"], mapping: ColumnMapping(columns: ["record_kind": "Art"])) == ["10000"])
    let refusal = readCSV("Claim ID,DOS,CPT,Trans Type\nA,2026-01-05,32960,Zorb\n").issues
    #expect(refusal.map(\.code) == ["HEADER"] && refusal.first?.message.contains("layout: lines") == true)
  }

  @Test("of a code and the words for it either tells the charges")
  func twoKinds() {
    let header = "Claim ID,DOS,CPT,Amount,TX_TYPE,TX_TYPE_NAME\n"
    let outcome = readCSV(header + "A,2026-01-05,32960,9.00,1,Charge\nA,2026-01-05,32960,-9.00,2,Payment\n")
    #expect(outcome.claims.flatMap(\.lines).count == 1)
  }

  @Test("one charge in a row of several procedures is the claim's, and no line's")
  func wideTotal() throws {
    let rows = "A,2026-01-05,32960,99213,21,900.00\nB,2026-01-06,32960,,11,450\n"
    let outcome = readCSV("Claim ID,DOS,Procedure 1,Procedure 2,POS,Charge\n" + rows)
    #expect(outcome.claims.map(\.totalCharge) == [.cents(90_000), .cents(45_000)])
    #expect(outcome.claims.flatMap(\.lines).allSatisfy { $0.charge == .absent && $0.placeOfService.code != "" })
    let fields = try #require(outcome.claims.first?.fields)
    #expect(fields.contains(.totalCharge) && !fields.contains(.charge))
    #expect(outcome.issues.map(\.code) == ["HEADER"])
    #expect(used("Claim ID,DOS,Procedure 1,Procedure 2,POS,Charge\n" + rows)["claim_total_charge"] == "Charge")
    // Beside a total it is nobody knows what, and so is one count of units.
    let header = "Claim ID,DOS,Procedure 1,Procedure 2,Units,Charge,Claim Total\n"
    let other = readCSV(header + "A,2026-01-05,32960,99213,2,450.00,900.00\n")
    #expect(other.claims.first?.totalCharge == .cents(90_000))
    #expect(other.claims.first?.fields.isDisjoint(with: [.charge, .units]) == true)
    let columns = try #require(report(header + "A,2026-01-05,32960,99213,2,450.00,900.00\n"))
    #expect(columns.entries.filter { !$0.isUsed }.map(\.header) == ["Units", "Charge"])
    #expect(columns.absent.contains(.charge))
    // Where every line has its own, it is that.
    let numbered = readCSV("Claim ID,DOS,Procedure 1,Charge 1,Procedure 2,Charge 2\nA,2026-01-05,32960,900,99213,5\n")
    #expect(numbered.claims.first?.lines.map(\.charge) == [.cents(90_000), .cents(500)])
    #expect(numbered.claims.first?.totalCharge == .absent)
  }

  @Test("the user's word wins, and finds a header that nothing else would")
  func mapping() {
    var mapping = ColumnMapping(columns: ["claim_id": "Aktenzeichen", "procedure_code": "Ziffer", "service_date": "#3"])
    mapping.dates = .dayFirst
    mapping.amounts = .european
    mapping.columns["charge_amount"] = ["Betrag"]
    mapping.constants = ["payer": "Nordkasse", "place_of_service": "21"]
    let outcome = readCSV("Aktenzeichen;Ziffer;Tag;Betrag\nZ1;32960;05.02.2026;1.250,50\n", mapping: mapping)
    let claim = outcome.claims.first
    #expect(claim?.id == "Z1")
    #expect(claim?.payerName == "Nordkasse")
    #expect(claim?.lines.first?.serviceFrom.day?.description == "2026-02-05")
    #expect(claim?.lines.first?.charge == .cents(125_050))
    #expect(claim?.lines.first?.placeOfService.code == "21")
    #expect(claim?.fields.contains([.payer, .placeOfService]) == true)
  }

  @Test("a header that the user names and the file lacks refuses the file")
  func missingMapped() {
    let outcome = readCSV(
      "claim_id,dos,cpt\nA,2026-01-05,32960\n", mapping: ColumnMapping(columns: ["charge_amount": "Betrag"]))
    #expect(outcome.isRefused)
    #expect(outcome.issues.first?.message.contains("\"Betrag\"") == true)
  }

  @Test("what is wrong with a mapping is said field by field")
  func mappingProblems() {
    var mapping = ColumnMapping()
    #expect(mapping.problems.isEmpty)
    mapping.columns = ["charge_amount": ["A", "B"], "shoe_size": ["C"], "modifier": ["D", "E"], "units": []]
    mapping.constants = ["charge_amount": "1"]
    mapping.delimiter = 0x0A
    mapping.headerRow = 0
    #expect(mapping.problems.count == 6)
    #expect(ColumnMapping.DateOrder("M/d/yyyy") == .monthFirst)
    #expect(ColumnMapping.DateOrder("dd.MM.yyyy") == .dayFirst)
    #expect(ColumnMapping.DateOrder("yyyy-MM-dd") == .automatic)
    #expect(ColumnMapping.DateOrder("soon") == nil)
  }

  @Test("what is no table, or no table of claims, is said apart")
  func noTables() {
    if case .notCSV = readCSV("Dear Sir,\nplease find enclosed\nmy bill.\n") {} else { Issue.record("prose") }
    if case .notCSV = readCSV("") {} else { Issue.record("nothing") }
    if case .notCSV = readCSV([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 3, 0, 9]) {
    } else {
      Issue.record("binary")
    }
    #expect(readCSV("1,2,3\n4,5,6\n7,8,9\n").issues.first?.code == "HEADER")
    #expect(readCSV("claim_id,dos,charge\n1,2026-01-05,6\n").issues.first?.code == "HEADER_MISSING")
    #expect(readCSV("hcpcs_code,units,dos\n32960,1,2026-01-05\n").issues.first?.element == "claim_id")
  }

  @Test("no refusal says a value of the file")
  func privacy() {
    for text in [
      "SMITH,JOHN,1960\nDOE,JANE,1961\nROE,RICHARD,1962\n", "claim_id,dos,procedure_code\nA,2026-01-05,SECRET\n",
    ] {
      for issue in readCSV(text).issues {
        #expect(!issue.message.contains("SMITH") && !issue.message.contains("SECRET"), "\(issue)")
      }
    }
  }
}
