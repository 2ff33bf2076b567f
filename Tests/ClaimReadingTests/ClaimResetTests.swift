import ClaimModel
import Testing

@Suite("A claim that is filled again")
struct ClaimResetTests {
  /// A claim of which no field is as in a new one.
  private var filled: Claim {
    var claim = Claim()
    let text = claim.text.append(Array("TEXT".utf8))
    let value = CodedValue(code: "A", text: text)
    claim.location = SourceLocation(record: 3, byteOffset: 4)
    claim.fields = []
    claim.format = .csv
    claim.interchangeControl = text
    claim.groupControl = text
    claim.transactionControl = text
    claim.transactionDate = .malformed
    claim.id = text
    claim.kind = .dental
    claim.frequency = value
    claim.originalClaimID = text
    claim.placeOfService = value
    claim.typeOfBill = value
    claim.totalCharge = .malformed
    claim.payerSequence = "S"
    claim.filingIndicator = value
    claim.payerName = text
    claim.payerID = text
    claim.billingNPI = text
    claim.billingTaxonomy = text
    claim.renderingNPI = text
    claim.statementFrom = .malformed
    claim.statementTo = .malformed
    claim.admission = .malformed
    claim.discharge = .malformed
    claim.diagnoses = [Diagnosis(code: "J930", text: text, edition: .icd10)]
    claim.inpatientProcedureCount = 1
    claim.hasDocumentation = true
    claim.patient = 5
    claim.lines = [ServiceLine()]
    claim.rows = [RecordRun(record: 1, byteOffset: 2, end: 3)]
    claim.isContinued = true
    claim.isPartial = true
    claim.isOutline = true
    return claim
  }

  private func fields(_ claim: Claim) -> [(name: String, value: String)] {
    Mirror(reflecting: claim).children.map { ($0.label ?? "", "\($0.value)") }
  }

  @Test("has nothing of the claim before, in any field")
  func reset() {
    var claim = filled
    for (before, new) in zip(fields(claim), fields(Claim())) {
      #expect(before.value != new.value, "\(before.name) is not filled by this test")
    }
    claim.reset()
    for (after, new) in zip(fields(claim), fields(Claim())) { #expect(after.value == new.value, "\(after.name)") }
  }
}
