internal import ClaimModel
internal import X12

/// Finding interchanges, and saying what stands between them.
extension X12ClaimReader {
  /// Whether a torn last segment is the interchange's trailer, whole but for its terminator.
  func endsWithTrailer(_ bytes: Span<UInt8>, _ cursor: Int) -> Bool {
    cursor + 4 < bytes.count && bytes[cursor] == 0x49 && bytes[cursor + 1] == 0x45 && bytes[cursor + 2] == 0x41
      && bytes[cursor + 3] == delimiters.element
  }

  /// Finds the next interchange and opens it.
  ///
  /// `false` when more bytes are needed or there is none.
  mutating func seekInterchange(_ bytes: Span<UInt8>, _ cursor: inout Int, isLast: Bool) -> Bool {
    if base + cursor == 0, bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
      cursor = 3
      issues.append(
        ReadingIssue(
          code: "BOM", severity: .info, effect: .none, location: place(0, record: 0),
          message: "a UTF-8 byte order mark stands before the interchange; it is passed over"))
    }
    if garbage == nil {
      let first = cursor
      while cursor < bytes.count, X12ClaimReader.isBlank(bytes[cursor]) { cursor += 1 }
      if cursor > first, !everOpened, leadingBlanks == nil { leadingBlanks = place(first, record: 0) }
    }
    while cursor < bytes.count {
      // What begins here is decided from the same bytes whatever piece of the stream is lent: else it waits for more.
      if cursor + 4 > bytes.count, !isLast { return false }
      if let blanks = leadingBlanks {
        leadingBlanks = nil
        issues.append(
          ReadingIssue(
            code: "LEADING_BYTES", severity: .info, effect: .none, location: blanks,
            message: "blank bytes stand before the interchange; they are passed over"))
      }
      let isLettered = garbage == nil && !everOpened && X12ClaimReader.isLetteredISA(bytes, at: cursor)
      if isLettered, cursor + 110 > bytes.count, !isLast { return false }
      if X12ClaimReader.isISA(bytes, at: cursor)
        || isLettered && X12ClaimReader.isISAWithLetterSeparator(bytes, at: cursor)
      {
        guard let starts = garbage == nil ? true : startsInterchange(bytes, at: cursor, isLast) else { return false }
        if starts {
          closeGarbage(at: cursor)
          return openInterchange(bytes, &cursor, isLast: isLast)
        }
      } else if garbage.map({ X12.isLineBreak($0.last) }) ?? true {
        if !isLast, cursor + X12ClaimReader.bareReach > bytes.count, X12ClaimReader.mayBeBare(bytes, at: cursor) {
          return false
        }
        if let found = X12ClaimReader.bareDelimiters(bytes, at: cursor, known: everOpened ? delimiters : nil) {
          closeGarbage(at: cursor)
          delimiters = found
          index.clear()
          everOpened = true
          envelope.openWithoutHeader()
          issues.append(
            .envelope("MISSING_ISA", at: place(cursor, record: record + 1), "", "the interchange has lost its ISA"))
          return true
        }
      }
      addGarbage(bytes, cursor)
      cursor += 1
    }
    if isLast { closeGarbage(at: cursor) }
    return false
  }

  mutating func addGarbage(_ bytes: Span<UInt8>, _ cursor: Int) {
    if garbage == nil {
      let place = place(cursor, record: record + 1)
      garbage = Garbage(place: place)
      if everOpened {
        var length = 0
        while cursor + length < bytes.count, length < 4, isAlphanumeric(bytes[cursor + length]) { length += 1 }
        garbage?.isOrphan =
          (length == 2 || length == 3) && cursor + length < bytes.count && bytes[cursor + length] == delimiters.element
      }
    }
    garbage?.length += 1
    let byte = bytes[cursor]
    garbage?.last = byte
    if byte > 0x20 && byte != 0x1A { garbage?.isPadding = false }
    if byte == 0x43, cursor + 3 < bytes.count, bytes[cursor + 1] == 0x4C, bytes[cursor + 2] == 0x4D,
      bytes[cursor + 3] == delimiters.element
    {
      garbage?.holdsClaim = true
    }
  }

  mutating func closeGarbage(at cursor: Int) {
    guard let found = garbage else { return }
    garbage = nil
    let bytes = "\(found.length) bytes"
    if found.isPadding {
      issues.append(
        ReadingIssue(
          code: "TRAILING_BYTES", severity: .info, effect: .none, location: found.place,
          message: "\(bytes) of padding stand outside any interchange; they are passed over"))
    } else if found.holdsClaim {
      issues.append(
        ReadingIssue(
          code: found.isOrphan ? "ORPHAN_SEGMENT" : "GARBAGE", severity: .error, effect: .claimLost,
          location: found.place,
          message: "\(bytes) outside any interchange hold a claim (CLM) that cannot be read there: it is lost"))
    } else {
      issues.append(
        ReadingIssue(
          code: found.isOrphan ? "ORPHAN_SEGMENT" : "GARBAGE", severity: .warning, effect: .none, location: found.place,
          message: "GARBAGE: \(bytes) stand outside any interchange; they are passed over"))
    }
  }

  /// Opens the interchange whose ISA stands at the cursor.
  ///
  /// `false` when more bytes are needed.
  mutating func openInterchange(_ bytes: Span<UInt8>, _ cursor: inout Int, isLast: Bool) -> Bool {
    let here = place(cursor, record: record + 1)
    switch InterchangeHeader.read(bytes.extracting(cursor..<bytes.count), isLast: isLast) {
    case .needsMore:
      return false
    case .fault(let fault):
      let offset = SourceLocation(record: record + 1, byteOffset: here.byteOffset + fault.offset)
      issues.append(
        ReadingIssue(
          code: fault.code, severity: .error, effect: everOpened ? .fileCut : .fileRefused, location: offset,
          segment: "ISA",
          message: everOpened
            ? "\(fault.message); the interchange cannot be read" : "\(fault.message); the file cannot be read as X12"))
      if envelope.inInterchange { envelope.close() }
      if !everOpened { isRefused = true }
      // What follows is passed over up to the next ISA.
      garbage = nil
      cursor = min(cursor + 3, bytes.count)
      return true
    case .header(let header):
      record += 1
      totals.records += 1
      survey.interchanges += 1
      envelope.openInterchange(control: header.controlNumber, at: here, &issues)
      delimiters = header.delimiters
      index.clear()
      survey.note(delimiters: header.delimiters)
      everOpened = true
      isClaimSet = false
      isWrapped = header.isWrapped
      if !header.isFixedWidth {
        issues.append(
          ReadingIssue(
            code: "ISA_LENGTH", severity: .warning, effect: .none, location: here, segment: "ISA",
            message:
              "the ISA segment has \(header.length) bytes instead of 106; the delimiters were found by its structure"))
      }
      if header.isWrapped {
        note(
          .wrapped, "LINE_WRAPPED", at: cursor,
          "the file is wrapped into lines (width=80 or the like); line breaks inside segments are taken out")
      }
      if header.delimiters.terminator >= 0x80 || header.delimiters.element >= 0x80 {
        issues.append(
          ReadingIssue(
            code: "DELIMITER", severity: .info, effect: .none, location: here, segment: "ISA",
            message: "a delimiter is no ASCII character (what=non-ascii)"))
      }
      lineStart = here.byteOffset
      firstLineLength = nil
      cursor += header.length
      return true
    }
  }

  /// Whether an ISA that can be read stands at the cursor; `nil` when more bytes are needed to tell.
  func startsInterchange(_ bytes: Span<UInt8>, at cursor: Int, _ isLast: Bool) -> Bool? {
    switch InterchangeHeader.read(bytes.extracting(cursor..<bytes.count), isLast: isLast) {
    case .header: true
    case .fault: false
    case .needsMore: nil
    }
  }
}
