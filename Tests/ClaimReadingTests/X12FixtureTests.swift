import TestSupport
import Testing

@testable import ClaimModel
@testable import ClaimReading

/// The X12 fixtures.
enum X12Fixtures {
  static let valid = Fixture.all(in: "x12/valid", ending: ".837") + Fixture.all(in: "valid", ending: ".837")
  static let edge = Fixture.all(in: "x12/edge", ending: ".837")
  static let invalid = Fixture.all(in: "x12/invalid", ending: ".837")
  static let all = valid + edge + invalid

  /// What the audit asks for.
  static let watched = ClaimInterest(procedures: ["32960"])
}

@Suite("X12 fixtures")
struct X12FixtureTests {
  @Test("are there")
  func present() {
    #expect(X12Fixtures.valid.count >= 20)
    #expect(X12Fixtures.edge.count >= 70)
    #expect(X12Fixtures.invalid.count >= 20)
  }

  @Test("that are valid give no issue at all", arguments: X12Fixtures.valid)
  func valid(fixture: Fixture) {
    let outcome = readX12(fixture.bytes)
    #expect(outcome.issues == [])
    #expect(outcome.totals.claims > 0)
  }

  /// An `.expected` file: how many claims, lines and cents are read, then the issues in order, one a line, as code, record, byte
  /// offset and effect.
  @Test(
    "that are odd or damaged give the claims and the issues that stand beside them",
    arguments: X12Fixtures.edge + X12Fixtures.invalid)
  func expected(fixture: Fixture) {
    let outcome = readX12(fixture.bytes)
    let found =
      ["claims\t\(outcome.totals.claims)", "lines\t\(outcome.totals.lines)", "cents\t\(outcome.totals.chargeCents)"]
      + outcome.issues.map(\.row)
    #expect(found == fixture.with(ending: "expected").lines, "\(outcome.issues)")
  }

  @Test("that are damaged say so, those that are only odd do not")
  func damage() {
    for fixture in X12Fixtures.invalid {
      let bytes = fixture.bytes
      // What is no X12 at all is for the caller to refuse.
      let isX12 = unsafe bytes.withUnsafeBytes { unsafe X12ClaimReader.recognises($0) }
      #expect(!isX12 || readX12(bytes).issues.contains { $0.effect.isDamage }, "\(fixture)")
    }
    for fixture in X12Fixtures.edge {
      #expect(!readX12(fixture.bytes).issues.contains { $0.effect.isDamage }, "\(fixture)")
    }
  }

  @Test("give the same claims, issues and totals in whatever pieces they are lent", arguments: X12Fixtures.all)
  func pieces(fixture: Fixture) {
    let bytes = fixture.bytes
    for interest in [ClaimInterest.everything, X12Fixtures.watched] {
      let whole = readX12(bytes, interest: interest)
      #expect(whole.breaches == [])
      for chunking in Chunking.grid(seed: RandomRuns.seed) {
        let other = readX12(bytes, interest: interest, in: chunking)
        #expect(other.difference(from: whole) == nil, "\(chunking)")
      }
    }
  }
}
