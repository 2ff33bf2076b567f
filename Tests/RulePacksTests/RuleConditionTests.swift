import Auditing
import ClaimModel
import Testing

@testable import RulePacks

/// A claim and the exact set of rules on its audited line.
struct ConditionCase: CustomTestStringConvertible, Sendable {
  let name: String
  let example: RuleExample
  let expected: Set<String>

  var testDescription: String { name }

  init(
    _ name: String, _ expected: [String], _ form: RuleExample.Form = .professional,
    _ change: (inout RuleExample) -> Void
  ) {
    self.name = name
    self.expected = Set(expected)
    example = RuleExample(form, change)
  }
}

@Suite("Conditions of the rules")
struct RuleConditionTests {
  @Test("modifiers", arguments: modifierCases)
  func modifiers(row: ConditionCase) throws { try check(row) }

  @Test("places, bills and revenue codes", arguments: siteCases)
  func sites(row: ConditionCase) throws { try check(row) }

  @Test("diagnoses", arguments: diagnosisCases)
  func diagnoses(row: ConditionCase) throws { try check(row) }

  @Test("dates, units and charges", arguments: dateCases)
  func dates(row: ConditionCase) throws { try check(row) }

  @Test("pairs and payers", arguments: pairCases)
  func pairs(row: ConditionCase) throws { try check(row) }

  @Test("the run", arguments: runCases)
  func run(row: ConditionCase) throws { try check(row) }

  private func check(_ row: ConditionCase) throws {
    #expect(try Set(audit(row.example).rules) == row.expected)
  }
}

private let modifierCases: [ConditionCase] = [
  ConditionCase("lower case and blanks are no fault", []) { $0.modifiers = [" rt "] },
  ConditionCase("a number with decimals is not repaired", ["MOD-001"]) { $0.modifiers = ["22.0"] },
  ConditionCase("three digits are not repaired", ["MOD-001"]) { $0.modifiers = ["022"] },
  ConditionCase("two malformed values are one finding", ["MOD-001"]) { $0.modifiers = ["7", "R-"] },
  ConditionCase("22 and 24 are modifiers, whatever places they are too", ["MOD-008", "MOD-016"]) {
    $0.modifiers = ["22", "24"]
  },
  ConditionCase("11 is never 78: no room is asked for, no period is open", ["MOD-003", "POS-003"]) {
    $0.modifiers = ["11"]
    $0.placeOfService = "11"
  },
  ConditionCase("11 does not open a bundled pair", ["MOD-003", "PAIR-002"]) {
    $0.modifiers = ["11"]
    $0.companions = [.init("36000")]
  },
  ConditionCase("a place that is not assigned is an unknown modifier", ["MOD-002"]) { $0.modifiers = ["29"] },
  ConditionCase("XE before 2015 is not in effect", ["MOD-004"]) {
    $0.modifiers = ["XE"]
    $0.serviceFrom = "20141231"
    $0.edition = .icd9
  },
  ConditionCase("21 was in effect in 2008", []) {
    $0.modifiers = ["21"]
    $0.serviceFrom = "20080630"
    $0.edition = .icd9
  },
  ConditionCase("without a date nothing is said about dates of modifiers", ["DATE-001"]) {
    $0.modifiers = ["21"]
    $0.serviceFrom = ""
  },
  ConditionCase("a value that failed is invisible: a repeated unknown one", ["MOD-002"]) {
    $0.modifiers = ["ZZ", "ZZ"]
  },
  ConditionCase("a modifier not in effect is not judged further", ["MOD-004"]) {
    $0.modifiers = ["JG"]
  },
  ConditionCase("JG in 2024 is of another kind of service", ["MOD-018"]) {
    $0.modifiers = ["JG"]
    $0.serviceFrom = "20240610"
  },
  ConditionCase("GX and GY go together", []) { $0.modifiers = ["GX", "GY"] },
  ConditionCase("GX and GZ do not", ["MOD-006"]) { $0.modifiers = ["GX", "GZ"] },
  ConditionCase("LT and RT bill both sides and do not exclude each other", ["MOD-011"]) {
    $0.modifiers = ["LT", "RT"]
  },
  ConditionCase("50 and LT exclude each other", ["MOD-006", "MOD-011"]) { $0.modifiers = ["50", "LT"] },
  ConditionCase("two different X modifiers are no fault", []) { $0.modifiers = ["XE", "XS"] },
  ConditionCase("22 and 52 are left to people", []) {
    $0.modifiers = ["22", "52"]
    $0.documentation = .present
  },
  ConditionCase("25 on the visit is right", []) { $0.companions = [.init("99213", modifiers: ["25"])] },
  ConditionCase("physical status", ["MOD-009"]) { $0.modifiers = ["P3"] },
  ConditionCase("56 on another institutional line is a clinician's", ["MOD-015"], .institutional) {
    $0.modifiers = ["56"]
  },
  ConditionCase("56 of a critical access hospital's clinician is split care", ["MOD-010"], .institutional) {
    $0.modifiers = ["56"]
    $0.typeOfBill = "851"
    $0.revenueCode = "0964"
  },
  ConditionCase("80 of a critical access hospital's clinician", ["MOD-012"], .institutional) {
    $0.modifiers = ["80"]
    $0.typeOfBill = "851"
    $0.revenueCode = "0975"
  },
  ConditionCase("66 on another institutional line", ["MOD-015"], .institutional) { $0.modifiers = ["66"] },
  ConditionCase("62 of a critical access hospital's clinician", ["MOD-013"], .institutional) {
    $0.modifiers = ["62"]
    $0.typeOfBill = "851"
    $0.revenueCode = "0981"
  },
  ConditionCase("53 of a critical access hospital's clinician is fine", [], .institutional) {
    $0.modifiers = ["53"]
    $0.typeOfBill = "851"
    $0.revenueCode = "0960"
  },
  ConditionCase("22 of a critical access hospital's clinician is fine", [], .institutional) {
    $0.modifiers = ["22"]
    $0.typeOfBill = "851"
    $0.revenueCode = "0960"
  },
  ConditionCase("47 and 63 on a facility claim", ["MOD-022"], .institutional) { $0.modifiers = ["47", "63"] },
  ConditionCase("73 of a surgery centre", []) {
    $0.modifiers = ["73"]
    $0.placeOfService = "24"
    $0.billingTaxonomy = "261QA1903X"
  },
  ConditionCase("74 at a surgery centre, billed by a clinician", ["MOD-014"]) {
    $0.modifiers = ["74"]
    $0.placeOfService = "24"
    $0.billingTaxonomy = "208600000X"
  },
  ConditionCase("PO on a professional claim", ["MOD-014"]) { $0.modifiers = ["PO"] },
  ConditionCase("PO on a facility claim", [], .institutional) { $0.modifiers = ["PO"] },
  ConditionCase("22 with a note", []) {
    $0.modifiers = ["22"]
    $0.documentation = .present
  },
  ConditionCase("22 in an export with an empty documentation column", ["MOD-016"], .csv) {
    $0.modifiers = ["22"]
    $0.documentation = .none
  },
  ConditionCase("22 in an export with documentation", [], .csv) {
    $0.modifiers = ["22"]
    $0.documentation = .present
  },
  ConditionCase("22 in an 837 never cannot be checked", ["MOD-016"]) { $0.modifiers = ["22"] },
  ConditionCase("91 belongs to laboratories", ["MOD-018"]) { $0.modifiers = ["91"] },
  ConditionCase("33, 1P and FA are of other services", ["MOD-018"]) { $0.modifiers = ["33", "1P", "FA"] },
  ConditionCase("78 at a place that does not exist", ["GLOB-001", "POS-002"]) {
    $0.modifiers = ["78"]
    $0.placeOfService = "29"
  },
  ConditionCase("79 in an office needs no room", ["GLOB-001", "POS-003"]) {
    $0.modifiers = ["79"]
    $0.placeOfService = "11"
  },
  ConditionCase("78 in an emergency room has a room", ["GLOB-001", "POS-005"]) {
    $0.modifiers = ["78"]
    $0.placeOfService = "23"
  },
  ConditionCase("51 beside a procedure of another clinician", ["MOD-020"]) {
    $0.modifiers = ["51"]
    $0.companions = [.init("31622", clinician: "R2")]
  },
  ConditionCase("51 beside a visit only", ["MOD-020"]) {
    $0.modifiers = ["51"]
    $0.companions = [.init("99213", modifiers: ["25"])]
  },
  ConditionCase("51 beside another procedure", []) {
    $0.modifiers = ["51"]
    $0.companions = [.init("31622")]
  },
  ConditionCase("59 before 52", ["MOD-021"]) { $0.modifiers = ["59", "52"] },
  ConditionCase("a modifier of neither kind first", []) { $0.modifiers = ["AQ", "52", "RT"] },
  ConditionCase("MOD-021 holds for facilities", ["MOD-021"], .institutional) { $0.modifiers = ["RT", "73"] },
  ConditionCase("a fifth modifier is seen", ["MOD-007", "MOD-021"], .csv) {
    $0.modifiers = ["RT", "GC", "KX", "Q6", "26"]
  },
]

private let siteCases: [ConditionCase] = [
  ConditionCase("an empty place in an export", ["POS-001"], .csv) { $0.placeOfService = "" },
  ConditionCase("no place column", [], .csv) {
    $0.placeOfService = ""
    $0.withoutColumns = .placeOfService
  },
  ConditionCase("no place beside a type of bill", [], .csv) {
    $0.placeOfService = ""
    $0.typeOfBill = "131"
    $0.revenueCode = "0361"
  },
  ConditionCase("a place that is no code at all", ["POS-002"]) { $0.placeOfService = "OFFICE" },
  ConditionCase("19 before 2016", ["POS-002"]) {
    $0.placeOfService = "19"; $0.serviceFrom = "20151231"
  },
  ConditionCase("19 on its first day", []) {
    $0.placeOfService = "19"; $0.serviceFrom = "20160101"
  },
  ConditionCase("10 before it was telehealth", ["POS-002"]) {
    $0.placeOfService = "10"; $0.serviceFrom = "20211231"
  },
  ConditionCase("10 is telehealth", ["POS-006"]) { $0.placeOfService = "10" },
  ConditionCase("66 since August 2024", ["POS-003"]) {
    $0.placeOfService = "66"; $0.serviceFrom = "20240801"
  },
  ConditionCase("66 before", ["POS-002"]) {
    $0.placeOfService = "66"; $0.serviceFrom = "20240731"
  },
  ConditionCase("99 is unusual", ["POS-003"]) { $0.placeOfService = "99" },
  ConditionCase("41 is implausible", ["POS-004"]) { $0.placeOfService = "41" },
  ConditionCase("26 fits", []) { $0.placeOfService = "26" },
  ConditionCase("four characters with the zero", [], .institutional) { $0.typeOfBill = "0131" },
  ConditionCase("a missing type of bill", ["TOB-001"], .institutional) {
    $0.typeOfBill = ""; $0.frequency = "1"
  },
  ConditionCase("unknown first digits", ["TOB-001"], .institutional) { $0.typeOfBill = "991" },
  ConditionCase("a malformed type of bill", ["TOB-001"], .institutional) { $0.typeOfBill = "13" },
  ConditionCase("a type of bill that begins with another digit than zero", ["TOB-001"], .institutional) {
    $0.typeOfBill = "1131"
  },
  ConditionCase("a malformed type of bill in an export", ["TOB-001"], .csv) {
    $0.typeOfBill = "9Z9"; $0.revenueCode = "0361"
  },
  ConditionCase("a letter as frequency", [], .institutional) { $0.typeOfBill = "013G" },
  ConditionCase("a critical access hospital", [], .institutional) { $0.typeOfBill = "851" },
  ConditionCase("home health", ["TOB-003"], .institutional) { $0.typeOfBill = "321" },
  ConditionCase("an inpatient bill with a PCS code", [], .institutional) {
    $0.typeOfBill = "111"
    $0.admission = "20260309"
    $0.inpatientProcedures = 1
  },
  ConditionCase("an inpatient bill in an export without PCS columns", [], .csv) {
    $0.typeOfBill = "111"
    $0.revenueCode = "0361"
    $0.admission = "20260309"
    $0.placeOfService = "21"
  },
  ConditionCase("an inpatient bill in an export with empty PCS columns", ["TOB-004"], .csv) {
    $0.typeOfBill = "111"
    $0.revenueCode = "0361"
    $0.admission = "20260309"
    $0.placeOfService = "21"
    $0.withColumns = .inpatientProcedures
  },
  ConditionCase("outpatient bill in an office", ["TOB-005"], .csv) {
    $0.typeOfBill = "131"
    $0.revenueCode = "0361"
    $0.placeOfService = "11"
  },
  ConditionCase("outpatient bill in an emergency room", [], .csv) {
    $0.typeOfBill = "0131"
    $0.revenueCode = "0361"
    $0.placeOfService = "23"
  },
  ConditionCase("surgery centre bill elsewhere", ["TOB-005"], .csv) {
    $0.typeOfBill = "831"
    $0.revenueCode = "0490"
    $0.placeOfService = "22"
  },
  ConditionCase("a bill of which no place is said", [], .csv) {
    $0.typeOfBill = "221"
    $0.revenueCode = "0361"
    $0.placeOfService = "31"
  }.adding("TOB-002"),
  ConditionCase("a void without a reference", ["TOB-006"]) { $0.frequency = "8" },
  ConditionCase("an institutional replacement without a reference", ["TOB-006"], .institutional) {
    $0.typeOfBill = "137"
  },
  ConditionCase("an institutional replacement with a reference", [], .institutional) {
    $0.typeOfBill = "137"
    $0.originalClaimID = "PAYER1"
  },
  ConditionCase("an export without a reference column", [], .csv) {
    $0.frequency = "7"
    $0.withoutColumns = .originalClaimID
  },
  ConditionCase("three digits of a revenue code", ["REV-001"], .institutional) { $0.revenueCode = "361" },
  ConditionCase("a letter in a revenue code", ["REV-001"], .institutional) { $0.revenueCode = "036X" },
  ConditionCase("no revenue code", ["REV-001"], .institutional) { $0.revenueCode = "" },
  ConditionCase("no revenue column", [], .csv) { $0.typeOfBill = "131" },
  ConditionCase("observation hours", ["REV-003"], .institutional) { $0.revenueCode = "0762" },
  ConditionCase("treatment room", [], .institutional) { $0.revenueCode = "0761" },
  ConditionCase("drugs with detail", ["REV-003"], .institutional) { $0.revenueCode = "0636" },
  ConditionCase("other drugs", ["REV-002"], .institutional) { $0.revenueCode = "0637" },
  ConditionCase("room and board", ["REV-003"], .institutional) { $0.revenueCode = "0206" },
  ConditionCase("other 02xx", ["REV-002"], .institutional) { $0.revenueCode = "0270" },
]

private let diagnosisCases: [ConditionCase] = [
  ConditionCase("no diagnosis on a facility claim", ["DX-001"], .institutional) { $0.diagnoses = [] },
  ConditionCase("no pointer", ["DX-001"]) { $0.pointers = [] },
  ConditionCase("no pointer column: all diagnoses count", [], .csv) {
    $0.pointers = []
    $0.withoutColumns = .diagnosisPointers
  },
  ConditionCase("no pointer column, an unsupporting claim", ["DX-004"], .csv) {
    $0.diagnoses = ["J18.9", "I10"]
    $0.pointers = []
    $0.withoutColumns = .diagnosisPointers
  },
  ConditionCase("an unreadable pointer beside a good one", ["DX-002"]) { $0.pointers = [1, 0] },
  ConditionCase("only an unreadable pointer", ["DX-002"]) { $0.pointers = [0] },
  ConditionCase("a pointer above twelve", ["DX-002"]) { $0.pointers = [1, 13] },
  ConditionCase("pointers beyond, the good one does not support", ["DX-002", "DX-004"]) {
    $0.diagnoses = ["J18.9"]
    $0.pointers = [1, 4]
  },
  ConditionCase("a code that does not exist", ["DX-003"]) {
    $0.diagnoses = ["A15.0", "Q99.99"]
  },
  ConditionCase("a code of another shape", ["DX-003"]) { $0.diagnoses = ["A15.0", "011.90"] },
  ConditionCase("a heading of five characters", ["DX-003"]) { $0.diagnoses = ["J95.81"] },
  ConditionCase("a heading before the list's year that was always one", ["DX-003"]) {
    $0.diagnoses = ["J93.1"]
    $0.serviceFrom = "20180310"
  },
  ConditionCase("a heading since 2023, billed before", ["DX-004"]) {
    $0.diagnoses = ["J44.8"]
    $0.serviceFrom = "20220310"
  },
  ConditionCase("the same heading in the list's year", ["DX-003"]) { $0.diagnoses = ["J44.8"] },
  ConditionCase("an unknown code of another year is silence", []) {
    $0.diagnoses = ["A15.0", "Z99.7X"]
    $0.serviceFrom = "20190310"
  },
  ConditionCase("a category of another year", ["DX-003"]) {
    $0.diagnoses = ["A15"]
    $0.serviceFrom = "20190310"
  },
  ConditionCase("persistent air leak supports", []) { $0.diagnoses = ["J93.82"] },
  ConditionCase("past tuberculosis does not", ["DX-004"]) { $0.diagnoses = ["Z86.11"] },
  ConditionCase("the supporting diagnosis is not pointed to", ["DX-004"]) {
    $0.diagnoses = ["J18.9", "A15.0"]
    $0.pointers = [1]
  },
  ConditionCase("on a facility claim all diagnoses count", [], .institutional) { $0.diagnoses = ["J18.9", "A15.0"] },
  ConditionCase("postprocedural pneumothorax beside support", []) {
    $0.diagnoses = ["A15.0", "J95.811"]
    $0.pointers = [1, 2]
  },
  ConditionCase("a traumatic pneumothorax by its beginning", ["DX-005"]) { $0.diagnoses = ["S27.0XXA"] },
  ConditionCase("a contradicting diagnosis that is not pointed to", ["DX-004"]) {
    $0.diagnoses = ["J18.9", "J95.811"]
    $0.pointers = [1]
  },
  ConditionCase("tuberculosis and pneumothorax on one claim", ["DX-006"]) {
    $0.diagnoses = ["A15.0", "J93.9"]
  },
  ConditionCase("air leak and fistula on one claim", ["DX-006"]) { $0.diagnoses = ["J93.82", "J86.0"] },
  ConditionCase("two of the excluded without J93", []) { $0.diagnoses = ["A15.0", "J86.0"] },
  ConditionCase("ICD-9 today", ["DX-007"]) {
    $0.edition = .icd9
    $0.diagnoses = ["011.90", "512.8"]
  },
  ConditionCase("ICD-9 on its last day", []) {
    $0.edition = .icd9
    $0.diagnoses = ["011.90"]
    $0.serviceFrom = "20150930"
  },
  ConditionCase("ICD-10 a day too early", ["DX-007"]) { $0.serviceFrom = "20150930" },
  ConditionCase("ICD-10 on its first day", []) { $0.serviceFrom = "20151001" },
  ConditionCase("an edition nobody names is judged by the day", [], .csv) {
    $0.edition = .unknown
    $0.diagnoses = ["A15.0"]
  },
]

private let dateCases: [ConditionCase] = [
  ConditionCase("no date", ["DATE-001"]) { $0.serviceFrom = "" },
  ConditionCase("a statement period is no service date", ["DATE-001"], .institutional) { $0.serviceFrom = "" },
  ConditionCase("an inpatient bill's lines need none", [], .institutional) {
    $0.serviceFrom = ""
    $0.typeOfBill = "111"
    $0.admission = "20260309"
    $0.inpatientProcedures = 1
    $0.statement = "20260309-20260312"
  },
  ConditionCase("the day the file was made", []) { $0.serviceFrom = "20260401" },
  ConditionCase("the day after", ["DATE-002"]) { $0.serviceFrom = "20260402" },
  ConditionCase("an export against the run date", ["DATE-002"], .csv) { $0.serviceFrom = "20260402" },
  ConditionCase("the last day of the statement", [], .institutional) { $0.statement = "20260301-20260310" },
  ConditionCase("before the statement", ["DATE-003"], .institutional) { $0.statement = "20260311-20260312" },
  ConditionCase("an institutional line before the admission, within the statement", [], .institutional) {
    $0.typeOfBill = "111"
    $0.admission = "20260311"
    $0.inpatientProcedures = 1
    $0.statement = "20260309-20260315"
  },
  ConditionCase("a reversed statement period", ["DATE-006"], .institutional) { $0.statement = "20260312-20260309" },
  ConditionCase("an open stay", []) {
    $0.placeOfService = "21"; $0.admission = "20260301"
  },
  ConditionCase("before the admission", ["DATE-004"]) {
    $0.placeOfService = "21"
    $0.admission = "20260311"
    $0.discharge = "20260315"
  },
  ConditionCase("after the discharge", ["DATE-004"]) {
    $0.placeOfService = "21"
    $0.admission = "20260301"
    $0.discharge = "20260309"
  },
  ConditionCase("psychiatric and rehabilitation inpatients need an admission", ["DATE-005", "POS-003"]) {
    $0.placeOfService = "51"
  },
  ConditionCase("an inpatient bill needs an admission", ["DATE-005", "TOB-004"], .institutional) {
    $0.typeOfBill = "111"
  },
  ConditionCase("Part B of an inpatient does not", [], .institutional) { $0.typeOfBill = "121" },
  ConditionCase("no admission column", [], .csv) { $0.placeOfService = "21" },
  ConditionCase("from after to", ["DATE-006"]) { $0.serviceTo = "20260309" },
  ConditionCase("one unit with a decimal", []) { $0.units = "1.0" },
  ConditionCase("half a unit", ["UNIT-001"]) { $0.units = "0.5" },
  ConditionCase("no units", ["UNIT-001"]) { $0.units = "" },
  ConditionCase("units that are none", ["UNIT-001"]) { $0.units = "1O" },
  ConditionCase("minutes", ["UNIT-001"]) { $0.unitBasis = "MJ" },
  ConditionCase("minus one unit", ["UNIT-001"]) { $0.units = "-1" },
  ConditionCase("a charge of zero", []) { $0.charge = "0.00" },
  ConditionCase("a credit in an 837", ["CHG-001"]) { $0.charge = "-450.00" },
  ConditionCase("a credit that is marked as a reversal", [], .csv) {
    $0.charge = "-450.00"; $0.isReversal = true
  },
  ConditionCase("a charge that is none", ["CHG-001"]) { $0.charge = "4S0" },
  ConditionCase("a cent too much", ["CHG-002"]) { $0.totalCharge = "450.01" },
  ConditionCase("the total counts all lines", []) {
    $0.totalCharge = "550.00"
    $0.companions = [.init("71046")]
  },
  ConditionCase("an export without a total", [], .csv) {
    $0.totalCharge = "1.00"
    $0.withoutColumns = .totalCharge
  },
  ConditionCase("a second payer's rows of an export", [], .csv) {
    $0.totalCharge = "900.00"
    $0.payerSequence = "S"
  },
]

private let pairCases: [ConditionCase] = [
  ConditionCase("99156 of the clinician", ["PAIR-001"]) { $0.companions = [.init("99156")] },
  ConditionCase("no modifier separates it", ["PAIR-001"]) { $0.companions = [.init("99156", modifiers: ["59"])] },
  ConditionCase("99156 of another clinician", []) { $0.companions = [.init("99156", clinician: "R2")] },
  ConditionCase("in a hospital a modifier separates it", ["PAIR-002"], .institutional) {
    $0.companions = [.init("99156")]
  },
  ConditionCase("in a hospital with a modifier", [], .institutional) {
    $0.companions = [.init("99156", modifiers: ["59"])]
  },
  ConditionCase("69990 in a hospital", ["PAIR-001"], .institutional) {
    $0.companions = [.init("69990", modifiers: ["59"])]
  },
  ConditionCase("on an inpatient bill pairs do not count", [], .institutional) {
    $0.typeOfBill = "111"
    $0.admission = "20260309"
    $0.inpatientProcedures = 1
    $0.companions = [.init("69990")]
  },
  ConditionCase("a pair that was deleted", []) { $0.companions = [.init("62310")] },
  ConditionCase("the same before it was", ["PAIR-001"]) {
    $0.companions = [.init("62310")]
    $0.serviceFrom = "20161231"
  },
  ConditionCase("a tombstone", []) { $0.companions = [.init("61650")] },
  ConditionCase("a visit in a hospital is no pair", [], .institutional) { $0.companions = [.init("99213")] },
  ConditionCase("transitional care in a hospital is one", ["PAIR-002"], .institutional) {
    $0.companions = [.init("99495")]
  },
  ConditionCase("a modifier on the procedure separates", []) {
    $0.modifiers = ["59"]
    $0.companions = [.init("36000")]
  },
  ConditionCase("76 separates nothing", ["PAIR-002"]) { $0.companions = [.init("36000", modifiers: ["76"])] },
  ConditionCase("an unknown modifier separates nothing", ["PAIR-002"]) {
    $0.companions = [.init("36000", modifiers: ["ZZ"])]
  },
  ConditionCase("57 does not stand in for 25", ["PAIR-003"]) { $0.companions = [.init("99222", modifiers: ["57"])] },
  ConditionCase("a new patient's visit", ["PAIR-003"]) { $0.companions = [.init("99204")] },
  ConditionCase("an emergency visit", ["PAIR-003"]) { $0.companions = [.init("99284")] },
  ConditionCase("a clinic visit by its HCPCS code", ["PAIR-003"]) { $0.companions = [.init("G0463")] },
  ConditionCase("a visit of another clinician", []) { $0.companions = [.init("99213", clinician: "R2")] },
  ConditionCase("a consultation between clinicians is never separate", ["PAIR-001"]) {
    $0.companions = [.init("99447")]
  },
  ConditionCase("chest films are expected", []) { $0.companions = [.init("71045"), .init("71046")] },
  ConditionCase("guidance is no pair", []) { $0.companions = [.init("76942"), .init("77002"), .init("77012")] },
  ConditionCase("chest tubes are no pair", []) { $0.companions = [.init("32551"), .init("32557"), .init("32560")] },
  ConditionCase("sedation by the same clinician", []) { $0.companions = [.init("99152"), .init("99153")] },
  ConditionCase("thoracoscopy contains the procedure", ["PAIR-004"]) { $0.companions = [.init("32650")] },
  ConditionCase("a modifier on the thoracoscopy separates", []) { $0.companions = [.init("32650", modifiers: ["XS"])] },
  ConditionCase("a thoracoscopy whose pair ended in 2011", []) { $0.companions = [.init("32657")] },
  ConditionCase("an add-on whose primary is another clinician's", ["PAIR-001"]) {
    $0.companions = [.init("99155", clinician: "R2"), .init("99157")]
  },
  ConditionCase("99157 alone is an orphan and never separate", ["PAIR-001", "PAIR-005"]) {
    $0.companions = [.init("99157")]
  },
  ConditionCase("a payer by the beginning of its name", []) {
    $0.payerName = "Aetna Better Health, Inc."; $0.payerID = ""
  },
  ConditionCase("a payer by its id", []) {
    $0.payerName = "SOMETHING"; $0.payerID = "87726"
  },
  ConditionCase("a payer by the filing indicator", []) {
    $0.payerName = "SOMEBODY"
    $0.payerID = "X1"
    $0.filingIndicator = "BL"
  },
  ConditionCase("a payer nobody knows, with a real indicator", ["PAYER-001"]) {
    $0.payerName = "SOMEBODY"
    $0.payerID = "X1"
  },
  ConditionCase("no indicator", ["PAYER-002"]) { $0.filingIndicator = "" },
  ConditionCase("an export with an empty indicator column", ["PAYER-002"], .csv) { $0.withColumns = .filingIndicator },
  ConditionCase("Medicare on a professional claim is MB", ["PAYER-002"]) {
    $0.payerName = "MEDICARE"
    $0.filingIndicator = "MA"
  }.withPayerID("MEDICARE"),
  ConditionCase("Medicare on a facility claim is MA", [], .institutional) {
    $0.payerName = "MEDICARE"
    $0.payerID = "10112"
    $0.filingIndicator = "MA"
  },
  ConditionCase("another payer's Medicare plan is that payer", ["PAYER-002"]) {
    $0.payerName = "AETNA MEDICARE"
    $0.payerID = ""
    $0.filingIndicator = "MB"
  },
  ConditionCase("an unknown payer's Medicare plan is not Medicare", ["PAYER-001"]) {
    $0.payerName = "HUMANA MEDICARE"
    $0.payerID = ""
    $0.filingIndicator = "MB"
  },
  ConditionCase("Medicare Advantage is not Medicare", ["PAYER-001"]) {
    $0.payerName = "Medicare Advantage Plus"
    $0.payerID = ""
    $0.filingIndicator = "16"
  },
  ConditionCase("a contractor of Medicare is Medicare", []) {
    $0.payerName = "NORIDIAN MEDICARE JE"
    $0.payerID = ""
    $0.filingIndicator = "MB"
  },
  ConditionCase("a void to Part B", ["PAYER-003"]) {
    $0.payerName = "MEDICARE"
    $0.payerID = ""
    $0.filingIndicator = "MB"
    $0.frequency = "8"
    $0.originalClaimID = "1"
  },
  ConditionCase("a replacement to Part A", [], .institutional) {
    $0.payerName = "MEDICARE"
    $0.payerID = ""
    $0.filingIndicator = "MA"
    $0.typeOfBill = "137"
    $0.originalClaimID = "1"
  },
  ConditionCase("a replacement to a Medicare Advantage plan", []) {
    $0.payerName = "UHC MEDICARE"
    $0.payerID = ""
    $0.frequency = "7"
    $0.originalClaimID = "1"
  },
]

private let peers = (0..<10).map {
  RuleExample.Prior(
    "32960", date: "20260201", charge: "4\(40 + $0 * 2).00", claimID: "P\($0)", patient: UInt64(50 + $0))
}

private let runCases: [ConditionCase] = [
  ConditionCase("the same line of another claim", ["DUP-001"]) { $0.priors = [.init("32960", date: "20260310")] },
  ConditionCase("another clinician's line", []) { $0.priors = [.init("32960", date: "20260310", clinician: "R2")] },
  ConditionCase("another charge is no exact duplicate, but one unit too many", ["UNIT-002"]) {
    $0.priors = [.init("32960", date: "20260310", charge: "500.00")]
  },
  ConditionCase("other modifiers are no exact duplicate", ["UNIT-002"]) {
    $0.modifiers = ["76"]
    $0.priors = [.init("32960", date: "20260310")]
  },
  ConditionCase("modifiers in another order are the same set", ["DUP-001"]) {
    $0.modifiers = ["LT", "GC"]
    $0.priors = [.init("32960", modifiers: ["GC", "LT"], date: "20260310")]
  },
  ConditionCase("a copy for a second payer", []) { $0.priors = [.init("32960", date: "20260310", payerSequence: "S")] },
  ConditionCase("copies for a second and a third payer", []) {
    $0.payerSequence = "T"
    $0.priors = [.init("32960", date: "20260310", payerSequence: "S")]
  },
  ConditionCase("two claims to a second payer", ["UNIT-002"]) {
    $0.payerSequence = "S"
    $0.priors = [.init("32960", date: "20260310", charge: "470.00", payerSequence: "S")]
  },
  ConditionCase("another patient", []) { $0.priors = [.init("32960", date: "20260310", patient: 2)] },
  ConditionCase("replaced twice under one number", []) {
    $0.frequency = "7"
    $0.originalClaimID = "PAYER78"
    $0.priors = [
      .init("32960", date: "20260310", charge: "430.00", claimID: "AUDITED"),
      .init(
        "32960", date: "20260310", charge: "440.00", claimID: "AUDITED", frequency: "7", originalClaimID: "PAYER77"),
    ]
  },
  ConditionCase("an export without modifier columns does not judge pairs or duplicates", [], .csv) {
    $0.withoutColumns = .modifiers
    $0.companions = [.init("99213"), .init("36000"), .init("32650")]
  },
  ConditionCase("an end that is no date", ["DATE-001"]) { $0.serviceTo = "20260230" },
  ConditionCase("ICD-9 in an export that says no edition", [], .csv) {
    $0.edition = .icd9
    $0.diagnoses = ["011.90"]
    $0.withoutColumns = .diagnosisEdition
  },
  ConditionCase("a replacement of the earlier claim", []) {
    $0.priors = [.init("32960", date: "20260310", claimID: "FIRST")]
    $0.frequency = "7"
    $0.originalClaimID = "FIRST"
  },
  ConditionCase("a replacement that keeps the claim number and names the payer's", []) {
    $0.priors = [.init("32960", date: "20260310", claimID: "AUDITED")]
    $0.frequency = "7"
    $0.originalClaimID = "PAYER77"
  },
  ConditionCase("a replacement of nobody knows what", []) {
    $0.priors = [.init("32960", date: "20260310", charge: "470.00", claimID: "FIRST")]
    $0.frequency = "7"
    $0.originalClaimID = "PAYER77"
  },
  ConditionCase("billed anew after a void", []) {
    $0.priors = [
      .init("32960", date: "20260310", claimID: "FIRST"),
      .init("32960", date: "20260310", claimID: "VOID", frequency: "8", originalClaimID: "FIRST"),
    ]
  },
  ConditionCase("a void counts nothing itself", []) {
    $0.units = "2"
    $0.frequency = "8"
    $0.originalClaimID = "FIRST"
  },
  ConditionCase("two units on one line", ["UNIT-002"]) { $0.units = "2" },
  ConditionCase("two units at a hospital", ["UNIT-002"], .institutional) { $0.units = "2" },
  ConditionCase("no patient: not evaluated", [], .csv) { $0.units = "1" },
  ConditionCase("number used for another claim", ["DUP-002"]) {
    $0.priors = [.init("32960", date: "20260201", claimID: "AUDITED")]
  },
  ConditionCase("number used for the same claim", ["DUP-001"]) {
    $0.priors = [.init("32960", date: "20260310", claimID: "AUDITED")]
  },
  ConditionCase("number used for the same services of another patient", ["DUP-002"]) {
    $0.priors = [.init("32960", date: "20260310", claimID: "AUDITED", patient: 9)]
  },
  ConditionCase("number used for a claim of another patient", ["DUP-002"]) {
    $0.priors = [.init("32960", date: "20260201", claimID: "AUDITED", patient: 9)]
  },
  ConditionCase("number of a claim for a second payer", []) {
    $0.priors = [.init("32960", date: "20260201", claimID: "AUDITED", payerSequence: "S")]
  },
  ConditionCase("an export without frequencies", [], .csv) {
    $0.priors = [.init("32960", date: "20260201", claimID: "AUDITED")]
    $0.withoutColumns = .frequency
  },
  ConditionCase("a series on different days needs no modifier", []) {
    $0.priors = [.init("32960", date: "20260303"), .init("32960", date: "20260306", claimID: "P2")]
  },
  ConditionCase("58 in an open period", []) {
    $0.modifiers = ["58"]
    $0.priors = [.init("32650", date: "20260201")]
  },
  ConditionCase("the last day of the period", ["GLOB-002"]) { $0.priors = [.init("32650", date: "20251210")] },
  ConditionCase("a day after the period", []) { $0.priors = [.init("32650", date: "20251209")] },
  ConditionCase("78 a day after the period", ["GLOB-003"]) {
    $0.modifiers = ["78"]
    $0.priors = [.init("32650", date: "20251209")]
  },
  ConditionCase("a ten-day period", ["GLOB-002"]) { $0.priors = [.init("32552", date: "20260228")] },
  ConditionCase("a ten-day period that closed", []) { $0.priors = [.init("32552", date: "20260227")] },
  ConditionCase("another clinician's operation", []) {
    $0.priors = [.init("32650", date: "20260201", clinician: "R2")]
  },
  ConditionCase("78 after another clinician's operation", ["GLOB-001"]) {
    $0.modifiers = ["78"]
    $0.priors = [.init("32650", date: "20260201", clinician: "R2")]
  },
  ConditionCase("78 after a later procedure only", ["GLOB-001"]) {
    $0.modifiers = ["78"]
    $0.priors = [.init("32650", date: "20260320")]
  },
  ConditionCase("78 beside another procedure of the day", []) {
    $0.modifiers = ["78"]
    $0.companions = [.init("32551")]
  },
  ConditionCase("the copy for a second payer is no earlier procedure", ["GLOB-001"]) {
    $0.modifiers = ["78"]
    $0.priors = [.init("32960", modifiers: ["78"], date: "20260310", payerSequence: "S")]
  },
  ConditionCase("an operation of the same day opens nothing for GLOB-002", []) {
    $0.modifiers = ["XS"]
    $0.companions = [.init("32650")]
  },
  ConditionCase("global periods do not touch facility claims", [], .institutional) {
    $0.modifiers = ["78"]
    $0.priors = [.init("32650", date: "20260201")]
  },
  ConditionCase("the operation was voided", []) {
    $0.priors = [
      .init("32650", date: "20260201", claimID: "FIRST"),
      .init("32650", date: "20260201", claimID: "VOID", frequency: "8", originalClaimID: "FIRST"),
    ]
  },
  ConditionCase("ten times the charge of ten others", ["CHG-003"]) {
    $0.charge = "4500.00"
    $0.priors = peers
  },
  ConditionCase("a tenth of the charge of ten others", ["CHG-003"]) {
    $0.charge = "45.00"
    $0.priors = peers
  },
  ConditionCase("nine others say nothing", []) {
    $0.charge = "4500.00"
    $0.priors = Array(peers.dropLast())
  },
  ConditionCase("less than twice the median", []) {
    $0.charge = "880.00"
    $0.priors = peers
  },
  ConditionCase("equal charges and three times as much", ["CHG-003"]) {
    $0.charge = "1350.00"
    $0.priors = peers.map { peer in
      var peer = peer
      peer.charge = "450.00"
      return peer
    }
  },
  ConditionCase("equal charges and less than three times as much", []) {
    $0.charge = "1349.00"
    $0.priors = peers.map { peer in
      var peer = peer
      peer.charge = "450.00"
      return peer
    }
  },
]

extension ConditionCase {
  fileprivate init(_ name: String, _ example: RuleExample, _ expected: Set<String>) {
    self.name = name
    self.example = example
    self.expected = expected
  }

  fileprivate func adding(_ rule: String) -> ConditionCase { ConditionCase(name, example, expected.union([rule])) }

  fileprivate func withPayerID(_ id: String) -> ConditionCase {
    var example = example
    example.payerID = id
    return ConditionCase(name, example, expected)
  }
}
