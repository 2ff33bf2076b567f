import ClaimModel
import Testing

@testable import Auditing

@Suite("Remembered hashes")
struct HashMemoryTests {
  private let hash = KeyedHash(key0: 11, key1: 12)

  @Test("are the hashes, whatever came before")
  func same() {
    // Of all lengths around those that are remembered, many with the same beginning and the same end.
    let texts: [[UInt8]] =
      (0...20).flatMap { length in (0..<3).map { kind in (0..<length).map { UInt8(0x30 + $0 % 8 * kind % 10) } } }
      + (0..<200).map { Array("16790\(10_000 + $0 % 90)".utf8) }
    var memory = HashMemory()
    for text in texts + texts.reversed() + texts {
      #expect(memory.hash(of: text.span, hash) == (text.isEmpty ? 0 : hash(text)))
    }
  }
}
