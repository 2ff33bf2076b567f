/// What is remembered of the lines that were counted, so that most need not be taken apart.
struct SummaryMemory {
  var groups = SummaryGroups()
  var codes = LineCodeCounts()
}

/// How many lines have the same cells from the place of service to the modifiers: they are taken apart once.
struct LineCodeCounts {
  /// The bytes of the cells, up to 32 of them, and zeros.
  private struct Key: Equatable {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    /// How many bytes; 0 where there is no key.
    var length = 0

    static func == (left: Key, right: Key) -> Bool { left.words == right.words && left.length == right.length }

    var slot: Int {
      var hash = words.0 &* 0x9E37_79B9_7F4A_7C15 ^ words.1
      hash = (hash ^ hash >> 29) &* 0x9E37_79B9_7F4A_7C15 ^ words.2
      hash = (hash ^ hash >> 29) &* 0x9E37_79B9_7F4A_7C15 ^ words.3
      return Int(truncatingIfNeeded: ((hash ^ hash >> 29) &* 0x9E37_79B9_7F4A_7C15) >> 55)
    }
  }

  /// How many places there are, one more for each that may be tried from the last.
  private static let places = 512 + tries
  private static let tries = 4
  private var keys = [Key](repeating: Key(), count: LineCodeCounts.places)
  private var lines = [Int64](repeating: 0, count: LineCodeCounts.places)
  private var codes = [SummaryBuilder.LineCodes](repeating: .init(), count: LineCodeCounts.places)

  /// Counts a line whose cells are known and says whether they are.
  mutating func add(_ record: Record, in buffer: borrowing ByteBuffer) -> Bool {
    guard let key = LineCodeCounts.key(record, in: buffer) else { return false }
    let first = key.slot
    for place in first..<first + LineCodeCounts.tries where keys[place] == key {
      lines[place] += 1
      return true
    }
    return false
  }

  /// Remembers a line whose cells are not known with its codes, and says what is not remembered any more, or was not from the start,
  /// and how many lines had it.
  mutating func remember(
    _ codes: SummaryBuilder.LineCodes, of record: Record, in buffer: borrowing ByteBuffer
  ) -> (codes: SummaryBuilder.LineCodes, lines: Int64)? {
    guard let key = LineCodeCounts.key(record, in: buffer) else { return (codes, 1) }
    let first = key.slot
    let place = (first..<first + LineCodeCounts.tries).first { keys[$0].length == 0 } ?? first
    let old = (self.codes[place], lines[place])
    let wasTaken = keys[place].length > 0
    keys[place] = key
    lines[place] = 1
    self.codes[place] = codes
    return wasTaken ? old : nil
  }

  /// Forgets everything, and hands out how many lines had which codes.
  mutating func takeOut(_ body: (SummaryBuilder.LineCodes, Int64) -> Void) {
    for place in keys.indices where keys[place].length > 0 {
      body(codes[place], lines[place])
      keys[place] = Key()
    }
  }

  /// The cells of a line, `nil` where they are long or hold a comma, behind which another cell could begin.
  @inline(__always)
  private static func key(_ record: Record, in buffer: borrowing ByteBuffer) -> Key? {
    let (first, last) = (LineColumn.inRecord(LineColumn.placeOfService), LineColumn.inRecord(LineColumn.lastModifier))
    let ofCodes = ((1 as UInt64) << UInt64(last - first + 1) - 1) << UInt64(first)
    let start = record.cell(first, in: buffer).lowerBound
    let length = record.cell(last, in: buffer).upperBound - start
    guard record.special & ofCodes == 0, length > 0, length <= 32 else { return nil }
    return Key(words: buffer.packedWords(at: start, count: length), length: length)
  }
}

/// Which group of the summary the last lines were of, so that few of them have to be looked up by the payer's name.
struct SummaryGroups {
  private struct Entry {
    /// The first and the last eight bytes of the payer, all there are of up to sixteen.
    var payer: (first: UInt64, last: UInt64) = (0, 0)
    var length: UInt8 = 0
    var kind: UInt8 = 0
    var place = SummaryBuilder.Tally.none
    var group = -1
  }

  private var entries = [Entry](repeating: Entry(), count: 256)

  /// The group of a line, asked of `find` where it is not remembered.
  mutating func group(
    _ payer: Range<Int>, in buffer: borrowing ByteBuffer, kind: UInt8, placeOfService: SummaryBuilder.Tally,
    _ find: () -> Int
  ) -> Int {
    let length = payer.count
    if length == 0 || length > 16 { return find() }
    let first = buffer.packed(at: payer.lowerBound, count: min(length, 8))
    let last = buffer.packed(at: max(payer.lowerBound, payer.upperBound - 8), count: min(length, 8))
    var hash = (first ^ last << 1) &* 0x9E37_79B9_7F4A_7C15
    hash = (hash ^ placeOfService.bits ^ UInt64(kind)) &* 0x9E37_79B9_7F4A_7C15
    let slot = Int(truncatingIfNeeded: hash >> 56)
    let known = entries[slot]
    if known.group >= 0, known.payer == (first, last), Int(known.length) == length, known.kind == kind,
      known.place == placeOfService
    {
      return known.group
    }
    let group = find()
    entries[slot] = Entry(
      payer: (first, last), length: UInt8(length), kind: kind, place: placeOfService, group: group)
    return group
  }
}
