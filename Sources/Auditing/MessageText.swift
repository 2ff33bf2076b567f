public import ClaimModel

/// A sentence in the making: what a rule says, as bytes on the stack.
///
/// Written like a string with values in it, and far cheaper: findings come by the million, and a `String` for each would be most of
/// their cost. What does not fit goes on in an array.
///
/// ```
/// findings.report(.revenueCode, "revenue code \(code) cannot carry a procedure")
/// ```
public struct MessageText: Sendable {
  /// How many bytes stand on the stack; ten more may be written over.
  @usableFromInline static let capacity = 200
  @usableFromInline var bytes: [210 of UInt8]
  @usableFromInline var count = 0
  /// What came when `bytes` was full, and all after it.
  @usableFromInline var rest: [UInt8] = []

  /// No text.
  @inlinable
  public init() { bytes = .init(repeating: 0) }

  /// That text.
  public init(_ text: String) {
    self.init()
    append(text)
  }

  /// Whether there is no text.
  public var isEmpty: Bool { count == 0 }

  /// The text as a string.
  public var string: String {
    var all: [UInt8] = []
    append(to: &all)
    return String(decoding: all, as: UTF8.self)
  }

  /// Adds the text to bytes.
  public func append(to target: inout [UInt8]) {
    let span = bytes.span
    unsafe span.withUnsafeBufferPointer {
      unsafe target.append(contentsOf: UnsafeBufferPointer(rebasing: $0[..<count]))
    }
    if !rest.isEmpty { target += rest }
  }

  /// Hands out the text in pieces.
  public func append(_ take: (Span<UInt8>) -> Void) {
    take(bytes.span.extracting(0..<count))
    if !rest.isEmpty { take(rest.span) }
  }

  /// Adds what `span` lends.
  @inlinable
  public mutating func append(_ span: Span<UInt8>) {
    unsafe span.withUnsafeBufferPointer { unsafe append($0) }
  }

  /// Inlined where a literal is added: its length is then known, and the copy is a few moves.
  @inlinable
  @inline(__always)
  mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
    guard let start = text.baseAddress else { return }
    let length = text.count
    if length > MessageText.capacity &- count || !rest.isEmpty {
      unsafe appendToRest(text)
      return
    }
    let place = count
    var span = bytes.mutableSpan
    unsafe span.withUnsafeMutableBytes { target in
      if let base = target.baseAddress { unsafe (base + place).copyMemory(from: start, byteCount: length) }
    }
    count = place &+ length
  }

  @usableFromInline
  @inline(never)
  mutating func appendToRest(_ text: UnsafeBufferPointer<UInt8>) { unsafe rest.append(contentsOf: text) }

  /// Adds the bytes of a code.
  public mutating func append(_ code: Code) {
    let length = code.count
    if length > MessageText.capacity &- count || !rest.isEmpty {
      for index in 0..<length { rest.append(code[index]) }
      return
    }
    let place = count
    var span = bytes.mutableSpan
    unsafe span.withUnsafeMutableBytes { target in
      // Whole: behind the last byte there is room for eight.
      unsafe target.storeBytes(of: code.bits.bigEndian, toByteOffset: place, as: UInt64.self)
    }
    count = place &+ length
  }

  /// Adds another text.
  public mutating func append(_ other: MessageText) {
    append(other.bytes.span.extracting(0..<other.count))
    if !other.rest.isEmpty { append(other.rest.span) }
  }

  /// Adds a text.
  public mutating func append(_ text: String) { append(text.utf8Span.span) }

  /// Adds one byte of ASCII.
  mutating func append(byte: UInt8) { append(Code(bits: UInt64(byte) << 56)) }

  /// Adds a number in decimal digits.
  public mutating func append(_ number: Int64) {
    if number >= 0 && number < 10 { return append(byte: 0x30 + UInt8(number)) }
    if number < 0 { append(byte: 0x2D) }
    append(number.magnitude)
  }

  private mutating func append(_ number: UInt64) {
    if number >= 10_000_000 { append(number / 10_000_000) }
    // Seven digits at most are a code.
    var bits: UInt64 = 0
    var rest = number % 10_000_000
    var length = 0
    repeat {
      bits = bits >> 8 | (0x30 + rest % 10) << 56
      rest /= 10
      length += 1
    } while rest != 0 || (number >= 10_000_000 && length < 7)
    append(Code(bits: bits))
  }

  /// Adds a day as `YYYY-MM-DD`.
  public mutating func append(_ day: Day) {
    let (year, month, date) = day.components
    func two(_ value: Int) -> UInt64 {
      let value = UInt32(truncatingIfNeeded: value)
      return UInt64(0x3030 &+ (value / 10) << 8 &+ value % 10)
    }
    let front = (two(year / 100) << 16 | two(year % 100)) << 32 | 0x2D << 24 | two(month) << 8 | 0x2D
    let back = two(date)
    guard count <= MessageText.capacity, rest.isEmpty else {
      append(Code(bits: front))
      return append(Code(bits: back << 48))
    }
    let place = count
    var span = bytes.mutableSpan
    unsafe span.withUnsafeMutableBytes { target in
      unsafe target.storeBytes(of: front.bigEndian, toByteOffset: place, as: UInt64.self)
      unsafe target.storeBytes(
        of: UInt16(truncatingIfNeeded: back).bigEndian, toByteOffset: place &+ 8, as: UInt16.self)
    }
    count = place &+ 10
  }

  /// Texts as a list in a sentence: `a`, `a and b`, `a, b and c`.
  public static func list(_ count: Int, _ item: (Int) -> MessageText) -> MessageText {
    var list = MessageList()
    for index in 0..<count { list.append(item(index)) }
    return list.text
  }

  /// Adds codes as a list in a sentence.
  @usableFromInline
  mutating func append(_ codes: CodeList) {
    for index in 0..<codes.count {
      if index > 0 { append(index == codes.count - 1 ? " and " : ", ") }
      append(codes[index])
    }
  }

  /// Codes as a list in a sentence, quoted.
  public static func quotedList(_ codes: [Code]) -> MessageText { list(codes.count) { "\"\(codes[$0])\"" } }
}

/// A list in a sentence in the making, item by item: what comes last is known at the end.
struct MessageList {
  private var front = MessageText()
  private var last = MessageText()
  private var count = 0

  /// Adds an item.
  mutating func append(_ item: MessageText) {
    if count > 1 { front.append(", " as MessageText) }
    if count > 0 { front.append(last) }
    last = item
    count += 1
  }

  /// `a`, `a and b`, `a, b and c`.
  var text: MessageText {
    if count < 2 { return last }
    var text = front
    text.append(" and " as MessageText)
    text.append(last)
    return text
  }
}

extension MessageText: Equatable {
  /// Whether the bytes are the same.
  public static func == (left: MessageText, right: MessageText) -> Bool {
    if left.count != right.count || left.rest != right.rest { return false }
    let (one, other) = (left.bytes.span, right.bytes.span)
    for index in 0..<left.count where one[index] != other[index] { return false }
    return true
  }
}

extension MessageText: ExpressibleByStringInterpolation {
  /// The text of a literal.
  @inlinable
  @inline(__always)
  public init(stringLiteral value: StaticString) {
    self.init()
    append(literal: value)
  }

  /// The text of a literal with values in it.
  @inlinable
  @inline(__always)
  public init(stringInterpolation: StringInterpolation) { self = stringInterpolation.text }

  @inlinable
  @inline(__always)
  mutating func append(literal: StaticString) {
    unsafe append(UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  /// What a literal with values in it is put together in.
  public struct StringInterpolation: StringInterpolationProtocol {
    @usableFromInline var text = MessageText()

    /// Nothing yet.
    @inlinable
    @inline(__always)
    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// Adds what stands between the values.
    @inlinable
    @inline(__always)
    public mutating func appendLiteral(_ literal: StaticString) { text.append(literal: literal) }

    /// Adds a code.
    @inlinable
    @inline(__always)
    public mutating func appendInterpolation(_ code: Code) { text.append(code) }

    /// Adds a day.
    @inlinable
    @inline(__always)
    public mutating func appendInterpolation(_ day: Day) { text.append(day) }

    /// Adds a number.
    @inlinable
    @inline(__always)
    public mutating func appendInterpolation(_ number: some BinaryInteger) { text.append(Int64(number)) }

    /// Adds a number that needs no conversion.
    public mutating func appendInterpolation(_ number: Int64) { text.append(number) }

    /// Adds a number of a few digits.
    public mutating func appendInterpolation(_ number: Int32) { text.append(Int64(number)) }

    /// Adds another text.
    @inlinable
    @inline(__always)
    public mutating func appendInterpolation(_ other: MessageText) { text.append(other) }

    /// Adds codes as a list: `a`, `a and b`, `a, b and c`.
    @inlinable
    @inline(__always)
    public mutating func appendInterpolation(_ codes: CodeList) { text.append(codes) }

    /// Adds a text.
    @inlinable
    @inline(__always)
    public mutating func appendInterpolation(_ other: String) { text.append(other) }
  }
}
