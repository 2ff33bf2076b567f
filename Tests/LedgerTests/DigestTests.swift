import Testing

@testable import Ledger

@Suite("Content digest")
struct DigestTests {
  private func digest(_ bytes: [UInt8], parts: [Int] = [], isPortable: Bool) -> String {
    var digest = ContentDigest(isPortable: isPortable)
    var start = 0
    for part in parts + [bytes.count] {
      let end = min(max(part, start), bytes.count)
      unsafe Array(bytes[start..<end]).withUnsafeBytes { unsafe digest.add($0) }
      start = end
    }
    return digest.end().hexadecimal
  }

  @Test("the examples of FIPS 180-4, with the processor's instructions and without", arguments: [false, true])
  func examples(isPortable: Bool) {
    let two = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
    #expect(
      digest([], isPortable: isPortable) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      digest(Array("abc".utf8), isPortable: isPortable)
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      digest(Array(two.utf8), isPortable: isPortable)
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(
      digest(Array(repeating: 0x61, count: 1_000_000), isPortable: isPortable)
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test("every length around a block, in any pieces, gives the same with both")
  func pieces() {
    for count in 0..<200 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 31 + count) }
      let whole = digest(bytes, isPortable: true)
      #expect(digest(bytes, isPortable: false) == whole)
      #expect(digest(bytes, parts: [1, 63, 64, 65, count / 2], isPortable: false) == whole)
    }
  }
}
