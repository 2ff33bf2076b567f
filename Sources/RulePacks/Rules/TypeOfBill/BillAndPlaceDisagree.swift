internal import Auditing
internal import ClaimModel

/// Finds rows whose type of bill and place of service are of different kinds of facility.
struct BillAndPlaceDisagree: LineRule {
  static let description = RuleDescription(
    id: "TOB-005", severity: .error, name: "bill-and-place-disagree",
    summary: "A row with a type of bill and a place of service has two that agree.",
    rationale: "One of the two columns is wrong, or rows were joined wrongly.",
    needs: [.typeOfBill, .placeOfService], applies: .csv, scope: .general, carc: "5", rarc: "M77",
    fix: "Correct the column that does not describe where the service was done.",
    source: "UB-04 type of bill; CMS place-of-service codes",
    flagged: RuleExample(.csv, placeOfService: "11", typeOfBill: "131", revenueCode: "0361"),
    clean: RuleExample(.csv, placeOfService: "22", typeOfBill: "131", revenueCode: "0361"))

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard !line.place.isEmpty else { return }
    let places = line.tables.billTypes.places(of: line.billType)
    guard !places.isEmpty, !places.contains(line.place.code) else { return }
    findings.report(.typeOfBill, Message.disagree(line.billType, line.quoted(line.place)))
  }
}

extension BillAndPlaceDisagree {
  fileprivate enum Message {
    static func disagree(_ billType: Code, _ place: MessageText) -> MessageText {
      "type of bill \(billType) and place of service \(place) disagree"
    }
  }
}
