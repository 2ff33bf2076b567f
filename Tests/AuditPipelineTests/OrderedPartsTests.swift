import ClaimModel
import Glibc
import Reporting
import Synchronization
import TestSupport
import Testing
import Threads

@testable import AuditPipeline

@Suite("Parts of several threads")
struct OrderedPartsTests {
  /// Collects what is consumed; only the thread whose turn it is touches it.
  private final class Collected: @unchecked Sendable {
    var parts: [[Int]] = []
  }

  @Test("come out in the order of their units, each once, whoever is faster")
  func order() {
    for seed in 0..<UInt64(20) {
      let collected = Collected()
      let ordered = OrderedParts<[Int]>(limit: 5) { collected.parts.append($0) }
      let next = Atomic<Int>(0)
      WorkerThreads.run(4) {
        while true {
          let unit = next.add(1, ordering: .relaxed).oldValue
          guard unit < 60 else { return }
          var generator = SeededGenerator(seed: seed * 100 + UInt64(unit))
          for part in 0..<generator.number(0...8) {
            if generator.once(in: 5) { Pause.wait(microseconds: generator.number(1...300)) }
            ordered.add([unit, part], weight: generator.number(0...3), of: unit)
          }
          ordered.finish(unit)
        }
      }
      let expected = (0..<60).flatMap { unit in
        var generator = SeededGenerator(seed: seed * 100 + UInt64(unit))
        return (0..<generator.number(0...8)).map { [unit, $0] }
      }
      #expect(collected.parts == expected, "seed \(seed)")
    }
  }

  @Test("wait when too much waits for an earlier unit, and go on when its turn comes")
  func limit() {
    let collected = Collected()
    let ordered = OrderedParts<[Int]>(limit: 10) { collected.parts.append($0) }
    let added = Atomic<Int>(0)
    let thread = Atomic<Int>(0)
    let mostAhead = Atomic<Int>(0)
    WorkerThreads.run(2) {
      if thread.add(1, ordering: .relaxed).oldValue == 0 {
        for part in 0..<100 {
          ordered.add([1, part], weight: 1, of: 1)
          added.add(1, ordering: .relaxed)
        }
        ordered.finish(1)
      } else {
        Pause.wait(microseconds: 50_000)
        mostAhead.store(added.load(ordering: .relaxed), ordering: .relaxed)
        ordered.add([0, 0], weight: 1, of: 0)
        ordered.finish(0)
      }
    }
    #expect(mostAhead.load(ordering: .relaxed) <= 10)
    #expect(collected.parts == [[0, 0]] + (0..<100).map { [1, $0] })
  }

  @Test("a unit that finishes before those ahead of it is kept until they are done")
  func early() {
    let collected = Collected()
    let ordered = OrderedParts<[Int]>(limit: 100) { collected.parts.append($0) }
    for unit in [3, 1, 2] {
      ordered.add([unit], weight: 1, of: unit)
      ordered.finish(unit)
    }
    #expect(collected.parts.isEmpty)
    ordered.add([0], weight: 1, of: 0)
    #expect(collected.parts == [[0]])
    ordered.finish(0)
    #expect(collected.parts == [[0], [1], [2], [3]])
  }
}

@Suite("Values handed from unit to unit")
struct UnitChainTests {
  @Test("arrive at the unit they are for, whichever thread waits")
  func chain() {
    let chain = UnitChain<Int>()
    let next = Atomic<Int>(0)
    let last = Atomic<Int>(0)
    chain.set(1, of: 0)
    WorkerThreads.run(4) {
      while true {
        let unit = next.add(1, ordering: .relaxed).oldValue
        guard unit < 500 else { return }
        let value = chain.take(unit)
        if unit % 7 == 0 { Pause.wait(microseconds: 50) }
        chain.set(value + unit, of: unit + 1)
        if unit == 499 { last.store(value, ordering: .relaxed) }
      }
    }
    #expect(last.load(ordering: .relaxed) == 1 + (0..<499).reduce(0, +))
    #expect(chain.take(500) == 1 + (0..<500).reduce(0, +))
  }
}

@Suite("Worker threads")
struct WorkerThreadsTests {
  @Test("call the body once each and are all waited for", arguments: [-1, 0, 1, 2, 9])
  func calls(count: Int) {
    let calls = Atomic<Int>(0)
    WorkerThreads.run(count) {
      Pause.wait(microseconds: 500)
      calls.add(1, ordering: .relaxed)
    }
    #expect(calls.load(ordering: .relaxed) == max(count, 1))
  }

  @Test("run where the system wants them, wherever they began")
  func processors() {
    let here = allowedProcessors()
    let free = Atomic<Int>(0)
    WorkerThreads.run(6) {
      if allowedProcessors() == here { free.add(1, ordering: .relaxed) }
    }
    #expect(here != nil)
    #expect(free.load(ordering: .relaxed) == 6)
  }

  @Test("that nobody waits for do what they were started for")
  func started() {
    let isDone = Atomic(false)
    WorkerThreads.start { isDone.store(true, ordering: .releasing) }
    for _ in 0..<10_000 where !isDone.load(ordering: .acquiring) { Pause.wait(microseconds: 500) }
    let found = isDone.load(ordering: .acquiring)
    #expect(found)
  }

  /// Which processors the calling thread may use, as the system has it.
  private func allowedProcessors() -> String? {
    let file = unsafe open("/proc/thread-self/status", O_RDONLY | O_CLOEXEC)
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
    let text = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    return text.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }.map(String.init)
  }
}

@Suite("Chunks that go round")
struct ChunkPoolTests {
  @Test("come back empty, and no more wait than are on their way")
  func rounds() throws {
    let pool = ChunkPool()
    #expect(pool.take() == nil)
    let encoder = IssueRecordEncoder()
    var chunks: [RecordChunk] = []
    for number in 0..<6 {
      let chunk = RecordChunk()
      encoder.encode(
        ReadingIssue(code: "X\(number)", severity: .info, effect: .none, location: SourceLocation(), message: "m"),
        stream: 0, into: chunk)
      #expect(!chunk.isEmpty)
      chunks.append(chunk)
      pool.giveBack(chunk)
    }
    var taken: [RecordChunk] = []
    while let chunk = pool.take() { taken.append(chunk) }
    #expect(taken.count == 4)
    for chunk in taken {
      #expect(chunk.isEmpty && chunk.byteCount == 0)
      #expect(chunks.contains { $0 === chunk })
    }
  }

  @Test("do not come back where a claim of very many lines made them large")
  func large() {
    let pool = ChunkPool()
    let chunk = RecordChunk()
    let text = String(repeating: "m", count: 1 << 20)
    IssueRecordEncoder().encode(
      ReadingIssue(code: "X", severity: .info, effect: .none, location: SourceLocation(), message: text), stream: 0,
      into: chunk)
    pool.giveBack(chunk)
    #expect(pool.take() == nil)
  }
}
