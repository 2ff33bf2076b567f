/// Whether a piece of text may go into every report as it stands.
extension ByteBuffer {
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
      var word = unsafe UInt64(littleEndian: UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self))
      let left = count &- position
      if left < 8 {
        // Bytes behind the end are the buffer's slack: taken for letters.
        let mask = (1 as UInt64) << UInt64(left &* 8) &- 1
        word = (word & mask) | (0x6161_6161_6161_6161 & ~mask)
      }
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
}
