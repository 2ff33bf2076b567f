internal import ClaimModel
internal import X12

/// Reads values of elements: what the claim model holds, from bytes that are lent.
extension Span where Element == UInt8 {
  /// The bytes at `range` as a code.
  func code(_ range: Range<Int>) -> Code {
    let part = extracting(range)
    return unsafe part.withUnsafeBufferPointer { unsafe Code($0) }
  }

  /// The bytes at `range` as the code of a diagnosis, which is written with or without its dot.
  func diagnosisCode(_ range: Range<Int>) -> Code {
    let part = extracting(range)
    return unsafe part.withUnsafeBufferPointer { unsafe Code($0.lazy.filter { $0 != 0x2E }) }
  }

  /// Whether the bytes at `range` are exactly those of `literal`.
  @inline(__always)
  func equals(_ range: Range<Int>, _ literal: StaticString) -> Bool {
    guard range.count == literal.utf8CodeUnitCount else { return false }
    for offset in 0..<range.count where unsafe self[range.lowerBound + offset] != literal.utf8Start[offset] {
      return false
    }
    return true
  }

  /// The range without blanks at its ends.
  @inline(__always)
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, self[start] == 0x20 { start += 1 }
    while end > start, self[end - 1] == 0x20 { end -= 1 }
    return start..<end
  }

  /// An amount of money: element type R, exact to the cent.
  func amount(_ range: Range<Int>) -> Amount {
    let range = trimmed(range)
    if range.isEmpty { return .absent }
    let part = extracting(range)
    let cents = unsafe part.withUnsafeBufferPointer { unsafe DecimalNumber.parse($0, decimals: 2) }
    return cents.map { .cents($0) } ?? .malformed
  }

  /// A count of units: element type R, exact to four decimals.
  func quantity(_ range: Range<Int>) -> Quantity {
    let range = trimmed(range)
    if range.isEmpty { return .absent }
    let part = extracting(range)
    let value = unsafe part.withUnsafeBufferPointer { unsafe DecimalNumber.parse($0, decimals: 4) }
    return value.map { .tenThousandths($0) } ?? .malformed
  }

  /// A day written `CCYYMMDD`.
  func day(_ range: Range<Int>) -> DateValue {
    if range.isEmpty { return .absent }
    guard range.count == 8 else { return .malformed }
    let part = extracting(range)
    let day = unsafe part.withUnsafeBufferPointer { unsafe Day(digits: $0) }
    return day.map { .day($0) } ?? .malformed
  }

  /// A whole number of up to nine digits, or `nil`.
  func number(_ range: Range<Int>) -> Int? {
    let range = trimmed(range)
    guard !range.isEmpty, range.count <= 9 else { return nil }
    var value = 0
    for index in range {
      let byte = self[index]
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      value = value * 10 + Int(byte &- 0x30)
    }
    return value
  }

  /// A copy of the bytes at `range`.
  func copy(_ range: Range<Int>) -> [UInt8] {
    let part = extracting(range)
    return unsafe part.withUnsafeBufferPointer { unsafe Array($0) }
  }
}

extension ServiceLine {
  /// Adds what another payer paid (SVD02).
  mutating func addPaid(_ amount: Amount) {
    switch (amount, paid) {
    case (.cents(let more), .cents(let sum)): paid = .cents(sum &+ more)
    case (.cents(let more), .absent): paid = .cents(more)
    case (.malformed, _): paid = .malformed
    default: break
    }
  }
}

extension Claim {
  /// Gives a line without a date of its own the claim's service date, else the first of the statement period; `false` when there
  /// is neither.
  @discardableResult
  mutating func fillDate(ofLine index: Int, from: DateValue, to: DateValue) -> Bool {
    if from != .absent {
      lines[index].serviceFrom = from
      lines[index].serviceTo = to
      lines[index].dateOrigin = .claim
    } else if statementFrom != .absent {
      lines[index].serviceFrom = statementFrom
      lines[index].serviceTo = statementTo
      lines[index].dateOrigin = .statement
    } else {
      return false
    }
    return true
  }
}

/// A date or a date range as DTP02 and DTP03 give it.
struct DatePeriod {
  var from: DateValue
  var to: DateValue
  /// Whether both days are good and the last is before the first.
  var isReversed: Bool {
    if let from = from.day, let to = to.day { to < from } else { false }
  }
  var isMalformed: Bool { from == .malformed || to == .malformed }

  /// Reads DTP03 in the format DTP02 names: D8 a day, RD8 two days, DT and RDT the same with a time of day.
  init(_ segment: Span<UInt8>, format: Range<Int>, value: Range<Int>) {
    let value = segment.trimmed(value)
    if value.isEmpty {
      (from, to) = (.absent, .absent)
      return
    }
    if segment.equals(format, "D8") {
      from = segment.day(value)
      to = from
    } else if segment.equals(format, "RD8") {
      if value.count == 17, segment[value.lowerBound + 8] == 0x2D {
        from = segment.day(value.lowerBound..<value.lowerBound + 8)
        to = segment.day(value.lowerBound + 9..<value.upperBound)
      } else {
        (from, to) = (.malformed, .malformed)
      }
    } else if segment.equals(format, "DT"), value.count >= 12 {
      from = segment.day(value.lowerBound..<value.lowerBound + 8)
      to = from
    } else {
      (from, to) = (.malformed, .malformed)
    }
  }
}

/// A segment's id as one integer: `CLM` is `0x434C4D`, `HL` is `0x484C`.
struct SegmentID: Equatable {
  let bits: UInt32

  /// The id spelled by a literal of two or three letters.
  init(_ literal: StaticString) {
    var bits: UInt32 = 0
    for offset in 0..<literal.utf8CodeUnitCount { unsafe bits = bits << 8 | UInt32(literal.utf8Start[offset]) }
    self.bits = bits
  }

  /// An id from its integer.
  @inline(__always)
  init(bits: UInt32) { self.bits = bits }

  // The ids that are asked for, as integers, so that telling them apart is comparing integers.
  static var amt: SegmentID { @inline(__always) get { SegmentID(bits: 0x414D54) } }
  static var bht: SegmentID { @inline(__always) get { SegmentID(bits: 0x424854) } }
  static var cas: SegmentID { @inline(__always) get { SegmentID(bits: 0x434153) } }
  static var cl1: SegmentID { @inline(__always) get { SegmentID(bits: 0x434C31) } }
  static var clm: SegmentID { @inline(__always) get { SegmentID(bits: 0x434C4D) } }
  static var cn1: SegmentID { @inline(__always) get { SegmentID(bits: 0x434E31) } }
  static var cr1: SegmentID { @inline(__always) get { SegmentID(bits: 0x435231) } }
  static var crc: SegmentID { @inline(__always) get { SegmentID(bits: 0x435243) } }
  static var ctp: SegmentID { @inline(__always) get { SegmentID(bits: 0x435450) } }
  static var cur: SegmentID { @inline(__always) get { SegmentID(bits: 0x435552) } }
  static var dmg: SegmentID { @inline(__always) get { SegmentID(bits: 0x444D47) } }
  static var dtp: SegmentID { @inline(__always) get { SegmentID(bits: 0x445450) } }
  static var frm: SegmentID { @inline(__always) get { SegmentID(bits: 0x46524D) } }
  static var ge: SegmentID { @inline(__always) get { SegmentID(bits: 0x4745) } }
  static var gs: SegmentID { @inline(__always) get { SegmentID(bits: 0x4753) } }
  static var hcp: SegmentID { @inline(__always) get { SegmentID(bits: 0x484350) } }
  static var hi: SegmentID { @inline(__always) get { SegmentID(bits: 0x4849) } }
  static var hl: SegmentID { @inline(__always) get { SegmentID(bits: 0x484C) } }
  static var iea: SegmentID { @inline(__always) get { SegmentID(bits: 0x494541) } }
  static var isa: SegmentID { @inline(__always) get { SegmentID(bits: 0x495341) } }
  static var k3: SegmentID { @inline(__always) get { SegmentID(bits: 0x4B33) } }
  static var lin: SegmentID { @inline(__always) get { SegmentID(bits: 0x4C494E) } }
  static var lq: SegmentID { @inline(__always) get { SegmentID(bits: 0x4C51) } }
  static var lx: SegmentID { @inline(__always) get { SegmentID(bits: 0x4C58) } }
  static var mea: SegmentID { @inline(__always) get { SegmentID(bits: 0x4D4541) } }
  static var mia: SegmentID { @inline(__always) get { SegmentID(bits: 0x4D4941) } }
  static var moa: SegmentID { @inline(__always) get { SegmentID(bits: 0x4D4F41) } }
  static var n2: SegmentID { @inline(__always) get { SegmentID(bits: 0x4E32) } }
  static var n3: SegmentID { @inline(__always) get { SegmentID(bits: 0x4E33) } }
  static var n4: SegmentID { @inline(__always) get { SegmentID(bits: 0x4E34) } }
  static var nm1: SegmentID { @inline(__always) get { SegmentID(bits: 0x4E4D31) } }
  static var nte: SegmentID { @inline(__always) get { SegmentID(bits: 0x4E5445) } }
  static var oi: SegmentID { @inline(__always) get { SegmentID(bits: 0x4F49) } }
  static var pat: SegmentID { @inline(__always) get { SegmentID(bits: 0x504154) } }
  static var per: SegmentID { @inline(__always) get { SegmentID(bits: 0x504552) } }
  static var prv: SegmentID { @inline(__always) get { SegmentID(bits: 0x505256) } }
  static var ps1: SegmentID { @inline(__always) get { SegmentID(bits: 0x505331) } }
  static var pwk: SegmentID { @inline(__always) get { SegmentID(bits: 0x50574B) } }
  static var qty: SegmentID { @inline(__always) get { SegmentID(bits: 0x515459) } }
  static var ref: SegmentID { @inline(__always) get { SegmentID(bits: 0x524546) } }
  static var sbr: SegmentID { @inline(__always) get { SegmentID(bits: 0x534252) } }
  static var se: SegmentID { @inline(__always) get { SegmentID(bits: 0x5345) } }
  static var st: SegmentID { @inline(__always) get { SegmentID(bits: 0x5354) } }
  static var sv1: SegmentID { @inline(__always) get { SegmentID(bits: 0x535631) } }
  static var sv2: SegmentID { @inline(__always) get { SegmentID(bits: 0x535632) } }
  static var sv3: SegmentID { @inline(__always) get { SegmentID(bits: 0x535633) } }
  static var svd: SegmentID { @inline(__always) get { SegmentID(bits: 0x535644) } }
  static var ta1: SegmentID { @inline(__always) get { SegmentID(bits: 0x544131) } }
  static var too: SegmentID { @inline(__always) get { SegmentID(bits: 0x544F4F) } }

  /// The id of a segment, upper-cased; 0 when it is not two or three letters and digits that begin with a letter.
  init(_ segment: Span<UInt8>, _ range: Range<Int>, wasLowerCase: inout Bool) {
    wasLowerCase = false
    var bits: UInt32 = 0
    guard range.count == 2 || range.count == 3 else {
      self.bits = 0
      return
    }
    for index in range {
      var byte = segment[index]
      if byte >= 0x61, byte <= 0x7A {
        byte &-= 0x20
        wasLowerCase = true
      }
      let isLetter = byte >= 0x41 && byte <= 0x5A
      let isDigit = byte >= 0x30 && byte <= 0x39 && index > range.lowerBound
      guard isLetter || isDigit else {
        self.bits = 0
        return
      }
      bits = bits << 8 | UInt32(byte)
    }
    self.bits = bits
  }

  /// Whether the id is that of a service segment.
  static func isService(_ id: SegmentID) -> Bool {
    id.bits == 0x53_5631 || id.bits == 0x53_5632 || id.bits == 0x53_5633
  }

  /// The id as text.
  var text: String {
    var text = ""
    for shift in [16, 8, 0] as [UInt32] where bits >> shift & 0xFF != 0 {
      text.unicodeScalars.append(Unicode.Scalar(UInt8(bits >> shift & 0xFF)))
    }
    return text
  }
}
