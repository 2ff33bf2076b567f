import TestSupport
import Testing

@testable import ClaimModel
@testable import ClaimReading

/// A folder of further 837 files beside the repository, which need not be there.
private enum Corpus {
  static let folder = Fixture.repository + "/../shared/corpus"

  /// A table of tab-separated values: each row by the names of its columns.
  static func table(_ name: String) -> [[String: String]] {
    guard let bytes = Fixture.bytes(at: "\(folder)/\(name)") else { return [] }
    let rows = Fixture.lines(of: bytes).map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    guard let header = rows.first else { return [] }
    return rows.dropFirst().map { row in
      Dictionary(uniqueKeysWithValues: header.indices.map { (header[$0], $0 < row.count ? row[$0] : "") })
    }
  }

  static let isThere = Fixture.bytes(at: "\(folder)/EXPECTED.tsv") != nil
  static let note: Comment = "there is no corpus beside the repository"
}

@Suite("The corpus beside the repository", .enabled(if: Corpus.isThere, Corpus.note))
struct X12CorpusTests {
  @Test("every planted line is found where and as it is said to be")
  func planted() throws {
    let rows = Corpus.table("EXPECTED.tsv")
    #expect(rows.count == 336)
    for (file, expected) in Dictionary(grouping: rows, by: { $0["file"] ?? "" }).sorted(by: { $0.key < $1.key }) {
      let bytes = try #require(Fixture.bytes(at: "\(Corpus.folder)/planted/\(file)"), "\(file)")
      let outcome = readX12(bytes, interest: X12Fixtures.watched)
      #expect(outcome.difference(from: readX12(bytes, interest: X12Fixtures.watched, inFull: true)) == nil, "\(file)")
      let found = outcome.claims.flatMap { claim in
        claim.lines.filter { $0.procedure.code == "32960" }.map { described($0, of: claim) }
      }
      #expect(found == expected.map(described), "\(file)")
    }
  }

  /// A line as text, in the words of the table.
  private func described(_ line: RecordedLine, of claim: RecordedClaim) -> String {
    let isFacility = !claim.typeOfBill.text.isEmpty
    return [
      claim.id, line.number, line.qualifier, line.modifiers.map(\.text).joined(separator: ":"), text(line.charge),
      text(line.units), isFacility ? "" : line.effectivePlaceOfService,
      isFacility ? String(claim.typeOfBill.code.dropFirst()) : "",
      line.dateOrigin == .line ? text(line.serviceFrom) : "",
      line.dateOrigin == .claim || line.dateOrigin == .statement ? text(line.serviceFrom) : "", line.control,
      claim.payerName, claim.payerID, "\(line.location.byteOffset)", "\(line.location.record)",
    ].joined(separator: " | ")
  }

  /// A row of the table as the same text.
  private func described(_ row: [String: String]) -> String {
    func cell(_ name: String) -> String { row[name] ?? "" }
    let date = String(cell("service_date").prefix(8))
    return [
      cell("claim_id"), cell("lx01"), cell("qualifier"), cell("modifiers"), number(cell("charge"), decimals: 2),
      number(cell("units"), decimals: 4), cell("effective_pos"), String(cell("type_of_bill").suffix(3)), date,
      date.isEmpty ? String(cell("claim_dates").prefix(8)) : "", cell("line_control"), cell("payer"), cell("payer_id"),
      cell("byte_offset"), cell("segment_ordinal"),
    ].joined(separator: " | ")
  }

  private func text(_ amount: Amount) -> String { amount.cents.map { "\($0)" } ?? "" }

  private func text(_ quantity: Quantity) -> String { quantity.tenThousandths.map { "\($0)" } ?? "" }

  private func text(_ date: DateValue) -> String { date.day.map { $0.description.filter { $0 != "-" } } ?? "" }

  private func number(_ text: String, decimals: Int) -> String {
    DecimalNumber.parse(Array(text.utf8), decimals: decimals).map { "\($0)" } ?? ""
  }

  @Test("every file holds as many claims and lines as is said, however it is read")
  func manifest() throws {
    let rows = Corpus.table("MANIFEST.tsv")
    #expect(!rows.isEmpty)
    for row in rows {
      let file = row["file"] ?? ""
      guard let bytes = Fixture.bytes(at: "\(Corpus.folder)/x12/\(file)") else {
        Issue.record("\(file) is not there")
        continue
      }
      let outcome = readX12(bytes, interest: X12Fixtures.watched)
      let isClaims = row["kind"]?.hasPrefix("837") == true
      #expect("\(outcome.totals.claims)" == (isClaims ? row["clm"] : "0"), "\(file)")
      #expect("\(outcome.totals.lines)" == (isClaims ? row["service_lines"] : "0"), "\(file)")
      #expect(outcome.breaches == [])
      let full = readX12(bytes, interest: X12Fixtures.watched, inFull: true)
      #expect(outcome.difference(from: full) == nil, "\(file)")
      if bytes.count < 20_000 {
        for chunking in [Chunking.pieces(1), .pieces(64), .random(seed: RandomRuns.seed, upTo: 300)] {
          let other = readX12(bytes, interest: X12Fixtures.watched, in: chunking)
          #expect(other.difference(from: full) == nil, "\(file) \(chunking)")
        }
      }
    }
  }
}
