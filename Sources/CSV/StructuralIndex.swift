internal import CScan

/// Where the fields of plain records end: a flat list over a block of bytes, made without looking at one byte at a time.
///
/// A record is plain when nothing about it needs judgement: quotes stand only around fields (or doubled inside), no control
/// characters, line breaks as the dialect has them. The index holds the plain records from the block's start up to the first
/// that is not, or that does not end in the block. That one is for `RecordParser`, after which the index begins anew.
public struct StructuralIndex {
  /// How many records the index holds.
  public private(set) var rowCount = 0
  /// Where the first record begins that is not in the index.
  public private(set) var end = 0
  /// Whether that record holds something that only `RecordParser` can judge.
  public private(set) var endsAtOddRecord = false
  /// How many line breaks stand inside quoted fields of the records.
  public private(set) var quotedLineBreaks = 0
  /// Whether bytes above 0x7F are plain; as long as they are not, records that hold some can be looked at for their encoding.
  public var acceptsHighBytes = false

  /// How the table is written.
  public let dialect: Dialect
  /// The position before the first record, then the end of every field.
  private let marks = MarkBuffer()
  /// 0, then for every record the number of marks up to its end.
  private let rowEnds = MarkBuffer()

  /// An index for tables of `dialect`.
  public init(dialect: Dialect) { self.dialect = dialect }

  /// The records; `bytes` are those the index was built on.
  public func rows(in bytes: ByteView) -> Rows {
    unsafe Rows(
      bytes: bytes, quote: dialect.quote, marks: marks.base + 1, rows: rowEnds.base + 1, count: rowCount)
  }

  /// The records of an index, for one pass over them.
  @safe
  @frozen
  public struct Rows {
    @usableFromInline let bytes: ByteView
    @usableFromInline let quote: UInt8?
    @usableFromInline let marks: UnsafeMutablePointer<UInt32>
    @usableFromInline let rows: UnsafeMutablePointer<UInt32>
    /// How many there are.
    public let count: Int

    @inlinable
    init(
      bytes: ByteView, quote: UInt8?, marks: UnsafeMutablePointer<UInt32>, rows: UnsafeMutablePointer<UInt32>,
      count: Int
    ) {
      self.bytes = bytes
      self.quote = quote
      unsafe self.marks = marks
      unsafe self.rows = rows
      self.count = count
    }

    /// The index as `CScan` takes it: the bytes, the marks and, for every record, how many marks there are up to its end; each of both
    /// lists has one more entry before its first.
    @unsafe
    public func lend(
      _ body: (UnsafeRawBufferPointer, _ marks: UnsafePointer<UInt32>, _ rows: UnsafePointer<UInt32>) -> Void
    ) {
      unsafe body(bytes.bytes, UnsafePointer(marks), UnsafePointer(rows))
    }

    /// Where the record at `index` begins.
    @inlinable
    @inline(__always)
    public func start(_ index: Int) -> Int {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "no such record")
      return Int(unsafe marks[Int(rows[index &- 1]) &- 1] &+ 1)
    }

    /// The record at `index`.
    @inlinable
    @inline(__always)
    public subscript(index: Int) -> Record {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "no such record")
      let first = Int(unsafe rows[index - 1])
      let past = Int(unsafe rows[index])
      let start = Int(unsafe marks[first - 1] &+ 1)
      return unsafe Record(bytes: bytes, start: start, marks: marks + first, count: past - first, quote: quote)
    }
  }

  private mutating func reset(_ start: Int, _ limit: Int) {
    rowCount = 0
    end = start
    endsAtOddRecord = false
    quotedLineBreaks = 0
    // Every byte may be a mark, and a block of 64 is written at once.
    marks.reserve(limit - start + 65)
    rowEnds.reserve(limit - start + 65)
    marks.append(start - 1)
    rowEnds.append(0)
  }

  // MARK: Byte by byte

  /// Indexes the records of `bytes` between `start`, where a record begins, and `limit`, one byte at a time: what `build` must
  /// agree with.
  public mutating func buildByByte(_ bytes: ByteView, from start: Int, to limit: Int) {
    reset(start, limit)
    var markCount = 0
    var isQuoted = false
    // Whether a field may begin here, and whether the byte before closed a quote.
    var isFieldStart = true
    var isAfterQuote = false
    var breaks = 0
    var position = start
    while position < limit {
      let byte = bytes[position]
      let isQuote = byte == dialect.quote
      if isQuoted {
        if isQuote {
          isQuoted = false
          isAfterQuote = true
        } else if byte == 0x0A {
          breaks += 1
        } else if byte == 0x0D {
          if position + 1 >= limit || bytes[position + 1] != 0x0A { breaks += 1 }
        } else if isOdd(byte) {
          endsAtOddRecord = true
          return
        }
        position += 1
        continue
      }
      if isQuote {
        guard isFieldStart || isAfterQuote else {
          endsAtOddRecord = true
          return
        }
        isQuoted = true
        isFieldStart = false
        isAfterQuote = false
        position += 1
        continue
      }
      let isPair = byte == 0x0D && position + 1 < limit && bytes[position + 1] == 0x0A
      let isBreak = dialect.lineBreak == .lineFeed ? byte == 0x0A : byte == 0x0D && !isPair && position + 1 < limit
      let isCarriageReturn = dialect.lineBreak == .lineFeed && isPair
      if byte == dialect.delimiter || isBreak {
        marks.append(position)
        markCount += 1
        if isBreak {
          rowEnds.append(markCount)
          rowCount += 1
          end = position + 1
          quotedLineBreaks += breaks
          breaks = 0
        }
        isFieldStart = true
        isAfterQuote = false
      } else if isCarriageReturn {
        isFieldStart = false
        isAfterQuote = false
      } else {
        guard !isAfterQuote, !isOdd(byte), byte != 0x0A, byte != 0x0D else {
          endsAtOddRecord = true
          return
        }
        isFieldStart = false
      }
      position += 1
    }
  }

  private func isOdd(_ byte: UInt8) -> Bool {
    if byte >= 0x80 { return !acceptsHighBytes }
    return byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D
  }

  // MARK: Sixty-four bytes at a time

  /// Indexes the records of `bytes` between `start`, where a record begins, and `limit`.
  public mutating func build(_ bytes: ByteView, from start: Int, to limit: Int) {
    build(bytes, from: start, to: limit, with: claimaudit_csv_widest())
  }

  /// The same with the named instructions, which the processor must have.
  mutating func build(
    _ bytes: ByteView, from start: Int, to limit: Int, with instructions: claimaudit_csv_instructions
  ) {
    reset(start, limit)
    precondition(limit <= bytes.count, "limit outside the view")
    guard start < limit, let base = unsafe bytes.bytes.baseAddress else { return }
    var walk = claimaudit_csv_walk()
    walk.position = start
    walk.end = start
    walk.may_open = 1
    unsafe claimaudit_csv_index_with(
      instructions, base.assumingMemoryBound(to: UInt8.self), limit, form, &walk, marks.base + 1, rowEnds.base + 1)
    rowCount = walk.rows
    end = walk.end
    endsAtOddRecord = walk.is_odd != 0
    quotedLineBreaks = walk.quoted_breaks
  }

  /// How many records of `bytes` an index from `start` to `limit` would hold, without making it.
  ///
  /// Bytes above 0x7F count as plain.
  ///
  /// - Returns: the records, where the first begins that is not among them, the line breaks inside quoted fields, and whether that
  ///   record holds something that only `RecordParser` can judge.
  public static func count(
    _ bytes: ByteView, from start: Int, to limit: Int, dialect: Dialect
  ) -> (rows: Int, end: Int, quotedLineBreaks: Int, endsAtOddRecord: Bool) {
    precondition(limit <= bytes.count, "limit outside the view")
    guard start < limit, let base = unsafe bytes.bytes.baseAddress else { return (0, start, 0, false) }
    var counter = StructuralIndex(dialect: dialect)
    counter.acceptsHighBytes = true
    var walk = claimaudit_csv_walk()
    walk.position = start
    walk.end = start
    walk.may_open = 1
    unsafe claimaudit_csv_index(base.assumingMemoryBound(to: UInt8.self), limit, counter.form, &walk, nil, nil)
    return (walk.rows, walk.end, walk.quoted_breaks, walk.is_odd != 0)
  }

  /// What the scan has to know of the dialect.
  private var form: claimaudit_csv_dialect {
    // Where quotes are data nothing may look like one; NUL is odd anyway.
    claimaudit_csv_dialect(
      delimiter: dialect.delimiter, quote: dialect.quote ?? 0, ends_with_feed: dialect.lineBreak == .lineFeed ? 1 : 0,
      accepts_high_bytes: acceptsHighBytes ? 1 : 0)
  }
}
