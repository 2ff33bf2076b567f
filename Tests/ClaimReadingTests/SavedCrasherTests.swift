import TestSupport
import Testing

@testable import ClaimModel
@testable import ClaimReading

/// Inputs on which `make fuzz` or a comparison of two readings once failed.
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

  static let exports = Fixture.all(in: "fuzz/csv", ending: ".csv")

  @Test("are read the same at a glance and closely, whole and in pieces, whatever is asked for", arguments: exports)
  func csv(fixture: Fixture) throws {
    let bytes = fixture.bytes
    let everything = try #require(readCSV(bytes).outcome)
    for interest in [ClaimInterest.everything, X12Fixtures.watched, ClaimInterest(procedures: [])] {
      let slow = try #require(readCSV(bytes, interest: interest, closely: true).outcome)
      #expect(slow.issues == everything.issues && slow.totals == everything.totals)
      for chunking in [.whole] + Chunking.grid(seed: 5) {
        let fast = try #require(readCSV(bytes, interest: interest, in: chunking).outcome)
        #expect(fast == slow, "\(chunking): \(fast.difference(from: slow) ?? "")")
        #expect(fast.breaches == [])
      }
    }
  }

  @Test("are there") func saved() { #expect(!Self.files.isEmpty && !Self.exports.isEmpty) }
}
