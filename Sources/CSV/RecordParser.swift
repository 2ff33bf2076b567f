/// Reads one record byte by byte and takes whatever comes: the judge of every record that is not plain.
///
/// Records are RFC 4180's: fields between delimiters, a field that begins with a quote ends at its closing quote and may hold
/// delimiters, line breaks and doubled quotes. LF, CR LF and CR end a record alike.
///
///     a,"b ""c""",d⏎      three fields, the second is  b "c"
///     a,b"c,d⏎            bare quote: read, and said
///     a,="b",d⏎           a text for spreadsheets: read, and its quotes are no bare ones
///     a,"b"c,d⏎           text after the closing quote: not readable, the next record begins on the next line
///     a,"b⏎ … end         unterminated: the next record begins on the line after the one where the quote opened
///
/// What is found depends on the bytes of the record alone, never on how much of the stream is there.
public struct RecordParser {
  /// What `parse` found.
  public enum Outcome: Sendable {
    /// The record does not end in the bytes that are there.
    case needsMore
    /// A record, which `record(in:)` lends.
    case record
    /// A record that is longer than the limit: its rest has to be skipped up to the next line break (`skipLine`).
    case overlong
  }

  /// How the table is written.
  public let dialect: Dialect
  /// How long things may be.
  public let limits: RecordLimits
  /// Where the last record began.
  public private(set) var start = 0
  /// Where the next record begins.
  public private(set) var next = 0
  /// How many fields were found, those beyond the limit included.
  public private(set) var fieldCount = 0
  /// What was wrong with the last record; a fault that makes it unreadable wins over one that does not.
  public private(set) var fault: RecordFault?
  /// Whether the last record is longer than the limit.
  public private(set) var isOverlong = false
  private let marks = MarkBuffer()

  /// A parser for tables of `dialect`.
  public init(dialect: Dialect, limits: RecordLimits = RecordLimits()) {
    self.dialect = dialect
    self.limits = limits
  }

  /// The record that was found last; `bytes` are those it was found in.
  public func record(in bytes: ByteView) -> Record {
    unsafe Record(bytes: bytes, start: start, marks: marks.base, count: marks.count, quote: dialect.quote)
  }

  /// Reads the record that begins at `start`.
  ///
  /// `isLast` says that the input ends with `bytes`.
  public mutating func parse(_ bytes: ByteView, from start: Int, isLast: Bool) -> Outcome {
    self.start = start
    marks.removeAll()
    fieldCount = 0
    fault = nil
    isOverlong = false
    let isCut = bytes.count - start > limits.record
    let end = isCut ? start + limits.record : bytes.count
    var position = start
    while true {
      let opening = position
      let step: Step
      if let quote = dialect.quote, position < end, bytes[position] == quote {
        step = quoted(bytes, from: position, quote: quote, end: end, isLast: isLast && !isCut)
      } else {
        step = plain(bytes, from: position, end: end, isLast: isLast && !isCut)
      }
      switch step {
      case .field(let mark):
        close(field: opening, at: mark)
        position = mark + 1
      case .record(let mark, let next):
        close(field: opening, at: mark)
        self.next = next
        return .record
      case .broken(let mark, let next):
        close(field: opening, at: mark)
        self.next = next
        return .record
      case .ranOut:
        guard isCut else { return .needsMore }
        close(field: opening, at: end)
        // The field that is too long names the record's trouble better than the record does.
        if end - opening > limits.field { raise(.fieldTooLong(field: fieldCount - 1)) } else { raise(.recordTooLong) }
        next = end
        isOverlong = true
        return .overlong
      }
    }
  }

  /// The position after the next line break from `start` on, or `nil` where there is none yet.
  ///
  /// Quotes mean nothing here.
  public static func skipLine(_ bytes: ByteView, from start: Int, isLast: Bool) -> Int? {
    var position = start
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == 0x0A { return position }
      if byte == 0x0D {
        if position < bytes.count { return bytes[position] == 0x0A ? position + 1 : position }
        return isLast ? position : nil
      }
    }
    return nil
  }

  // MARK: One field

  private enum Step {
    /// The field ends at a delimiter.
    case field(Int)
    /// The field ends at a line break or the end, the next record begins at the second position.
    case record(Int, Int)
    /// The record cannot be read on; it ends here and the next begins at the second position.
    case broken(Int, Int)
    /// The bytes end before the field does.
    case ranOut
  }

  private mutating func close(field start: Int, at mark: Int) {
    if mark - start > limits.field { raise(.fieldTooLong(field: fieldCount)) }
    fieldCount += 1
    if fieldCount <= limits.fields { marks.append(mark) } else { raise(.recordTooLong) }
  }

  /// Keeps the first fault that makes the record unreadable, else the first one.
  private mutating func raise(_ fault: RecordFault) {
    guard let old = self.fault else {
      self.fault = fault
      return
    }
    if old.isReadable && !fault.isReadable { self.fault = fault }
    // A limit says why the record is gone better than what was seen inside it.
    if case .fieldTooLong = fault { self.fault = fault }
  }

  private static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 && byte != 0x09 }

  /// The end of a record at a CR, with the LF behind it if there is one.
  private static func carriageReturn(_ bytes: ByteView, at position: Int, isLast: Bool) -> Step {
    if position + 1 < bytes.count {
      // The mark of CR LF is the LF, so that the CR is known for what it is.
      return bytes[position + 1] == 0x0A ? .record(position + 1, position + 2) : .record(position, position + 1)
    }
    return isLast ? .record(position, position + 1) : .ranOut
  }

  private mutating func plain(_ bytes: ByteView, from start: Int, end: Int, isLast: Bool) -> Step {
    var position = start
    while position < end {
      let byte = bytes[position]
      if byte == dialect.delimiter { return .field(position) }
      if byte == 0x0A { return .record(position, position + 1) }
      if byte == 0x0D { return RecordParser.carriageReturn(bytes, at: position, isLast: isLast) }
      if byte < 0x20, RecordParser.isControl(byte) { raise(.controlCharacter(field: fieldCount)) }
      if byte == dialect.quote {
        if let close = closing(bytes, of: start, at: position, end: end) {
          position = close
        } else {
          raise(.bareQuote(field: fieldCount))
        }
      }
      position += 1
    }
    return isLast ? .record(position, position) : .ranOut
  }

  /// Where the second quote of `="0123"` stands, the form in which a field tells spreadsheets that it is a text; `nil` where the quote
  /// at `position` of the field at `start` is not the first of such two with nothing but text between them and nothing behind.
  private func closing(_ bytes: ByteView, of start: Int, at position: Int, end: Int) -> Int? {
    guard position == start + 1, bytes[start] == 0x3D else { return nil }
    var close = position + 1
    while close < end, bytes[close] != dialect.quote {
      guard bytes[close] >= 0x20, bytes[close] != dialect.delimiter else { return nil }
      close += 1
    }
    guard close < end else { return nil }
    guard close + 1 < end else { return close }
    let next = bytes[close + 1]
    return next == dialect.delimiter || next == 0x0A || next == 0x0D ? close : nil
  }

  private mutating func quoted(_ bytes: ByteView, from start: Int, quote: UInt8, end: Int, isLast: Bool) -> Step {
    var position = start + 1
    var lineBreak: Int?
    while position < end {
      let byte = bytes[position]
      if byte == quote {
        guard position + 1 < end else { break }
        if bytes[position + 1] != quote {
          return afterQuote(bytes, at: position + 1, isMultiline: lineBreak != nil, end: end, isLast: isLast)
        }
        position += 2
        continue
      }
      if byte == 0x0A || byte == 0x0D {
        if lineBreak == nil { lineBreak = position }
      } else if byte < 0x20, RecordParser.isControl(byte) {
        raise(.controlCharacter(field: fieldCount))
      }
      position += 1
    }
    if position < end {
      // A quote as the very last byte: closing, if nothing follows it.
      return isLast ? .record(end, end) : .ranOut
    }
    let isOver = isLast || end - self.start >= limits.record
    guard isOver else { return .ranOut }
    guard let lineBreak else {
      guard isLast else { return .ranOut }
      raise(.unterminatedQuote(field: fieldCount))
      return .broken(end, end)
    }
    // Never closed: what looked like the inside of the field are the next records. Go back to the line where it opened.
    raise(.unterminatedQuote(field: fieldCount))
    let isPair = bytes[lineBreak] == 0x0D && lineBreak + 1 < bytes.count && bytes[lineBreak + 1] == 0x0A
    return .broken(lineBreak, lineBreak + (isPair ? 2 : 1))
  }

  /// What follows a closing quote: a delimiter, the end of the record, or trouble.
  private mutating func afterQuote(
    _ bytes: ByteView, at position: Int, isMultiline: Bool, end: Int, isLast: Bool
  ) -> Step {
    let byte = bytes[position]
    if byte == dialect.delimiter { return .field(position) }
    if byte == 0x0A { return .record(position, position + 1) }
    if byte == 0x0D { return RecordParser.carriageReturn(bytes, at: position, isLast: isLast) }
    // Over several lines it is the opening quote of a later field that closed this one. What stands between may be text as
    // well as records, so none of it is read.
    let next = RecordParser.skipLine(bytes.part(0, end), from: position, isLast: isLast) ?? (isLast ? end : nil)
    guard let next else {
      return .ranOut
    }
    raise(isMultiline ? .unterminatedQuote(field: fieldCount) : .textAfterQuote(field: fieldCount))
    return .broken(position, next)
  }
}
