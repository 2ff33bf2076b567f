internal import CSV
public import ClaimModel

/// What the beginning of a stream says about it.
public enum CSVOpening {
  /// A table of claims, with what was noticed about its form.
  case reader(CSVClaimReader, notices: [ReadingIssue])
  /// A table that is not read, with the reason.
  case refused([ReadingIssue])
  /// No table at all.
  case notCSV
}

extension CSVClaimReader {
  /// How many bytes of a stream are looked at to open it.
  public static let sampleSize = 64 << 10

  /// Opens a stream that may be a table of claims.
  ///
  /// - Parameters:
  ///   - sample: the beginning of the stream, `sampleSize` bytes or as many as there are. `read` then begins with byte 0.
  ///   - mapping: what the user said about the columns.
  ///   - interest: which claims are to be handed out.
  ///   - limits: how long things may be.
  ///   - hash: what patients' identities are hashed with.
  public static func open(
    sample: UnsafeRawBufferPointer, mapping: ColumnMapping = ColumnMapping(), interest: ClaimInterest,
    limits: ReadingLimits = ReadingLimits(), hash: KeyedHash
  ) -> CSVOpening {
    let sample = unsafe ByteView(UnsafeRawBufferPointer(rebasing: sample.prefix(sampleSize)))
    if DialectSniffer.isWide(sample) {
      return refused(
        "ENCODING",
        "line 1: the text is UTF-16 (\"Unicode text\"); save it as CSV UTF-8, or convert it with iconv -f UTF-16 -t UTF-8"
      )
    }
    let quote: UInt8?? =
      switch mapping.quoting {
      case .automatic: nil
      case .byte(let byte): .some(byte)
      case .none: .some(nil)
      }
    func sniff(headerRow: Int?) -> DialectSniffer.Finding? {
      DialectSniffer.sniff(sample, delimiter: mapping.delimiter, quote: quote, headerRow: headerRow) { fields in
        HeaderMatcher.knownNames(fields) + 3 * HeaderMatcher.mappedNames(fields, mapping)
      }
    }
    // A user who names columns by their position says that the first row is the header, if nothing else does.
    let found = sniff(headerRow: mapping.headerRow) ?? (mapping.columns.isEmpty ? nil : sniff(headerRow: 1))
    let isTold = mapping.headerRow != nil || !mapping.columns.isEmpty
    guard let finding = found, finding.knownNames >= 2 || isTold else { return withoutHeader(sample, limits) }

    let headers = headers(sample, finding)
    guard headers.count <= limits.columns else { return tooWide(limits) }
    var matcher = HeaderMatcher(headers: headers, finding: finding, sample: sample, mapping: mapping)
    switch matcher.run() {
    case .refused(let issues): return .refused(issues)
    case .matched(let plan, let report, let notices):
      let reader = CSVClaimReader(
        plan: plan, report: report, finding: finding, interest: interest, limits: limits, hash: hash)
      return .reader(reader, notices: formNotices(finding) + notices)
    }
  }

  /// The header's names as text.
  private static func headers(_ sample: ByteView, _ finding: DialectSniffer.Finding) -> [String] {
    var parser = RecordParser(
      dialect: finding.dialect,
      limits: RecordLimits(field: sample.count, record: sample.count + 1, fields: sample.count))
    guard case .record = parser.parse(sample, from: finding.header.offset, isLast: true) else { return [] }
    let record = parser.record(in: sample)
    let scratch = Scratch()
    return (0..<record.count).map { column in
      let cell = record.field(column, scratch).trimmed
      return String(
        decoding: TextEncoding.isUTF8(cell) ? Array(cell) : TextEncoding.fromWindows1252(cell), as: UTF8.self)
    }
  }

  /// What is said about the form of a table that is read.
  private static func formNotices(_ finding: DialectSniffer.Finding) -> [ReadingIssue] {
    var notices: [ReadingIssue] = []
    func say(_ code: String, _ message: String) {
      notices.append(
        ReadingIssue(
          code: code, severity: .info, effect: .none, location: SourceLocation(record: 1, byteOffset: 0),
          message: message))
    }
    if finding.byteOrderMark > 0 { say("BOM", "line 1: a byte order mark stands before the text; it is passed over") }
    if finding.hasSeparatorLine { say("SEP_LINE", "line 1: a line \"sep=\" names the delimiter; it is passed over") }
    switch finding.dialect.delimiter {
    case 0x2C: break
    case 0x3B: say("DELIMITER", "values are separated by semicolons")
    case 0x09: say("DELIMITER", "values are separated by tabs")
    case 0x7C: say("DELIMITER", "values are separated by vertical bars")
    default: say("DELIMITER", "values are separated by the delimiter of the mapping")
    }
    if finding.dialect.quote == nil { say("QUOTE", "quotes are read as part of the values") }
    if finding.dialect.lineBreak == .carriageReturn { say("LINE_ENDING", "lines end in CR alone") }
    if finding.header.record > (finding.hasSeparatorLine ? 2 : 1) {
      say(
        "PREAMBLE",
        "the header is record \(finding.header.record), line \(finding.header.line); what stands above it is not read")
    }
    return notices
  }

  // MARK: No header

  private static func tooWide(_ limits: ReadingLimits) -> CSVOpening {
    refused("HEADER", "line 1: the header has more than \(limits.columns) columns")
  }

  /// Tells a table without a known header, which is refused by that name, from what is no table.
  private static func withoutHeader(_ sample: ByteView, _ limits: ReadingLimits) -> CSVOpening {
    guard !sample.isEmpty, !isBinary(sample) else { return .notCSV }
    for delimiter in DialectSniffer.delimiters {
      let dialect = Dialect(delimiter: delimiter, lineBreak: DialectSniffer.lineBreak(sample))
      var parser = RecordParser(
        dialect: dialect, limits: RecordLimits(field: sample.count, record: sample.count + 1, fields: limits.columns))
      var counts: [Int] = []
      var offset = 0
      while offset < sample.count, counts.count < DialectSniffer.rows {
        guard case .record = parser.parse(sample, from: offset, isLast: true) else { break }
        // The last one may be cut off.
        if parser.next < sample.count || counts.isEmpty { counts.append(parser.fieldCount) }
        offset = parser.next
      }
      guard let first = counts.first else { continue }
      if first > limits.columns { return tooWide(limits) }
      // A table has the same number of columns, three or more, in nearly all of its rows.
      let same = counts.count { $0 == first }
      if first >= 3, counts.count >= 2, 4 * same >= 3 * counts.count {
        return refused(
          "HEADER",
          "line 1: none of the first \(DialectSniffer.rows) rows is a header with known column names; name the header row and the "
            + "columns in a mapping, or with --column FIELD=HEADER")
      }
    }
    return .notCSV
  }

  /// Whether bytes that no text has stand in the sample.
  private static func isBinary(_ sample: ByteView) -> Bool {
    let controls = sample.count { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    return controls * 100 > sample.count
  }

  private static func refused(_ code: String, _ message: String) -> CSVOpening {
    .refused([
      ReadingIssue(
        code: code, severity: .error, effect: .fileRefused, location: SourceLocation(record: 1, byteOffset: 0),
        message: message)
    ])
  }
}
