/// Where the cells of one row stand in the buffer that holds them, and which of them need care.
///
/// The cells of a row follow each other, each with a comma behind it: a row none of whose cells is special is its own line of
/// CSV, but for the last comma.
///
/// Not copyable, and the ends not in the row itself: the compiler copies all of a large value to look at a part of it.
struct CellIndex: ~Copyable {
  /// Room for the widest table.
  static let capacity = 48

  /// Where each cell ends, counted from the row's first byte, in four bytes; its comma stands there.
  ///
  /// It does not grow.
  private(set) var ends = ByteBuffer(capacity: 4 * CellIndex.capacity)
  /// One bit a cell: some writer has to quote or escape it.
  private(set) var special: UInt64 = 0
  /// One bit a cell: characters of it were replaced by U+FFFD.
  private(set) var replaced: UInt64 = 0

  /// How many cells there are.
  var count: Int { ends.count >> 2 }

  /// The bytes of a cell, its comma not counted.
  @inline(__always)
  subscript(cell: Int) -> Range<Int> { (cell == 0 ? 0 : Int(end(cell &- 1)) &+ 1)..<Int(end(cell)) }

  /// Where a cell ends.
  @inline(__always)
  func end(_ cell: Int) -> UInt32 { ends.load(UInt32.self, at: 4 &* cell) }

  /// Whether some writer has to quote or escape a cell.
  @inline(__always)
  func isSpecial(_ cell: Int) -> Bool { special &>> UInt64(cell) & 1 != 0 }

  /// Forgets all cells from `cell` on.
  @inline(__always)
  mutating func truncate(to cell: Int) {
    ends.truncate(to: 4 &* cell)
    let kept = (1 as UInt64) << UInt64(cell) &- 1
    special &= kept
    replaced &= kept
  }

  /// Adds a cell that ends at `end`.
  @inline(__always)
  mutating func append(end: Int, _ traits: CellTraits = []) {
    if !traits.isEmpty { mark(traits) }
    ends.append(fitting: UInt32(truncatingIfNeeded: end))
  }

  /// Adds cells of another row, whose bytes stand `shift` behind where they stood there.
  mutating func append(_ other: borrowing CellIndex, _ cells: Range<Int>, shift: Int) {
    let first = count
    precondition(cells.count <= CellIndex.capacity &- first)
    ends.append(ends: other.ends, cells, shift: UInt32(truncatingIfNeeded: shift))
    if other.special | other.replaced == 0 { return }
    let mask = (1 as UInt64) << UInt64(cells.count) &- 1
    special |= (other.special >> UInt64(cells.lowerBound) & mask) << UInt64(first)
    replaced |= (other.replaced >> UInt64(cells.lowerBound) & mask) << UInt64(first)
  }

  /// Adds `cells` cells that a record holds, where they end at `position` of `records`, and which of them need care.
  mutating func append(
    _ cells: Int, of records: borrowing ByteBuffer, endsAt position: Int, isWide: Bool, shift: Int,
    special newSpecial: UInt64, replaced newReplaced: UInt64
  ) {
    let first = count
    precondition(cells >= 0 && cells <= CellIndex.capacity &- first)
    let shift = UInt32(truncatingIfNeeded: shift)
    if isWide {
      ends.append(ends: records, at: position, count: cells, of: UInt32.self, shift: shift)
    } else {
      ends.append(ends: records, at: position, count: cells, of: UInt16.self, shift: shift)
    }
    special |= newSpecial << UInt64(first)
    replaced |= newReplaced << UInt64(first)
  }

  /// Adds `cells` cells of `row`, the bytes of the row, from `start` on: each ends at the next comma.
  mutating func append(_ cells: Int, endingAtCommasOf row: borrowing ByteBuffer, from start: Int) {
    precondition(cells >= 0 && cells <= CellIndex.capacity &- count)
    ends.append(endsOfCells: cells, atCommasOf: row, from: start)
  }

  private mutating func mark(_ traits: CellTraits) {
    let bit = (1 as UInt64) << UInt64(count)
    if traits.contains(.special) { special |= bit }
    if traits.contains(.replaced) { replaced |= bit }
  }

  /// Marks those of the last `cells` cells whose bits are set.
  mutating func mark(last cells: Int, special newSpecial: UInt64) { special |= newSpecial << UInt64(count - cells) }
}
