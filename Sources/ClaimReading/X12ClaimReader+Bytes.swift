internal import ClaimModel
internal import Glibc
internal import X12

/// Segments among the bytes: blanks, wrapped lines, odd characters, ends.
extension X12ClaimReader {
  mutating func skipBetweenSegments(_ bytes: Span<UInt8>, _ cursor: inout Int) {
    while cursor < bytes.count {
      let byte = bytes[cursor]
      if byte == delimiters.terminator, byte > 0x20 { return }
      if X12.isLineBreak(byte) {
        if firstLineLength == nil { firstLineLength = base + cursor - lineStart }
        lineStart = base + cursor + 1
      } else if byte == 0x20 || byte == 0x09 {
        note(.indented, "INDENTED", at: cursor, "segments are indented; the blanks before them are passed over")
      } else {
        return
      }
      cursor += 1
    }
  }

  /// Takes line breaks out of a segment when the file is wrapped; `false` when they are part of a value.
  mutating func unwrap(_ raw: Span<UInt8>, _ range: Range<Int>) -> Bool {
    var isWrap = isWrapped
    for index in raw.indices where X12.isLineBreak(raw[index]) {
      let width = base + range.lowerBound + index - lineStart
      if width > 0 {
        if firstLineLength == nil { firstLineLength = width }
        if width == firstLineLength || width == 80 { isWrap = true }
      }
      lineStart = base + range.lowerBound + index + 1
    }
    guard isWrap else { return false }
    note(
      .wrapped, "LINE_WRAPPED", at: range.lowerBound,
      "the file is wrapped into lines (width=\(firstLineLength ?? 80)); line breaks inside segments are taken out")
    unwrapped.removeAll(keepingCapacity: true)
    for index in raw.indices where !X12.isLineBreak(raw[index]) { unwrapped.append(raw[index]) }
    return true
  }

  mutating func overlong(_ bytes: Span<UInt8>, _ cursor: inout Int) {
    if !isOverlong {
      isOverlong = true
      record += 1
      totals.records += 1
      issues.append(
        builder.issue(
          "SEGMENT_TOO_LONG", at: place(cursor), "", "",
          "no segment terminator within \(limits.window) bytes; the segment is passed over", severity: .error,
          effect: .claimLost))
      builder.isDamaged = true
    }
    cursor = bytes.count
  }

  func longestElement(_ segment: Span<UInt8>) -> Int {
    var longest = 0
    var start = 0
    for index in segment.indices where segment[index] == delimiters.element {
      longest = max(longest, index - start)
      start = index + 1
    }
    return max(longest, segment.count - start)
  }

  mutating func noteOddity(_ oddity: Oddity, _ segment: Span<UInt8>, _ id: SegmentID, _ here: SourceLocation) {
    if oddity.hasControl || oddity.hasLineBreak && !isWrapped && !noted.contains(.wrapped) {
      issues.append(
        builder.issue(
          "CONTROL_CHAR", at: here, id.text, "",
          "the segment holds control characters; they are kept and written as U+FFFD where a report cannot hold them",
          severity: oddity.hasControl ? .warning : .info, effect: builder.isOpen ? .claimKept : .none))
    }
    if oddity.hasHighByte {
      let copy = segment.copy(0..<segment.count)
      if hasDirectionOverride(copy) {
        issues.append(
          builder.issue(
            "CONTROL_CHAR", at: here, id.text, "",
            "the segment holds characters that turn the direction of text; they are kept", severity: .info,
            effect: .none))
      }
      if !noted.contains(.encoding), String(validating: copy, as: UTF8.self) == nil {
        note(
          .encoding, "ENCODING", at: here.byteOffset - base,
          "the segment holds bytes that are not UTF-8; they are read as Windows-1252 where they are reported",
          segment: id.text)
      }
    }
  }

  /// U+202A to U+202E, U+2066 to U+2069.
  func hasDirectionOverride(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 3 else { return false }
    for index in 0...bytes.count - 3 where bytes[index] == 0xE2 {
      if bytes[index + 1] == 0x80, bytes[index + 2] >= 0xAA, bytes[index + 2] <= 0xAE { return true }
      if bytes[index + 1] == 0x81, bytes[index + 2] >= 0xA6, bytes[index + 2] <= 0xA9 { return true }
    }
    return false
  }

  mutating func note(
    _ notice: Notice, _ code: String, at cursor: Int, _ text: String, segment: String = "",
    severity: IssueSeverity = .info
  ) {
    guard noted.insert(notice).inserted else { return }
    issues.append(
      ReadingIssue(
        code: code, severity: severity, effect: .none, location: place(cursor, record: max(record, 1)),
        segment: segment,
        message: text))
  }

  func find(_ byte: UInt8, in bytes: Span<UInt8>, from start: Int) -> Int? {
    let rest = bytes.extracting(start..<bytes.count)
    return unsafe rest.withUnsafeBytes { rest in
      guard let base = rest.baseAddress, let found = unsafe memchr(base, Int32(byte), rest.count) else { return nil }
      return unsafe start + (UnsafeRawPointer(found) - base)
    }
  }
}
