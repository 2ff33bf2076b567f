import Synchronization
import TestSupport
import Testing
import Threads

@testable import AuditPipeline

@Suite("Turns of units")
struct UnitTurnsTests {
  @Test("every unit counts once, in order, with what the one before left behind", arguments: [1, 2, 5])
  func order(threads: Int) {
    let turns = UnitTurns<Int, Int>(limit: threads)
    #expect(turns.pass(0, to: 0) == nil)
    let next = Atomic<Int>(0)
    let counted = Mutex<[[Int]]>([])
    WorkerThreads.run(threads) {
      while true {
        let own = next.add(1, ordering: .relaxed).oldValue
        guard own < 400 else { return }
        if own % 7 == 3 { Pause.wait(microseconds: 300) }
        // Some have nothing that could be left.
        guard var known = turns.take(own, leaving: own % 5 == 0 ? nil : own) else { continue }
        var unit = own
        while true {
          counted.withLock { $0.append([unit, known]) }
          known += unit
          guard let left = turns.pass(known, to: unit + 1) else { break }
          unit = left
        }
      }
    }
    let units = counted.withLock { $0 }
    #expect(units.map(\.first) == (0..<400).map { $0 })
    #expect(units.map(\.last) == (0..<400).map { $0 * ($0 - 1) / 2 })
  }

  @Test("no more is left than there may be")
  func limit() {
    let turns = UnitTurns<String, Int>(limit: 1)
    #expect(turns.take(2, leaving: 2) == nil)
    #expect(turns.pass("one", to: 1) == nil)
    #expect(turns.take(1, leaving: 1) == "one")
    #expect(turns.pass("two", to: 2) == 2)
    #expect(turns.pass("three", to: 3) == nil)
    #expect(turns.take(3) == "three")
  }
}
