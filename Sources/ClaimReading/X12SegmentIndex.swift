internal import CScan

/// Where the terminators, the separators and the odd bytes of a window of 837 bytes are, one bit a byte, and a list of the
/// segments that are worth a look.
///
/// All is made for a whole window at a time by `CScan`, with the widest instructions of the processor; walking it costs a
/// few instructions a segment where looking at every byte costs a few a byte.
@safe
final class X12SegmentIndex {
  /// A segment worth a look.
  struct Mark {
    let bits: UInt64

    @inline(__always)
    init(bits: UInt64) { self.bits = bits }

    /// The end of a list.
    static var end: Mark { Mark(bits: UInt64(X12SegmentKind.end.rawValue) << 28) }

    /// The bit of those kinds that may say something about all that follows, the end of a list among them.
    static var telling: UInt64 { 16 << 28 }

    /// Where it begins in the window.
    @inline(__always)
    var start: Int { Int(truncatingIfNeeded: bits & 0xFFF_FFFF) }
    /// What it is.
    @inline(__always)
    var kind: X12SegmentKind { X12SegmentKind(rawValue: UInt8(truncatingIfNeeded: bits >> 28)) }
    /// Which segment of the window it is, the ones that are not listed counted.
    @inline(__always)
    var ordinal: Int { Int(truncatingIfNeeded: bits >> 36) }
  }

  private(set) var terminators: UnsafeMutablePointer<UInt64>
  private(set) var separators: UnsafeMutablePointer<UInt64>
  private(set) var odd: UnsafeMutablePointer<UInt64>
  /// The segments worth a look, in order, then `Mark.end`.
  ///
  /// All that the list holds begin at least `margin` bytes before what is readable ends.
  private(set) var marks: UnsafeMutablePointer<UInt64>
  /// How many they are.
  private(set) var listed = 0
  /// How far behind the beginning of a listed segment the window reaches.
  static let margin = 32
  /// What is known of the service lines of the window.
  let lines = X12OrdinaryLines()
  /// The first segment of the list that the reader has not passed.
  private var position = 0
  /// How many bytes the window has.
  private(set) var count = 0
  /// How many bytes are readable: the window and what is known to follow it.
  private(set) var readable = 0
  /// Whether the index was made before its reader was lent the window.
  var isPrepared = false
  private(set) var terminator: UInt8 = 0
  private(set) var separator: UInt8 = 0
  /// Whether line breaks stand behind terminators.
  private(set) var hasBreaks = false
  private var words: Int
  private var table = X12SegmentTable.customary
  private var searchedFrom = Int.max
  private var foundOdd = 0

  init() {
    words = 0
    unsafe terminators = .allocate(capacity: 1)
    unsafe separators = .allocate(capacity: 1)
    unsafe odd = .allocate(capacity: 1)
    unsafe marks = .allocate(capacity: X12SegmentIndex.stride)
  }

  deinit {
    unsafe terminators.deallocate()
    unsafe separators.deallocate()
    unsafe odd.deallocate()
    unsafe marks.deallocate()
  }

  /// Nothing is indexed.
  func clear() {
    count = 0
    isPrepared = false
  }

  /// How many segments may be listed for a window of that many words.
  private static func capacity(_ words: Int) -> Int { words * 8 + 1024 }
  /// The list may be looked at as many marks at a time: behind its end are at least as many, whatever they hold.
  static let stride = 8

  /// Indexes `window`, which is shorter than 256 MiB.
  ///
  /// What stands before it is taken for the end of a segment. `following` bytes of the same stream stand behind it and may be
  /// looked at; then the segment that begins behind the window is listed too. The level of the instructions is for tests.
  func index(
    _ window: UnsafeRawBufferPointer, following: Int = 0, terminator: UInt8, separator: UInt8, level: Int32 = 3
  ) {
    count = window.count
    readable = count + following
    self.terminator = terminator
    self.separator = separator
    isPrepared = false
    searchedFrom = .max
    position = 0
    listed = 0
    lines.clear()
    hasBreaks = false
    // The loop looks eight bytes past the words it is given.
    let whole = max(readable - 8, 0) / 64
    // Two words for the rest, and one more so that reading 64 bits from any byte on stays inside.
    if whole + 3 > words { resize(to: whole + 3 + whole / 4) }
    unsafe odd.initialize(repeating: 0, count: whole + 3)
    unsafe marks[0] = Mark.end.bits
    guard let base = window.baseAddress, count > 0 else { return }
    if table.separator != separator {
      table = separator == 0x2A ? X12SegmentTable.customary : X12SegmentTable(separator: separator)
    }
    var state = unsafe claimaudit_x12_index_state()
    unsafe state.terminator = terminator
    unsafe state.separator = separator
    unsafe state.ids = table.ids
    unsafe state.terminators = terminators
    unsafe state.separators = separators
    unsafe state.odd = odd
    unsafe state.marks = marks
    unsafe state.capacity = X12SegmentIndex.capacity(words)
    unsafe state.after_terminator = 1
    let bytes = unsafe base.assumingMemoryBound(to: UInt8.self)
    unsafe _ = claimaudit_x12_index_with(level, &state, bytes, whole)
    // The last bytes, filled up with blanks, which are none of the three.
    let rest = readable - whole * 64
    unsafe withUnsafeTemporaryAllocation(byteCount: 136, alignment: 64) { tail in
      unsafe tail.initializeMemory(as: UInt8.self, repeating: 0x20)
      unsafe tail.copyMemory(from: UnsafeRawBufferPointer(start: base + whole * 64, count: rest))
      guard let start = tail.baseAddress else { return }
      unsafe _ = claimaudit_x12_index_with(level, &state, start.assumingMemoryBound(to: UInt8.self), 2)
      if terminator == 0x20 || separator == 0x20 {
        for word in 0..<2 {
          let inside = min(max(rest - word * 64, 0), 64)
          let mask: UInt64 = inside == 0 ? 0 : .max >> UInt64(64 - inside)
          unsafe terminators[whole + word] &= mask
          unsafe separators[whole + word] &= mask
        }
      }
    }
    unsafe terminators[whole + 2] = 0
    unsafe separators[whole + 2] = 0
    hasBreaks = unsafe state.breaks != 0
    if unsafe state.oddities == 0 { (searchedFrom, foundOdd) = (0, count) }
    unsafe listed = state.count
    let last = min(count, readable - X12SegmentIndex.margin)
    while listed > 0, unsafe Mark(bits: marks[listed - 1]).start > last { listed -= 1 }
    unsafe marks[listed] = Mark.end.bits
  }

  private func resize(to words: Int) {
    self.words = words
    unsafe terminators.deallocate()
    unsafe separators.deallocate()
    unsafe odd.deallocate()
    unsafe marks.deallocate()
    unsafe terminators = .allocate(capacity: words)
    unsafe separators = .allocate(capacity: words)
    unsafe odd = .allocate(capacity: words)
    unsafe marks = .allocate(capacity: X12SegmentIndex.capacity(words) + X12SegmentIndex.stride)
  }

  /// The position in the list of the segment that begins at `start`, `nil` when it is not listed; asked from the front on.
  func mark(at start: Int) -> Int? {
    while true {
      let mark = unsafe Mark(bits: marks[position])
      if mark.kind == .end { return nil }
      if mark.start >= start { return mark.start == start ? position : nil }
      position += 1
    }
  }

  /// Nothing before that position in the list is asked for any more.
  func pass(to position: Int) { self.position = position }

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
