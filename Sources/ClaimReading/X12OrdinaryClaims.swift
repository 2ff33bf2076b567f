internal import ClaimModel

/// Passes over claims that are ordinary: sound in everything the reader promises to notice, and of no interest to the rules.
///
/// Nearly every claim of a file is like that, and all it has to give are its counts and its charges. This walks the index of a
/// window, segment by segment, and looks only at what the reader would look at to raise an issue: CLM, LX, the service
/// segment, DTP, HL. A stretch is passed over only as a whole: from an HL or a CLM to the next; anything at all
/// that is out of the ordinary leaves the stretch to the reader, which reads it again from its first byte and says what there is
/// to say. So there is one place that decides about odd claims, and a test can run every file with and without this
/// one and must get the same.
///
/// Pointers are used without checks inside one window; every position read is below the window's count less eight.
@safe
struct X12OrdinaryClaims {
  /// What the passed-over stretches add to the totals.
  struct Gain {
    var records = 0
    var claims = 0
    var lines = 0
    var cents: Int64 = 0
    /// The first and the last line break passed over, as positions in the window.
    var firstBreak: Int?
    var lastBreak: Int?
  }

  /// The stretch of the subscriber's level (HL 22) that has been passed over and not been read for its names yet.
  var subscriber: Range<Int> = 0..<0
  /// The same for the patient's level (HL 23).
  var patient: Range<Int> = 0..<0
  /// Whether names are still to be read.
  var hasUnread: Bool { !subscriber.isEmpty || !patient.isEmpty }

  private let filter: ProcedureFilter

  init(interest: ClaimInterest) { filter = ProcedureFilter(interest.procedures) }

  /// One window with its index, and what the interchange says about it.
  @safe
  private struct View {
    let bytes: UnsafePointer<UInt8>
    let terminators: UnsafePointer<UInt64>
    let separators: UnsafePointer<UInt64>
    let limit: Int
    let words: Int
    let separator: UInt8
    let component: UInt8

    @inline(__always)
    func byte(_ at: Int) -> UInt8 { unsafe bytes[at] }

    /// The end of the segment that begins at `start`: the place of its terminator, or -1 when it is not in the window.
    @inline(__always)
    func end(from start: Int) -> Int {
      var word = start >> 6
      var bits = unsafe terminators[word] >> UInt64(truncatingIfNeeded: start & 63)
      if bits != 0 { return start &+ bits.trailingZeroBitCount }
      repeat {
        word &+= 1
        if word >= words { return -1 }
        unsafe bits = terminators[word]
      } while bits == 0
      return word << 6 &+ bits.trailingZeroBitCount
    }

    /// The separators of the segment `start..<end`, lowest bit at `start`; only for segments shorter than 64 bytes.
    @inline(__always)
    func marks(_ start: Int, _ end: Int) -> UInt64 {
      let word = start >> 6
      let shift = UInt64(truncatingIfNeeded: start & 63)
      let low = unsafe separators[word] &>> shift
      let high = unsafe (separators[word &+ 1] &<< 1) &<< (63 &- shift)
      return (low | high) & ((1 &<< UInt64(truncatingIfNeeded: end &- start)) &- 1)
    }

    /// Four bytes of the segment's beginning, the first lowest.
    @inline(__always)
    func head(_ at: Int) -> UInt32 {
      unsafe UnsafeRawPointer(bytes + at).loadUnaligned(as: UInt32.self)
    }

    /// The segment id at `at`, its first byte lowest; 0 when it is neither two nor three bytes before a separator.
    @inline(__always)
    func id(_ at: Int) -> UInt32 {
      let head = head(at)
      if UInt8(truncatingIfNeeded: head >> 16) == separator { return head & 0xFFFF }
      let id = head & 0xFF_FFFF
      // A third byte of zero would make an id of three look like one of two.
      return UInt8(truncatingIfNeeded: head >> 24) == separator && id > 0xFFFF ? id : 0
    }

    @inline(__always)
    func eight(_ at: Int) -> UInt64 { unsafe UnsafeRawPointer(bytes + at).loadUnaligned(as: UInt64.self) }
  }

  /// Passes over what it can from `start` on, and says where it stopped.
  mutating func pass(
    _ window: UnsafeRawBufferPointer, _ index: X12SegmentIndex, from start: Int, separator: UInt8, component: UInt8,
    kind: ClaimKind, hierarchy: inout X12HierarchyTracker, gain: inout Gain
  ) -> Int {
    guard let base = window.baseAddress, index.count == window.count, window.count >= 64 else { return start }
    let view = unsafe View(
      bytes: base.assumingMemoryBound(to: UInt8.self), terminators: index.terminators, separators: index.separators,
      limit: window.count - 8, words: window.count / 64 + 1, separator: separator, component: component)
    var cursor = start
    var odd = index.nextOdd(from: start)
    while cursor < view.limit {
      let head = view.head(cursor)
      var part = Gain()
      var stop = -1
      if head & 0xFFFF == 0x4C48, UInt8(truncatingIfNeeded: head >> 16) == separator {
        stop = passLevel(view, cursor, &hierarchy, &part, odd)
      } else if head & 0xFF_FFFF == 0x4D_4C43, UInt8(truncatingIfNeeded: head >> 24) == separator,
        hierarchy.level != .none
      {
        stop = passClaim(view, cursor, kind, &part)
        if stop > odd { stop = -1 }
      }
      guard stop >= 0 else { break }
      gain.records &+= part.records
      gain.claims &+= part.claims
      gain.lines &+= part.lines
      gain.cents &+= part.cents
      if let last = part.lastBreak {
        if gain.firstBreak == nil { gain.firstBreak = part.firstBreak }
        gain.lastBreak = last
      }
      cursor = stop
      if cursor > odd { odd = index.nextOdd(from: cursor) }
    }
    return cursor
  }

  /// The segment behind the terminator at `end`: up to two line breaks are passed over.
  @inline(__always)
  private func next(_ view: View, _ end: Int, _ part: inout Gain) -> Int {
    var next = end &+ 1
    if next >= view.limit { return next }
    if view.byte(next) <= 0x0D, view.byte(next) == 0x0A || view.byte(next) == 0x0D {
      if part.firstBreak == nil { part.firstBreak = next }
      next &+= 1
      let second = view.byte(next)
      if second == 0x0A || second == 0x0D { next &+= 1 }
      part.lastBreak = next &- 1
    }
    return next
  }

  // MARK: Levels

  /// A subscriber's or patient's level up to its first claim or the next level.
  private mutating func passLevel(
    _ view: View, _ start: Int, _ hierarchy: inout X12HierarchyTracker, _ part: inout Gain, _ odd: Int
  ) -> Int {
    let end = view.end(from: start)
    guard end >= 0, end &- start < 40, end < view.limit else { return -1 }
    var marks = view.marks(start, end)
    guard marks.nonzeroBitCount >= 3 else { return -1 }
    marks &= marks &- 1
    let second = start &+ marks.trailingZeroBitCount
    marks &= marks &- 1
    let third = start &+ marks.trailingZeroBitCount
    marks &= marks &- 1
    let fourth = marks == 0 ? end : start &+ marks.trailingZeroBitCount
    guard fourth &- third == 3, view.byte(third &+ 1) == 0x32 else { return -1 }
    let code = view.byte(third &+ 2)
    guard code == 0x32 || code == 0x33 else { return -1 }
    let number = digits(view, start &+ 3, second)
    let parent = digits(view, second &+ 1, third)
    guard number > 0, parent > 0, hierarchy.isOrdinary(number: number, parent: parent, isSubscriber: code == 0x32)
    else { return -1 }
    part.records = 1
    var cursor = next(view, end, &part)
    while true {
      guard cursor < view.limit else { return -1 }
      let id = view.id(cursor)
      guard id != 0 else { return -1 }
      switch id {
      case 0x4C48, 0x4D_4C43, 0x4553:  // HL CLM SE
        guard cursor <= odd else { return -1 }
        hierarchy.passOrdinary(number: number, isSubscriber: code == 0x32)
        if code == 0x32 {
          subscriber = start..<cursor
          patient = 0..<0
        } else {
          patient = start..<cursor
        }
        return cursor
      case 0x31_5653, 0x32_5653, 0x33_5653, 0x54_4842: return -1  // SV1 SV2 SV3 BHT
      // What holds longer than this level is left to the reader: the billing provider, and the payer from a patient's level.
      case 0x31_4D4E:  // NM1
        let party = view.head(cursor &+ 4) & 0xFFFF
        guard code == 0x32 ? party != 0x3538 : party == 0x4351 else { return -1 }  // 85 QC
      case 0x52_4253: guard code == 0x32 else { return -1 }  // SBR
      default: guard X12SegmentNames.isKnown(reversed: id) else { return -1 }
      }
      let end = view.end(from: cursor)
      guard end >= 0, end &- cursor < 1024 else { return -1 }
      part.records &+= 1
      cursor = next(view, end, &part)
    }
  }

  // MARK: Claims

  private enum Loop {
    case claim, claimParty, other, line, lineOther
  }

  /// A claim up to the next claim, level or the end of the set.
  private func passClaim(_ view: View, _ start: Int, _ kind: ClaimKind, _ part: inout Gain) -> Int {
    var end = view.end(from: start)
    guard end >= 0, isOrdinaryCLM(view, start, end, kind) else { return -1 }
    let serviceID: UInt32 = kind == .institutional ? 0x32_5653 : 0x31_5653
    if kind == .dental { return -1 }
    let allowed = kind == .institutional ? 999 : 50
    var loop = Loop.claim
    var isPending = false
    var lines = 0
    var cents: Int64 = 0
    var hasClaimDate = false
    var hasLineDate = true
    var needsClaimDate = false
    part.records = 1
    var cursor = next(view, end, &part)
    while true {
      guard cursor < view.limit else { return -1 }
      let id = view.id(cursor)
      guard id != 0 else { return -1 }
      if id == 0x4C48 || id == 0x4D_4C43 || id == 0x4553 { break }  // HL CLM SE
      end = view.end(from: cursor)
      guard end >= 0, end &- cursor < 1024 else { return -1 }
      switch id {
      case serviceID:
        guard isPending else { return -1 }
        isPending = false
        loop = .line
        lines &+= 1
        hasLineDate = false
        let charge = kind == .institutional ? institutional(view, cursor, end) : professional(view, cursor, end)
        guard charge >= 0, lines <= allowed else { return -1 }
        cents &+= charge
      case 0x31_5653, 0x32_5653, 0x33_5653: return -1  // SV1 SV2 SV3 of another kind of claim
      case 0x584C:  // LX
        guard !isPending else { return -1 }
        if !hasLineDate { needsClaimDate = true }
        hasLineDate = true
        isPending = true
        loop = .line
        // LX01 is digits only; a further element would not be.
        guard digits(view, cursor &+ 3, end) == lines &+ 1 else { return -1 }
      case 0x50_5444:  // DTP
        if loop == .line {
          guard !isPending else { return -1 }
          if view.head(cursor &+ 4) & 0xFF_FFFF == 0x32_3734 {  // 472
            guard isDate(view, cursor, end) else { return -1 }
            hasLineDate = true
          }
        } else if loop == .claim {
          switch view.head(cursor &+ 4) & 0xFF_FFFF {
          case 0x32_3734, 0x34_3334:  // 472 434
            guard isDate(view, cursor, end) else { return -1 }
            hasClaimDate = true
          case 0x35_3334:  // 435
            guard isDate(view, cursor, end) else { return -1 }
          case 0x36_3930:  // 096
            guard isHour(view, cursor, end) || isDate(view, cursor, end) else { return -1 }
          default: break
          }
        }
      case 0x31_4D4E:  // NM1
        loop = loop == .line || loop == .lineOther ? .lineOther : loop == .other ? .other : .claimParty
      case 0x52_4253:  // SBR
        loop = .other
      case 0x44_5653, 0x4E_494C:  // SVD LIN
        if loop == .line || loop == .lineOther { loop = .lineOther }
      default:
        guard X12SegmentNames.isKnown(reversed: id) else { return -1 }
      }
      part.records &+= 1
      cursor = next(view, end, &part)
    }
    if isPending { return -1 }
    if !hasLineDate { needsClaimDate = true }
    if needsClaimDate && !hasClaimDate { return -1 }
    part.claims = 1
    part.lines = lines
    part.cents = cents
    return cursor
  }

  /// CLM01 is there and not too long, CLM02 is an amount, CLM05-2 fits the kind of claim.
  @inline(__always)
  private func isOrdinaryCLM(_ view: View, _ start: Int, _ end: Int, _ kind: ClaimKind) -> Bool {
    guard end &- start < 64 else { return false }
    var marks = view.marks(start, end) & ~0xF
    guard marks.nonzeroBitCount >= 4 else { return false }
    let first = start &+ marks.trailingZeroBitCount
    marks &= marks &- 1
    let second = start &+ marks.trailingZeroBitCount
    marks &= marks &- 1
    marks &= marks &- 1
    let fourth = start &+ marks.trailingZeroBitCount
    marks &= marks &- 1
    let fifth = marks == 0 ? end : start &+ marks.trailingZeroBitCount
    let length = first &- start &- 4
    guard length > 0, length <= 38, view.byte(start &+ 4) != 0x20, amount(view, first &+ 1, second) >= 0 else {
      return false
    }
    var position = fourth &+ 1
    while position < fifth, view.byte(position) != view.component { position &+= 1 }
    position &+= 1
    if position >= fifth { return true }
    if view.byte(position) == view.component { return true }
    guard position &+ 1 == fifth || view.byte(position &+ 1) == view.component else { return false }
    let qualifier = view.byte(position) & 0xDF
    return (qualifier == 0x41) == (kind == .institutional)
  }

  /// The charge of an SV1, or -1 when the segment is not ordinary or its procedure is wanted.
  @inline(__always)
  private func professional(_ view: View, _ start: Int, _ end: Int) -> Int64 {
    guard end &- start < 64 else { return -1 }
    var marks = view.marks(start, end) & ~0xF
    guard marks != 0 else { return -1 }
    let first = start &+ marks.trailingZeroBitCount
    marks &= marks &- 1
    guard isOrdinaryProcedure(view, start &+ 4, first) else { return -1 }
    return chargeAndUnits(view, start, end, first, marks)
  }

  /// The charge of an SV2, or -1 when the segment is not ordinary or its procedure is wanted.
  @inline(__always)
  private func institutional(_ view: View, _ start: Int, _ end: Int) -> Int64 {
    guard end &- start < 64 else { return -1 }
    var marks = view.marks(start, end) & ~0xF
    guard marks.nonzeroBitCount >= 2 else { return -1 }
    let first = start &+ marks.trailingZeroBitCount
    marks &= marks &- 1
    let second = start &+ marks.trailingZeroBitCount
    marks &= marks &- 1
    // A line of a revenue code alone has no procedure.
    guard second == first &+ 1 || isOrdinaryProcedure(view, first &+ 1, second) else { return -1 }
    return chargeAndUnits(view, start, end, second, marks)
  }

  /// The charge behind `before`, when it is an amount and the units two elements on are none or above zero.
  @inline(__always)
  private func chargeAndUnits(_ view: View, _ start: Int, _ end: Int, _ before: Int, _ marks: UInt64) -> Int64 {
    var marks = marks
    let chargeEnd = marks == 0 ? end : start &+ marks.trailingZeroBitCount
    marks &= marks &- 1
    let charge = amount(view, before &+ 1, chargeEnd)
    if marks == 0 { return chargeEnd == end ? charge : charge }
    let basisEnd = start &+ marks.trailingZeroBitCount
    marks &= marks &- 1
    let unitsEnd = marks == 0 ? end : start &+ marks.trailingZeroBitCount
    if unitsEnd > basisEnd &+ 1, amount(view, basisEnd &+ 1, unitsEnd) <= 0 { return -1 }
    return charge
  }

  /// Qualifier HC, a procedure of one to eight upper-case bytes that is not wanted, at most eight components.
  @inline(__always)
  private func isOrdinaryProcedure(_ view: View, _ start: Int, _ end: Int) -> Bool {
    guard end &- start > 3, view.byte(start) == 0x48, view.byte(start &+ 1) == 0x43,
      view.byte(start &+ 2) == view.component
    else { return false }
    let first = start &+ 3
    var position = first
    while position < end, view.byte(position) != view.component { position &+= 1 }
    let length = position &- first
    guard length > 0, length <= 8 else { return false }
    let shift = UInt64(truncatingIfNeeded: 64 &- 8 &* length)
    let code = (UInt64(bigEndian: view.eight(first)) &>> shift) &<< shift
    // Lower-case letters and blanks are read as what they mean elsewhere.
    let filled = code | (shift == 0 ? 0 : (UInt64.max &>> (64 &- shift)) & 0x4040_4040_4040_4040)
    if filled & (filled &<< 1) & 0x4040_4040_4040_4040 != 0 { return false }
    let blank = filled ^ 0x2020_2020_2020_2020
    if (blank &- 0x0101_0101_0101_0101) & ~blank & 0x8080_8080_8080_8080 != 0 { return false }
    if filter.mayContain(code), filter.contains(code) { return false }
    var components = 2
    while position < end {
      if view.byte(position) == view.component { components &+= 1 }
      position &+= 1
    }
    return components <= 8
  }

  /// DTP02 and DTP03 are a good date: D8, RD8 in order, or DT.
  @inline(__always)
  private func isDate(_ view: View, _ start: Int, _ end: Int) -> Bool {
    let separator = view.separator
    guard view.byte(start &+ 7) == separator else { return false }
    let length = end &- start
    if view.byte(start &+ 8) == 0x44, view.byte(start &+ 9) == 0x38 {  // D8
      return length == 19 && view.byte(start &+ 10) == separator && day(view, start &+ 11) >= 0
    }
    if view.byte(start &+ 8) == 0x52 {  // RD8
      guard length == 29, view.byte(start &+ 9) == 0x44, view.byte(start &+ 10) == 0x38,
        view.byte(start &+ 11) == separator,
        view.byte(start &+ 20) == 0x2D
      else { return false }
      let from = day(view, start &+ 12)
      return from >= 0 && day(view, start &+ 21) >= from
    }
    if view.byte(start &+ 8) == 0x44, view.byte(start &+ 9) == 0x54 {  // DT
      // Nothing is asked of the time of day but that it is one element.
      return length == 23 && view.byte(start &+ 10) == separator && day(view, start &+ 11) >= 0
        && view.marks(start, end).nonzeroBitCount == 3
    }
    return false
  }

  /// DTP02 is a time of day, as facilities give the discharge.
  @inline(__always)
  private func isHour(_ view: View, _ start: Int, _ end: Int) -> Bool {
    end &- start >= 10 && view.byte(start &+ 7) == view.separator && view.byte(start &+ 8) == 0x54
      && view.byte(start &+ 9) == 0x4D && (end &- start == 10 || view.byte(start &+ 10) == view.separator)
  }

  /// `CCYYMMDD` as a number when it is a date, else -1.
  @inline(__always)
  private func day(_ view: View, _ at: Int) -> Int {
    let word = view.eight(at) &- 0x3030_3030_3030_3030
    if (word | (word &+ 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080 != 0 { return -1 }
    // Pairs, then fours: the first byte is the lowest.
    let pairs = (word &* 10 &+ (word &>> 8)) & 0x00FF_00FF_00FF_00FF
    let year = Int(pairs & 0xFF) &* 100 &+ Int(pairs &>> 16 & 0xFF)
    let month = Int(pairs &>> 32 & 0xFF)
    let day = Int(pairs &>> 48 & 0xFF)
    guard year >= 1900, year <= 2199, month >= 1, month <= 12, day >= 1 else { return -1 }
    if day > 28, day > Day.length(ofMonth: month, year: year) { return -1 }
    return (year &* 100 &+ month) &* 100 &+ day
  }

  /// An amount in cents when it is a plain one, else -1.
  @inline(__always)
  private func amount(_ view: View, _ start: Int, _ end: Int) -> Int64 {
    let length = end &- start
    guard length > 0, length <= 12 else { return -1 }
    var value: Int64 = 0
    var position = start
    while position < end {
      let digit = view.byte(position) &- 0x30
      if digit > 9 { break }
      value = value &* 10 &+ Int64(digit)
      position &+= 1
    }
    if position == end { return value &* 100 }
    guard view.byte(position) == 0x2E else { return -1 }
    let decimals = end &- position &- 1
    guard decimals <= 2, decimals > 0 || length > 1 else { return -1 }
    var scale: Int64 = 100
    position &+= 1
    while position < end {
      let digit = view.byte(position) &- 0x30
      if digit > 9 { return -1 }
      value = value &* 10 &+ Int64(digit)
      scale /= 10
      position &+= 1
    }
    return value &* scale
  }

  /// A whole number of up to nine digits, else -1.
  @inline(__always)
  private func digits(_ view: View, _ start: Int, _ end: Int) -> Int {
    guard end > start, end &- start <= 9 else { return -1 }
    var value = 0
    var position = start
    while position < end {
      let digit = view.byte(position) &- 0x30
      if digit > 9 { return -1 }
      value = value &* 10 &+ Int(digit)
      position &+= 1
    }
    return value
  }
}
