internal import CSV
internal import ClaimModel

/// One value at a time, in the less common forms.
extension CSVQuickCheck {
  /// The bounds of a field without its quotes.
  @inline(__always)
  func inner(_ record: Record, _ column: Int) -> (Int, Int) {
    let (start, end) = record.bounds(column)
    guard end - start >= 2, record.bytes[start] == record.quote else { return (start, end) }
    return (start + 1, end - 1)
  }

  /// Finds an id that is short or quoted, or stands in the last column.
  func findsPlainID(_ record: Record, _ pass: inout Pass) -> Bool {
    let bytes = record.bytes
    let (start, end) = inner(record, columns.claimID)
    guard start < end, CSVQuickCheck.isVisible(bytes[start]), bytes[start] != ByteView.apostrophe,
      CSVQuickCheck.isVisible(bytes[end - 1])
    else { return false }
    if end - start < 5 || bytes[start - (start > 0 ? 1 : 0)] == record.quote {
      guard isPlainID(bytes.part(start, end), record.quote) else { return false }
    }
    pass.idStart = start
    pass.idEnd = end
    return true
  }

  private func isPlainID(_ id: ByteView, _ quote: UInt8?) -> Bool {
    if let quote, id.firstIndex(of: quote, from: 0) != nil { return false }
    for null in nulls where null.count == id.count && id.elementsEqual(null) { return false }
    return true
  }

  /// Finds a code in quotes or in the last column, or no code on a line that has a date.
  func findsCode(_ record: Record, _ pass: inout Pass) -> Bool {
    let (start, end) = inner(record, columns.procedure)
    if end - start == 5 {
      let word = record.bytes.word(at: start) & 0xFF_FFFF_FFFF
      guard CSVQuickCheck.isCode(word) else { return false }
      pass.code = word.byteSwapped
      return true
    }
    // A line without a procedure; a row of sums has no date either.
    guard start == end, columns.serviceFrom >= 0 else { return false }
    let (dateStart, dateEnd) = inner(record, columns.serviceFrom)
    guard dateEnd - dateStart >= 6 else { return false }
    pass.code = 0
    return true
  }

  /// Whether the row cannot have more modifiers than a line can carry.
  func areFewModifiers(_ record: Record) -> Bool {
    if columns.lastModifier >= 0 {
      // Side by side: so few bytes in all make no more than five modifiers, however they are divided.
      let start = record.bounds(columns.firstModifier).start
      if record.bounds(columns.lastModifier).end - start <= columns.modifierSpan { return true }
    }
    for column in modifiers {
      let (start, end) = inner(record, column)
      guard end - start <= modifierLength else { return false }
    }
    return true
  }

  /// The cents of `123`, `123.4`, `123.45`; 0 for nothing, `nil` for whatever is written otherwise.
  func plainAmount(_ record: Record, _ column: Int) -> Int64? {
    let bytes = record.bytes
    let (start, end) = inner(record, column)
    guard end - start <= 15 else { return nil }
    if start == end { return 0 }
    var value: Int64 = 0
    var index = start
    while index < end {
      let digit = bytes[index] &- 0x30
      if digit > 9 { break }
      value = value &* 10 &+ Int64(digit)
      index += 1
    }
    guard index > start else { return nil }
    if index == end { return value &* 100 }
    guard bytes[index] == 0x2E, end - index == 3 || end - index == 2 else { return nil }
    let tenths = bytes[index + 1] &- 0x30
    guard tenths <= 9 else { return nil }
    if end - index == 2 { return value &* 100 &+ Int64(tenths) &* 10 }
    let hundredths = bytes[index + 2] &- 0x30
    guard hundredths <= 9 else { return nil }
    return value &* 100 &+ Int64(tenths) &* 10 &+ Int64(hundredths)
  }

  func isPlainCount(_ record: Record, _ column: Int) -> Bool {
    let (start, end) = inner(record, column)
    if start == end { return true }
    return ExportAmounts.quantity(record.bytes.part(start, end), .us) != .malformed
  }

  mutating func isDate(_ record: Record, _ index: Int) -> Bool {
    let (start, end) = inner(record, columns.dateColumns[index])
    let count = end - start
    if count == 0 { return true }
    let date = known[index]
    if count == date.count {
      let bytes = record.bytes
      if count <= 8 {
        if bytes.word(at: start) << UInt64(64 - 8 * count) == date.low { return true }
      } else if bytes.word(at: start) == date.low, bytes.word(at: end - 8) == date.high {
        return true
      }
    }
    return isNewDate(record.bytes, start, end, index)
  }

  private mutating func isNewDate(_ bytes: ByteView, _ start: Int, _ end: Int, _ index: Int) -> Bool {
    switch dates.read(bytes.part(start, end)) {
    case .day: break
    case .ambiguous: guard said.dateOrder else { return false }
    case .blank: return true
    case .serial, .malformed: return false
    }
    let count = end - start
    guard count <= 16 else { return true }
    if count <= 8 {
      known[index] = KnownDate(low: bytes.word(at: start) << UInt64(64 - 8 * count), high: 0, count: count)
    } else {
      known[index] = KnownDate(low: bytes.word(at: start), high: bytes.word(at: end - 8), count: count)
    }
    return true
  }

  func isPlainIdentifier(_ record: Record, _ column: Int) -> Bool {
    let (start, end) = inner(record, column)
    if start == end { return true }
    let cell = record.bytes.part(start, end).trimmed
    if cell.first == ByteView.apostrophe || cell.first == ByteView.equalsSign { return false }
    if case .rounded = ExportCodes.identifier(cell) { return false }
    return true
  }

  /// Whether a code has all its characters and no blanks around it, or is not there.
  func isWhole(_ record: Record, _ column: Int, _ count: Int) -> Bool {
    let (start, end) = inner(record, column)
    return start == end
      || end - start == count && CSVQuickCheck.isBeginning(record.bytes[start])
        && CSVQuickCheck.isVisible(record.bytes[end - 1])
  }
}
