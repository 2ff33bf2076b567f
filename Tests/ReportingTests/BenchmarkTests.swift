import Auditing
import ClaimModel
import Testing

@testable import Reporting

/// Percentiles against the definition, and when there are none.
@Suite struct BenchmarkTests {
  /// Type 7 from the definition, in floating point over small numbers.
  private func naive(_ p: Double, _ values: [Int64]) -> Double {
    let sorted = values.sorted()
    let position = Double(sorted.count - 1) * p
    let below = Int(position)
    let above = min(below + 1, sorted.count - 1)
    return Double(sorted[below]) + (position - Double(below)) * Double(sorted[above] - sorted[below])
  }

  private func percentile(_ numerator: Int, of denominator: Int, in sorted: [Int64]) -> Int64 {
    let place = percentilePlace(numerator, of: denominator, among: sorted.count)
    return Reporting.percentile(
      between: sorted[place.place], and: sorted[min(place.place + 1, sorted.count - 1)], place.rest, of: denominator)
  }

  @Test func percentilesFollowTheDefinition() {
    var generator = SplitMix(state: 42)
    for count in 1...120 {
      let values = (0..<count).map { _ in Int64(generator.next() % 2_000_000) - 500_000 }
      let sorted = values.sorted()
      for (numerator, denominator, p) in [(1, 4, 0.25), (1, 2, 0.5), (3, 4, 0.75), (9, 10, 0.9)]
        as [(Int, Int, Double)]
      {
        let exact = naive(p, values)
        let rounded = Double(percentile(numerator, of: denominator, in: sorted))
        #expect(abs(rounded - exact) <= 0.5 + 1e-6, "\(count) values, \(p)")
      }
    }
  }

  @Test(
    arguments: [
      ([1, 2], 2), ([1, 4], 3), ([-1, -2], -2), ([0, 1], 1), ([-1, 0], -1), ([7], 7), ([1, 2, 10], 2),
      ([.min, .max], -1), ([.max, .max], .max),
    ] as [([Int64], Int64)]) func aMedianIsRoundedAwayFromZero(_ values: [Int64], _ median: Int64)
  {
    #expect(percentile(1, of: 2, in: values.sorted()) == median)
  }

  private func entries(_ count: Int, kind: ClaimKind = .professional, place: String = "22") -> [BenchmarkEntry] {
    var builder = SummaryBuilder(
      reference: .init(settings: ["22": .facility, "11": .nonFacility], medicare: [.facility: 8_217]))
    let place = SummaryBuilder.Tally(text: place)
    for value in 0..<count {
      let group = builder.group(payer: "aetna", claimType: kind, placeOfService: place)
      builder.addWatched(
        SummaryBuilder.Line(
          stream: 0, group: group, charge: Int64(value) * 100, allowed: nil, paid: value == 0 ? 5 : nil, atRisk: 0))
    }
    return builder.summary(files: [], catalogue: catalogue).benchmark
  }

  @Test func fewValuesSayLittle() throws {
    for (count, hasMedian, hasPercentiles) in [(4, false, false), (5, true, false), (9, true, false), (10, true, true)]
    {
      let entry = try #require(entries(count).first)
      #expect(entry.count == count)
      #expect(entry.minimum == 0)
      #expect(entry.maximum == Int64(count - 1) * 100)
      #expect((entry.median != nil) == hasMedian)
      #expect((entry.p25 != nil) == hasPercentiles)
      #expect((entry.p75 != nil) == hasPercentiles)
      #expect((entry.p90 != nil) == hasPercentiles)
    }
  }

  @Test func groupsAreByPayerTypeSettingAndMeasure() {
    let entries = entries(10)
    #expect(entries.map(\.measure) == [.charge, .paid])
    #expect(entries.map(\.setting) == [.facility, .facility])
    #expect(entries.map(\.medicareReference) == [8_217, 8_217])
    #expect(entries.first?.median == 450)
    #expect(entries.first?.p25 == 225)
    #expect(entries.first?.p90 == 810)
  }

  @Test func institutionalClaimsAreOfAFacility() {
    #expect(entries(1, kind: .institutional, place: "").first?.setting == .facility)
    #expect(entries(1, kind: .institutional, place: "").first?.medicareReference == nil)
    #expect(entries(1, place: "11").first?.setting == .nonFacility)
    #expect(entries(1, place: "99").first?.setting == .unknown)
    #expect(entries(1, place: "").first?.setting == .unknown)
  }

  @Test func valuesThatCannotBeKeptAreAnErrorAndNoReport() throws {
    var builder = SummaryBuilder(folder: "/nonexistent/x")
    let group = builder.group(payer: "aetna", claimType: .professional, placeOfService: .none)
    for value in 0..<300 {
      builder.addWatched(
        SummaryBuilder.Line(
          stream: 0, group: group, charge: Int64(value), allowed: nil, paid: nil, atRisk: 0))
    }
    let error = #expect(throws: ReportError.self) { _ = try Published(builder: builder) }
    #expect(error?.kind == .cannotCreate)
  }
}
