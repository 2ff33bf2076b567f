/// Where the cells of one row stand in the buffer that holds them, and which of them need care.
///
/// The cells of a row follow each other, each with a comma behind it: a row none of whose cells is special is its own line of
/// CSV, but for the last comma.
///
/// Not copyable, since the compiler otherwise copies all of it to look at one cell.
struct CellIndex: ~Copyable {
  /// Room for the widest table.
  static let capacity = 48

  /// Where each cell ends, counted from the row's first byte; its comma stands there.
  private var ends: [48 of UInt32]
  /// How many cells there are.
  private(set) var count = 0
  /// One bit a cell: some writer has to quote or escape it.
  private(set) var special: UInt64 = 0
  /// One bit a cell: characters of it were replaced by U+FFFD.
  private(set) var replaced: UInt64 = 0

  /// No cells.
  init() { ends = .init(repeating: 0) }

  /// The bytes of a cell, its comma not counted.
  @inline(__always)
  subscript(cell: Int) -> Range<Int> {
    let ends = self.ends.span
    return (cell == 0 ? 0 : Int(ends[cell &- 1]) &+ 1)..<Int(ends[cell])
  }

  /// Where a cell ends.
  @inline(__always)
  func end(_ cell: Int) -> UInt32 { ends.span[cell] }

  /// Lends where the cells end.
  @inline(__always)
  func withEnds<Result>(_ body: (Span<UInt32>) -> Result) -> Result { body(ends.span.extracting(0..<count)) }

  /// Whether some writer has to quote or escape a cell.
  @inline(__always)
  func isSpecial(_ cell: Int) -> Bool { special &>> UInt64(cell) & 1 != 0 }

  /// Forgets all cells from `cell` on.
  @inline(__always)
  mutating func truncate(to cell: Int) {
    precondition(cell <= count)
    count = cell
    let kept = (1 as UInt64) << UInt64(cell) &- 1
    special &= kept
    replaced &= kept
  }

  /// Adds a cell that ends at `end`.
  @inline(__always)
  mutating func append(end: Int, _ traits: CellTraits = []) {
    ends[count] = UInt32(truncatingIfNeeded: end)
    if !traits.isEmpty { mark(traits) }
    count &+= 1
  }

  /// Adds cells that end at `words`, counted from `shift`.
  @inline(__always)
  mutating func append<Word: FixedWidthInteger>(contentsOf words: UnsafeBufferPointer<Word>, shift: Int) {
    let first = count
    precondition(words.count <= CellIndex.capacity &- first)
    let base = UInt32(truncatingIfNeeded: shift)
    var span = ends.mutableSpan
    unsafe span.withUnsafeMutableBufferPointer { ends in
      for index in words.indices { unsafe ends[first &+ index] = base &+ UInt32(truncatingIfNeeded: words[index]) }
    }
    count = first &+ words.count
  }

  /// Adds cells of another row, whose bytes stand `shift` behind where they stood there.
  @inline(__always)
  mutating func append(_ other: borrowing CellIndex, _ cells: Range<Int>, shift: Int) {
    let first = count
    let start = cells.lowerBound
    precondition(start >= 0 && cells.upperBound <= other.count && cells.count <= CellIndex.capacity &- first)
    let shift = UInt32(truncatingIfNeeded: shift)
    let source = other.ends.span
    var target = ends.mutableSpan
    for index in 0..<cells.count {
      unsafe target[unchecked: first &+ index] = unsafe source[unchecked: start &+ index] &+ shift
    }
    count = first &+ cells.count
    if other.special | other.replaced != 0 {
      let mask = (1 as UInt64) << UInt64(cells.count) &- 1
      special |= (other.special >> UInt64(start) & mask) << UInt64(first)
      replaced |= (other.replaced >> UInt64(start) & mask) << UInt64(first)
    }
  }

  private mutating func mark(_ traits: CellTraits) {
    let bit = (1 as UInt64) << UInt64(count)
    if traits.contains(.special) { special |= bit }
    if traits.contains(.replaced) { replaced |= bit }
  }

  /// Marks those of the last `cells` cells whose bits are set.
  mutating func mark(last cells: Int, special newSpecial: UInt64, replaced newReplaced: UInt64) {
    special |= newSpecial << UInt64(count - cells)
    replaced |= newReplaced << UInt64(count - cells)
  }
}
