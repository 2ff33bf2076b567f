internal import CScan
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
  /// Sixteen bytes are copied whole and looked at while they are; behind a quote the copying begins anew.
  mutating func appendDoublingQuotes(_ other: borrowing ByteBuffer, _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= other.count)
    reserve(2 &* range.count)
    var position = range.lowerBound
    var end = count
    while position < range.upperBound {
      let block = unsafe UnsafeRawPointer(other.base + position).loadUnaligned(as: SIMD16<UInt8>.self)
      unsafe UnsafeMutableRawPointer(base + end).storeBytes(of: block, as: SIMD16<UInt8>.self)
      // The high bits of quotes: taking one from a byte borrows from nothing but zero.
      let distance = block ^ SIMD16(repeating: 0x22)
      let found = (distance &- SIMD16(repeating: 1)) & ~distance & SIMD16(repeating: 0x80)
      let quotes = unsafe unsafeBitCast(found, to: SIMD2<UInt64>.self)
      let (low, high) = (UInt64(littleEndian: quotes[0]), UInt64(littleEndian: quotes[1]))
      let plain = (low != 0 ? low.trailingZeroBitCount : 64 &+ high.trailingZeroBitCount) >> 3
      let length = min(16, range.upperBound &- position)
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
    reserve(24)
    if value < 10 {
      unsafe base[count] = 0x30 &+ UInt8(truncatingIfNeeded: value)
      return advance(by: 1)
    }
    if value < 100_000_000 { return append(digits: value, leavingOutZeros: true) }
    if value < 10_000_000_000_000_000 {
      append(digits: value / 100_000_000, leavingOutZeros: true)
    } else {
      let high = value / 10_000_000_000_000_000
      append(digits: high, leavingOutZeros: true)
      append(digits: (value &- high &* 10_000_000_000_000_000) / 100_000_000, leavingOutZeros: false)
    }
    append(digits: value % 100_000_000, leavingOutZeros: false)
  }

  /// The eight digits of a number that has no more, the first in the lowest byte.
  ///
  /// All at once: the halves of the number side by side in a word, then their halves, then the digits, each division a multiplication
  /// that is exact for numbers of that size.
  @inline(__always)
  private static func digits(_ value: UInt64) -> UInt64 {
    let fours = value / 10_000 | (value % 10_000) << 32
    let hundreds = (fours &* 10_486) >> 20 & 0x0000_007F_0000_007F
    let pairs = hundreds | (fours &- hundreds &* 100) << 16
    let tens = (pairs &* 103) >> 10 & 0x000F_000F_000F_000F
    return tens | (pairs &- tens &* 10) << 8
  }

  /// Adds a number of up to eight digits, for which there is room; zeros in front go out or stay.
  @inline(__always)
  private mutating func append(digits value: UInt64, leavingOutZeros: Bool) {
    let digits = ByteBuffer.digits(value)
    // The last digit stays.
    let zeros = leavingOutZeros ? min(digits.trailingZeroBitCount >> 3, 7) : 0
    let word = (digits | 0x3030_3030_3030_3030) >> UInt64(8 &* zeros)
    unsafe UnsafeMutableRawPointer(base + count).storeBytes(of: word.littleEndian, as: UInt64.self)
    advance(by: 8 &- zeros)
  }

  /// Adds an amount of less than a million with its two decimals.
  mutating func append(smallCents cents: UInt64) {
    reserve(16)
    let digits = ByteBuffer.digits(cents)
    // Of the six digits before the point the last one stays.
    let zeros = min(digits.trailingZeroBitCount >> 3, 5)
    let word = digits | 0x3030_3030_3030_3030
    let point = 6 &- zeros
    let target = unsafe UnsafeMutableRawPointer(base + count)
    unsafe target.storeBytes(of: (word >> UInt64(8 &* zeros)).littleEndian, as: UInt64.self)
    unsafe target.storeBytes(of: 0x2E, toByteOffset: point, as: UInt8.self)
    let decimals = UInt16(truncatingIfNeeded: word >> 48)
    unsafe target.storeBytes(of: decimals.littleEndian, toByteOffset: point &+ 1, as: UInt16.self)
    advance(by: point &+ 3)
  }

  // Where cells end: four bytes each in a row, two in most records.

  /// Adds the ends of some cells of another row, each moved by `shift`.
  mutating func append(ends: borrowing ByteBuffer, _ cells: Range<Int>, shift: UInt32) {
    precondition(cells.lowerBound >= 0 && 4 &* cells.upperBound <= ends.count)
    reserve(4 &* cells.count)
    let first = unsafe UnsafeRawPointer(ends.base + 4 &* cells.lowerBound)
    let target = unsafe UnsafeMutableRawPointer(base + count)
    // Two at a time; behind the last there is slack in both.
    var offset = 0
    while offset < 4 &* cells.count {
      let pair = unsafe UInt64(littleEndian: first.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      let low = UInt32(truncatingIfNeeded: pair) &+ shift
      let high = UInt32(truncatingIfNeeded: pair >> 32) &+ shift
      let moved = UInt64(low) | UInt64(high) << 32
      unsafe target.storeBytes(of: moved.littleEndian, toByteOffset: offset, as: UInt64.self)
      offset &+= 8
    }
    advance(by: 4 &* cells.count)
  }

  /// Adds `cells` ends that stand at `position` of `source`, each moved by `shift`.
  @inline(__always)
  mutating func append<Word: FixedWidthInteger & BitwiseCopyable>(
    ends source: borrowing ByteBuffer, at position: Int, count cells: Int, of type: Word.Type, shift: UInt32
  ) {
    let size = MemoryLayout<Word>.size
    precondition(position >= 0 && cells >= 0 && position &+ cells &* size <= source.count)
    reserve(4 &* cells)
    let first = unsafe UnsafeRawPointer(source.base + position)
    let target = unsafe UnsafeMutableRawPointer(base + count)
    for cell in 0..<cells {
      let end = unsafe Word(littleEndian: first.loadUnaligned(fromByteOffset: cell &* size, as: Word.self))
      let moved = UInt32(truncatingIfNeeded: end) &+ shift
      unsafe target.storeBytes(of: moved.littleEndian, toByteOffset: 4 &* cell, as: UInt32.self)
    }
    advance(by: 4 &* cells)
  }

  /// Adds where `cells` cells end in `row`, from `start` on: at the next comma each.
  mutating func append(endsOfCells cells: Int, atCommasOf row: borrowing ByteBuffer, from start: Int) {
    precondition(start >= 0 && start <= row.count && cells >= 0)
    reserve(4 &* cells)
    let target = unsafe UnsafeMutableRawPointer(base + count).assumingMemoryBound(to: UInt32.self)
    // Behind the last byte there is slack.
    let found = unsafe claimaudit_comma_places(row.base, start, row.count, target, cells)
    precondition(found == cells, "no comma behind a cell")
    advance(by: 4 &* cells)
  }

  /// Adds all ends of a row, none of which is past 65535, in words of two bytes.
  mutating func append(narrowEnds ends: borrowing ByteBuffer) {
    let cells = ends.count >> 2
    reserve(2 &* cells)
    let first = unsafe UnsafeRawPointer(ends.base)
    let target = unsafe UnsafeMutableRawPointer(base + count)
    var cell = 0
    // Two at a time; behind the last there is slack in both. The upper halves are zeros.
    while cell < cells {
      let pair = unsafe UInt64(littleEndian: first.loadUnaligned(fromByteOffset: 4 &* cell, as: UInt64.self))
      let narrow = UInt32(truncatingIfNeeded: pair | pair >> 16)
      unsafe target.storeBytes(of: narrow.littleEndian, toByteOffset: 2 &* cell, as: UInt32.self)
      cell &+= 2
    }
    advance(by: 2 &* cells)
  }
}
