import TestSupport
import Testing
import X12

@testable import ClaimModel
@testable import ClaimReading

@Suite("Values of elements")
struct X12ValuesTests {
  private func amount(_ text: String) -> Amount {
    let bytes = Array(text.utf8)
    return bytes.span.amount(0..<bytes.count)
  }

  private func quantity(_ text: String) -> Quantity {
    let bytes = Array(text.utf8)
    return bytes.span.quantity(0..<bytes.count)
  }

  private func day(_ text: String) -> String {
    let bytes = Array(text.utf8)
    switch bytes.span.day(0..<bytes.count) {
    case .absent: return "absent"
    case .malformed: return "malformed"
    case .day(let day): return day.description
    }
  }

  private func period(_ format: String, _ value: String) -> String {
    let bytes = Array("DTP*472*\(format)*\(value)".utf8)
    var elements = SegmentElements()
    elements.split(bytes.span, by: 0x2A)
    let period = DatePeriod(bytes.span, format: elements[2], value: elements[3])
    return [period.from, period.to].map { $0.day?.description ?? "\($0)" }.joined(separator: " ")
      + (period.isReversed ? " reversed" : "")
  }

  @Test(
    "an amount is exact cents",
    arguments: [
      ("0", 0), ("310", 31_000), ("310.", 31_000), ("310.5", 31_050), ("310.05", 31_005), (".05", 5), ("-.05", -5),
      ("+7", 700), ("-310", -31_000), ("310.500", 31_050), ("000000000000000000310", 31_000), (" 310 ", 31_000),
      ("999999999999999.99", 99_999_999_999_999_999), ("-999999999999999.99", -99_999_999_999_999_999),
      ("92233720368547758", 9_223_372_036_854_775_800), ("0.00", 0), ("-0", 0),
    ])
  func amounts(text: String, cents: Int64) { #expect(amount(text) == .cents(cents)) }

  @Test(
    "what is no amount, or too much of one, is malformed and never rounded",
    arguments: [
      "310.005", "310.001", "1,310", "$310", "(310)", "3IO", "3E2", "3 10", "--3", "+-3", "-", "+", ".", "-.", "1.2.3",
      "99999999999999999", "92233720368547759", "100000000000000000.00", "999999999999999999999999", "310\n", "31O",
      "٣",
      "0x10", "NaN", "1_000",
    ])
  func malformedAmounts(text: String) { #expect(amount(text) == .malformed) }

  @Test("an amount of nothing but blanks is absent", arguments: ["", " ", "          "])
  func absentAmounts(text: String) { #expect(amount(text) == .absent) }

  @Test(
    "units are exact to four decimals",
    arguments: [
      ("1", 10_000), ("1.0", 10_000), ("0.5", 5_000), (".25", 2_500), ("-1", -10_000), ("0", 0), ("1.0001", 1),
      ("12345678901", 123_456_789_010_000),
    ] as [(String, Int64)])
  func units(text: String, value: Int64) {
    #expect(quantity(text) == .tenThousandths(text == "1.0001" ? 10_001 : value))
  }

  @Test("units that are no number are malformed", arguments: ["1O", "1.00001", "one", "1/2", "99999999999999999"])
  func malformedUnits(text: String) { #expect(quantity(text) == .malformed) }

  @Test("an amount read back from what any cents are written as is those cents")
  func roundTrip() {
    var generator = SeededGenerator(seed: RandomRuns.seed)
    for _ in 0..<RandomRuns.rounds(2000) {
      let cents =
        Int64.random(in: -99_999_999_999...99_999_999_999, using: &generator)
        >> Int64.random(in: 0...36, using: &generator)
      let rest = cents.magnitude % 100
      let text = (cents < 0 ? "-" : "") + "\(cents.magnitude / 100).\(rest < 10 ? "0" : "")\(rest)"
      #expect(amount(text) == .cents(cents), "\(text)")
    }
  }

  @Test(
    "a day is one of the calendar",
    arguments: [
      ("20260302", "2026-03-02"), ("20240229", "2024-02-29"), ("20000229", "2000-02-29"), ("19000101", "1900-01-01"),
      ("21991231", "2199-12-31"), ("20251231", "2025-12-31"), ("20260430", "2026-04-30"), ("", "absent"),
    ])
  func days(text: String, expected: String) { #expect(day(text) == expected) }

  @Test(
    "what is no day is malformed",
    arguments: [
      "20260229", "19000229", "21000229", "20260230", "20260431", "20261301", "20260001", "20260100", "20260132",
      "00000000",
      "18991231", "22000101", "99999999", "2026030", "202603021", "2026-03-02", "2026O302", "2026030 ", " 20260302",
      "        ",
      "+2026030", "２０２６",
    ])
  func malformedDays(text: String) { #expect(day(text) == "malformed") }

  @Test("every day of the calendar is read as itself")
  func everyDay() {
    var ordinal = Int32(-25_567)
    for year in [1900, 1999, 2000, 2024, 2026, 2100, 2199] {
      for month in 1...12 {
        for date in 1...31 {
          func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
          let exists =
            date
            <= [
              31, year % 4 == 0 && year % 100 != 0 || year == 2000 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31,
            ][month - 1]
          #expect(
            day("\(year)\(two(month))\(two(date))") == (exists ? "\(year)-\(two(month))-\(two(date))" : "malformed"))
          if exists, year == 1900 {
            #expect(Day(year: year, month: month, day: date)?.ordinal == ordinal)
            ordinal += 1
          }
        }
      }
    }
  }

  @Test(
    "a period is read in the format it names",
    arguments: [
      ("D8", "20260302", "2026-03-02 2026-03-02"), ("RD8", "20260302-20260304", "2026-03-02 2026-03-04"),
      ("RD8", "20260304-20260302", "2026-03-04 2026-03-02 reversed"), ("DT", "202603020800", "2026-03-02 2026-03-02"),
      ("D8", "", "absent absent"), ("D8", "        ", "absent absent"), ("D8", " 20260302 ", "2026-03-02 2026-03-02"),
      ("RD8", "20260302-20260230", "2026-03-02 malformed"), ("RD8", "20260230-20260302", "malformed 2026-03-02"),
      ("RD8", "20260302", "malformed malformed"), ("RD8", "20260302 20260304", "malformed malformed"),
      ("D8", "20260302-20260304", "malformed malformed"), ("", "20260302", "malformed malformed"),
      ("TM", "1100", "malformed malformed"), ("DT", "20260302", "malformed malformed"),
      ("DT", "202602300800", "malformed malformed"),
    ])
  func periods(format: String, value: String, expected: String) { #expect(period(format, value) == expected) }

  @Test("a whole number has up to nine digits and nothing else")
  func numbers() {
    func number(_ text: String) -> Int? {
      let bytes = Array(text.utf8)
      return bytes.span.number(0..<bytes.count)
    }
    #expect(number("0") == 0)
    #expect(number(" 12 ") == 12)
    #expect(number("000000901") == 901)
    #expect(number("999999999") == 999_999_999)
    for text in ["", " ", "1000000000", "-1", "+1", "1.0", "1 2", "A", "1O"] { #expect(number(text) == nil, "\(text)") }
  }

  @Test("a segment id is two or three letters and digits, a letter first")
  func segmentIDs() {
    func id(_ text: String) -> String {
      let bytes = Array(text.utf8)
      var wasLowerCase = false
      return SegmentID(bytes.span, 0..<bytes.count, wasLowerCase: &wasLowerCase).text + (wasLowerCase ? " lower" : "")
    }
    #expect(id("CLM") == "CLM")
    #expect(id("HL") == "HL")
    #expect(id("SV1") == "SV1")
    #expect(id("clm") == "CLM lower")
    for text in ["", "C", "CLMX", "1LM", "C M", "C\u{1}M", "C*M"] { #expect(id(text) == "", "\(text)") }
  }

  @Test("the hash of an identity is SipHash-2-4, so that files of keyed hashes stay comparable")
  func hash() {
    // The vector of the algorithm's authors: key 00…0f, message 00…0e.
    #expect(testHash((0..<15).map { UInt8($0) }) == 0xa129_ca61_49be_45e5)
    #expect(testHash([]) == 0x726f_db47_dd0e_0e31)
  }
}
