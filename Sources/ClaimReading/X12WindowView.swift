internal import ClaimModel
internal import X12

/// One window of 837 bytes with its index, and the values in it that can be read at a glance.
///
/// Pointers are used without checks inside the window: measured on 202 MB of 837P, walking the segments through `Span` takes
/// 1.4 times the instructions. Every position asked for stands at most `X12SegmentIndex.margin` bytes behind the beginning of a
/// segment that the index lists, or before the terminator that `end(from:)` found; the checked twin is `X12ClaimBuilder`, whose
/// outcome every test holds this against.
@safe
struct X12WindowView {
  private let bytes: UnsafePointer<UInt8>
  private let terminators: UnsafePointer<UInt64>
  private let separators: UnsafePointer<UInt64>
  private let listed: UnsafePointer<UInt64>
  private let last: Int
  private let words: Int
  let separator: UInt8
  let component: UInt8

  init?(_ window: UnsafeRawBufferPointer, _ index: X12SegmentIndex, separator: UInt8, component: UInt8) {
    guard let base = window.baseAddress, window.count >= 64 else { return nil }
    unsafe bytes = base.assumingMemoryBound(to: UInt8.self)
    unsafe terminators = UnsafePointer(index.terminators)
    unsafe separators = UnsafePointer(index.separators)
    unsafe listed = UnsafePointer(index.marks)
    last = index.readable - 8
    words = index.readable / 64 + 1
    self.separator = separator
    self.component = component
  }

  /// A segment of the list.
  @inline(__always)
  func mark(_ position: Int) -> X12SegmentIndex.Mark { unsafe X12SegmentIndex.Mark(bits: listed[position]) }

  /// The first segment of the list at `position` or behind it that may say something about all that follows, or the end of the list.
  ///
  /// Eight at a time: nearly all say nothing, and going through them one by one took four times as long.
  func telling(from position: Int) -> Int {
    var position = position
    while true {
      var all: UInt64 = 0
      for lane in 0..<X12SegmentIndex.stride { unsafe all |= listed[position &+ lane] }
      if all & X12SegmentIndex.Mark.telling != 0 { break }
      position &+= X12SegmentIndex.stride
    }
    while unsafe listed[position] & X12SegmentIndex.Mark.telling == 0 { position &+= 1 }
    return position
  }

  /// Whether no claim, level or trailer follows the one at `position` in the window.
  func isLastStretch(_ position: Int) -> Bool {
    var position = position
    while true {
      position &+= 1
      switch mark(position).kind {
      case .end: return true
      case .claim, .level, .setTrailer: return false
      default: break
      }
    }
  }

  @inline(__always)
  func byte(_ at: Int) -> UInt8 { unsafe bytes[at] }

  /// Four bytes, the first lowest.
  @inline(__always)
  func head(_ at: Int) -> UInt32 { unsafe UnsafeRawPointer(bytes + at).loadUnaligned(as: UInt32.self) }

  /// Eight bytes, the first lowest.
  @inline(__always)
  func eight(_ at: Int) -> UInt64 { unsafe UnsafeRawPointer(bytes + at).loadUnaligned(as: UInt64.self) }

  /// Sixty-four bits of a map from `start` on.
  @inline(__always)
  private func bits(_ map: UnsafePointer<UInt64>, _ start: Int) -> UInt64 {
    let word = start >> 6
    let shift = UInt64(truncatingIfNeeded: start & 63)
    return unsafe (map[word] &>> shift) | (map[word &+ 1] &<< 1) &<< (63 &- shift)
  }

  /// The end of the segment that begins at `start`: the place of its terminator, or -1 when the segment has 64 bytes or more or
  /// ends among the last eight bytes of the window.
  @inline(__always)
  func shortEnd(from start: Int) -> Int {
    let bits = unsafe bits(terminators, start)
    let end = start &+ bits.trailingZeroBitCount
    return bits != 0 && end <= last ? end : -1
  }

  /// The end of the segment that begins at `start`, or -1 when it is not in the window.
  func end(from start: Int) -> Int {
    var word = start >> 6
    var bits = unsafe terminators[word] &>> UInt64(truncatingIfNeeded: start & 63)
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
    unsafe bits(separators, start) & ((1 &<< UInt64(truncatingIfNeeded: end &- start)) &- 1)
  }

  /// Whether a segment ends at `at`.
  @inline(__always)
  func isTerminator(_ at: Int) -> Bool {
    unsafe terminators[at >> 6] &>> UInt64(truncatingIfNeeded: at & 63) & 1 != 0
  }

  /// Finds the elements of the segment `start..<end`, as positions behind `start`.
  func split(_ start: Int, _ end: Int, into elements: inout SegmentElements) {
    // Nearly all are as short as that: their separators are one word.
    if end &- start < 64 { return elements.split(separators: marks(start, end), length: end &- start) }
    elements.removeAll()
    var word = start >> 6
    var bits =
      unsafe (separators[word] &>> UInt64(truncatingIfNeeded: start & 63))
      &<< UInt64(
        truncatingIfNeeded: start & 63)
    while true {
      while bits != 0 {
        let position = word << 6 &+ bits.trailingZeroBitCount
        bits &= bits &- 1
        if position >= end {
          elements.append(end: end &- start)
          return
        }
        elements.append(end: position &- start)
      }
      word &+= 1
      if word << 6 >= end { break }
      unsafe bits = separators[word]
    }
    elements.append(end: end &- start)
  }

  // MARK: Values

  /// Whether the digits from `at` to the end of the segment say `number`, which is below 1000.
  @inline(__always)
  func isNumber(_ number: Int, at: Int) -> Bool {
    if number < 10 { return Int(byte(at)) &- 0x30 == number && isTerminator(at &+ 1) }
    let end = shortEnd(from: at)
    return end >= 0 && digits(at, end) == number
  }

  /// DTP02 and DTP03 are a good date: D8, RD8 in order, or DT; `known` is the last day that was good.
  @inline(__always)
  func isDate(_ start: Int, _ known: inout UInt64) -> Bool {
    guard byte(start &+ 7) == separator else { return false }
    let format = head(start &+ 8)
    if format & 0xFFFF == 0x3844 {  // D8
      return UInt8(truncatingIfNeeded: format >> 16) == separator && isTerminator(start &+ 19)
        && isDay(start &+ 11, &known)
    }
    // Most periods are of one day.
    if format & 0xFF_FFFF == 0x38_4452, isTerminator(start &+ 29), eight(start &+ 12) == eight(start &+ 21) {  // RD8
      return byte(start &+ 11) == separator && byte(start &+ 20) == 0x2D && isDay(start &+ 12, &known)
    }
    let length = shortEnd(from: start) &- start
    if format & 0xFF_FFFF == 0x38_4452 {  // RD8
      guard length == 29, byte(start &+ 11) == separator, byte(start &+ 20) == 0x2D else { return false }
      let from = day(start &+ 12)
      return from >= 0 && day(start &+ 21) >= from
    }
    if format & 0xFFFF == 0x5444 {  // DT
      // Nothing is asked of the time of day but that it is one element.
      return length == 23 && byte(start &+ 10) == separator && day(start &+ 11) >= 0
        && marks(start, start &+ length).nonzeroBitCount == 3
    }
    return false
  }

  /// DTP02 and DTP03 are a single good day (D8), `known` being the last one that was.
  @inline(__always)
  func isPlainDay(_ start: Int, _ known: inout UInt64) -> Bool {
    guard head(start &+ 7) == UInt32(separator) &* 0x0100_0001 | 0x0038_4400, isTerminator(start &+ 19) else {
      return false
    }
    return isDay(start &+ 11, &known)
  }

  /// Whether the eight bytes at `at` are a good day; `known` is the last one that was.
  @inline(__always)
  private func isDay(_ at: Int, _ known: inout UInt64) -> Bool {
    let written = eight(at)
    if written == known { return true }
    guard day(at) >= 0 else { return false }
    known = written
    return true
  }

  /// DTP02 is a time of day, as facilities give the discharge.
  @inline(__always)
  func isHour(_ start: Int) -> Bool {
    let end = shortEnd(from: start)
    return end &- start >= 10 && byte(start &+ 7) == separator && byte(start &+ 8) == 0x54
      && byte(start &+ 9) == 0x4D && (end &- start == 10 || byte(start &+ 10) == separator)
  }

  /// `CCYYMMDD` as a number when it is a date, else -1.
  @inline(__always)
  func day(_ at: Int) -> Int {
    let word = eight(at) &- 0x3030_3030_3030_3030
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
  ///
  /// Eight bytes at once and without a branch on them, since the length of an amount and where its point stands cannot be guessed.
  @inline(__always)
  func amount(_ start: Int, _ end: Int) -> Int64 {
    let length = end &- start
    guard length > 0, length <= 8, end >= 8 else { return longAmount(start, end) }
    // The last byte highest, zeros before the first.
    let given = UInt64.max &<< UInt64(truncatingIfNeeded: 64 &- 8 &* length)
    let text = eight(end &- 8) & given | 0x3030_3030_3030_3030 & ~given
    // Where the point stands; the lowest bit found is right.
    let zeros = text ^ 0x2E2E_2E2E_2E2E_2E2E
    let points = (zeros &- 0x0101_0101_0101_0101) & ~zeros & 0x8080_8080_8080_8080
    let point = UInt64(truncatingIfNeeded: points.trailingZeroBitCount & 0x38)
    let below = (1 &<< point) &- 1
    let closed = (text & below) &<< 8 | 0x30 | text & (~below &<< 8)
    // All bits where there is a point, which is as likely as not.
    let hasPoint = 0 &- (points | (0 &- points)) &>> 63
    let digits = (closed & hasPoint | text & ~hasPoint) &- 0x3030_3030_3030_3030
    let decimals = (56 &- point) &>> 3 & hasPoint
    let wrong = (digits | (digits &+ 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080
    // No more than two decimals, and a digit beside the point.
    guard wrong == 0, decimals <= 2, length &+ Int(truncatingIfNeeded: hasPoint) > 0 else { return -1 }
    // 100, 10 or 1.
    let scale = 0x01_0A64 &>> (8 &* decimals) & 0xFF
    return Int64(X12WindowView.value(ofDigits: digits)) &* Int64(truncatingIfNeeded: scale)
  }

  /// The same for an amount of any length, byte by byte.
  private func longAmount(_ start: Int, _ end: Int) -> Int64 {
    let length = end &- start
    guard length > 0, length <= 12 else { return -1 }
    var value: Int64 = 0
    var position = start
    while position < end {
      let digit = byte(position) &- 0x30
      if digit > 9 { break }
      value = value &* 10 &+ Int64(digit)
      position &+= 1
    }
    if position == end { return value &* 100 }
    guard byte(position) == 0x2E else { return -1 }
    let decimals = end &- position &- 1
    guard decimals <= 2, decimals > 0 || length > 1 else { return -1 }
    var scale: Int64 = 100
    position &+= 1
    while position < end {
      let digit = byte(position) &- 0x30
      if digit > 9 { return -1 }
      value = value &* 10 &+ Int64(digit)
      scale /= 10
      position &+= 1
    }
    return value &* scale
  }

  /// The bytes at `range` of `segment`, which begins at `start`, as a code; eight bytes from there on are in the window.
  @inline(__always)
  func code(_ segment: Span<UInt8>, _ range: Range<Int>, from start: Int) -> Code {
    let length = range.upperBound &- range.lowerBound
    guard length > 0, length <= 8 else { return segment.code(range) }
    let unused = UInt64(truncatingIfNeeded: 64 &- 8 &* length)
    let code = (eight(start &+ range.lowerBound).byteSwapped &>> unused) &<< unused
    // Blanks, small letters and what is no printable ASCII take the long way.
    let filled = code | 0x4141_4141_4141_4141 & ((1 &<< unused) &- 1)
    let small = filled & (filled &<< 1) & 0x4040_4040_4040_4040
    let low = ((filled &- 0x2121_2121_2121_2121) | filled) & 0x8080_8080_8080_8080
    return small | low == 0 ? Code(bits: code) : segment.code(range)
  }

  /// The bytes at `range` of `segment`, which begins at `start`, as an amount in cents.
  @inline(__always)
  func cents(_ segment: Span<UInt8>, _ range: Range<Int>, from start: Int) -> Amount {
    let cents = amount(start &+ range.lowerBound, start &+ range.upperBound)
    return cents >= 0 ? .cents(cents) : segment.amount(range)
  }

  /// The same as a count of units.
  @inline(__always)
  func units(_ segment: Span<UInt8>, _ range: Range<Int>, from start: Int) -> Quantity {
    let hundredths = amount(start &+ range.lowerBound, start &+ range.upperBound)
    return hundredths >= 0 ? .tenThousandths(hundredths &* 100) : segment.quantity(range)
  }

  /// The good date `CCYYMMDD` at `at`.
  @inline(__always)
  func date(_ at: Int) -> DateValue {
    let number = day(at)
    guard number > 0, let day = Day(year: number / 10_000, month: number / 100 % 100, day: number % 100) else {
      return .malformed
    }
    return .day(day)
  }

  /// A whole number of up to seven digits, else -1; eight bytes before `end` are in the window.
  @inline(__always)
  func number(_ start: Int, _ end: Int) -> Int {
    let length = end &- start
    guard length > 0, length <= 7, end >= 8 else { return digits(start, end) }
    let given = UInt64.max &<< UInt64(truncatingIfNeeded: 64 &- 8 &* length)
    let digits = (eight(end &- 8) ^ 0x3030_3030_3030_3030) & given
    guard (digits | (digits &+ 0x0606_0606_0606_0606)) & 0xF0F0_F0F0_F0F0_F0F0 == 0 else { return -1 }
    return Int(X12WindowView.value(ofDigits: digits))
  }

  /// The number that eight digits spell, each a byte from 0 to 9, the first one lowest.
  @inline(__always)
  private static func value(ofDigits digits: UInt64) -> UInt32 {
    let pairs = digits &* 10 &+ (digits &>> 8)
    let upper = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
    let lower = ((pairs &>> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
    return UInt32(truncatingIfNeeded: (upper &+ lower) &>> 32)
  }

  /// Whether the first five of eight bytes are digits, as those of nearly every procedure are.
  @inline(__always)
  static func areFiveDigits(_ eight: UInt64) -> Bool {
    let digits = (eight ^ 0x3030_3030_3030_3030) & 0xFF_FFFF_FFFF
    return (digits | (digits &+ 0x06_0606_0606)) & 0xF0_F0F0_F0F0 == 0
  }

  /// Whether all of eight bytes are capital letters or digits.
  @inline(__always)
  static func areCapitalsAndDigits(_ eight: UInt64) -> Bool {
    // Letters lose their bit and are then 1 to 26; digits are left as they are.
    let letters = (eight &>> 6) & 0x0101_0101_0101_0101
    let isLetter = letters &* 0xFF
    let asLetter = (eight ^ 0x4040_4040_4040_4040) & isLetter
    let asDigit = (eight ^ 0x3030_3030_3030_3030) & ~isLetter
    // Set bits above 0x1F in a letter or above 0x0F in a digit, letters 0 and 27 to 31, digits 10 to 15.
    let letterTooHigh = (asLetter | (asLetter &+ 0x0505_0505_0505_0505)) & 0xE0E0_E0E0_E0E0_E0E0
    let letterZero = ((asLetter &+ 0x7F7F_7F7F_7F7F_7F7F) ^ isLetter) & letters &<< 7
    let digitWrong = (asDigit | (asDigit &+ 0x0606_0606_0606_0606)) & 0xF0F0_F0F0_F0F0_F0F0 & ~isLetter
    return letterTooHigh | letterZero | digitWrong == 0
  }

  /// A whole number of up to nine digits, else -1.
  @inline(__always)
  func digits(_ start: Int, _ end: Int) -> Int {
    guard end > start, end &- start <= 9 else { return -1 }
    var value = 0
    var position = start
    while position < end {
      let digit = byte(position) &- 0x30
      if digit > 9 { return -1 }
      value = value &* 10 &+ Int(digit)
      position &+= 1
    }
    return value
  }
}
