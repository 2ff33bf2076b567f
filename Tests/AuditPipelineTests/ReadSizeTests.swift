import TestSupport
import Testing

@testable import AuditPipeline

@Suite("A run reads in pieces of any size")
struct ReadSizeTests {
  static let fixtures =
    Fixture.all(in: "valid", ending: "") + Fixture.all(in: "x12/invalid", ending: ".837")
    + Fixture.all(in: "x12/edge", ending: ".837").prefix(12)

  @Test("there are fixtures")
  func some() { #expect(ReadSizeTests.fixtures.count > 20) }

  @Test("and gives the same records", arguments: fixtures)
  func sizes(fixture: Fixture) throws {
    let bytes = fixture.bytes
    let usual = try AuditedFile(bytes) { _ in }
    for size in [1, 7, 4096, 1 << 20] {
      let other = try AuditedFile(bytes) { $0.readSize = size }
      #expect(other.difference(from: usual) == nil, "\(size) bytes at a time")
    }
  }

  @Test("with and without reading every claim in full", arguments: fixtures)
  func inFull(fixture: Fixture) throws {
    let bytes = fixture.bytes
    for scope in AuditPlan.Scope.allCases {
      let usual = try AuditedFile(bytes) { $0.scope = scope }
      let other = try AuditedFile(bytes) {
        $0.scope = scope
        $0.readsEveryClaimInFull = true
      }
      #expect(other.difference(from: usual) == nil, "\(scope)")
    }
  }
}
