/// Whether a piece of text may go into every report as it stands.
extension ByteBuffer {
  /// The eight bytes from `position` on; those from `end` on, which are the buffer's slack, are taken for letters.
  @inline(__always)
  private func word(at position: Int, before end: Int) -> UInt64 {
    let word = unsafe UInt64(littleEndian: UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self))
    let left = end &- position
    guard left < 8 else { return word }
    let mask = (1 as UInt64) << UInt64(left &* 8) &- 1
    return (word & mask) | (0x6161_6161_6161_6161 & ~mask)
  }

  /// Whether the bytes from `start` to the end are printable ASCII without `"`, `&`, `,`, `<`, `>` and `\`.
  ///
  /// Such bytes need no quoting in CSV, no escaping in XML or JSON and no cleaning: nearly every id, code, name and date.
  /// Eight bytes at a time; a byte is found by the borrow it causes when it is taken for zero (`x - 01… & ~x & 80…`).
  @inline(__always)
  func isPlain(from start: Int) -> Bool {
    precondition(start >= 0 && start <= count)
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    var found: UInt64 = 0
    var position = start
    while position < count {
      let word = word(at: position, before: count)
      let bracket = (word | ones &* 0x02) ^ (ones &* 0x3E)  // < and >
      let quote = (word | ones &* 0x04) ^ (ones &* 0x26)  // " and &
      let comma = word ^ (ones &* 0x2C)
      let backslash = word ^ (ones &* 0x5C)
      let delete = word ^ (ones &* 0x7F)
      found |= word  // not ASCII
      found |= (word &- ones &* 0x20) & ~word  // below the blank
      found |= (bracket &- ones) & ~bracket
      found |= (quote &- ones) & ~quote
      found |= (comma &- ones) & ~comma
      found |= (backslash &- ones) & ~backslash
      found |= (delete &- ones) & ~delete
      position &+= 8
    }
    return found & highs == 0
  }

  /// Whether the bytes at `range` hold a quote, a comma or a line end: what makes a cell of CSV need quotes.
  func holdsSeparator(_ range: Range<Int>) -> Bool {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    let ones: UInt64 = 0x0101_0101_0101_0101
    var position = range.lowerBound
    while position < range.upperBound {
      let word = word(at: position, before: range.upperBound)
      let quote = word ^ (ones &* 0x22)
      let comma = word ^ (ones &* 0x2C)
      let feed = word ^ (ones &* 0x0A)
      let carriage = word ^ (ones &* 0x0D)
      let found =
        ((quote &- ones) & ~quote) | ((comma &- ones) & ~comma) | ((feed &- ones) & ~feed)
        | ((carriage &- ones) & ~carriage)
      if found & 0x8080_8080_8080_8080 != 0 { return true }
      position &+= 8
    }
    return false
  }

  /// What has to be done about a text.
  enum Kind {
    /// Nothing, in any format.
    case plain
    /// Some format quotes or escapes it.
    case special
    /// It may hold control characters, text that is not ASCII, or `;`.
    case unclean
  }

  /// What has to be done about the bytes from `start` to the end, of which some are likely to be special.
  @inline(__always)
  func messageKind(from start: Int) -> Kind {
    precondition(start >= 0 && start <= count)
    if start == count { return .plain }
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    var unclean: UInt64 = 0
    var special: UInt64 = 0
    var position = start
    while position < count {
      let word = word(at: position, before: count)
      let bracket = (word | ones &* 0x02) ^ (ones &* 0x3E)
      let quote = (word | ones &* 0x04) ^ (ones &* 0x26)
      let comma = word ^ (ones &* 0x2C)
      let backslash = word ^ (ones &* 0x5C)
      let delete = word ^ (ones &* 0x7F)
      let semicolon = word ^ (ones &* 0x3B)
      unclean |= word | ((word &- ones &* 0x20) & ~word) | ((delete &- ones) & ~delete)
      unclean |= (semicolon &- ones) & ~semicolon
      special |= ((bracket &- ones) & ~bracket) | ((quote &- ones) & ~quote)
      special |= ((comma &- ones) & ~comma) | ((backslash &- ones) & ~backslash)
      position &+= 8
    }
    if unclean & highs != 0 { return .unclean }
    switch self[start] {
    case 0x2B, 0x2D, 0x3D, 0x40: return .special
    default: return special & highs != 0 ? .special : .plain
    }
  }
}
