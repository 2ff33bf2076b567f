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
    repeat {
      position &-= 1
      unsafe base[position] = 0x30 &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest != 0
    advance(by: length)
  }

  /// Adds words in the machine's own byte order, as `forEachWord` reads them again: records do not leave the process.
  @inline(__always)
  mutating func append(words: Span<UInt32>) {
    let length = words.count &* 4
    reserve(length)
    unsafe words.withUnsafeBytes { bytes in
      if let start = bytes.baseAddress { unsafe memcpy(base + count, start, length) }
    }
    advance(by: length)
  }

  /// Hands out the words that stand at `position`.
  @inline(__always)
  func forEachWord(at position: Int, count words: Int, _ body: (UInt32) -> Void) {
    precondition(position >= 0 && words >= 0 && position &+ words &* 4 <= count)
    let start = unsafe UnsafeRawPointer(base + position)
    for word in 0..<words { unsafe body(start.loadUnaligned(fromByteOffset: word &* 4, as: UInt32.self)) }
  }
}
