import Auditing
import ClaimModel
import Glibc
import Reporting
import TestSupport
import Testing

@testable import AuditPipeline

@Suite("Marks of claims that are extracted")
struct ClaimMarksTests {
  @Test("are the same at every position, in memory and on disk", arguments: [1, 10, 4096, 5000, 1 << 16])
  func spill(held: Int) throws {
    let spill = Spill<Int>(folder: "/tmp", held: held)
    for number in 0..<10_000 {
      try spill.append(number * 3)
      // What was added last can be read at once, wherever it lies by then.
      if number % 997 == 0 { #expect(try spill.element(number) == number * 3) }
    }
    #expect(spill.count == 10_000)
    #expect(try (0..<10_000).allSatisfy { try spill.element($0) == $0 * 3 })
    #expect(try (0..<10_000).reversed().allSatisfy { try spill.element($0) == $0 * 3 })
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<500 {
      let place = generator.number(0...9999)
      #expect(try spill.element(place) == place * 3)
    }
  }

  @Test("that cannot be written are an error with the call and its code")
  func failures() throws {
    let nowhere = Spill<Int>(folder: "/nonexistent/x", held: 2)
    try nowhere.append(1)
    let error = #expect(throws: ReportError.self) { try nowhere.append(2) }
    #expect(error?.kind == .cannotCreate && error?.code == ENOENT)
  }

  /// A mark of an 837's claim.
  private func mark(_ claim: Int, _ traits: ClaimMark.Traits) -> ClaimMark {
    ClaimMark(traits: traits, record: claim * 10 + 1, count: 0, byteOffset: claim * 100, end: claim * 100)
  }

  @Test("select the same claims whether they fit into memory or not", arguments: [3, 100, 1 << 16])
  func selection(held: Int) throws {
    var criteria = ClaimCriteria()
    criteria.needsWatchedLine = true
    for isInverted in [false, true] {
      let marks = ClaimMarks(criteria, folder: "/tmp", held: held)
      for stream in 0..<5 {
        // A stream without a claim is among them.
        let claims = stream == 2 ? 0 : 200 + stream
        try marks.append((0..<claims).map { mark($0, $0 % 3 == 0 ? [.fits, .watched] : .fits) }, stream: stream)
      }
      try marks.select(RunFindingSpool(folder: "/tmp"), inverted: isInverted)
      for stream in 0..<5 {
        let claims = stream == 2 ? 0 : 200 + stream
        let expected = (0..<claims).filter { ($0 % 3 == 0) != isInverted }
        var selected = try marks.selected(in: stream)
        var found: [Int] = []
        while let mark = try selected.peek() {
          #expect(mark.stream == UInt32(stream))
          found.append(mark.byteOffset / 100)
          selected.advance()
        }
        #expect(found == expected)
        #expect(marks.counts[stream]?.claims ?? 0 == claims)
        #expect(marks.counts[stream]?.selected ?? 0 == expected.count)
      }
    }
  }
}
