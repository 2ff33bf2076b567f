internal import CScan
internal import ClaimModel

/// Which service lines of a window have nothing but values of the form that nearly all have, with what is counted of them: found for
/// eight lines at a time.
///
/// Pointers are used without checks: of 202 MB of 837P, looking at one line after the other takes 400 instructions a line, and this a
/// fourth. The checked twin is the walk of `X12OrdinaryClaims` itself, which takes every line that is none of these, and all on
/// processors that lack the instructions; every test holds the two against each other.
///
/// Memory of one reader, kept from window to window.
@safe
final class X12OrdinaryLines {
  private var lines = unsafe claimaudit_x12_lines()
  private var capacity = 0
  private var count = 0
  /// The first line that the walk has not passed.
  private var next = 0
  private var component: UInt8 = 0
  private var service = X12SegmentKind.unknown
  private var isDone = false

  init() { reserve(0) }

  deinit { release() }

  /// Nothing is known of any line.
  func clear() {
    count = 0
    next = 0
    isDone = false
  }

  /// Looks at all lines of a window that have that service segment, SV1 or SV2, unless it did already.
  ///
  /// The level of the instructions is for tests.
  func look(
    at window: UnsafeRawBufferPointer, _ index: X12SegmentIndex, component: UInt8, service: X12SegmentKind,
    _ filter: ProcedureFilter, level: Int32 = 3
  ) {
    if isDone, self.component == component, self.service == service { return }
    clear()
    isDone = true
    self.component = component
    self.service = service
    guard let base = window.baseAddress, index.readable >= 128 else { return }
    reserve(index.listed)
    var view = unsafe claimaudit_x12_window()
    unsafe view.bytes = base.assumingMemoryBound(to: UInt8.self)
    unsafe view.readable = index.readable
    unsafe view.terminators = UnsafePointer(index.terminators)
    unsafe view.separators = UnsafePointer(index.separators)
    unsafe view.marks = UnsafePointer(index.marks)
    unsafe view.count = index.listed
    unsafe view.terminator = index.terminator
    unsafe view.separator = index.separator
    unsafe view.component = component
    unsafe view.line = X12SegmentKind.line.rawValue
    unsafe view.service = service.rawValue
    unsafe view.is_institutional = service == .institutional ? 1 : 0
    unsafe view.date = X12SegmentKind.date.rawValue
    unsafe view.interest = UnsafePointer(filter.bits)
    count = unsafe max(claimaudit_x12_look(level, &view, &lines), 0)
  }

  private func reserve(_ listed: Int) {
    if listed + 80 <= capacity { return }
    if capacity > 0 { release() }
    capacity = listed + listed / 4 + 80
    unsafe lines.positions = .allocate(capacity: capacity)
    unsafe lines.values = .allocate(capacity: capacity)
    unsafe lines.codes = .allocate(capacity: capacity)
    unsafe lines.sums = .allocate(capacity: capacity)
    // One bit a line, and a word more so that reading 64 bits from any byte on stays inside.
    let words = capacity / 64 + 2
    unsafe lines.followed = .allocate(capacity: words)
    unsafe lines.undated = .allocate(capacity: words)
    unsafe lines.interesting = .allocate(capacity: words)
  }

  private func release() {
    unsafe lines.positions.deallocate()
    unsafe lines.values.deallocate()
    unsafe lines.codes.deallocate()
    unsafe lines.sums.deallocate()
    unsafe lines.followed.deallocate()
    unsafe lines.undated.deallocate()
    unsafe lines.interesting.deallocate()
  }

  /// The first line at that position of the list or behind it; asked from the front on.
  func line(from position: Int) -> Int {
    while next < count, unsafe Int(lines.positions[next]) < position { next += 1 }
    return next
  }

  /// Nothing before that line is asked for any more.
  func pass(to line: Int) { next = line }

  /// The values of a line of the usual form.
  struct Usual {
    /// The charge in cents.
    let cents: Int64
    /// The procedure, the first byte highest; 0 where there is none.
    let procedure: UInt64
  }

  /// Lends what is known.
  var view: View { unsafe View(lines: lines, count: count) }

  /// What is known of the lines of a window.
  @safe
  struct View {
    fileprivate let lines: claimaudit_x12_lines
    fileprivate let count: Int

    /// Whether the line stands at `position` of the list, is of the usual form, and its LX01 is `number`, which is above 0 and below
    /// 65,536.
    @inline(__always)
    func isUsual(_ line: Int, at position: Int, number: Int) -> Bool {
      guard line < count, unsafe Int(lines.positions[line]) == position else { return false }
      let value = unsafe lines.values[line]
      return value &>> 40 & 0xFFFF == UInt64(truncatingIfNeeded: number)
    }

    /// What is known of the values of a line, `nil` where it is not of the usual form.
    @inline(__always)
    func usual(_ line: Int) -> Usual? {
      guard line < count, unsafe lines.values[line] != 0 else { return nil }
      return unsafe Usual(cents: Int64(lines.values[line] & 0xFF_FFFF_FFFF), procedure: code(line))
    }

    /// Where the line stands in the list, `Int.max` where there is none.
    @inline(__always)
    func position(of line: Int) -> Int { unsafe line < count ? Int(lines.positions[line]) : .max }

    /// Whether the line is of the usual form and its procedure none of interest.
    @inline(__always)
    func isOfNoInterest(_ line: Int) -> Bool {
      guard line < count else { return false }
      return unsafe lines.values[line] != 0 && bits(lines.interesting, line) & 1 == 0
    }

    /// A line and those of the usual form that follow it one by one.
    struct Run {
      let count: Int
      let cents: Int64
      /// Whether one before the last has no day, and the last has one.
      let hasUndated: Bool
      let isLastDated: Bool
      /// Where the list goes on behind it.
      let next: Int
      /// One bit a line whose procedure may be one of interest, the first lowest.
      let interesting: UInt64
    }

    /// The run that begins with a line of the usual form, or its first 57 lines.
    @inline(__always)
    func run(from line: Int) -> Run {
      let others = unsafe (~bits(lines.followed, line)).trailingZeroBitCount
      let count = min(others, 56) &+ 1
      let mask = (UInt64(1) &<< UInt64(truncatingIfNeeded: count)) &- 1
      let undated = unsafe bits(lines.undated, line) & mask
      let isLastDated = undated &>> UInt64(truncatingIfNeeded: count &- 1) == 0
      return unsafe Run(
        count: count, cents: Int64(truncatingIfNeeded: lines.sums[line &+ count] &- lines.sums[line]),
        hasUndated: undated & (mask &>> 1) != 0, isLastDated: isLastDated,
        next: Int(lines.positions[line &+ count &- 1]) &+ (isLastDated ? 3 : 2),
        interesting: bits(lines.interesting, line) & mask)
    }

    /// The procedure of a line of the usual form, the first byte highest.
    @inline(__always)
    func code(_ line: Int) -> UInt64 { unsafe lines.codes[line].byteSwapped }

    /// At least 57 bits of a map from `line` on.
    @inline(__always)
    private func bits(_ map: UnsafeMutablePointer<UInt64>, _ line: Int) -> UInt64 {
      unsafe UnsafeRawPointer(map).loadUnaligned(fromByteOffset: line >> 3, as: UInt64.self)
        &>> UInt64(truncatingIfNeeded: line & 7)
    }
  }
}
