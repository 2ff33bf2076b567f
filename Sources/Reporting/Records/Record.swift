internal import Auditing

/// One row as it waits in a spool: a service line with what its own claim says about it, or a reading issue.
///
/// ```
///  0  length of the record        u32      56  slot                       u32
///  4  stream                      u32      60  traits                     u8
///  8  record in the stream        u64      61  claim kind                 u8
/// 16  byte offset                 u64      62  number of findings         u16
/// 24  claim in the stream         u64      64  charge, allowed, paid      3 × i64
/// 32  length of the cells         u32      88  the cells, each with a comma behind it
/// 36  special cells, replaced     2 × u64      where each cell ends  u16, u32 in a long record
/// 52  number of cells             u32          the findings (`FindingRecord`)
/// ```
///
/// Numbers are little-endian; an amount that is not there is `Int64.min`. The first 32 bytes can be changed after the fact, since
/// a work unit in the middle of a stream does not know how many records came before it (`RecordChunk.rebase`).
struct Record {
  /// Where the record begins in its buffer.
  let start: Int
  /// How long it is.
  let length: Int
  /// Place in the run.
  let key: LineKey
  /// Where it begins in the decompressed stream.
  let byteOffset: Int
  /// The ordinal of the claim in its stream.
  let claim: Int
  let traits: Traits
  /// Raw value of the claim's kind.
  let kind: UInt8
  let findingCount: Int
  let charge: Int64?
  let allowed: Int64?
  let paid: Int64?
  /// One bit a cell: some writer has to quote or escape it.
  let special: UInt64
  /// How many cells there are.
  let cellCount: Int
  private let cellBytes: Int

  /// Bits of a line.
  struct Traits: OptionSet {
    let rawValue: UInt8
    static let watched = Traits(rawValue: 1 << 0)
    /// The checksum over the bytes it was read from failed.
    static let unverified = Traits(rawValue: 1 << 1)
    static let csv = Traits(rawValue: 1 << 2)
    /// The line has a place of service of its own (SV105, SV303).
    static let ownPlaceOfService = Traits(rawValue: 1 << 3)
  }

  /// How many bytes stand before the cells.
  static let headerSize = 88
  /// What stands for an amount that is not there.
  static let noAmount = Int64.min

  /// No record.
  init() {
    start = 0
    length = 0
    key = LineKey(stream: 0, record: 0)
    byteOffset = 0
    claim = 0
    traits = []
    kind = 0
    findingCount = 0
    charge = nil
    allowed = nil
    paid = nil
    special = 0
    cellCount = 0
    cellBytes = 0
  }

  /// The record at `start`.
  init(in buffer: borrowing ByteBuffer, at start: Int) {
    func amount(_ offset: Int) -> Int64? {
      let value = buffer.load(Int64.self, at: start + offset)
      return value == Record.noAmount ? nil : value
    }
    self.start = start
    length = Int(buffer.load(UInt32.self, at: start))
    key = LineKey(
      stream: Int(buffer.load(UInt32.self, at: start + 4)),
      record: Int(buffer.load(UInt64.self, at: start + 8)),
      slot: Int(buffer.load(UInt32.self, at: start + 56)))
    byteOffset = Int(buffer.load(UInt64.self, at: start + 16))
    claim = Int(buffer.load(UInt64.self, at: start + 24))
    traits = Traits(rawValue: buffer[start + 60])
    kind = buffer[start + 61]
    findingCount = Int(buffer.load(UInt16.self, at: start + 62))
    charge = amount(64)
    allowed = amount(72)
    paid = amount(80)
    cellBytes = Int(buffer.load(UInt32.self, at: start + 32))
    special = buffer.load(UInt64.self, at: start + 36)
    cellCount = Int(buffer.load(UInt32.self, at: start + 52))
  }

  /// Where the ends of the cells stand, little-endian as the machine is.
  private var endsStart: Int { start + Record.headerSize + cellBytes }

  /// Whether the ends of the cells need words of four bytes.
  private var isWide: Bool { cellBytes > Int(UInt16.max) }

  /// Where the findings begin.
  var findingsStart: Int { endsStart + cellCount * (isWide ? 4 : 2) }

  /// Where the cells stand, each with its comma.
  var cellsRange: Range<Int> { start + Record.headerSize..<endsStart }

  /// Where a cell stands.
  @inline(__always)
  func cell(_ position: Int, in buffer: borrowing ByteBuffer) -> Range<Int> {
    precondition(position >= 0 && position < cellCount)
    let first = start + Record.headerSize
    if isWide { return wideCell(position, in: buffer) }
    if position == 0 { return first..<first + Int(buffer.load(UInt16.self, at: endsStart)) }
    // Where the cell before it ends, and where it does.
    let ends = buffer.load(UInt32.self, at: endsStart + 2 * position - 2)
    return first + Int(ends & 0xFFFF) + 1..<first + Int(ends >> 16)
  }

  private func wideCell(_ position: Int, in buffer: borrowing ByteBuffer) -> Range<Int> {
    func end(_ position: Int) -> Int {
      start + Record.headerSize + Int(buffer.load(UInt32.self, at: endsStart + 4 * position))
    }
    return (position == 0 ? start + Record.headerSize : end(position - 1) + 1)..<end(position)
  }

  /// Whether some writer has to quote or escape a cell.
  @inline(__always)
  func isSpecial(_ position: Int) -> Bool { special &>> UInt64(position) & 1 != 0 }

  /// Adds the record's cells to a row.
  func copyCells(from buffer: borrowing ByteBuffer, to row: inout TableRow) {
    row.append(
      buffer, cellsRange, ends: endsStart, isWide: isWide, count: cellCount, special: special,
      replaced: buffer.load(UInt64.self, at: start + 44))
  }
}

extension ByteBuffer {
  /// What the header of a record says beside its place and its cells.
  struct RecordFacts {
    var slot: UInt32 = 0
    var traits: Record.Traits = []
    var kind: UInt8 = 0
    var findings: UInt16 = 0
    var charge = Record.noAmount
    var allowed = Record.noAmount
    var paid = Record.noAmount
  }

  /// Adds a record up to its findings; its length is set by `finishRecord`.
  mutating func beginRecord(
    stream: Int, record: Int, byteOffset: Int, claim: Int, facts: RecordFacts, row: borrowing TableRow
  ) {
    reserve(Record.headerSize + row.bytes.count + 4 * row.cells.count)
    append(little: UInt32(0))
    append(little: UInt32(truncatingIfNeeded: stream))
    append(little: UInt64(record))
    append(little: UInt64(byteOffset))
    append(little: UInt64(claim))
    append(little: UInt32(row.bytes.count))
    append(little: row.cells.special)
    append(little: row.cells.replaced)
    append(little: UInt32(row.cells.count))
    append(little: facts.slot)
    append(facts.traits.rawValue)
    append(facts.kind)
    append(little: facts.findings)
    append(little: facts.charge)
    append(little: facts.allowed)
    append(little: facts.paid)
    append(row.bytes)
    if row.bytes.count > Int(UInt16.max) {
      row.cells.withEnds { append(words: $0, as: UInt32.self) }
    } else {
      row.cells.withEnds { append(words: $0, as: UInt16.self) }
    }
  }

  /// Ends the record that began at `start`.
  mutating func finishRecord(at start: Int) { store(little: UInt32(count - start), at: start) }
}
