import TestSupport
import Testing

@testable import CSV

@Suite("The record parser")
struct RecordParserTests {
  /// The records of `bytes` as texts, with what was wrong with them.
  private func read(_ bytes: [UInt8], dialect: Dialect = Dialect(), limits: RecordLimits = RecordLimits()) -> [String] {
    withView(bytes) { view in
      var parser = RecordParser(dialect: dialect, limits: limits)
      var rows: [String] = []
      var position = 0
      while position < view.count {
        let outcome = parser.parse(view, from: position, isLast: true)
        let scratch = Scratch()
        let record = parser.record(in: view)
        let fields = (0..<record.count).map { String(decoding: record.field($0, scratch), as: UTF8.self) }
        rows.append("\(position): \(fields.joined(separator: "|"))" + (parser.fault.map { " \($0)" } ?? ""))
        position = parser.next
        if case .overlong = outcome {
          position = RecordParser.skipLine(view, from: position, isLast: true) ?? view.count
        }
      }
      return rows
    }
  }

  private func read(_ text: String, dialect: Dialect = Dialect(), limits: RecordLimits = RecordLimits()) -> [String] {
    read(Array(text.utf8), dialect: dialect, limits: limits)
  }

  @Test("ends records at LF, CR LF, CR and the end of input alike")
  func lineBreaks() {
    #expect(read("a,b\nc\r\nd,\re") == ["0: a|b", "4: c", "7: d|", "10: e"])
    #expect(read("\n\r\n,") == ["0: ", "1: ", "3: |"])
  }

  @Test("takes delimiters, line breaks and doubled quotes inside quotes as text")
  func quotes() {
    #expect(read("\"a,b\",\"c\nd\"\r\n\"\",\"\"\"x\"\"\"") == ["0: a,b|c\nd", "13: |\"x\""])
  }

  @Test("reads a bare quote as text and says so")
  func bareQuote() {
    #expect(read("a,5\" tube,b\nc") == ["0: a|5\" tube|b bareQuote(field: 1)", "12: c"])
  }

  @Test("reads what spreadsheets are told to be a text without a word, and a bare quote in other places with one")
  func spreadsheetText() {
    #expect(read("a,=\"012\",b\n=\"\"\r\n=\"7\"") == ["0: a|=\"012\"|b", "11: =\"\"", "16: =\"7\""])
    #expect(read("=\"0\"1,b") == ["0: =\"0\"1|b bareQuote(field: 0)"])
    #expect(read("=a\"0\",b") == ["0: =a\"0\"|b bareQuote(field: 0)"])
    #expect(read("=\"a,b\"") == ["0: =\"a|b\" bareQuote(field: 0)"])
    #expect(read("=\"a\n") == ["0: =\"a bareQuote(field: 0)"])
  }

  @Test("goes on behind the line where text follows a closing quote")
  func textAfterQuote() {
    #expect(read("a,\"b\"c,d\ne") == ["0: a|b textAfterQuote(field: 1)", "9: e"])
  }

  @Test("names an opening quote that a later field's quote closes, and reads nothing between them")
  func swallowed() {
    #expect(read("a,\"b\nc,d\ne,\"f\"\ng") == ["0: a|b\nc,d\ne, unterminatedQuote(field: 1)", "15: g"])
  }

  @Test("goes back to the next line when an opening quote is never closed")
  func unterminated() {
    #expect(read("a,\"b\nc,d\ne,f\n") == ["0: a|\"b unterminatedQuote(field: 1)", "5: c|d", "9: e|f"])
    #expect(read("a,\"b") == ["0: a|\"b unterminatedQuote(field: 1)"])
    #expect(read("a,\"b\r\nc") == ["0: a|\"b unterminatedQuote(field: 1)", "6: c"])
  }

  @Test("calls control characters by their field")
  func controls() {
    #expect(read([0x61, 0x2C, 0x00, 0x0A, 0x62]) == ["0: a|\u{0} controlCharacter(field: 1)", "4: b"])
    #expect(read("a,\t\nb") == ["0: a|\t", "4: b"])
  }

  @Test("refuses fields and records beyond the limits and finds the next record")
  func limits() {
    let limits = RecordLimits(field: 10, record: 30, fields: 4)
    #expect(read("a,\(String(repeating: "x", count: 11))\nb", limits: limits)[1] == "14: b")
    #expect(read("a,\(String(repeating: "x", count: 11))\nb", limits: limits)[0].hasSuffix("fieldTooLong(field: 1)"))
    #expect(read("1,2,3,4,5\nb", limits: limits) == ["0: 1|2|3|4 recordTooLong", "10: b"])
    let long = String(repeating: "ab,", count: 20)
    #expect(read("\(long)\nb", limits: RecordLimits(field: 10, record: 30, fields: 100)).last == "61: b")
    #expect(read("\"\(String(repeating: "x", count: 50))\"\nb", limits: limits).last == "53: b")
    #expect(read("\"\(String(repeating: "x\n", count: 50))\nb", limits: limits)[1] == "3: x")
  }

  @Test("takes quotes for text where the dialect has none")
  func noQuotes() {
    #expect(read("\"a|b\"\n", dialect: Dialect(delimiter: 0x7C, quote: nil)) == ["0: \"a|b\""])
  }

  @Test(
    "finds the same whether the rest of the stream is there or not",
    arguments: (0..<UInt64(RandomRuns.rounds(60))).map { $0 })
  func prefixes(seed: UInt64) {
    var generator = SeededGenerator(seed: RandomRuns.seed &* 77 &+ seed)
    let alphabet = Array("ab,,\"\"\n\r".utf8)
    let bytes = (0..<generator.number(1...40)).map { _ in generator.pick(alphabet) }
    let limits = RecordLimits(field: 8, record: 16, fields: 5)
    withView(bytes) { whole in
      var parser = RecordParser(dialect: Dialect(), limits: limits)
      guard case .record = parser.parse(whole, from: 0, isLast: false) else { return }
      let (next, count, fault) = (parser.next, parser.fieldCount, parser.fault)
      for end in 0...bytes.count {
        switch parser.parse(whole.part(0, end), from: 0, isLast: false) {
        case .needsMore: break
        case .record:
          #expect(parser.next == next && parser.fieldCount == count && parser.fault == fault, "seed \(seed), \(bytes)")
        case .overlong: Issue.record("seed \(seed), \(bytes)")
        }
      }
    }
  }

  @Test(
    "reads a table back exactly that was written with quoting",
    arguments: (0..<UInt64(RandomRuns.rounds(40))).map { $0 })
  func roundTrip(seed: UInt64) {
    var generator = SeededGenerator(seed: RandomRuns.seed &* 31 &+ seed)
    let alphabet = Array("abc ,;|\t\"\"\n\r0123é".utf8)
    let delimiter: UInt8 = generator.pick([0x2C, 0x3B, 0x09, 0x7C])
    let table = (0..<generator.number(1...20)).map { _ in
      (0..<generator.number(2...6)).map { _ in
        (0..<generator.number(0...12)).map { _ in generator.pick(alphabet) }
      }
    }
    var bytes: [UInt8] = []
    for row in table {
      for (index, field) in row.enumerated() {
        if index > 0 { bytes.append(delimiter) }
        let mustQuote = field.contains { $0 == delimiter || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
        if mustQuote || generator.once(in: 4) {
          bytes.append(0x22)
          for byte in field { bytes += byte == 0x22 ? [0x22, 0x22] : [byte] }
          bytes.append(0x22)
        } else {
          bytes += field
        }
      }
      bytes += generator.pick([[0x0A], [0x0D, 0x0A]])
    }
    let dialect = Dialect(delimiter: delimiter)
    withView(bytes) { view in
      // By the parser.
      var parser = RecordParser(dialect: dialect)
      var found: [[[UInt8]]] = []
      var position = 0
      let scratch = Scratch()
      while position < view.count, case .record = parser.parse(view, from: position, isLast: true) {
        #expect(parser.fault == nil, "seed \(seed)")
        let record = parser.record(in: view)
        found.append((0..<record.count).map { Array(record.field($0, scratch)) })
        position = parser.next
      }
      #expect(found == table, "seed \(seed)")
      // And by the index.
      var index = StructuralIndex(dialect: dialect)
      index.acceptsHighBytes = true
      index.build(view, from: 0, to: view.count)
      let rows = index.rows(in: view)
      let indexed = (0..<rows.count).map { row in
        let record = rows[row]
        return (0..<record.count).map { Array(record.field($0, scratch)) }
      }
      #expect(indexed == table, "seed \(seed)")
      #expect(RecordPosition.lineBreaks(view) == rows.count + index.quotedLineBreaks, "seed \(seed)")
    }
  }
}
