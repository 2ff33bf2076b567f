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

  private let dialect: Dialect
  private let marks = MarkBuffer()
  /// For every record the number of marks up to its end.
  private let rowEnds = MarkBuffer()
  private var start = 0

  /// An index for tables of `dialect`.
  public init(dialect: Dialect) { self.dialect = dialect }

  /// The records; `bytes` are those the index was built on.
  public func rows(in bytes: ByteView) -> Rows {
    unsafe Rows(
      bytes: bytes, quote: dialect.quote, marks: marks.base, rows: rowEnds.base, start: start, count: rowCount)
  }

  /// The records of an index, for one pass over them.
  @safe
  @frozen
  public struct Rows {
    @usableFromInline let bytes: ByteView
    @usableFromInline let quote: UInt8?
    @usableFromInline let marks: UnsafeMutablePointer<UInt32>
    @usableFromInline let rows: UnsafeMutablePointer<UInt32>
    @usableFromInline let start: Int
    /// How many there are.
    public let count: Int

    @inlinable
    init(
      bytes: ByteView, quote: UInt8?, marks: UnsafeMutablePointer<UInt32>, rows: UnsafeMutablePointer<UInt32>,
      start: Int, count: Int
    ) {
      self.bytes = bytes
      self.quote = quote
      unsafe self.marks = marks
      unsafe self.rows = rows
      self.start = start
      self.count = count
    }

    /// The record at `index`.
    @inlinable
    @inline(__always)
    public subscript(index: Int) -> Record {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "no such record")
      let first = index == 0 ? 0 : Int(unsafe rows[index - 1])
      let past = Int(unsafe rows[index])
      let start = first == 0 ? self.start : Int(unsafe marks[first - 1]) + 1
      return unsafe Record(bytes: bytes, start: start, marks: marks + first, count: past - first, quote: quote)
    }
  }

  private mutating func reset(_ start: Int, _ limit: Int) {
    rowCount = 0
    end = start
    self.start = start
    endsAtOddRecord = false
    quotedLineBreaks = 0
    // Every byte may be a mark, and a block of 64 is written at once.
    marks.reserve(limit - start + 64)
    rowEnds.reserve(limit - start + 64)
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
    reset(start, limit)
    precondition(limit <= bytes.count, "limit outside the view")
    var walk = Walk(start: start, dialect: dialect, acceptsHighBytes: acceptsHighBytes)
    if let base = unsafe bytes.bytes.baseAddress {
      unsafe walk.run(base, start: start, limit: limit, marks: marks.base, rows: rowEnds.base)
    }
    rowCount = walk.rowCount
    end = walk.end
    endsAtOddRecord = walk.endsAtOddRecord
    quotedLineBreaks = walk.quotedLineBreaks
  }

  /// The state of `build` from one block of 64 bytes to the next, kept apart so that the loop works on locals.
  private struct Walk {
    var rowCount = 0
    var end: Int
    var endsAtOddRecord = false
    var quotedLineBreaks = 0
    private let pattern: ByteMasks.Pattern
    private let isLineFeed: Bool
    private let acceptsHighBytes: Bool
    private var markCount = 0
    /// All ones while inside quotes.
    private var inside: UInt64 = 0
    /// Whether the last byte of the block before was a mark or a closing quote.
    private var mayOpen: UInt64 = 1
    /// Whether the last byte of the block before was a closing quote.
    private var closed: UInt64 = 0
    private var pendingBreaks = 0

    init(start: Int, dialect: Dialect, acceptsHighBytes: Bool) {
      end = start
      // Where quotes are data nothing may look like one; NUL is odd anyway.
      pattern = ByteMasks.Pattern(quote: dialect.quote ?? 0, delimiter: dialect.delimiter)
      isLineFeed = dialect.lineBreak == .lineFeed
      self.acceptsHighBytes = acceptsHighBytes
    }

    mutating func run(
      _ base: UnsafeRawPointer, start: Int, limit: Int, marks: UnsafeMutablePointer<UInt32>,
      rows: UnsafeMutablePointer<UInt32>
    ) {
      var position = start
      while position &+ 64 <= limit {
        if isLineFeed, closed == 0 {
          let masks = unsafe ByteMasks(base + position, pattern)
          // Most blocks hold neither quotes nor anything odd: they are inside a field or outside.
          if masks.quotes | (masks.odd & ~masks.lineFeeds) == 0 {
            let outside = ~inside
            let breaks = masks.lineFeeds & outside
            let structural = (masks.delimiters | breaks) & outside
            unsafe put(structural, breaks, masks.lineFeeds & inside, at: position, marks, rows)
            mayOpen = structural &>> 63
            position &+= 64
            continue
          }
        }
        let follows = unsafe position &+ 64 < limit && base.load(fromByteOffset: position &+ 64, as: UInt8.self) == 0x0A
        let isKnown = position &+ 64 < limit
        guard
          unsafe take(base + position, at: position, width: 64, follows, isKnown, marks: marks, rows: rows)
        else { return }
        position &+= 64
      }
      let rest = limit &- position
      guard rest > 0 else { return }
      // The tail is copied, so that nothing behind the bytes is touched; blanks stand for what is not there.
      var block: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)
      unsafe withUnsafeMutableBytes(of: &block) { block in
        for index in 0..<64 { unsafe block[index] = 0x20 }
        unsafe block.copyMemory(from: UnsafeRawBufferPointer(start: base + position, count: rest))
        guard let base = block.baseAddress else { return }
        _ = unsafe take(
          UnsafeRawPointer(base), at: position, width: UInt64(rest), false, false, marks: marks, rows: rows)
      }
    }

    /// Takes one block; the answer is whether to go on.
    private mutating func take(
      _ block: UnsafeRawPointer, at position: Int, width: UInt64, _ followedByLineFeed: Bool, _ isNextKnown: Bool,
      marks: UnsafeMutablePointer<UInt32>, rows: UnsafeMutablePointer<UInt32>
    ) -> Bool {
      let masks = unsafe ByteMasks(block, pattern)
      let quotes = masks.quotes
      let isIn = ByteMasks.parity(quotes) ^ inside
      var breaks = masks.lineFeeds
      var odd = masks.odd & ~masks.lineFeeds
      var innerBreaks = masks.lineFeeds & isIn
      var carriageReturns: UInt64 = 0
      var trouble: UInt64 = 0
      if odd != 0 || !isLineFeed {
        carriageReturns = unsafe ByteMasks.positions(of: 0x0D, in: block)
        let tabs = unsafe ByteMasks.positions(of: 0x09, in: block)
        odd &= ~(carriageReturns | tabs)
        if acceptsHighBytes { odd &= unsafe ~ByteMasks.highBytes(block) }
        let followed = masks.lineFeeds &>> 1 | (followedByLineFeed ? 1 << 63 : 0)
        innerBreaks |= carriageReturns & ~followed & isIn
        let outer = carriageReturns & ~isIn
        if isLineFeed {
          trouble = outer & ~followed
        } else {
          // CR LF where CR is the rule, and a CR of which nobody knows yet what follows.
          let unknown: UInt64 = width == 64 ? (isNextKnown ? 0 : 1 << 63) : 1 &<< (width &- 1)
          trouble = outer & (followed | unknown) | masks.lineFeeds & ~isIn
          breaks = outer & ~followed & ~unknown
        }
      }
      let structural = (masks.delimiters | breaks) & ~isIn
      breaks &= ~isIn
      let opening = quotes & isIn
      let closing = quotes & ~isIn
      // A quote opens a field only behind a mark, or doubles the quote that has just closed.
      trouble |= odd | opening & ~((structural | closing) &<< 1 | mayOpen)
      let afterClosing = closing &<< 1 | closed
      trouble |= afterClosing & ~(structural | opening | carriageReturns)
      if width < 64 { trouble &= (1 &<< width) &- 1 }

      let isLastBlock = trouble != 0
      // Marks from the first trouble on are not to be trusted.
      let trusted = isLastBlock ? (trouble & (0 &- trouble)) &- 1 : UInt64.max
      var trustedMarks = structural & trusted
      if width < 64 { trustedMarks &= (1 &<< width) &- 1 }
      unsafe put(trustedMarks, breaks & trustedMarks, innerBreaks, at: position, marks, rows)
      if isLastBlock {
        endsAtOddRecord = true
        return false
      }
      inside = UInt64(bitPattern: Int64(bitPattern: isIn) &>> 63)
      mayOpen = (structural | closing) &>> 63
      closed = closing &>> 63
      return true
    }

    /// Writes down the marks of a block, the records that end in it and the line breaks inside their quotes.
    @inline(__always)
    private mutating func put(
      _ structural: UInt64, _ breaks: UInt64, _ innerBreaks: UInt64, at position: Int,
      _ marks: UnsafeMutablePointer<UInt32>, _ rows: UnsafeMutablePointer<UInt32>
    ) {
      let count = markCount
      if breaks != 0 {
        if innerBreaks != 0 || pendingBreaks != 0 {
          let last = UInt64.max &>> UInt64(breaks.leadingZeroBitCount)
          quotedLineBreaks &+= pendingBreaks &+ (innerBreaks & last).nonzeroBitCount
          pendingBreaks = (innerBreaks & ~last).nonzeroBitCount
        }
        end = position &+ 64 &- breaks.leadingZeroBitCount
        var left = breaks
        repeat {
          let upTo = left ^ (left &- 1)
          unsafe rows[rowCount] = UInt32(truncatingIfNeeded: count &+ (structural & upTo).nonzeroBitCount)
          rowCount &+= 1
          left &= left &- 1
        } while left != 0
      } else if innerBreaks != 0 {
        pendingBreaks &+= innerBreaks.nonzeroBitCount
      }
      // Eight at a time, whether there are as many or not: a branch for every mark costs more than a store too many.
      var left = structural
      var into = unsafe marks + count
      let offset = UInt32(truncatingIfNeeded: position)
      repeat {
        for slot in 0..<8 {
          unsafe into[slot] = offset &+ UInt32(truncatingIfNeeded: left.trailingZeroBitCount)
          left &= left &- 1
        }
        unsafe into += 8
      } while left != 0
      markCount = count &+ structural.nonzeroBitCount
    }
  }
}
