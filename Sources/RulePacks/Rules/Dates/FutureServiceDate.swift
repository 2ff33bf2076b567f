internal import Auditing
internal import ClaimModel

/// Finds services after the day on which the file was made; in an export, after the run date.
struct FutureServiceDate: LineRule {
  static let description = RuleDescription(
    id: "DATE-002", severity: .error, name: "future-service-date",
    summary: "The service is not later than the day on which the file was made.",
    rationale: "A service that has not been done cannot be billed.",
    needs: .serviceDate, applies: .all, scope: .general, carc: "110", rarc: "",
    fix: "Correct the service date.",
    source: "X12 837 BHT04 and DTP*472",
    flagged: RuleExample { $0.serviceFrom = "20260501" }, clean: RuleExample())

  func check(_ line: AuditedLine, _ findings: inout FindingSink) {
    guard let day = line.serviceDay else { return }
    let made = line.isCSV ? line.asOf : line.claim.transactionDate.day ?? line.asOf
    if day > made { findings.report(.serviceFrom, Message.future(day, made, isCSV: line.isCSV)) }
  }
}

extension FutureServiceDate {
  fileprivate enum Message {
    static func future(_ day: Day, _ made: Day, isCSV: Bool) -> MessageText {
      "the service date \(day) is later than \(isCSV ? "the run date" : "the file's date") \(made)"
    }
  }
}
