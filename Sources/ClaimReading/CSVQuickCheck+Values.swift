internal import CSV
internal import ClaimModel

/// One value at a time, in the less common forms.
extension CSVQuickCheck {
  /// Whether the row cannot have more modifiers than a line can carry.
  @inline(__always)
  func areFewModifiers(_ record: Record) -> Bool {
    if lastModifier >= 0 {
      // Side by side: so few bytes in all make no more than five modifiers, however they are divided.
      let start = record.bounds(firstModifier).start
      if record.bounds(lastModifier).end - start <= modifierSpan { return true }
    }
    for column in modifiers {
      let (start, end) = inner(record, column)
      guard end - start <= modifierLength else { return false }
    }
    return true
  }

  /// The bounds of a field without its quotes.
  @inline(__always)
  func inner(_ record: Record, _ column: Int) -> (Int, Int) {
    let (start, end) = record.bounds(column)
    guard end - start >= 2, record.bytes[start] == record.quote else { return (start, end) }
    return (start + 1, end - 1)
  }

  func isPlainID(_ id: ByteView, _ quote: UInt8?) -> Bool {
    if let quote, id.firstIndex(of: quote, from: 0) != nil { return false }
    for null in nulls where null.count == id.count && id.elementsEqual(null) { return false }
    return true
  }

  @inline(__always)
  func isVisible(_ byte: UInt8) -> Bool { byte > 0x22 && byte < 0x7F }

  /// Whether the low five bytes of `word` are a code: digits, at either end a capital letter too.
  @inline(__always)
  func isCode(_ word: UInt64) -> Bool {
    func areDigits(_ word: UInt64, _ mask: UInt64) -> Bool {
      (word & 0xF0_F0F0_F0F0 & mask) == 0x30_3030_3030 & mask
        && ((word &+ 0x06_0606_0606) & 0xF0_F0F0_F0F0 & mask) == 0x30_3030_3030 & mask
    }
    if areDigits(word, 0xFF_FFFF_FFFF) { return true }
    guard areDigits(word & 0x00_FFFF_FF00, 0x00_FFFF_FF00) else { return false }
    func isEdge(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 || byte >= 0x41 && byte <= 0x5A }
    return isEdge(UInt8(truncatingIfNeeded: word)) && isEdge(UInt8(truncatingIfNeeded: word >> 32))
  }

  /// The cents of `123`, `123.4`, `123.45`; 0 for nothing, `nil` for whatever is written otherwise.
  @inline(__always)
  func plainAmount(_ record: Record, _ column: Int) -> Int64? {
    let (start, end) = inner(record, column)
    let count = end - start
    if count == 0 { return 0 }
    guard count >= 4, count <= 8, end >= 8 else { return anyPlainAmount(record.bytes, start, end) }
    let cents = CSVQuickCheck.cents(record.bytes.word(at: end - 8), count)
    return cents >= 0 ? cents : anyPlainAmount(record.bytes, start, end)
  }

  func anyPlainAmount(_ bytes: ByteView, _ start: Int, _ end: Int) -> Int64? {
    guard end - start <= 15 else { return nil }
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

  @inline(__always)
  func isPlainCount(_ record: Record, _ column: Int) -> Bool {
    let (start, end) = inner(record, column)
    if end - start == 1 { return record.bytes[start] &- 0x30 <= 9 }
    if start == end { return true }
    return ExportAmounts.quantity(record.bytes.part(start, end), .us) != .malformed
  }

  @inline(__always)
  mutating func isDate(_ record: Record, _ index: Int, _ check: CSVRowCheck) -> Bool {
    let (start, end) = inner(record, dateColumns[index])
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
    return isNewDate(record, start, end, index, check)
  }

  mutating func isNewDate(_ record: Record, _ start: Int, _ end: Int, _ index: Int, _ check: CSVRowCheck)
    -> Bool
  {
    switch dates.read(record.bytes.part(start, end)) {
    case .day: break
    case .ambiguous: guard check.hasSaidDateOrder else { return false }
    case .blank: return true
    case .serial, .malformed: return false
    }
    let count = end - start
    guard count <= 16 else { return true }
    let bytes = record.bytes
    if count <= 8 {
      known[index] = KnownDate(low: bytes.word(at: start) << UInt64(64 - 8 * count), high: 0, count: count)
    } else {
      known[index] = KnownDate(low: bytes.word(at: start), high: bytes.word(at: end - 8), count: count)
    }
    return true
  }

  @inline(__always)
  func isPlainIdentifier(_ record: Record, _ column: Int) -> Bool {
    let (start, end) = inner(record, column)
    if end - start == 10 {
      // Ten digits; whatever else has ten bytes is looked at.
      if CSVQuickCheck.areDigits(record.bytes.word(at: start)),
        CSVQuickCheck.areDigits(record.bytes.word(at: start + 2))
      {
        return true
      }
    }
    if start == end { return true }
    if case .rounded = ExportCodes.identifier(record.bytes.part(start, end).trimmed) { return false }
    return true
  }

  /// Whether no code of the row has lost a zero of which nothing was said yet.
  @inline(__always)
  func arePlacesPlain(_ record: Record, _ check: CSVRowCheck) -> Bool {
    if place >= 0 {
      let (start, end) = inner(record, place)
      if start != end, !isWhole(record.bytes, start, end, 2), !check.hasSaidPlace { return false }
    }
    if revenue >= 0 {
      let (start, end) = inner(record, revenue)
      if start != end, !isWhole(record.bytes, start, end, 4), !check.hasSaidRevenue { return false }
    }
    if bill >= 0 {
      let (start, end) = inner(record, bill)
      if start != end, !isWhole(record.bytes, start, end, 4), !check.hasSaidBill { return false }
    }
    return true
  }

  /// Whether a code has all its characters and no blanks around it.
  @inline(__always)
  func isWhole(_ bytes: ByteView, _ start: Int, _ end: Int, _ count: Int) -> Bool {
    end - start == count && isVisible(bytes[start]) && isVisible(bytes[end - 1])
  }
}
