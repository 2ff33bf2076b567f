import Testing

@Suite("The public cases through the whole program")
struct PublicCaseTests {
  /// What an export gets where it cannot say what an 837 says, or the other way round, and why.
  static let permittedDifferences: [String: [CaseForm: Set<String>]] = [
    // An 837 always has a place for documentation, so its absence is known: 016 instead of 017.
    "DC-009": [.x12: ["MOD-016", "POS-001"]],
    // An export has no envelope that could be cut.
    "DC-038": [.table: []],
  ]

  static func expected(_ facts: ClaimCase, _ form: CaseForm) -> Set<String> {
    permittedDifferences[facts.id]?[form] ?? facts.expected
  }

  @Test("are all there")
  func complete() { #expect(ClaimCase.all.count == 40) }

  @Test("get exactly their rules from an 837 and from an export", arguments: ClaimCase.all, CaseForm.allCases)
  func exact(facts: ClaimCase, form: CaseForm) throws {
    #expect(try CaseRun(facts, form).whole() == PublicCaseTests.expected(facts, form))
  }

  @Test(
    "get the same in several files, whatever their order and the number of threads", arguments: ClaimCase.all,
    CaseForm.allCases)
  func parted(facts: ClaimCase, form: CaseForm) throws {
    let run = try CaseRun(facts, form)
    let expected = PublicCaseTests.expected(facts, form)
    #expect(try run.parted(seed: 1, jobs: 1) == expected)
    #expect(try run.parted(seed: 1, jobs: 2) == expected)
    for name in ReportSetFiles.deterministic {
      expectSame(run.reports("1-1").bytes(name), run.reports("1-2").bytes(name), name)
    }
    if !facts["prior_claims"].isEmpty {
      #expect(try run.whole(priorsLast: true) == expected)
      #expect(try run.parted(seed: 2, jobs: 2) == expected)
      #expect(try run.parted(seed: 3, jobs: 2) == expected)
    }
  }
}
