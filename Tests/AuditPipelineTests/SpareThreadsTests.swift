import Synchronization
import TestSupport
import Testing
import Threads

@Suite("Threads to spare")
struct SpareThreadsTests {
  @Test("are taken by as many as there are and no more")
  func taking() {
    let spare = SpareThreads(2)
    #expect(spare.isAny)
    #expect(spare.take() && spare.take())
    #expect(!spare.isAny && !spare.take())
    spare.give()
    #expect(spare.isAny && spare.take())
    #expect(!SpareThreads(-1).isAny)
  }

  @Test("are taken once each where many ask at once")
  func asking() {
    let spare = SpareThreads(500)
    let taken = Atomic<Int>(0)
    WorkerThreads.run(4) {
      for _ in 0..<1000 where spare.take() { taken.add(1, ordering: .relaxed) }
    }
    #expect(taken.load(ordering: .relaxed) == 500)
  }

  @Test("share work: all of it is done when that returns, and they are to spare again")
  func sharing() {
    for threads in 0...3 {
      let spare = SpareThreads(threads)
      let next = Atomic<Int>(0)
      let done = Atomic<Int>(0)
      let workers = Atomic<Int>(0)
      spare.share { sharing in
        workers.add(1, ordering: .relaxed)
        while next.add(1, ordering: .relaxed).oldValue < 100 {
          sharing.askForHelp()
          Pause.wait(microseconds: 100)
          done.add(1, ordering: .relaxed)
        }
      }
      #expect(done.load(ordering: .relaxed) == 100)
      // One that is done early may be taken once more.
      #expect(threads == 0 ? workers.load(ordering: .relaxed) == 1 : workers.load(ordering: .relaxed) > 1)
      for _ in 0..<threads { #expect(spare.take()) }
      #expect(!spare.isAny)
    }
  }

  @Test("that come later help as well")
  func later() {
    let spare = SpareThreads(0)
    let count = Atomic<Int>(0)
    let workers = Atomic<Int>(0)
    spare.share { sharing in
      workers.add(1, ordering: .relaxed)
      while true {
        let number = count.add(1, ordering: .relaxed).oldValue
        if number >= 1000 { return }
        if number == 10 { spare.give() }
        sharing.askForHelp()
        Pause.wait(microseconds: 100)
      }
    }
    #expect(workers.load(ordering: .relaxed) >= 2)
  }
}
