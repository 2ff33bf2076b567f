internal import Auditing

/// One row as it waits in a spool: a service line with what its own claim says about it, or a reading issue.
///
/// ```
///  0  the header (`Header`)
/// 64  the marks (`Marks`), where there are any
///     the cells, each with a comma behind it
///     where each cell ends  u16, u32 in a long record; nothing where the commas tell
///     the findings (`FindingRecord`)
/// ```
///
/// Numbers are as the machine has them: records stay where they were written.
struct Record {
  /// Where the record begins in its buffer.
  let start: Int
  private let header: Header
  /// One bit a cell: some writer has to quote or escape it.
  let special: UInt64
  /// One bit a cell: characters of it were replaced.
  private let replaced: UInt64
  /// Place in the run.
  let key: LineKey
  /// Where it begins in the decompressed stream.
  let byteOffset: Int
  /// The ordinal of the claim in its stream.
  let claim: Int

  /// The numbers of a record; an amount that is not there is `noAmount`.
  ///
  /// A run that reports every line writes millions of them down and reads them back: each byte counts.
  struct Header: BitwiseCopyable {
    /// The length of the record; set by `finishRecord`.
    var length: UInt32 = 0
    // These four are counted from where the record's chunk begins, see `RecordBase`.
    /// The ordinal of the stream in the run.
    var stream: UInt32 = 0
    /// The record in the stream.
    var record: UInt64 = 0
    /// Where that begins in the decompressed stream.
    var byteOffset: UInt64 = 0
    /// The ordinal of the claim in its stream.
    var claim: UInt64 = 0
    /// The amounts, in cents.
    var charge = noAmount
    var allowed = noAmount
    var paid = noAmount
    /// The length of the cells.
    var cellBytes: UInt32 = 0
    /// How many findings.
    var findings: UInt16 = 0
    var traits: Traits = []
    /// How many cells there are.
    var cellCount: UInt8 = 0
  }

  /// What few records have.
  struct Marks: BitwiseCopyable {
    /// One bit a cell: some writer has to quote or escape it.
    var special: UInt64 = 0
    /// One bit a cell: characters of it were replaced.
    var replaced: UInt64 = 0
    /// Which of the lines of a wide row it is.
    var slot: UInt64 = 0
  }

  /// Bits of a line.
  struct Traits: OptionSet, BitwiseCopyable {
    let rawValue: UInt8
    static let watched = Traits(rawValue: 1 << 0)
    /// The checksum over the bytes it was read from failed.
    static let unverified = Traits(rawValue: 1 << 1)
    static let csv = Traits(rawValue: 1 << 2)
    /// The line has a place of service of its own (SV105, SV303).
    static let ownPlaceOfService = Traits(rawValue: 1 << 3)
    /// The record has `Marks`.
    static let marks = Traits(rawValue: 1 << 4)
    /// Its cells end where its commas are.
    static let plainCells = Traits(rawValue: 1 << 5)

    /// The kind of a claim, by its raw value.
    init(kind: UInt8) { rawValue = kind << 6 }
    init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Raw value of the claim's kind.
    var kind: UInt8 { rawValue >> 6 }
  }

  /// How many bytes stand before the marks or the cells.
  static let headerSize = MemoryLayout<Header>.size
  /// Where the traits stand among them.
  static let traitsOffset = 62
  /// What stands for an amount that is not there.
  static let noAmount = Int64.min

  /// No record.
  init() {
    start = 0
    header = Header()
    (special, replaced) = (0, 0)
    key = LineKey(stream: 0, record: 0)
    (byteOffset, claim) = (0, 0)
  }

  /// The record at `start`, of a chunk that begins at `base`.
  @inline(__always)
  init(in buffer: borrowing ByteBuffer, at start: Int, of base: RecordBase?) {
    self.start = start
    header = buffer.load(bits: Header.self, at: start)
    var key = LineKey(stream: Int(header.stream), record: Int(header.record))
    var (byteOffset, claim) = (Int(header.byteOffset), Int(header.claim))
    if let base {
      key.stream = UInt32(truncatingIfNeeded: base.stream)
      key.record &+= UInt64(truncatingIfNeeded: base.records)
      byteOffset &+= base.bytes
      claim &+= base.claims
    }
    if header.traits.contains(.marks) {
      let marks = buffer.load(bits: Marks.self, at: start &+ Record.headerSize)
      (special, replaced) = (marks.special, marks.replaced)
      key.slot = UInt32(truncatingIfNeeded: marks.slot)
    } else {
      (special, replaced) = (0, 0)
    }
    self.key = key
    self.byteOffset = byteOffset
    self.claim = claim
  }

  /// How long it is.
  var length: Int { Int(header.length) }
  var traits: Traits { header.traits }
  /// Raw value of the claim's kind.
  var kind: UInt8 { header.traits.kind }
  var findingCount: Int { Int(header.findings) }
  var charge: Int64? { Record.amount(header.charge) }
  var allowed: Int64? { Record.amount(header.allowed) }
  var paid: Int64? { Record.amount(header.paid) }
  /// How many cells there are.
  var cellCount: Int { Int(header.cellCount) }
  private var cellBytes: Int { Int(header.cellBytes) }

  private static func amount(_ value: Int64) -> Int64? { value == noAmount ? nil : value }

  /// Where the cells begin.
  private var cellsStart: Int {
    start &+ Record.headerSize &+ (traits.contains(.marks) ? MemoryLayout<Marks>.size : 0)
  }

  /// Where the ends of the cells stand.
  private var endsStart: Int { cellsStart &+ cellBytes }

  /// How many bytes tell where a cell ends.
  private var endSize: Int { traits.contains(.plainCells) ? 0 : cellBytes > Int(UInt16.max) ? 4 : 2 }

  /// Where the findings begin.
  var findingsStart: Int { endsStart &+ cellCount &* endSize }

  /// Where the cells stand, each with its comma.
  var cellsRange: Range<Int> { cellsStart..<endsStart }

  /// Where a cell stands.
  @inline(__always)
  func cell(_ position: Int, in buffer: borrowing ByteBuffer) -> Range<Int> {
    precondition(position >= 0 && position < cellCount)
    if endSize != 2 { return unusualCell(position, in: buffer) }
    let first = cellsStart
    if position == 0 { return first..<first &+ Int(buffer.load(UInt16.self, at: endsStart)) }
    // Where the cell before it ends, and where it does.
    let ends = buffer.load(UInt32.self, at: endsStart &+ 2 &* position &- 2)
    return first &+ Int(ends & 0xFFFF) &+ 1..<first &+ Int(ends >> 16)
  }

  private func unusualCell(_ position: Int, in buffer: borrowing ByteBuffer) -> Range<Int> {
    let first = cellsStart
    if traits.contains(.plainCells) {
      var start = first
      for _ in 0..<position { start = (buffer.firstIndex(of: 0x2C, in: start..<endsStart) ?? endsStart) + 1 }
      return start..<(buffer.firstIndex(of: 0x2C, in: start..<endsStart) ?? endsStart)
    }
    func end(_ position: Int) -> Int { first + Int(buffer.load(UInt32.self, at: endsStart + 4 * position)) }
    return (position == 0 ? first : end(position - 1) + 1)..<end(position)
  }

  /// Whether some writer has to quote or escape a cell.
  @inline(__always)
  func isSpecial(_ position: Int) -> Bool { special &>> UInt64(position) & 1 != 0 }

  /// Adds the record's cells to a row.
  func copyCells(from buffer: borrowing ByteBuffer, to row: inout TableRow) {
    if traits.contains(.plainCells) { return row.append(plain: buffer, cellsRange, count: cellCount) }
    row.append(
      buffer, cellsRange, ends: endsStart, isWide: endSize == 4, count: cellCount, special: special, replaced: replaced)
  }
}

extension ByteBuffer {
  /// How many commas there are.
  fileprivate var commaCount: Int {
    var (count, start) = (0, 0)
    while let comma = firstIndex(of: 0x2C, in: start..<self.count) {
      count += 1
      start = comma + 1
    }
    return count
  }
}

/// Where the records of a chunk stand in the run: a worker that reads from the middle of a stream counts from its own beginning.
struct RecordBase: Equatable {
  /// The ordinal of the stream.
  var stream: Int
  /// How many segments or records of the stream come before.
  var records = 0
  /// How many claims.
  var claims = 0
  /// How many decompressed bytes.
  var bytes = 0
}

extension ByteBuffer {
  /// Adds a record up to its findings: what the header says beside its cells, and those.
  mutating func beginRecord(_ facts: Record.Header, slot: UInt32 = 0, row: borrowing TableRow) {
    var header = facts
    header.cellBytes = UInt32(row.bytes.count)
    header.cellCount = UInt8(row.cells.count)
    let hasMarks = row.cells.special | row.cells.replaced | UInt64(slot) != 0
    if hasMarks { header.traits.insert(.marks) }
    // A cell that holds a comma is special. Those of watched lines are looked up one by one.
    let isPlain = row.cells.special == 0 && row.cells.replaced == 0 && !header.traits.contains(.watched)
    if isPlain { header.traits.insert(.plainCells) }
    assert(!isPlain || row.bytes.commaCount == row.cells.count, "a comma in a cell that is not special")
    reserve(Record.headerSize + MemoryLayout<Record.Marks>.size + row.bytes.count + 4 * row.cells.count)
    append(bits: header)
    if hasMarks {
      append(bits: Record.Marks(special: row.cells.special, replaced: row.cells.replaced, slot: UInt64(slot)))
    }
    append(row.bytes)
    if isPlain { return }
    if row.bytes.count > Int(UInt16.max) { append(row.cells.ends) } else { append(narrowEnds: row.cells.ends) }
  }

  /// Ends the record that began at `start`.
  mutating func finishRecord(at start: Int) { store(little: UInt32(count - start), at: start) }
}
