import Testing

@testable import Reporting

/// Values in piles, a page of each in memory.
@Suite struct PileSpoolTests {
  private struct Entry: BitwiseCopyable, Equatable {
    var place: UInt64
    var pile: UInt32
  }

  /// Deals `count` values to the piles in an uneven way; the values of each pile as they came.
  private func deal(_ count: Int, into spool: PileSpool) throws -> [Int: [Entry]] {
    var dealt: [Int: [Entry]] = [:]
    for place in 0..<count {
      // Pile 3 gets none, pile 0 most.
      let pile = place % 7 == 0 ? 5 : place % 11 == 0 ? 1 : place % 13 == 0 ? 4 : 0
      let entry = Entry(place: UInt64(place) << 32 | 7, pile: UInt32(pile))
      try spool.add { (pages) throws(ReportError) in try pages.append(entry, to: pile) }
      dealt[pile, default: []].append(entry)
    }
    return dealt
  }

  private func values(of pile: Int, in spool: PileSpool) throws -> [Entry] {
    var found: [Entry] = []
    try spool.forEach(of: pile, as: Entry.self) { found.append($0) }
    return found
  }

  @Test(arguments: [1, 2, 7, 64, 200], [0, 1, 6, 7, 8, 128, 1000])
  func eachPileHasItsValuesInOrder(page: Int, count: Int) throws {
    let spool = PileSpool(folder: "/tmp", size: MemoryLayout<Entry>.size, page: page)
    let dealt = try deal(count, into: spool)
    for pile in 0..<8 {
      #expect(spool.count(of: pile) == dealt[pile]?.count ?? 0)
      // Twice: reading takes nothing away.
      #expect(try values(of: pile, in: spool) == dealt[pile] ?? [])
      #expect(try values(of: pile, in: spool) == dealt[pile] ?? [])
    }
    #expect(spool.pileCount == (count == 0 ? 0 : 6))
  }

  @Test func valuesCanBeAddedBetweenReadings() throws {
    let spool = PileSpool(folder: "/tmp", size: 4, page: 3)
    for number in 0..<20 as Range<Int32> {
      try spool.add { (pages) throws(ReportError) in try pages.append(number, to: 1) }
      var found: [Int32] = []
      try spool.forEach(of: 1, as: Int32.self) { found.append($0) }
      #expect(found == Array(0...number))
    }
  }

  @Test func theFileHasNoNameAndComesWithTheFirstFullPage() throws {
    let folder = TestFolder()
    let spool = PileSpool(folder: folder.path, size: 1, page: 2)
    try spool.add { (pages) throws(ReportError) in
      try pages.append(UInt8(1), to: 0)
      try pages.append(UInt8(2), to: 0)
    }
    #expect(folder.allNames == [])
    // Nothing is written of what fits into a page.
    let small = PileSpool(folder: "/nonexistent/x", size: 1, page: 2)
    try small.add { (pages) throws(ReportError) in try pages.append(UInt8(1), to: 0) }
    let error = #expect(throws: ReportError.self) {
      try small.add { (pages) throws(ReportError) in try pages.append(UInt8(2), to: 0) }
    }
    #expect(error?.kind == .cannotCreate)
  }
}
