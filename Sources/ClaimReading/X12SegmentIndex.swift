internal import CScan

/// Where the terminators, the separators and the odd bytes of a window of 837 bytes are: one bit a byte.
///
/// The bits are made for a whole window at a time by `CScan`, with the widest instructions of the processor; walking them costs a
/// few instructions a segment where looking at every byte costs a few a byte.
@safe
final class X12SegmentIndex {
  private(set) var terminators: UnsafeMutablePointer<UInt64>
  private(set) var separators: UnsafeMutablePointer<UInt64>
  private(set) var odd: UnsafeMutablePointer<UInt64>
  /// How many bytes are indexed.
  private(set) var count = 0
  private var words: Int
  private var searchedFrom = Int.max
  private var foundOdd = 0

  init() {
    words = 0
    unsafe terminators = .allocate(capacity: 1)
    unsafe separators = .allocate(capacity: 1)
    unsafe odd = .allocate(capacity: 1)
  }

  deinit {
    unsafe terminators.deallocate()
    unsafe separators.deallocate()
    unsafe odd.deallocate()
  }

  /// Nothing is indexed.
  func clear() { count = 0 }

  /// Indexes `window`.
  ///
  /// What stands before it is taken for the end of a segment.
  func index(_ window: UnsafeRawBufferPointer, terminator: UInt8, separator: UInt8) {
    count = window.count
    searchedFrom = .max
    let whole = count / 64
    // One word more than the bytes fill, so that reading 64 bits from any byte on stays inside.
    if whole + 2 > words {
      words = whole + 2 + whole / 4
      unsafe terminators.deallocate()
      unsafe separators.deallocate()
      unsafe odd.deallocate()
      unsafe terminators = .allocate(capacity: words)
      unsafe separators = .allocate(capacity: words)
      unsafe odd = .allocate(capacity: words)
    }
    guard let base = window.baseAddress, count > 0 else { return }
    var carry = claimaudit_x12_carry(after_terminator: 1, after_break: 0)
    let bytes = unsafe base.assumingMemoryBound(to: UInt8.self)
    unsafe claimaudit_x12_index(bytes, whole, terminator, separator, terminators, separators, odd, &carry)
    // The last bytes, filled up with blanks, which are none of the three.
    unsafe withUnsafeTemporaryAllocation(byteCount: 64, alignment: 64) { tail in
      unsafe tail.initializeMemory(as: UInt8.self, repeating: 0x20)
      let rest = count - whole * 64
      if rest > 0 { unsafe tail.copyMemory(from: UnsafeRawBufferPointer(start: base + whole * 64, count: rest)) }
      guard let start = tail.baseAddress else { return }
      unsafe claimaudit_x12_index(
        start.assumingMemoryBound(to: UInt8.self), 1, terminator, separator, terminators + whole, separators + whole,
        odd + whole, &carry)
      if terminator == 0x20 || separator == 0x20 {
        let mask: UInt64 = rest == 0 ? 0 : .max >> UInt64(64 - rest)
        unsafe (terminators + whole).pointee &= mask
        unsafe (separators + whole).pointee &= mask
      }
    }
    unsafe (terminators + whole + 1).pointee = 0
    unsafe (separators + whole + 1).pointee = 0
    unsafe (odd + whole + 1).pointee = 0
  }

  /// The first odd byte at `position` or behind it, `count` when there is none.
  ///
  /// The last answer is kept: most windows have no odd byte at all, and are looked through once.
  func nextOdd(from position: Int) -> Int {
    if position >= searchedFrom, position <= foundOdd { return foundOdd }
    searchedFrom = position
    foundOdd = searchOdd(from: position)
    return foundOdd
  }

  private func searchOdd(from position: Int) -> Int {
    var word = position >> 6
    let last = count >> 6
    guard word <= last else { return count }
    var bits = unsafe (odd[word] >> UInt64(position & 63)) << UInt64(position & 63)
    while bits == 0 {
      word += 1
      if word > last { return count }
      unsafe bits = odd[word]
    }
    return min(word << 6 + bits.trailingZeroBitCount, count)
  }
}
