import Testing

@testable import Auditing

@Suite("Fingerprints of findings")
struct FindingFingerprintTests {
  private func fingerprint(
    _ rule: String = "MOD-018", _ claim: String = "EX0603", _ line: String = "1", _ procedure: String = "32960",
    _ day: String = "2026-03-16"
  ) -> FindingFingerprint {
    FindingFingerprint(rule: rule, claimID: claim, lineNumber: line, procedure: procedure, serviceFrom: day)
  }

  // Computed by another program after the recipe in the documentation. They never change: accepted findings are kept by them.
  @Test("are what the recipe says, for ever")
  func recipe() {
    #expect(fingerprint().description == "e79157d38a5960c4")
    #expect(fingerprint().repeated(1).description == "e79157d38a5960c4")
    #expect(fingerprint().repeated(2).description == "65f6ed412ae89c49")
    #expect(fingerprint().repeated(10).description == "2b270cbbe9389500")
    #expect(fingerprint("", "", "", "", "").description == "8706f12ebf36a791")
    #expect(fingerprint("DUP-001", "=É\"1,2", "2", "32960", "").description == "a4d2da9878a38d18")
  }

  @Test("do not see the apostrophe that keeps a spreadsheet from running a cell")
  func guarded() {
    #expect(fingerprint("MOD-018", "'=1+1") == fingerprint("MOD-018", "=1+1"))
    #expect(fingerprint("MOD-018", "''x") != fingerprint("MOD-018", "'x"))
    #expect(fingerprint("MOD-018", "'") == fingerprint("MOD-018", ""))
  }

  @Test("differ where any of the five differs, and where one text moves into the next")
  func differences() {
    let all = [
      fingerprint(), fingerprint("MOD-017"), fingerprint("MOD-018", "EX0604"), fingerprint("MOD-018", "EX0603", "2"),
      fingerprint("MOD-018", "EX0603", "1", "32961"), fingerprint("MOD-018", "EX0603", "1", "32960", "2026-03-17"),
      fingerprint("MOD-018", "EX060", "31"), fingerprint("MOD-01", "8EX0603"),
    ]
    #expect(Set(all).count == all.count)
  }

  @Test("are read back as they are written")
  func text() {
    for bits in [0, 1, 0xE791_57D3_8A59_60C4, UInt64.max] {
      let fingerprint = FindingFingerprint(bits: bits)
      #expect(FindingFingerprint(fingerprint.description) == fingerprint)
    }
    #expect(FindingFingerprint("E79157D38A5960C4") == fingerprint())
    for text in ["", "e79157d38a5960c", "e79157d38a5960c45", "e79157d38a5960cg", "+79157d38a5960c4", "ｅ79157d38a5960c"]
    {
      #expect(FindingFingerprint(text) == nil, "\(text)")
    }
  }

  @Test("of findings that agree are counted")
  func repeats() {
    var counter = FingerprintCounter()
    let given = (0..<3).map { _ in counter.next(fingerprint()) }
    #expect(given == [fingerprint(), fingerprint().repeated(2), fingerprint().repeated(3)])
    #expect(counter.next(fingerprint("MOD-017")) == fingerprint("MOD-017"))
  }
}
