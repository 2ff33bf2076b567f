internal import CScan
internal import ClaimModel

/// Which service lines of a window have nothing but values of the form that nearly all have, with what is counted of them: found for
/// eight lines at a time.
///
/// Pointers are used without checks: of 202 MB of 837P, looking at one line after the other takes 400 instructions a line, and this a
/// sixth. The checked twin is the walk of `X12OrdinaryClaims` itself, which takes every line that is none of these, and all on
/// processors that lack the instructions; every test holds the two against each other.
///
/// Memory of one reader, kept from window to window.
@safe
final class X12OrdinaryLines {
  /// For every LX its position in the list of the window.
  private var positions: UnsafeMutablePointer<UInt32>
  /// The five bytes of its procedure's code, the first lowest; 0 for a line that is to be looked at by itself.
  private var codes: UnsafeMutablePointer<UInt64>
  /// From the lowest bit on: 40 bits of cents, 16 bits of LX01, whether it is institutional, whether a DTP*472 of one good day follows.
  private var values: UnsafeMutablePointer<UInt64>
  private var capacity = 1
  private var count = 0
  /// The first line that the walk has not passed.
  private var next = 0
  private var component: UInt8 = 0
  private var isDone = false

  init() {
    unsafe positions = .allocate(capacity: capacity)
    unsafe codes = .allocate(capacity: capacity)
    unsafe values = .allocate(capacity: capacity)
  }

  deinit {
    unsafe positions.deallocate()
    unsafe codes.deallocate()
    unsafe values.deallocate()
  }

  /// Nothing is known of any line.
  func clear() {
    count = 0
    next = 0
    isDone = false
  }

  /// Looks at all lines of a window, unless it did already. The level of the instructions is for tests.
  func look(at window: UnsafeRawBufferPointer, _ index: X12SegmentIndex, component: UInt8, level: Int32 = 3) {
    if isDone, self.component == component { return }
    clear()
    isDone = true
    self.component = component
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
    unsafe view.professional = X12SegmentKind.professional.rawValue
    unsafe view.institutional = X12SegmentKind.institutional.rawValue
    unsafe view.date = X12SegmentKind.date.rawValue
    count = unsafe max(claimaudit_x12_look(level, &view, positions, codes, values), 0)
  }

  private func reserve(_ listed: Int) {
    if listed + 16 <= capacity { return }
    unsafe positions.deallocate()
    unsafe codes.deallocate()
    unsafe values.deallocate()
    capacity = listed + listed / 4 + 16
    unsafe positions = .allocate(capacity: capacity)
    unsafe codes = .allocate(capacity: capacity)
    unsafe values = .allocate(capacity: capacity)
  }

  /// The first line at that position of the list or behind it; asked from the front on.
  func line(from position: Int) -> Int {
    while next < count, unsafe Int(positions[next]) < position { next += 1 }
    return next
  }

  /// Nothing before that line is asked for any more.
  func pass(to line: Int) { next = line }

  /// Lends what is known.
  var view: View { unsafe View(positions: positions, codes: codes, values: values, count: count) }

  /// What is known of the lines of a window.
  @safe
  struct View {
    fileprivate let positions: UnsafeMutablePointer<UInt32>
    fileprivate let codes: UnsafeMutablePointer<UInt64>
    fileprivate let values: UnsafeMutablePointer<UInt64>
    fileprivate let count: Int

    /// Whether the line of that number among those of the window stands at `position` of the list and is of the usual form.
    @inline(__always)
    func isUsual(_ number: Int, at position: Int) -> Bool {
      unsafe number < count && Int(positions[number]) == position && codes[number] != 0
    }

    /// The procedure of a line that is, the first byte highest.
    @inline(__always)
    func code(_ number: Int) -> UInt64 { unsafe codes[number].byteSwapped }

    /// What else a line that is has.
    @inline(__always)
    func values(_ number: Int) -> Values { unsafe Values(bits: values[number]) }
  }

  /// What a line of the usual form has.
  struct Values {
    fileprivate let bits: UInt64

    var cents: Int64 { @inline(__always) get { Int64(truncatingIfNeeded: bits & 0xFF_FFFF_FFFF) } }

    /// Whether LX01 is `number`, which is below 65,536, and the line of that kind.
    @inline(__always)
    func are(ofLine number: Int, isInstitutional: Bool) -> Bool {
      bits &>> 40 & 0x1_FFFF == UInt64(truncatingIfNeeded: number) | (isInstitutional ? 0x1_0000 : 0)
    }

    /// Whether the segment of the list that follows the service segment is its date, and a good one.
    var areDated: Bool { @inline(__always) get { bits &>> 57 != 0 } }
  }
}
