/// A short code of the field: procedure, modifier, place of service, diagnosis, revenue code.
///
/// Up to eight ASCII bytes packed into one integer, first byte highest, so that comparing codes is comparing integers,
/// their order is byte order and a prefix test is a mask. Letters are upper-cased and surrounding blanks dropped when a
/// code is read. A value that is empty, longer than eight bytes or not printable ASCII has no code: `Code.none`; its text is
/// still there in the `CodedValue` that carries it.
public struct Code: Hashable, Sendable, Comparable, BitwiseCopyable {
  /// The bytes, first byte in the highest eight bits, zero after the last.
  public let bits: UInt64

  /// No code: the value was absent or does not have the shape of one.
  public static let none = Code(bits: 0)

  /// A code from its packed form.
  @inlinable
  public init(bits: UInt64) { self.bits = bits }

  /// The code in `bytes`: blanks at both ends dropped, letters upper-cased; `none` when nothing or too much is left.
  @inlinable
  public init(_ bytes: some Sequence<UInt8>) {
    var bits: UInt64 = 0
    var count = 0
    var blanks = 0
    for byte in bytes {
      if byte == 0x20 {
        if count > 0 { blanks += 1 }
        continue
      }
      // A blank inside, a ninth byte or an unprintable one: not a code.
      if blanks > 0 || count == 8 || byte < 0x21 || byte > 0x7E {
        self.bits = 0
        return
      }
      let upper = byte >= 0x61 && byte <= 0x7A ? byte &- 0x20 : byte
      bits = bits << 8 | UInt64(upper)
      count += 1
    }
    self.bits = count == 0 ? 0 : bits << UInt64(8 * (8 - count))
  }

  /// The code spelled by `text`.
  public init(_ text: String) { self.init(text.utf8) }

  /// Whether there is no code.
  @inlinable
  public var isNone: Bool { bits == 0 }

  /// How many bytes the code has, 0 to 8.
  @inlinable
  public var count: Int { bits == 0 ? 0 : 8 - bits.trailingZeroBitCount / 8 }

  /// The byte at `index`, 0 past the end.
  @inlinable
  public subscript(index: Int) -> UInt8 {
    index < 8 ? UInt8(truncatingIfNeeded: bits >> UInt64(8 * (7 - index))) : 0
  }

  /// Whether the code begins with `prefix`; every code begins with `none`.
  @inlinable
  public func hasPrefix(_ prefix: Code) -> Bool {
    let length = prefix.count
    if length == 0 { return true }
    return bits >> UInt64(64 - 8 * length) == prefix.bits >> UInt64(64 - 8 * length)
  }

  /// The first `length` bytes as a code.
  @inlinable
  public func prefix(_ length: Int) -> Code {
    length >= 8 ? self : length <= 0 ? .none : Code(bits: bits & ~(UInt64.max >> UInt64(8 * length)))
  }

  /// The code without its first `length` bytes.
  @inlinable
  public func dropFirst(_ length: Int) -> Code { length >= 8 ? .none : Code(bits: bits << UInt64(8 * length)) }

  /// Whether every byte is a decimal digit and there is at least one.
  @inlinable
  public var isDigits: Bool {
    guard bits != 0 else { return false }
    for index in 0..<count where self[index] < 0x30 || self[index] > 0x39 { return false }
    return true
  }

  /// Byte order, shorter first among codes that share a beginning.
  @inlinable
  public static func < (left: Code, right: Code) -> Bool { left.bits < right.bits }
}

extension Code: ExpressibleByStringLiteral, CustomStringConvertible {
  /// The code spelled by a literal of at most eight upper-case bytes.
  ///
  /// Inlined, so that the compiler sees a number.
  @inlinable
  @inline(__always)
  public init(stringLiteral value: StaticString) {
    var bits: UInt64 = 0
    for index in 0..<Swift.min(value.utf8CodeUnitCount, 8) {
      unsafe bits |= UInt64(value.utf8Start[index]) << UInt64(56 - 8 * index)
    }
    self.bits = bits
  }

  /// The code as text, empty for `none`.
  public var description: String {
    var text = ""
    for index in 0..<count { text.unicodeScalars.append(Unicode.Scalar(self[index])) }
    return text
  }
}
