import ClaimModel
import TestSupport
import Testing

@testable import AuditPipeline

@Suite("The issues of a stream that are told")
struct ToldIssuesTests {
  private func issue(_ severity: IssueSeverity, _ number: Int) -> ReadingIssue {
    ReadingIssue(
      code: "TEST", severity: severity, effect: .none, location: SourceLocation(record: number, byteOffset: 0),
      message: "a test")
  }

  @Test("are the first ones of each severity, in input order, with a count of the others that are no notices")
  func places() {
    var told = ToldIssues()
    #expect(told.isEmpty)
    for number in 1...30 {
      told.add(issue(.info, number))
      told.add(issue(.warning, number))
    }
    #expect(told.issues.count == 2 * ToldIssues.limit && told.untold == 10)
    for number in 31...55 { told.add(issue(.error, number)) }
    #expect(told.issues.filter { $0.severity == .error }.map(\.location.record) == Array(31...50))
    #expect(told.untold == 15)
    #expect(told.issues.map(\.location.record) == told.issues.map(\.location.record).sorted())
  }

  @Test("come to the same however the stream is parted")
  func parted() {
    var generator = SeededGenerator(seed: RandomRuns.seed)
    for _ in 0..<RandomRuns.rounds(20) {
      var (whole, parted, piece) = (ToldIssues(), ToldIssues(), ToldIssues())
      for number in 0..<200 {
        let next = issue(generator.once(in: 3) ? .error : generator.once(in: 2) ? .warning : .info, number)
        whole.add(next)
        piece.add(next)
        guard generator.once(in: 25) else { continue }
        parted.add(piece)
        piece = ToldIssues()
      }
      parted.add(piece)
      #expect(parted.issues.map(\.location.record) == whole.issues.map(\.location.record))
      #expect(parted.untold == whole.untold && whole.untold > 0)
    }
  }

  @Test("of a table name the lost row behind a thousand harmless ones, with one thread and with several")
  func lostRow() throws {
    var text = "Claim ID,DOS,CPT,POS,Charge\n"
    for number in 0...1000 { text += "C\(number),\(number == 0 ? "2026-01-05" : "TBD"),71046,22,100\n" }
    text += "E1,2026-01-05,32960,22\n"
    let whole = try AuditedFile(Array(text.utf8)) { $0.jobs = 1 }
    // A word about the column of dates comes first.
    #expect(whole.told.count == ToldIssues.limit + 2)
    #expect(whole.told.contains { $0.hasPrefix("error ") && $0.contains("record 1003") })
    #expect(whole.told.last == "981 further")
    for unitSize in [300, 4000] {
      let parted = try AuditedFile(Array(text.utf8)) {
        $0.jobs = 3
        $0.unitSize = unitSize
      }
      #expect(parted.difference(from: whole) == nil)
    }
  }
}
