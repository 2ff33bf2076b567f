import TestSupport
import Testing

@testable import ClaimModel
@testable import ClaimReading

/// Inputs on which `make fuzz` once failed.
@Suite("Inputs that the fuzzer once failed on")
struct SavedCrasherTests {
  static let files = Fixture.all(in: "fuzz/x12", ending: ".837")

  @Test("are read the same fast and in full, whole and in pieces", arguments: files)
  func x12(fixture: Fixture) {
    let bytes = fixture.bytes
    let full = readX12(bytes, interest: X12Fixtures.watched, inFull: true)
    for chunking in [.whole] + Chunking.grid(seed: 5) {
      let fast = readX12(bytes, interest: X12Fixtures.watched, in: chunking)
      #expect(fast.difference(from: full) == nil, "\(chunking)")
      #expect(fast.breaches == [])
    }
  }
}
