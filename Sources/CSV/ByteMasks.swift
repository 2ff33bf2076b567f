/// What stands where in a block of 64 bytes: one bit a byte, the first byte lowest.
@frozen
public struct ByteMasks {
  /// Quotes.
  public var quotes: UInt64 = 0
  /// Delimiters.
  public var delimiters: UInt64 = 0
  /// Line feeds.
  public var lineFeeds: UInt64 = 0
  /// Control characters, line breaks among them, and bytes above 0x7F.
  public var odd: UInt64 = 0

  @inlinable
  init() {}

  /// The masks of the 64 bytes at `block`, found eight bytes at a time.
  ///
  /// A byte equals the pattern where their exclusive or is zero; adding 0x7F to its low seven bits then leaves the high bit
  /// clear, without a carry into the neighbour. The high bits of eight bytes are gathered by one multiplication.
  @inlinable
  @inline(__always)
  init(_ block: UnsafeRawPointer, quote: UInt64, delimiter: UInt64) {
    var index = 0
    while index < 8 {
      let word = unsafe UInt64(littleEndian: block.loadUnaligned(fromByteOffset: 8 &* index, as: UInt64.self))
      let shift = UInt64(truncatingIfNeeded: 8 &* index)
      quotes |= ByteMasks.gather(ByteMasks.zeros(word ^ quote)) &<< shift
      delimiters |= ByteMasks.gather(ByteMasks.zeros(word ^ delimiter)) &<< shift
      lineFeeds |= ByteMasks.gather(ByteMasks.zeros(word ^ 0x0A0A_0A0A_0A0A_0A0A)) &<< shift
      // Below 0x20: adding 0x60 to the low seven bits does not reach the high bit.
      let low = ~((word & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x6060_6060_6060_6060)
      odd |= ByteMasks.gather((low | word) & 0x8080_8080_8080_8080) &<< shift
      index &+= 1
    }
  }

  /// The bytes of `block` that equal `byte`.
  @inlinable
  static func positions(of byte: UInt8, in block: UnsafeRawPointer) -> UInt64 {
    var mask: UInt64 = 0
    for index in 0..<64 where unsafe block.load(fromByteOffset: index, as: UInt8.self) == byte {
      mask |= 1 << UInt64(index)
    }
    return mask
  }

  @inlinable
  @inline(__always)
  static func zeros(_ word: UInt64) -> UInt64 {
    ~(((word & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7F7F_7F7F_7F7F_7F7F) | word) & 0x8080_8080_8080_8080
  }

  @inlinable
  @inline(__always)
  static func gather(_ highBits: UInt64) -> UInt64 { ((highBits &>> 7) &* 0x0102_0408_1020_4080) &>> 56 }

  /// For every bit whether an odd number of bits is set up to and with it: between quotes the answer is one.
  @inlinable
  @inline(__always)
  static func parity(_ bits: UInt64) -> UInt64 {
    var bits = bits
    bits ^= bits &<< 1
    bits ^= bits &<< 2
    bits ^= bits &<< 4
    bits ^= bits &<< 8
    bits ^= bits &<< 16
    bits ^= bits &<< 32
    return bits
  }
}
