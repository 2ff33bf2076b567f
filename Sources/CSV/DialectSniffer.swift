/// Finds out how a table is written from its beginning.
///
/// The delimiter and the header are found together: of all ways to cut the first twenty records, the one in which most
/// fields are names that the caller knows. Names are the only evidence that does not lie; counting commas does.
public struct DialectSniffer {
  /// What was found.
  public struct Finding: Sendable {
    /// How the table is written.
    public var dialect: Dialect
    /// How many bytes of a byte order mark come first.
    public var byteOrderMark = 0
    /// Whether a `sep=` line comes first, as spreadsheets write it.
    public var hasSeparatorLine = false
    /// Where the header begins, behind a preamble that a report may have.
    public var header = RecordPosition()
    /// Where the record after the header begins.
    public var next = RecordPosition()
    /// How many of its fields are known names.
    public var knownNames = 0
  }

  /// The delimiters that are tried, the likelier first.
  public static let delimiters: [UInt8] = [0x2C, 0x09, 0x3B, 0x7C]

  /// How many records are looked at for the header.
  public static let rows = 20

  /// Whether `bytes` look like UTF-16 or UTF-32: a byte order mark says so, or every other byte is zero.
  public static func isWide(_ bytes: ByteView) -> Bool {
    guard bytes.count >= 4 else { return bytes.count >= 2 && isWideMark(bytes) }
    if isWideMark(bytes) { return true }
    let looked = min(bytes.count, 256)
    var zeros = [0, 0]
    for index in 0..<looked where bytes[index] == 0 { zeros[index & 1] += 1 }
    return max(zeros[0], zeros[1]) * 10 >= looked * 4 && min(zeros[0], zeros[1]) * 10 <= looked
  }

  private static func isWideMark(_ bytes: ByteView) -> Bool {
    bytes[0] == 0xFF && bytes[1] == 0xFE || bytes[0] == 0xFE && bytes[1] == 0xFF
  }

  /// What ends the records of `bytes`: CR where no LF is in sight.
  public static func lineBreak(_ bytes: ByteView) -> Dialect.LineBreak {
    guard let carriageReturn = bytes.firstIndex(of: 0x0D, from: 0), carriageReturn + 1 < bytes.count else {
      return .lineFeed
    }
    return bytes.firstIndex(of: 0x0A, from: 0) == nil ? .carriageReturn : .lineFeed
  }

  /// Looks for dialect and header in `sample`.
  ///
  /// - Parameters:
  ///   - sample: the beginning of the stream.
  ///   - fixed: what is known already and not to be guessed: delimiter, quote (an inner `nil` switches quoting off), header row.
  ///   - score: how many of the fields of a record are known names.
  public static func sniff(
    _ sample: ByteView, delimiter: UInt8? = nil, quote: UInt8?? = nil, headerRow: Int? = nil,
    score: ([ByteView]) -> Int
  ) -> Finding? {
    var best: Finding?
    var bestFields = 0
    let mark = sample.count >= 3 && sample[0] == 0xEF && sample[1] == 0xBB && sample[2] == 0xBF ? 3 : 0
    let separator = separatorLine(sample, from: mark)
    let lineBreak = lineBreak(sample)
    for candidate in delimiter.map({ [$0] }) ?? separator.map({ [$0.delimiter] }) ?? delimiters {
      var dialect = Dialect(delimiter: candidate, lineBreak: lineBreak)
      if let quote {
        dialect.quote = quote
      } else if candidate == 0x7C || candidate == 0x09, areQuotesData(sample, delimiter: candidate) {
        dialect.quote = nil
      }
      var parser = RecordParser(dialect: dialect, limits: RecordLimits(field: sample.count, record: sample.count + 1))
      var position = RecordPosition(offset: mark, record: 1, line: 1)
      if let separator {
        position = RecordPosition(offset: separator.end, record: 2, line: 2)
      }
      for row in 1...max(rows, headerRow ?? 0) {
        guard position.offset < sample.count else { break }
        guard case .record = parser.parse(sample, from: position.offset, isLast: true) else { break }
        let scratch = Scratch()
        let record = parser.record(in: sample)
        var next = position
        next.advance(over: sample.part(position.offset, parser.next))
        if headerRow == nil || headerRow == row {
          let fields = (0..<record.count).map { record.field($0, scratch) }
          let known = score(fields)
          if known > best?.knownNames ?? (headerRow == nil ? 0 : -1)
            || known == best?.knownNames && position.record == best?.header.record && fields.count > bestFields
          {
            best = Finding(
              dialect: dialect, byteOrderMark: mark, hasSeparatorLine: separator != nil, header: position, next: next,
              knownNames: known)
            bestFields = fields.count
          }
        }
        position = next
      }
    }
    return best
  }

  /// A first line `sep=;`: the delimiter it names and where the next line begins.
  private static func separatorLine(_ sample: ByteView, from start: Int) -> (delimiter: UInt8, end: Int)? {
    guard sample.count > start + 5, sample.word(at: start) & 0x3DDF_DFDF == 0x3D50_4553 else { return nil }
    let after = start + 5
    guard sample[after] == 0x0A || sample[after] == 0x0D else { return nil }
    return (sample[start + 4], RecordParser.skipLine(sample, from: after, isLast: true) ?? sample.count)
  }

  /// Whether the quotes of a pipe or tab file are part of the text: some stand where no quoted field could begin or end, and
  /// not one field is properly quoted.
  private static func areQuotesData(_ sample: ByteView, delimiter: UInt8) -> Bool {
    var sound = 0
    var stray = 0
    var index = 0
    func isEdge(_ position: Int) -> Bool {
      guard position >= 0, position < sample.count else { return true }
      let byte = sample[position]
      return byte == delimiter || byte == 0x0A || byte == 0x0D
    }
    while let quote = sample.firstIndex(of: 0x22, from: index) {
      index = quote + 1
      guard isEdge(quote - 1) else {
        stray += 1
        continue
      }
      // A field that begins with a quote: sound when the next quote that is not doubled ends it, on the same line.
      var end = quote + 1
      while end < sample.count, sample[end] != 0x0A, sample[end] != 0x0D {
        if sample[end] == 0x22 {
          guard end + 1 < sample.count, sample[end + 1] == 0x22 else { break }
          end += 1
        }
        end += 1
      }
      if end < sample.count, sample[end] == 0x22, isEdge(end + 1) {
        sound += 1
        index = end + 1
      } else {
        stray += 1
      }
    }
    return stray > 0 && sound == 0
  }
}

/// Where a record stands in a stream.
public struct RecordPosition: Hashable, Sendable {
  /// The offset of its first byte, 0 is the stream's first.
  public var offset: Int
  /// Its ordinal, 1 is the first.
  ///
  /// Every record counts: preamble, header, blank and unreadable ones.
  public var record: Int
  /// The physical line it begins on, 1 is the first; a quoted field may span lines.
  public var line: Int

  /// A position; the default is the beginning of a stream.
  public init(offset: Int = 0, record: Int = 1, line: Int = 1) {
    self.offset = offset
    self.record = record
    self.line = line
  }

  /// Moves on over one record that takes up `bytes`.
  public mutating func advance(over bytes: ByteView) {
    offset += bytes.count
    record += 1
    line += RecordPosition.lineBreaks(bytes)
  }

  /// How many line breaks there are in `bytes`: LF, CR LF and CR count one each.
  public static func lineBreaks(_ bytes: ByteView) -> Int {
    /// The bytes of a word that are `byte`, by their high bit.
    func matches(_ word: UInt64, _ byte: UInt64) -> UInt64 {
      let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
      let other = word ^ byte &* 0x0101_0101_0101_0101
      return ~((other & low) &+ low | other | low)
    }
    var count = 0
    // Whether the byte before is a CR, which is a line break unless a LF follows.
    var afterReturn: UInt64 = 0
    var index = 0
    while index < bytes.count {
      // Zeros stand for what is past the end: they are no line breaks, and no LF.
      let word = bytes.word(at: index)
      let feeds = matches(word, 0x0A)
      let returns = matches(word, 0x0D)
      count += feeds.nonzeroBitCount + ((returns &<< 8 | afterReturn) & ~feeds).nonzeroBitCount
      afterReturn = returns &>> 56
      index += 8
    }
    return count + (afterReturn != 0 ? 1 : 0)
  }
}
