/// One row of a table as text, ready for every format: cells that are clean UTF-8 and not yet quoted or escaped.
struct TableRow: ~Copyable {
  /// The cells, each with a comma behind it.
  private(set) var bytes = ByteBuffer(capacity: 4096)
  /// Where they stand.
  private(set) var cells = CellIndex()

  /// Forgets the cells from `cell` on; 0 empties the row.
  @inline(__always)
  mutating func truncate(to cell: Int = 0) {
    bytes.truncate(to: cell == 0 ? 0 : Int(cells.end(cell - 1)) + 1)
    cells.truncate(to: cell)
  }

  /// Ends the cell that is being written.
  @inline(__always)
  mutating func close(_ traits: CellTraits = []) {
    cells.append(end: bytes.count, traits)
    bytes.append(0x2C)
  }

  /// Adds a cell through `write`, which may leave it empty.
  @inline(__always)
  mutating func append(_ write: (inout ByteBuffer) -> CellTraits) {
    let traits = write(&bytes)
    close(traits)
  }

  /// Adds an empty cell.
  @inline(__always)
  mutating func appendEmpty() { close() }

  /// Adds a text, cleaned.
  mutating func append(clean text: String) {
    let traits = bytes.append(clean: text)
    close(traits)
  }

  /// Adds a whole number.
  mutating func append(_ number: Int) {
    bytes.append(decimal: number)
    close()
  }

  /// Adds a word of ours, which no format has to escape.
  @inline(__always)
  mutating func append(word: StaticString) {
    bytes.append(word)
    close()
  }

  /// Adds an amount, empty when there is none.
  @inline(__always)
  mutating func append(cents: Int64?) {
    guard let cents else { return close() }
    bytes.append(cents: cents)
    // A leading minus is for the spreadsheet guard to judge.
    close(cents < 0 ? .special : [])
  }

  /// Adds cells of another row.
  mutating func append(_ other: borrowing TableRow, _ range: Range<Int>) {
    if range.isEmpty { return }
    let start = other.cells[range.lowerBound].lowerBound
    let shift = bytes.count &- start
    bytes.append(other.bytes, start..<Int(other.cells.end(range.upperBound - 1)) + 1)
    cells.append(other.cells, range, shift: shift)
  }

  /// Adds one cell: the bytes at `range` of `source`.
  @inline(__always)
  mutating func append(_ source: borrowing ByteBuffer, _ range: Range<Int>, _ traits: CellTraits) {
    bytes.append(source, range)
    close(traits)
  }

  /// Adds three cells that stand at `range` of `source`, each with a comma behind it.
  @inline(__always)
  mutating func append(
    _ source: borrowing ByteBuffer, _ range: Range<Int>, ends: (Int, Int, Int), special: UInt64
  ) {
    let shift = bytes.count &- range.lowerBound
    bytes.append(source, range)
    cells.append(end: ends.0 &+ shift)
    cells.append(end: ends.1 &+ shift)
    cells.append(end: ends.2 &+ shift)
    if special != 0 { cells.mark(last: 3, special: special & 7) }
  }

  /// Adds cells as a record holds them: their bytes at `range` of `source`, where they end, counted from there, at `ends`, in words of
  /// two bytes or four.
  @inline(__always)
  mutating func append(
    _ source: borrowing ByteBuffer, _ range: Range<Int>, ends: Int, isWide: Bool, count: Int, special: UInt64,
    replaced: UInt64
  ) {
    let base = bytes.count
    bytes.append(source, range)
    cells.append(
      count, of: source, endsAt: ends, isWide: isWide, shift: base, special: special, replaced: replaced)
  }

  /// Adds `count` cells that stand at `range` of `source`, each with a comma behind it and none in it.
  mutating func append(plain source: borrowing ByteBuffer, _ range: Range<Int>, count: Int) {
    let first = bytes.count
    bytes.append(source, range)
    cells.append(count, endingAtCommasOf: bytes, from: first)
  }

  /// A cell as text.
  func string(_ cell: Int) -> String { bytes.string(cells[cell]) }
}
