internal import ClaimModel

/// Passes over claims that are ordinary: sound in everything the reader promises to notice, and of no interest to the rules.
///
/// Nearly every claim of a file is like that, and all it has to give are its counts and its charges. This walks the list of
/// segments that the index of a window makes, and looks only at what the reader would look at to raise an issue: CLM, LX, the
/// service segment, DTP, HL. Lines that `X12OrdinaryLines` knows are passed over run by run. A stretch is passed over only as a
/// whole: from an HL or a CLM to the next; anything at all that is out of the ordinary leaves the stretch to the reader, which reads it
/// again from its first byte and says what there is to say. So there is one place that decides about odd claims, and a test can run
/// every file with and without this one and must get the same. An ordinary claim that is of interest ends the walk;
/// `X12ClaimAssembler` puts it together.
@safe
struct X12OrdinaryClaims {
  /// What the passed-over stretches add to the totals.
  struct Gain {
    var records = 0
    var claims = 0
    var lines = 0
    var cents: Int64 = 0
    /// The last of the claims, when it is of interest, how much of it, and how many records it has.
    var wanted: Range<Int>?
    var demand = ClaimDemand.nothing
    var wantedRecords = 0
    /// The position in the list of its CLM, and which of the window's lines its first is.
    var wantedMark = 0
    var wantedLine = 0
    /// Whether what stands behind them may be a claim that the window cuts.
    var isCut = false
  }

  /// The subscriber's level (HL 22) that has been passed over and not been read for its names yet, as positions in the list of the
  /// window.
  var subscriber: Range<Int> = 0..<0
  /// The same for the patient's level (HL 23).
  var patient: Range<Int> = 0..<0
  /// Whether names are still to be read.
  var hasUnread: Bool { !subscriber.isEmpty || !patient.isEmpty }

  /// Forgets what was passed over and not read.
  mutating func forgetUnread() {
    subscriber = 0..<0
    patient = 0..<0
  }

  /// The numbers of the level that comes next, of the billing provider's and of the subscriber's.
  private var number = X12LevelNumber()
  private var provider = X12LevelNumber()
  private var above = X12LevelNumber()

  let filter: ProcedureFilter
  private let wantsEverything: Bool
  private let limits: ReadingLimits

  init(interest: ClaimInterest, limits: ReadingLimits) {
    filter = ProcedureFilter(interest)
    wantsEverything = interest.isEverything
    self.limits = limits
  }

  /// What a stretch gave.
  private struct Stretch {
    /// The position in the list of the segment behind it, negative when the stretch is not ordinary.
    var next: Int
    var lines = 0
    var cents: Int64 = 0
    var demand = ClaimDemand.nothing

    static var odd: Stretch { Stretch(next: -1) }
  }

  /// Passes over what it can from `start` on, up to the end of the first claim of interest, and says where it stopped.
  mutating func pass(
    _ window: UnsafeRawBufferPointer, _ index: X12SegmentIndex, from start: Int, separator: UInt8, component: UInt8,
    kind: ClaimKind, level: Int32, hierarchy: inout X12HierarchyTracker, gain: inout Gain
  ) -> Int {
    guard index.count == window.count, kind != .dental, let first = index.mark(at: start) else { return start }
    guard let view = unsafe X12WindowView(window, index, separator: separator, component: component) else {
      return start
    }
    // What stays the same is handed on as it is: of the struct itself each call would make a copy.
    let filter = filter
    let allowed = min(kind == .institutional ? 999 : 50, limits.claimLines)
    let demand = wantsEverything ? ClaimDemand.whole : .nothing
    unsafe index.lines.look(
      at: window, index, component: component, service: kind == .institutional ? .institutional : .professional,
      filter, level: level)
    let lines = index.lines.view
    var line = index.lines.line(from: first)
    // How far the stretches that were passed over reach.
    var (passed, passedLine) = (first, line)
    var odd = index.nextOdd(from: start)
    var cursor = start
    var position = first
    var mark = view.mark(position)
    // Counted here and handed over once: what is handed over stands in memory.
    let firstOrdinal = mark.ordinal
    var (claims, lineCount, cents) = (0, 0, Int64(0))
    while true {
      let ordinal = mark.ordinal
      let lineBefore = line
      var stretch: Stretch
      if mark.kind == .claim, hierarchy.level != .none {
        stretch =
          kind == .institutional
          ? Self.passClaim(view, position, lines, &line, filter, allowed, demand, isInstitutional: true)
          : Self.passClaim(view, position, lines, &line, filter, allowed, demand, isInstitutional: false)
      } else if mark.kind == .level {
        stretch = passLevel(view, position, &hierarchy, odd)
      } else {
        break
      }
      guard stretch.next >= 0 else {
        gain.isCut = view.isLastStretch(position)
        break
      }
      let next = view.mark(stretch.next)
      if next.start > odd { break }
      if mark.kind == .claim {
        claims &+= 1
        lineCount &+= stretch.lines
        cents &+= stretch.cents
      }
      let before = cursor
      cursor = next.start
      (passed, passedLine) = (stretch.next, line)
      if cursor > odd { odd = index.nextOdd(from: cursor) }
      if stretch.demand != .nothing {
        gain.wanted = before..<cursor
        gain.demand = stretch.demand
        gain.wantedMark = position
        gain.wantedLine = lineBefore
        gain.wantedRecords = next.ordinal &- ordinal
        break
      }
      mark = next
      position = stretch.next
    }
    gain.claims = claims
    gain.lines = lineCount
    gain.cents = cents
    gain.records = view.mark(passed).ordinal &- firstOrdinal
    index.pass(to: passed)
    index.lines.pass(to: passedLine)
    return cursor
  }

  // MARK: Levels

  /// A subscriber's or patient's level up to its first claim or the next level.
  private mutating func passLevel(
    _ view: X12WindowView, _ first: Int, _ hierarchy: inout X12HierarchyTracker, _ odd: Int
  ) -> Stretch {
    let start = view.mark(first).start
    // Levels are numbered in order and name the one above as it was numbered; all else is read segment by segment.
    number.become(hierarchy.next)
    guard number.stands(in: view, at: start &+ 3), view.byte(start &+ 3 &+ number.count) == view.separator else {
      return .odd
    }
    let parent = start &+ 4 &+ number.count
    provider.become(hierarchy.billing ?? 0)
    var isSubscriber = true
    if !provider.stands(in: view, at: parent) || !isLevel(view, parent &+ provider.count, 0x32) {
      isSubscriber = false
      above.become(hierarchy.subscriber ?? 0)
      guard above.stands(in: view, at: parent), isLevel(view, parent &+ above.count, 0x33) else { return .odd }
    }
    var position = first &+ 1
    // Nearly all subscribers' levels have SBR and two names.
    if isSubscriber, view.mark(position).kind == .subscriber, isName(view, position &+ 1), isName(view, position &+ 2) {
      position &+= 3
    }
    var mark = view.mark(position)
    while mark.kind != .claim, mark.kind != .level, mark.kind != .setTrailer {
      switch mark.kind {
      // What holds longer than this level is left to the reader: the billing provider, and the payer from a patient's level.
      case .party:
        let party = view.head(mark.start &+ 4) & 0xFFFF
        guard isSubscriber ? party != 0x3538 : party == 0x4351 else { return .odd }  // 85 QC
      case .subscriber: guard isSubscriber else { return .odd }
      case .date, .lineLoop: break
      default: return .odd
      }
      position &+= 1
      mark = view.mark(position)
    }
    guard mark.start <= odd else { return .odd }
    hierarchy.passOrdinary(isSubscriber: isSubscriber)
    if isSubscriber {
      above = number
      subscriber = first..<position
      patient = 0..<0
    } else {
      patient = first..<position
    }
    return Stretch(next: position)
  }

  /// Whether the segment at `position` of the list names somebody else than the billing provider.
  @inline(__always)
  private func isName(_ view: X12WindowView, _ position: Int) -> Bool {
    let mark = view.mark(position)
    return mark.kind == .party && view.head(mark.start &+ 4) & 0xFFFF != 0x3538  // 85
  }

  /// Whether HL03 behind `at` is 22 or 23, whose second digit that is.
  @inline(__always)
  private func isLevel(_ view: X12WindowView, _ at: Int, _ digit: UInt32) -> Bool {
    view.head(at) & 0xFF_FFFF == UInt32(view.separator) | 0x32 << 8 | digit << 16
      && (view.byte(at &+ 3) == view.separator || view.isTerminator(at &+ 3))
  }

  // MARK: Claims

  private enum Loop {
    case claim, claimParty, other, line, lineOther
  }

  /// A claim up to the next claim, level or the end of the set.
  @inline(__always)
  private static func passClaim(
    _ view: X12WindowView, _ first: Int, _ lines: X12OrdinaryLines.View, _ line: inout Int, _ filter: ProcedureFilter,
    _ allowed: Int, _ demand: ClaimDemand, isInstitutional: Bool
  ) -> Stretch {
    let start = view.mark(first).start
    guard isOrdinaryCLM(view, start, isInstitutional: isInstitutional) else { return .odd }
    let service = isInstitutional ? X12SegmentKind.institutional : X12SegmentKind.professional
    var stretch = Stretch(next: 0)
    stretch.demand = demand
    var loop = Loop.claim
    var hasClaimDate = false
    var hasLineDate = true
    var needsClaimDate = false
    // The lines of a claim are of few days, nearly always of one.
    var knownDay: UInt64 = 0
    var position = first &+ 1
    while true {
      let mark = view.mark(position)
      switch mark.kind {
      case .line:
        if !hasLineDate { needsClaimDate = true }
        hasLineDate = false
        loop = .line
        if lines.isUsual(line, at: position, number: stretch.lines &+ 1) {
          let run = lines.run(from: line)
          stretch.lines &+= run.count
          guard stretch.lines <= allowed else { return .odd }
          stretch.cents &+= run.cents
          var interesting = run.interesting
          while interesting != 0 {
            let code = lines.code(line &+ interesting.trailingZeroBitCount)
            stretch.demand = max(stretch.demand, filter.demand(code))
            interesting &= interesting &- 1
          }
          if run.hasUndated { needsClaimDate = true }
          hasLineDate = run.isLastDated
          line &+= run.count
          position = run.next
          continue
        }
        line &+= 1
        stretch.lines &+= 1
        guard stretch.lines <= allowed else { return .odd }
        // LX01 is digits only; a further element would not be.
        guard view.isNumber(stretch.lines, at: mark.start &+ 3) else { return .odd }
        // What stands between LX and its service segment is rare and left to the reader.
        position &+= 1
        let next = view.mark(position)
        guard next.kind == service else { return .odd }
        let charge =
          isInstitutional
          ? institutional(view, next.start, filter, &stretch.demand)
          : professional(view, next.start, filter, &stretch.demand)
        guard charge >= 0 else { return .odd }
        stretch.cents &+= charge
      case .date:
        if loop == .line {
          if view.head(mark.start &+ 4) & 0xFF_FFFF == 0x32_3734 {  // 472
            guard view.isPlainDay(mark.start, &knownDay) || view.isDate(mark.start, &knownDay) else { return .odd }
            hasLineDate = true
          }
        } else if loop == .claim {
          switch view.head(mark.start &+ 4) & 0xFF_FFFF {
          case 0x32_3734, 0x34_3334:  // 472 434
            guard view.isDate(mark.start, &knownDay) else { return .odd }
            hasClaimDate = true
          case 0x35_3334:  // 435
            guard view.isDate(mark.start, &knownDay) else { return .odd }
          case 0x36_3930:  // 096
            guard view.isHour(mark.start) || view.isDate(mark.start, &knownDay) else { return .odd }
          default: break
          }
        }
      case .party:
        loop = loop == .line || loop == .lineOther ? .lineOther : loop == .other ? .other : .claimParty
      case .subscriber:
        loop = .other
      case .lineLoop:
        if loop == .line || loop == .lineOther { loop = .lineOther }
      case .transaction:
        break
      case .claim, .level, .setTrailer:
        if !hasLineDate { needsClaimDate = true }
        if needsClaimDate && !hasClaimDate { return .odd }
        stretch.next = position
        return stretch
      default:
        return .odd
      }
      position &+= 1
    }
  }

  /// CLM01 is there and not too long, CLM02 is an amount, CLM05-2 fits the kind of claim.
  @inline(__always)
  private static func isOrdinaryCLM(_ view: X12WindowView, _ start: Int, isInstitutional: Bool) -> Bool {
    let end = view.shortEnd(from: start)
    guard end >= 0 else { return false }
    var marks = view.marks(start, end) & ~0xF
    let first = start &+ marks.trailingZeroBitCount
    marks &= marks &- 1
    let second = start &+ marks.trailingZeroBitCount
    marks &= marks &- 1
    marks &= marks &- 1
    // Elements that are not there leave no mark; whether four are is asked once.
    guard marks != 0 else { return false }
    let fourth = start &+ marks.trailingZeroBitCount
    marks &= marks &- 1
    let fifth = marks == 0 ? end : start &+ marks.trailingZeroBitCount
    let length = first &- start &- 4
    guard length > 0, length <= 38, view.byte(start &+ 4) != 0x20, view.amount(first &+ 1, second) >= 0 else {
      return false
    }
    // Nearly always two bytes, a qualifier of one, and another component.
    let eight = view.eight(fourth &+ 1)
    let places = eight ^ UInt64(view.component) &* 0x0101_0101_0101
    if fifth &- fourth >= 7, places & 0xFF00_FF00_00 == 0, places & 0xFF != 0, places & 0xFF00 != 0,
      places & 0xFF00_0000 != 0
    {
      return (eight &>> 24 & 0xDF == 0x41) == isInstitutional
    }
    var position = fourth &+ 1
    while position < fifth, view.byte(position) != view.component { position &+= 1 }
    position &+= 1
    if position >= fifth { return true }
    if view.byte(position) == view.component { return true }
    guard position &+ 1 == fifth || view.byte(position &+ 1) == view.component else { return false }
    let qualifier = view.byte(position) & 0xDF
    return (qualifier == 0x41) == isInstitutional
  }

  /// The charge of an SV1, or -1 when the segment is not ordinary; says when its procedure is wanted.
  @inline(__always)
  private static func professional(
    _ view: X12WindowView, _ start: Int, _ filter: ProcedureFilter, _ demand: inout ClaimDemand
  ) -> Int64 {
    let end = view.shortEnd(from: start)
    guard end >= 0 else { return -1 }
    var marks = view.marks(start, end) & ~0xF
    guard marks != 0 else { return -1 }
    let first = start &+ marks.trailingZeroBitCount
    marks &= marks &- 1
    guard isOrdinaryProcedure(view, start &+ 4, first, filter, &demand) else { return -1 }
    return chargeAndUnits(view, start, end, first, marks)
  }

  /// The charge of an SV2, or -1 when the segment is not ordinary; says when its procedure is wanted.
  @inline(__always)
  private static func institutional(
    _ view: X12WindowView, _ start: Int, _ filter: ProcedureFilter, _ demand: inout ClaimDemand
  ) -> Int64 {
    let end = view.shortEnd(from: start)
    guard end >= 0 else { return -1 }
    var marks = view.marks(start, end) & ~0xF
    guard marks.nonzeroBitCount >= 2 else { return -1 }
    let first = start &+ marks.trailingZeroBitCount
    marks &= marks &- 1
    let second = start &+ marks.trailingZeroBitCount
    marks &= marks &- 1
    // A line of a revenue code alone has no procedure.
    guard second == first &+ 1 || isOrdinaryProcedure(view, first &+ 1, second, filter, &demand) else { return -1 }
    return chargeAndUnits(view, start, end, second, marks)
  }

  /// The charge behind `before`, when it is an amount and the units two elements on are none or above zero.
  @inline(__always)
  private static func chargeAndUnits(
    _ view: X12WindowView, _ start: Int, _ end: Int, _ before: Int, _ marks: UInt64
  ) -> Int64 {
    var marks = marks
    let chargeEnd = marks == 0 ? end : start &+ marks.trailingZeroBitCount
    marks &= marks &- 1
    let charge = view.amount(before &+ 1, chargeEnd)
    if marks == 0 { return charge }
    let basisEnd = start &+ marks.trailingZeroBitCount
    marks &= marks &- 1
    let unitsEnd = marks == 0 ? end : start &+ marks.trailingZeroBitCount
    // Nearly always one digit.
    if unitsEnd == basisEnd &+ 2 {
      let digit = view.byte(basisEnd &+ 1)
      return digit >= 0x31 && digit <= 0x39 ? charge : -1
    }
    if unitsEnd > basisEnd &+ 1, view.amount(basisEnd &+ 1, unitsEnd) <= 0 { return -1 }
    return charge
  }

  /// Qualifier HC, a procedure of one to eight upper-case bytes, at most eight components.
  @inline(__always)
  private static func isOrdinaryProcedure(
    _ view: X12WindowView, _ start: Int, _ end: Int, _ filter: ProcedureFilter, _ demand: inout ClaimDemand
  ) -> Bool {
    let head = view.head(start)
    guard end &- start > 3, head & 0xFFFF == 0x4348, UInt8(truncatingIfNeeded: head >> 16) == view.component
    else { return false }
    let eight = view.eight(start &+ 3)
    let code: UInt64
    var position: Int
    // Nearly every procedure is one of five digits.
    if X12WindowView.areFiveDigits(eight),
      UInt8(truncatingIfNeeded: eight &>> 40) == view.component || end &- start == 8
    {
      code = (eight & 0xFF_FFFF_FFFF).byteSwapped
      position = start &+ 8
    } else {
      let length = procedureLength(view, start &+ 3, end, eight)
      guard length > 0 else { return false }
      let shift = UInt64(truncatingIfNeeded: 64 &- 8 &* length)
      code = (eight.byteSwapped &>> shift) &<< shift
      position = start &+ 3 &+ length
    }
    if filter.mayContain(code) { demand = max(demand, filter.demand(code)) }
    // Seven more components have at least this many bytes.
    if end &- position < 7 { return true }
    var components = 2
    while position < end {
      if view.byte(position) == view.component { components &+= 1 }
      position &+= 1
    }
    return components <= 8
  }

  /// How long the procedure at `first` is, or 0 when it is not ordinary.
  private static func procedureLength(_ view: X12WindowView, _ first: Int, _ end: Int, _ eight: UInt64) -> Int {
    var position = first
    while position < end, view.byte(position) != view.component { position &+= 1 }
    let length = position &- first
    guard length > 0, length <= 8 else { return 0 }
    let shift = UInt64(truncatingIfNeeded: 64 &- 8 &* length)
    let code = (eight.byteSwapped &>> shift) &<< shift
    // Lower-case letters and blanks are read as what they mean elsewhere.
    let filled = code | (shift == 0 ? 0 : (UInt64.max &>> (64 &- shift)) & 0x4040_4040_4040_4040)
    if filled & (filled &<< 1) & 0x4040_4040_4040_4040 != 0 { return 0 }
    let blank = filled ^ 0x2020_2020_2020_2020
    if (blank &- 0x0101_0101_0101_0101) & ~blank & 0x8080_8080_8080_8080 != 0 { return 0 }
    return length
  }
}
