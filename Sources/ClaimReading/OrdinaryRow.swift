internal import CSV
internal import ClaimModel

/// A row whose values are read by words, each in the form that nearly all of its kind have.
///
/// A value that is written otherwise is given as nothing and noted in `isOrdinary`; then what was read of the row counts for
/// nothing, and the row is for the closer look. Texts are ranges among the claim's, where the row was copied to.
struct OrdinaryRow {
  let record: PlainRecord
  /// The last column, which may have the CR of a CR LF behind it.
  private let last: Int
  /// What is added to a position in the bytes to give it among the claim's texts.
  private let shift: Int
  private let quote: UInt8
  private let nulls: NullMarks
  /// Whether every value that was read has the form of its kind.
  private(set) var isOrdinary = true

  /// A row of `record` whose bytes stand `shift` behind where they do in the input.
  @inline(__always)
  init(
    _ record: PlainRecord, _ columns: borrowing OrdinaryColumns, _ shared: SharedColumnPlan, quote: UInt8?, shift: Int
  ) {
    self.record = record
    last = columns.last
    self.shift = shift
    self.quote = quote ?? 0
    nulls = shared.nulls
  }

  /// Says that a value is not written as nearly all are.
  @inline(__always)
  mutating func require(_ isOrdinary: Bool) { self.isOrdinary = self.isOrdinary && isOrdinary }

  /// Where the field of a column that there is begins and ends, the CR of a CR LF not counted.
  @inline(__always)
  func bounds(_ column: Int) -> (start: Int, end: Int) {
    let start = record.start(column)
    var end = record.end(column)
    if column == last, end > start, record.byte(end &- 1) == 0x0D { end &-= 1 }
    return (start, end)
  }

  /// The first and the last eight bytes of a field of ten, and of a field of another length what may be read there.
  @inline(__always)
  func ends(_ start: Int, _ end: Int) -> (low: UInt64, high: UInt64) {
    (record.word(start), record.word(max(end &- 8, 0)))
  }

  /// A part of the row among the claim's texts.
  @inline(__always)
  func text(_ start: Int, _ end: Int) -> TextRange {
    TextRange(start: UInt32(truncatingIfNeeded: start &+ shift), count: UInt32(truncatingIfNeeded: end &- start))
  }

  /// A text that is its bytes: not quoted, not blank at its ends, no word for nothing.
  @inline(__always)
  mutating func value(_ column: Int) -> TextRange {
    guard column >= 0 else { return TextRange(start: 0, count: 0) }
    let (start, end) = bounds(column)
    if start == end { return TextRange(start: 0, count: 0) }
    requireVisible(start, end)
    return text(start, end)
  }

  /// Leaves to the closer look what ends in `.0` or `.00`, as numbers of a spreadsheet do.
  @inline(__always)
  mutating func requireNoDecimals(_ column: Int) {
    guard column >= 0 else { return }
    let (start, end) = bounds(column)
    guard end &- start >= 3, record.byte(end &- 1) == 0x30 else { return }
    require(record.byte(end &- 2) != 0x2E)
    require(record.byte(end &- 3) != 0x2E)
  }

  /// Whether anything is written in a column.
  @inline(__always)
  mutating func isThere(_ column: Int) -> Bool {
    guard column >= 0 else { return false }
    let (start, end) = bounds(column)
    if start == end { return false }
    requireVisible(start, end)
    return true
  }

  @inline(__always)
  private mutating func requireVisible(_ start: Int, _ end: Int) {
    let first = record.byte(start)
    let last = record.byte(end &- 1)
    // Of ASCII only is it told by its first byte whether it may be a word for nothing.
    require(first &- 0x21 < 0x5F)
    require(first != quote)
    require(last > 0x20)
    require(!nulls.mayHold(first, last, end &- start))
  }

  /// A code of `count` digits, or none.
  @inline(__always)
  mutating func digits(_ column: Int, _ count: Int) -> CodedValue {
    guard column >= 0 else { return CodedValue(code: Code(bits: 0), text: TextRange(start: 0, count: 0)) }
    let (start, end) = bounds(column)
    if start == end { return CodedValue(code: Code(bits: 0), text: TextRange(start: 0, count: 0)) }
    let shift = UInt64(truncatingIfNeeded: 64 &- 8 &* count)
    let word = record.word(start) &<< shift
    require(end &- start == count)
    require(CSVQuickCheck.areDigits(word | 0x3030_3030_3030_3030 &>> (64 &- shift)))
    return CodedValue(code: Code(bits: (word &>> shift).byteSwapped), text: text(start, end))
  }

  /// Adds the modifiers of columns that stand side by side, one a column.
  @inline(__always)
  mutating func addModifiers(_ first: Int, _ last: Int, to line: inout ServiceLine) {
    // Nothing but delimiters.
    if last < first || record.end(last) &- record.start(first) == last &- first { return }
    var column = first
    while column <= last {
      let text = value(column)
      if !text.isEmpty {
        let start = record.start(column)
        let code = ExportCodes.code(record.word(start), 2)
        require(text.count == 2)
        require(isAlphanumeric(record.byte(start)))
        require(isAlphanumeric(record.byte(start &+ 1)))
        line.modifiers.append(CodedValue(code: code ?? Code(bits: 0), text: text))
      }
      column &+= 1
    }
  }

  /// A type of bill in digits, with its leading zero or without it, or none.
  @inline(__always)
  mutating func typeOfBill(_ column: Int) -> CodedValue {
    let (start, end) = bounds(column)
    if start == end { return CodedValue(code: Code(bits: 0), text: TextRange(start: 0, count: 0)) }
    let isShort = end &- start == 3
    let word = record.word(start) & (isShort ? 0xFF_FFFF : 0xFFFF_FFFF)
    let digits = isShort ? word &<< 8 | 0x30 : word
    require(isShort || end &- start == 4)
    require(CSVQuickCheck.areDigits(digits | 0x3030_3030_0000_0000))
    // One zero leads, and it is the one that may be lost.
    require(digits & 0xFF == 0x30)
    require(!isShort || word & 0xFF != 0x30)
    return CodedValue(code: Code(bits: digits.byteSwapped), text: text(start, end))
  }

  /// A code of any form that has up to eight bytes, or none.
  @inline(__always)
  mutating func coded(_ column: Int) -> CodedValue {
    let text = value(column)
    if text.isEmpty { return CodedValue(code: Code(bits: 0), text: text) }
    let code = ExportCodes.code(record.word(record.start(column)), Int(text.count))
    require(code != nil)
    return CodedValue(code: code ?? Code(bits: 0), text: text)
  }

  /// An amount of `0.00` to `99999.99`.
  @inline(__always)
  mutating func amount(_ column: Int) -> Amount {
    guard column >= 0 else { return .absent }
    let (start, end) = bounds(column)
    if start == end { return .absent }
    let count = end &- start
    require(count >= 4)
    require(count <= 8)
    require(end >= 8)
    let cents = CSVQuickCheck.cents(record.word(max(end &- 8, 0)), count)
    require(cents >= 0)
    return .cents(cents)
  }

  /// A day written `2026-01-31`; `last` is the one that was read before.
  @inline(__always)
  mutating func day(_ column: Int, _ last: inout ReadDay) -> DateValue {
    guard column >= 0 else { return .absent }
    let (start, end) = bounds(column)
    if start == end { return .absent }
    require(end &- start == 10)
    let (low, high) = ends(start, end)
    if low == last.low, high == last.high { return last.value }
    guard let day = ExportDates.plainDay(low, high) else {
      require(false)
      return .absent
    }
    last = ReadDay(low: low, high: high, value: .day(day))
    return .day(day)
  }

  /// An identifier of ten digits, or none.
  @inline(__always)
  mutating func identifier(_ column: Int) -> (words: IdentifierWords, text: TextRange) {
    guard column >= 0 else { return (IdentifierWords(), TextRange(start: 0, count: 0)) }
    let (start, end) = bounds(column)
    if start == end { return (IdentifierWords(), TextRange(start: 0, count: 0)) }
    let (low, high) = ends(start, end)
    let words = IdentifierWords(low: low, high: high)
    require(end &- start == 10)
    require(words.areDigits)
    return (words, text(start, end))
  }
}

/// An identifier of ten bytes as its first and its last eight, 0 where it has another length.
struct IdentifierWords: Equatable {
  private(set) var low: UInt64 = 0
  private(set) var high: UInt64 = 0

  /// Nothing.
  init() {}

  /// An identifier from its words.
  @inline(__always)
  init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// The words of `text`.
  init(_ text: ArraySlice<UInt8>) {
    guard text.count == 10 else { return }
    for byte in text.suffix(8).reversed() { high = high << 8 | UInt64(byte) }
    for byte in text.prefix(8).reversed() { low = low << 8 | UInt64(byte) }
  }

  /// Whether all bytes are digits.
  @inline(__always)
  var areDigits: Bool { CSVQuickCheck.areDigits(low) && CSVQuickCheck.areDigits(high) }
}

/// The date that was read last: many rows repeat it.
struct ReadDay {
  // No date at first.
  var low = UInt64.max
  var high = UInt64.max
  var value = DateValue.absent
}
