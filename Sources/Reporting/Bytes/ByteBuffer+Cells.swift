internal import Glibc

/// Moves of many short pieces at once, with one look at the room there is: the inner loops of the reports.
///
/// A row of 41 cells is 82 pieces of a dozen bytes. Adding each for itself costs 5 to 6 ns a piece, here 2.
extension ByteBuffer {
  /// Adds cells of a row with pieces of punctuation between them.
  ///
  /// - Parameters:
  ///   - row: the row.
  ///   - columns: its cells to add.
  ///   - pieces: the punctuation, one piece behind the other: one for each cell and one more.
  ///   - ends: where each piece ends.
  ///   - escape: adds a cell that cannot go out as it stands.
  @inline(__always)
  mutating func append(
    _ row: borrowing TableRow, _ columns: Range<Int>, pieces: borrowing ByteBuffer, ends: Span<Int>,
    escape: (inout ByteBuffer, borrowing ByteBuffer, Range<Int>) -> Void
  ) {
    precondition(columns.lowerBound >= 0 && columns.upperBound <= row.cells.count && columns.count < 49)
    precondition(ends[columns.count] <= pieces.count)
    // Escaping makes cells longer and looks after that itself; the rest fits whatever comes.
    let needed = row.bytes.count + pieces.count
    reserve(needed)
    var start = 0
    var piece = 0
    for cell in columns {
      let end = ends[piece]
      unsafe copyShort(pieces.base + start, end &- start)
      start = end
      piece &+= 1
      let range = row.cells[cell]
      if row.cells.isSpecial(cell) {
        escape(&self, row.bytes, range)
        reserve(needed)
      } else {
        unsafe copyShort(row.bytes.base + range.lowerBound, range.count)
      }
    }
    unsafe copyShort(pieces.base + start, ends[piece] &- start)
  }

  /// Copies `length` bytes of another buffer to the end, for which there is room.
  @inline(__always)
  private mutating func copyShort(_ source: UnsafeMutablePointer<UInt8>, _ length: Int) {
    let target = unsafe UnsafeMutableRawPointer(base + count)
    if length <= 16 {
      unsafe target.storeBytes(
        of: UnsafeRawPointer(source).loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
    } else if length <= 32 {
      unsafe target.storeBytes(
        of: UnsafeRawPointer(source).loadUnaligned(as: SIMD32<UInt8>.self), as: SIMD32<UInt8>.self)
    } else {
      unsafe memcpy(target, source, length)
    }
    advance(by: length)
  }

  /// Adds the bytes at `range` of another buffer, each quote twice.
  ///
  /// Eight bytes are copied whole and looked at while they are; behind a quote the copying begins anew.
  mutating func appendDoublingQuotes(_ other: borrowing ByteBuffer, _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= other.count)
    reserve(2 &* range.count)
    var position = range.lowerBound
    var end = count
    while position < range.upperBound {
      let word = unsafe UnsafeRawPointer(other.base + position).loadUnaligned(as: UInt64.self)
      unsafe UnsafeMutableRawPointer(base + end).storeBytes(of: word, as: UInt64.self)
      let quote = UInt64(littleEndian: word) ^ 0x2222_2222_2222_2222
      // The lowest bit that is set is a quote's; those above it may be a borrow's.
      let found = (quote &- 0x0101_0101_0101_0101) & ~quote & 0x8080_8080_8080_8080
      let length = min(8, range.upperBound &- position)
      let plain = found.trailingZeroBitCount >> 3
      if plain < length {
        position &+= plain &+ 1
        end &+= plain &+ 1
        unsafe base[end] = 0x22
        end &+= 1
      } else {
        position &+= length
        end &+= length
      }
    }
    advance(by: end &- count)
  }

  /// Adds a text of up to 16 bytes that stands in memory with nothing readable behind it, as two overlapping words.
  @inline(__always)
  mutating func append(short text: Span<UInt8>) {
    let length = text.count
    precondition(length <= 16)
    reserve(length)
    unsafe text.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return }
      let source = unsafe UnsafeRawPointer(start)
      let target = unsafe UnsafeMutableRawPointer(base + count)
      if length >= 8 {
        let first = unsafe source.loadUnaligned(as: UInt64.self)
        let last = unsafe source.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
        unsafe target.storeBytes(of: first, as: UInt64.self)
        unsafe target.storeBytes(of: last, toByteOffset: length &- 8, as: UInt64.self)
      } else if length >= 4 {
        let first = unsafe source.loadUnaligned(as: UInt32.self)
        let last = unsafe source.loadUnaligned(fromByteOffset: length &- 4, as: UInt32.self)
        unsafe target.storeBytes(of: first, as: UInt32.self)
        unsafe target.storeBytes(of: last, toByteOffset: length &- 4, as: UInt32.self)
      } else {
        for index in 0..<length { unsafe base[count &+ index] = start[index] }
      }
    }
    advance(by: length)
  }

  /// Adds `value` in decimal digits.
  mutating func append(decimal value: UInt64) {
    reserve(20)
    var length = 1
    var bound: UInt64 = 10
    while length < 20, value >= bound {
      length &+= 1
      bound = length < 20 ? bound &* 10 : bound
    }
    var position = count &+ length
    var rest = value
    while rest >= 10 {
      let hundredth = rest / 100
      let pair = rest &- hundredth &* 100
      let tens = pair / 10
      position &-= 2
      unsafe base[position] = 0x30 &+ UInt8(truncatingIfNeeded: tens)
      unsafe base[position &+ 1] = 0x30 &+ UInt8(truncatingIfNeeded: pair &- tens &* 10)
      rest = hundredth
    }
    if position > count { unsafe base[count] = 0x30 &+ UInt8(truncatingIfNeeded: rest) }
    advance(by: length)
  }

  /// Adds words in the machine's own byte order, as `withWords` reads them again: records do not leave the process.
  ///
  /// At an even position.
  @inline(__always)
  mutating func append<Word: FixedWidthInteger & BitwiseCopyable>(words: Span<UInt32>, as type: Word.Type) {
    let size = MemoryLayout<Word>.size
    let length = words.count &* size
    reserve(length)
    let target = unsafe UnsafeMutableRawPointer(base + count)
    unsafe words.withUnsafeBufferPointer { source in
      for index in source.indices {
        unsafe target.storeBytes(
          of: Word(truncatingIfNeeded: source[index]), toByteOffset: index &* size, as: Word.self)
      }
    }
    advance(by: length)
  }

  /// Lends the words that stand at `position`, copied where that is no place for such words.
  @inline(__always)
  func withWords<Word: FixedWidthInteger & BitwiseCopyable>(
    _ type: Word.Type, at position: Int, count words: Int, _ body: (UnsafeBufferPointer<Word>) -> Void
  ) {
    let size = MemoryLayout<Word>.size
    precondition(position >= 0 && words >= 0 && words <= 64 && position &+ words &* size <= count)
    unsafe withUnsafeTemporaryAllocation(of: Word.self, capacity: 64) { copy in
      if let start = copy.baseAddress {
        unsafe memcpy(UnsafeMutableRawPointer(start), UnsafeRawPointer(base + position), words &* size)
      }
      unsafe body(UnsafeBufferPointer(rebasing: copy[..<words]))
    }
  }
}
