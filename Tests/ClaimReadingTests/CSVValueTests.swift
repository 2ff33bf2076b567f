import CSV
import ClaimModel
import TestSupport
import Testing

@testable import ClaimReading

/// A view of a text for the length of a call.
private func view<Result>(_ text: String, _ body: (ByteView) -> Result) -> Result {
  unsafe Array(text.utf8).withUnsafeBytes { unsafe body(ByteView($0)) }
}

@Suite("Values as exports write them")
struct CSVValueTests {
  @Test("the hash of a member and a birth date is that of both with a zero byte between them, whatever their lengths")
  func identities() {
    let text = Array("W1234567890ABCDEFGHIJKLMN".utf8)
    for first in 0...20 {
      for second in 0...20 {
        let one = Array(text.prefix(first))
        let other = Array(text.suffix(second))
        #expect(testHash(one.span, other.span) == testHash(one + [0] + other), "\(first), \(second)")
      }
    }
  }

  @Test(
    "dates",
    arguments: [
      "2026-01-31", "2026/1/31", "20260131", "1/31/2026", "01-31-2026", "1/31/26", "31-JAN-2026", "31 Jan 2026",
      "31JAN2026",
      "31-Jan-26", "2026-01-31T23:30:00-06:00", "2026-01-31 08:45:50", "1/31/2026 12:00:00 AM", "20260131T101500Z",
    ])
  func dates(text: String) {
    let read = view(text) { ExportDates().read($0) }
    #expect(read == .day(Day(ordinal: 20484)), "\(text)")
  }

  @Test(
    "what is no date",
    arguments: [
      "2/30/2026", "46000", "2026-13-01", "31/1/2026", "1.31.2026", "soon", "2026", "1-2", "20261301", "2026-01-31x",
    ])
  func noDates(text: String) {
    let read = view(text) { ExportDates().read($0) }
    #expect(read == .malformed || read == .serial, "\(text)")
  }

  @Test(
    "dates that are written for none",
    arguments: ["", "00000000", "0", "1970-01-01T00:00:00Z", "12/31/9999", "9999-12-31"])
  func noDate(text: String) {
    #expect(view(text) { ExportDates().read($0) } == .blank, "\(text)")
  }

  @Test("the order of day and month is the one asked for, and ambiguous where none is")
  func dateOrder() throws {
    let february = try #require(Day(year: 2026, month: 2, day: 1))
    let january = try #require(Day(year: 2026, month: 1, day: 2))
    for text in ["1/2/2026", "01.02.26", "1-2-26", "01022026"] {
      #expect(view(text) { ExportDates(order: .dayFirst).read($0) } == .day(february), "\(text)")
      #expect(view(text) { ExportDates(order: .monthFirst).read($0) } == .day(january), "\(text)")
    }
    #expect(view("1/2/2026") { ExportDates().read($0) } == .ambiguous(january))
    #expect(view("2/2/2026") { ExportDates().read($0) } != .ambiguous(january))
  }

  @Test(
    "amounts",
    arguments: [
      ("1234.5", 123_450), ("$1,234.50", 123_450), ("(12.00)", -1200), ("-99.55", -9955), ("12.00-", -1200),
      ("-$5", -500),
      ("$-5", -500), ("($1,000)", -100_000), ("0000000098.21", 9821), (".5", 50), ("7.", 700), ("+3", 300),
      ("1.230000", 123),
      ("$(1,234.50)", -123_450), ("$ (12.00)", -1200),
      ("$ 4.00", 400), ("1,234,567.89", 123_456_789),
    ])
  func amounts(text: String, cents: Int64) {
    #expect(view(text) { ExportAmounts.amount($0, .us) } == .cents(cents), "\(text)")
  }

  @Test(
    "what is no amount",
    arguments: [
      "1e5", "1,23", "12,34.00", "1.234,50", "1.2.3", "--5", "(5", "$$5", "12 34", "x", "1.005", "1234567890123456",
      "-", "$", "1,,000",
    ])
  func noAmounts(text: String) {
    #expect(view(text) { ExportAmounts.amount($0, .us) } == .malformed, "\(text)")
  }

  @Test("amounts by the mapping's word")
  func amountFormats() {
    #expect(view("1.234,50") { ExportAmounts.amount($0, .european) } == .cents(123_450))
    #expect(view("123450") { ExportAmounts.amount($0, .cents) } == .cents(123_450))
    #expect(view("1.0") { ExportAmounts.quantity($0, .us) } == .tenThousandths(10_000))
    #expect(view("000000000000000001.0000") { ExportAmounts.quantity($0, .us) } == .tenThousandths(10_000))
    #expect(view("0.00001") { ExportAmounts.quantity($0, .us) } == .malformed)
    // The largest number of ten-thousandths there is, and what is beyond it.
    #expect(
      view("922337203685477.5807") { ExportAmounts.quantity($0, .us) } == .malformed,
      "more than fifteen digits are no number that was written by hand")
    #expect(
      view("922337203685477") { ExportAmounts.quantity($0, .us) } == .tenThousandths(9_223_372_036_854_770_000))
    for text in ["922337203685478", "999999999999999", "-999999999999999", "(922337203685478)", "99999999999999.9"] {
      let isTooLarge = text != "99999999999999.9"
      for format in [ColumnMapping.AmountFormat.us, .european, .cents] where format == .us || isTooLarge {
        #expect(
          (view(text) { ExportAmounts.quantity($0, format) } == .malformed) == isTooLarge, "\(text) \(format)")
      }
    }
  }

  @Test("procedures with what stands around them")
  func procedures() {
    func read(_ text: String) -> (String, String, String) {
      view(text) { cell in
        let found = ExportCodes.procedure(cell.trimmed, raw: cell, Scratch())
        return (
          found.code.description, String(decoding: found.modifiers, as: UTF8.self), found.remark.map { "\($0)" } ?? ""
        )
      }
    }
    #expect(read("32960") == ("32960", "", ""))
    #expect(read("j1100") == ("J1100", "", ""))
    #expect(read("0042T") == ("0042T", "", ""))
    #expect(read(" 32960 ") == ("32960", "", "unusual"))
    #expect(read("32960-78") == ("32960", "-78", ""))
    #expect(read("32960,59,LT") == ("32960", ",59,LT", ""))
    #expect(read("HC:32960:LT") == ("32960", ":LT", ""))
    let composite = readCSV("claim_id,procedure_code,service_date,charge_amount\nA,HC:32960:LT,2026-01-05,1.00\n")
    #expect(composite.claims.first?.lines.first?.qualifier == "HC")
    #expect(read("32960 - injection") == ("32960", "", ""))
    #expect(read("32960.0") == ("32960", "", "decimals"))
    #expect(read("3.296E+04") == ("", "", "rounded"))
    #expect(read("３２９６０") == ("32960", "", "unusual"))
    #expect(read("3296") == ("3296", "", "notACode"))
    #expect(read("185345009") == ("", "", "notACode"))
    #expect(read("32960-789") == ("", "", "notACode"))
    #expect(read("") == ("", "", ""))
  }

  @Test("modifiers in one cell")
  func modifiers() {
    func read(_ text: String) -> [String] {
      view(text) { cell in
        var found: [String] = []
        ExportCodes.modifiers(cell) { found.append(String(decoding: $0, as: UTF8.self)) }
        return found
      }
    }
    #expect(read("22;59") == ["22", "59"])
    #expect(read("22 59") == ["22", "59"])
    #expect(read("59:RT|LT/50") == ["59", "RT", "LT", "50"])
    #expect(read("5950") == ["59", "50"])
    #expect(read("022") == ["022"])
    #expect(read("22.0") == ["22"])
    #expect(read("22.0;5950.00") == ["22", "59", "50"])
    #expect(read("22.5") == ["22.5"])
    #expect(read("RT RT") == ["RT", "RT"])
    #expect(read(" ; ") == [])
  }

  @Test("places, bills and revenue codes with their zeros")
  func zeros() {
    func place(_ text: String) -> String { view(text) { ExportCodes.placeOfService($0, Scratch()).code.description } }
    #expect(place("21 - Inpatient Hospital") == "21")
    #expect(place("2") == "02")
    #expect(place("2 - Telehealth") == "02")
    #expect(place("0") == "0")
    #expect(place("F") == "F")
    #expect(place("214") == "214")
    #expect(place("2.0") == "02")
    #expect(place("11.00") == "11")
    #expect(place("2.5") == "2.5")
    #expect(place("11.000") == "11.000")
    func bill(_ text: String) -> String { view(text) { ExportCodes.typeOfBill($0).code.description } }
    #expect(bill("131") == "0131")
    #expect(bill("0131") == "0131")
    #expect(bill("13x") == "013X")
    #expect(bill("13") == "")
    #expect(bill("1311") == "")
    #expect(bill("131.0") == "0131")
    #expect(bill("13.1") == "")
    func revenue(_ text: String) -> String { view(text) { ExportCodes.revenueCode($0, Scratch()).code.description } }
    #expect(revenue("450") == "0450")
    #expect(revenue("0450") == "0450")
    #expect(revenue("0450 - Emergency") == "0450")
    #expect(revenue("45") == "45")
    #expect(revenue("361.0") == "0361")
    #expect(revenue("1001.00") == "1001")
  }

  @Test("diagnosis pointers in numbers and letters")
  func pointers() {
    func read(_ text: String) -> [UInt8] {
      view(text) { cell in
        var found: [UInt8] = []
        ExportCodes.pointers(cell) { found.append($0) }
        return found
      }
    }
    #expect(read("1:2") == [1, 2])
    #expect(read("A,B") == [1, 2])
    #expect(read("ABL") == [1, 2, 12])
    #expect(read("12") == [12])
    #expect(read("1234") == [1, 2, 3, 4])
    #expect(read("13") == [13])
    #expect(read("2.0") == [2])
    #expect(read("1.0,12.00") == [1, 12])
    #expect(read("Z 0") == [0, 0])
  }
}
