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

  /// The same byte eight times.
  @inline(__always)
  private static func eight(_ byte: UInt64) -> UInt64 { byte &* 0x0101_0101_0101_0101 }

  /// The high bits of the bytes of `word` that are `byte`, and perhaps of some behind the first of them: a byte is found by the borrow it
  /// causes when it is taken for zero (`x - 01… & ~x & 80…`).
  @inline(__always)
  private static func found(_ byte: UInt64, in word: UInt64) -> UInt64 {
    let other = word ^ eight(byte)
    return (other &- eight(1)) & ~other
  }

  /// The high bits of bytes that are no printable ASCII, and of `"`, `&`, `,`, `<`, `>` and `\`, each perhaps with some behind.
  @inline(__always)
  private static func marks(of word: UInt64) -> (unprintable: UInt64, special: UInt64) {
    let unprintable = word | ((word &- eight(0x20)) & ~word) | found(0x7F, in: word)
    // `<` and `>` differ in one bit, and so do `"` and `&`.
    let special =
      found(0x3E, in: word | eight(0x02)) | found(0x26, in: word | eight(0x04)) | found(0x2C, in: word)
      | found(0x5C, in: word)
    return (unprintable, special)
  }

  private static var highs: UInt64 { eight(0x80) }

  /// Whether the bytes from `start` to the end are printable ASCII without `"`, `&`, `,`, `<`, `>` and `\`.
  ///
  /// Such bytes need no quoting in CSV, no escaping in XML or JSON and no cleaning: nearly every id, code, name and date.
  @inline(__always)
  func isPlain(from start: Int) -> Bool {
    precondition(start >= 0 && start <= count)
    var found: UInt64 = 0
    var position = start
    while position < count {
      let marks = ByteBuffer.marks(of: word(at: position, before: count))
      found |= marks.unprintable | marks.special
      position &+= 8
    }
    return found & ByteBuffer.highs == 0
  }

  /// Whether the bytes at `range` hold a quote, a comma or a line end: what makes a cell of CSV need quotes.
  func holdsSeparator(_ range: Range<Int>) -> Bool {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    var position = range.lowerBound
    while position < range.upperBound {
      let word = word(at: position, before: range.upperBound)
      let found =
        ByteBuffer.found(0x22, in: word) | ByteBuffer.found(0x2C, in: word) | ByteBuffer.found(0x0A, in: word)
        | ByteBuffer.found(0x0D, in: word)
      if found & ByteBuffer.highs != 0 { return true }
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
    var unclean: UInt64 = 0
    var special: UInt64 = 0
    var position = start
    while position < count {
      let word = word(at: position, before: count)
      let marks = ByteBuffer.marks(of: word)
      unclean |= marks.unprintable | ByteBuffer.found(0x3B, in: word)
      special |= marks.special
      position &+= 8
    }
    if unclean & ByteBuffer.highs != 0 { return .unclean }
    switch self[start] {
    case 0x2B, 0x2D, 0x3D, 0x40: return .special
    default: return special & ByteBuffer.highs != 0 ? .special : .plain
    }
  }
}
