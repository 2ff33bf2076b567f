#if arch(x86_64)
  internal import _Builtin_intrinsics.intel
#endif

/// What stands where in a block of 64 bytes: one bit a byte, the first byte lowest.
struct ByteMasks {
  /// Quotes.
  var quotes: UInt64 = 0
  /// Delimiters.
  var delimiters: UInt64 = 0
  /// Line feeds.
  var lineFeeds: UInt64 = 0
  /// Control characters, line breaks among them, and bytes above 0x7F.
  var odd: UInt64 = 0

  /// Nothing anywhere.
  init() {}

  /// The bytes that are looked for, spread over the width that is compared at once.
  struct Pattern {
    #if arch(x86_64)
      let quote: __m128i
      let delimiter: __m128i
      let lineFeed = _mm_set1_epi8(0x0A)
      let blank = _mm_set1_epi8(0x20)

      init(quote: UInt8, delimiter: UInt8) {
        self.quote = _mm_set1_epi8(CChar(bitPattern: quote))
        self.delimiter = _mm_set1_epi8(CChar(bitPattern: delimiter))
      }
    #else
      let quote: UInt64
      let delimiter: UInt64

      init(quote: UInt8, delimiter: UInt8) {
        self.quote = ByteMasks.spread(quote)
        self.delimiter = ByteMasks.spread(delimiter)
      }
    #endif
  }

  #if arch(x86_64)
    /// The masks of the 64 bytes at `block`, found sixteen bytes at a time with what every x86-64 processor has.
    ///
    /// A signed comparison with the blank finds control characters and bytes above 0x7F in one.
    @inline(__always)
    init(_ block: UnsafeRawPointer, _ pattern: Pattern) {
      var index = 0
      while index < 4 {
        let bytes = unsafe block.loadUnaligned(fromByteOffset: 16 &* index, as: __m128i.self)
        let shift = UInt64(truncatingIfNeeded: 16 &* index)
        quotes |= ByteMasks.gather(_mm_cmpeq_epi8(bytes, pattern.quote)) &<< shift
        delimiters |= ByteMasks.gather(_mm_cmpeq_epi8(bytes, pattern.delimiter)) &<< shift
        lineFeeds |= ByteMasks.gather(_mm_cmpeq_epi8(bytes, pattern.lineFeed)) &<< shift
        odd |= ByteMasks.gather(_mm_cmplt_epi8(bytes, pattern.blank)) &<< shift
        index &+= 1
      }
    }

    @inline(__always)
    private static func gather(_ mask: __m128i) -> UInt64 {
      UInt64(UInt16(truncatingIfNeeded: _mm_movemask_epi8(mask)))
    }
  #else
    /// The masks of the 64 bytes at `block`, found eight bytes at a time.
    @inline(__always)
    init(_ block: UnsafeRawPointer, _ pattern: Pattern) {
      unsafe self.init(byWord: block, quote: pattern.quote, delimiter: pattern.delimiter)
    }
  #endif

  /// The masks of the 64 bytes at `block`, found eight bytes at a time in plain integers.
  ///
  /// A byte equals the pattern where their exclusive or is zero; adding 0x7F to its low seven bits then leaves the high bit
  /// clear, without a carry into the neighbour. The high bits of eight bytes are gathered by one multiplication.
  init(byWord block: UnsafeRawPointer, quote: UInt64, delimiter: UInt64) {
    for index in 0..<8 {
      let word = unsafe UInt64(littleEndian: block.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
      let shift = UInt64(8 * index)
      quotes |= ByteMasks.gather(ByteMasks.zeros(word ^ quote)) << shift
      delimiters |= ByteMasks.gather(ByteMasks.zeros(word ^ delimiter)) << shift
      lineFeeds |= ByteMasks.gather(ByteMasks.zeros(word ^ ByteMasks.spread(0x0A))) << shift
      // Below 0x20: adding 0x60 to the low seven bits does not reach the high bit.
      let low = ~((word & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x6060_6060_6060_6060)
      odd |= ByteMasks.gather((low | word) & 0x8080_8080_8080_8080) << shift
    }
  }

  /// The bytes of `block` that equal `byte`.
  static func positions(of byte: UInt8, in block: UnsafeRawPointer) -> UInt64 {
    var mask: UInt64 = 0
    for index in 0..<8 {
      let word = unsafe UInt64(littleEndian: block.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
      mask |= gather(zeros(word ^ spread(byte))) << UInt64(8 * index)
    }
    return mask
  }

  /// The bytes of `block` above 0x7F.
  static func highBytes(_ block: UnsafeRawPointer) -> UInt64 {
    var mask: UInt64 = 0
    for index in 0..<8 {
      let word = unsafe UInt64(littleEndian: block.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
      mask |= gather(word & 0x8080_8080_8080_8080) << UInt64(8 * index)
    }
    return mask
  }

  /// Eight times the same byte.
  static func spread(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

  private static func zeros(_ word: UInt64) -> UInt64 {
    ~(((word & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7F7F_7F7F_7F7F_7F7F) | word) & 0x8080_8080_8080_8080
  }

  private static func gather(_ highBits: UInt64) -> UInt64 { ((highBits >> 7) &* 0x0102_0408_1020_4080) >> 56 }

  /// For every bit whether an odd number of bits is set up to and with it: between quotes the answer is one.
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
