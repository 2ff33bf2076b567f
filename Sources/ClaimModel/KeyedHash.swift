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
    var v0 = key0 ^ 0x736f_6d65_7073_6575
    var v1 = key1 ^ 0x646f_7261_6e64_6f6d
    var v2 = key0 ^ 0x6c79_6765_6e65_7261
    var v3 = key1 ^ 0x7465_6462_7974_6573
    func round() {
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
    func absorb(_ word: UInt64) {
      v3 ^= word
      round()
      round()
      v0 ^= word
    }
    var word: UInt64 = 0
    var count: UInt64 = 0
    for byte in bytes {
      word |= UInt64(byte) << (8 * (count & 7))
      count += 1
      if count & 7 == 0 {
        absorb(word)
        word = 0
      }
    }
    absorb(word | count << 56)
    v2 ^= 0xff
    for _ in 0..<4 { round() }
    let hash = v0 ^ v1 ^ v2 ^ v3
    return hash == 0 ? 1 : hash
  }
}
