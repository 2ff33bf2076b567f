/// A keyed hash (SipHash-2-4) of the identity of a patient.
///
/// Duplicates and global periods need to know whether two lines are of the same patient, and nothing else about the patient.
/// The identity is hashed as it is read, with a key from a file or made at random for the run, and only the hash is kept.
public struct KeyedHash: Sendable {
  @usableFromInline let key0: UInt64
  @usableFromInline let key1: UInt64

  /// A hash under a 128-bit key.
  public init(key0: UInt64, key1: UInt64) {
    self.key0 = key0
    self.key1 = key1
  }

  /// A hash under a key drawn from the system's random numbers.
  public static func random() -> KeyedHash {
    var generator = SystemRandomNumberGenerator()
    return KeyedHash(key0: generator.next(), key1: generator.next())
  }

  /// The hash of `bytes`; never 0, which stands for no identity.
  @inlinable
  public func callAsFunction(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var state = State(key0, key1)
    for byte in bytes { state.absorb(byte) }
    return state.finish()
  }

  /// The hash of `first`, a zero byte and `second`.
  public func callAsFunction(_ first: Span<UInt8>, _ second: Span<UInt8>) -> UInt64 {
    var state = State(key0, key1)
    state.absorb(first)
    state.absorb(0)
    state.absorb(second)
    return state.finish()
  }

  /// The hash of what `span` lends.
  public func callAsFunction(_ span: Span<UInt8>) -> UInt64 {
    var state = State(key0, key1)
    state.absorb(span)
    return state.finish()
  }

  /// The hash as it is made.
  @usableFromInline
  struct State {
    @usableFromInline var v0: UInt64
    @usableFromInline var v1: UInt64
    @usableFromInline var v2: UInt64
    @usableFromInline var v3: UInt64
    /// The bytes that are no whole word yet.
    @usableFromInline var word: UInt64 = 0
    @usableFromInline var count: UInt64 = 0

    @inlinable
    init(_ key0: UInt64, _ key1: UInt64) {
      v0 = key0 ^ 0x736f_6d65_7073_6575
      v1 = key1 ^ 0x646f_7261_6e64_6f6d
      v2 = key0 ^ 0x6c79_6765_6e65_7261
      v3 = key1 ^ 0x7465_6462_7974_6573
    }

    @inlinable
    @inline(__always)
    mutating func round() {
      v0 = v0 &+ v1
      v2 = v2 &+ v3
      v1 = v1 << 13 | v1 >> 51
      v3 = v3 << 16 | v3 >> 48
      v1 ^= v0
      v3 ^= v2
      v0 = v0 << 32 | v0 >> 32
      v2 = v2 &+ v1
      v0 = v0 &+ v3
      v1 = v1 << 17 | v1 >> 47
      v3 = v3 << 21 | v3 >> 43
      v1 ^= v2
      v3 ^= v0
      v2 = v2 << 32 | v2 >> 32
    }

    @inlinable
    @inline(__always)
    mutating func mix(_ word: UInt64) {
      v3 ^= word
      round()
      round()
      v0 ^= word
    }

    @inlinable
    mutating func absorb(_ byte: UInt8) {
      word |= UInt64(byte) &<< (8 &* (count & 7))
      count &+= 1
      if count & 7 == 0 {
        mix(word)
        word = 0
      }
    }

    /// Takes the bytes of a span, whatever waits to become a word.
    mutating func absorb(_ span: Span<UInt8>) {
      let bytes = unsafe span.bytes
      let waiting = 8 &* (count & 7)
      var index = 0
      while index &+ 8 <= span.count {
        let next = unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
        mix(word | next &<< waiting)
        word = waiting == 0 ? 0 : next &>> (64 &- waiting)
        index &+= 8
      }
      count &+= UInt64(truncatingIfNeeded: index)
      let left = span.count &- index
      guard left > 0, index > 0 else {
        while index < span.count {
          absorb(span[index])
          index &+= 1
        }
        return
      }
      // The last word of the span, less what of it was taken.
      let last = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: span.count &- 8, as: UInt64.self)
      let tail = UInt64(littleEndian: last) &>> UInt64(truncatingIfNeeded: 64 &- 8 &* left)
      word |= tail &<< waiting
      let length = waiting &+ UInt64(truncatingIfNeeded: 8 &* left)
      if length >= 64 {
        mix(word)
        word = tail &>> (64 &- waiting)
      }
      count &+= UInt64(truncatingIfNeeded: left)
    }

    @inlinable
    mutating func finish() -> UInt64 {
      mix(word | count &<< 56)
      v2 ^= 0xff
      round()
      round()
      round()
      round()
      let hash = v0 ^ v1 ^ v2 ^ v3
      return hash == 0 ? 1 : hash
    }
  }
}
