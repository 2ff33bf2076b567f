import Testing

@testable import Reporting

/// The columns are a promise to spreadsheets and scripts: written out here once more, on purpose.
@Suite struct ReportTableTests {
  @Test func linesHaveTheirColumnsInOrder() {
    let expected = """
      source_file,format,record,byte_offset,interchange_control,group_control,transaction_control,claim_id,claim_type,\
      claim_frequency,original_claim_id,line_number,line_control,payer,payer_name,payer_id,filing_indicator,billing_npi,\
      rendering_npi,service_from,service_to,place_of_service,type_of_bill,revenue_code,procedure,modifier_1,modifier_2,\
      modifier_3,modifier_4,diagnoses,units,charge,allowed,paid,watched,severity,findings,rules,messages,carc,at_risk
      """
    #expect(header(.lines) == expected)
  }

  @Test func findingsHaveTheirColumnsInOrder() {
    let expected = """
      source_file,format,record,byte_offset,claim_id,line_number,procedure,payer,service_from,rule,severity,element,\
      message,fix,carc,rarc,at_risk
      """
    #expect(header(.findings) == expected)
  }

  @Test func issuesHaveTheirColumnsInOrder() {
    #expect(
      header(.issues) == "source_file,record,byte_offset,code,severity,segment,element,claim_id,message,effect")
  }

  private func header(_ table: ReportTable) -> String { table.columns.map(\.name).joined(separator: ",") }

  @Test func positionsNameTheirColumns() {
    let lines = ReportTable.lines.columns.map(\.name)
    #expect(lines[LineColumn.sourceFile] == "source_file")
    #expect(lines[LineColumn.format] == "format")
    #expect(lines[LineColumn.record] == "record")
    #expect(lines[LineColumn.byteOffset] == "byte_offset")
    #expect(lines[LineColumn.interchangeControl] == "interchange_control")
    #expect(lines[LineColumn.groupControl] == "group_control")
    #expect(lines[LineColumn.transactionControl] == "transaction_control")
    #expect(lines[LineColumn.claimID] == "claim_id")
    #expect(lines[LineColumn.claimType] == "claim_type")
    #expect(lines[LineColumn.originalClaimID] == "original_claim_id")
    #expect(lines[LineColumn.lineNumber] == "line_number")
    #expect(lines[LineColumn.payer] == "payer")
    #expect(lines[LineColumn.billingNPI] == "billing_npi")
    #expect(lines[LineColumn.serviceFrom] == "service_from")
    #expect(lines[LineColumn.placeOfService] == "place_of_service")
    #expect(lines[LineColumn.typeOfBill] == "type_of_bill")
    #expect(lines[LineColumn.procedure] == "procedure")
    #expect(lines[LineColumn.firstModifier] == "modifier_1")
    #expect(lines[LineColumn.lastModifier] == "modifier_4")
    #expect(lines[LineColumn.paid] == "paid")
    #expect(lines[LineColumn.watched] == "watched")
    #expect(lines[LineColumn.recorded] == lines[4...33])
    #expect(ReportTable.findings.columns[FindingColumn.own].first?.name == "rule")
    #expect(ReportTable.issues.columns[IssueColumn.code].name == "code")
    #expect(ReportTable.issues.columns[IssueColumn.effect].name == "effect")
    #expect(ReportTable.all.allSatisfy { $0.columns.count <= CellIndex.capacity })
  }
}
