import Glibc
import Synchronization
import Testing
import Threads

@testable import Reporting

/// Blocks that another thread hands to the system.
@Suite struct BlockWriterTests {
  /// Fills `outputs` in turn while a thread writes for them.
  private func fill(_ outputs: [ReportOutput], rounds: Int, isAlone: Bool = false) -> [ReportError?] {
    let writer = BlockWriter()
    for output in outputs { output.writer = writer }
    let failures = Mutex([ReportError?](repeating: nil, count: outputs.count))
    let next = Atomic<Int>(0)
    nonisolated(unsafe) let shared = outputs
    WorkerThreads.run(isAlone ? 1 : 2) {
      if next.add(1, ordering: .relaxed).oldValue == 1 { return writer.run() }
      for round in 0..<rounds {
        for (index, output) in unsafe shared.enumerated() {
          do throws(ReportError) {
            for row in 0..<100 {
              output.buffer.append("\(index) \(round) \(row) \(String(repeating: "x", count: 999))\n")
            }
            try output.flushIfFull()
          } catch {
            failures.withLock { $0[index] = error }
          }
        }
      }
      for (index, output) in unsafe shared.enumerated() {
        do throws(ReportError) { try output.flush() } catch { failures.withLock { $0[index] = $0[index] ?? error } }
      }
      writer.close()
    }
    return failures.withLock { $0 }
  }

  @Test(arguments: [false, true]) func everyReportGetsItsBytesInOrder(isAlone: Bool) throws {
    let folder = TestFolder()
    let output = try OutputFolder(path: folder.path)
    let reports = [try output.create("a"), try output.create("b"), try output.create("c")]
    #expect(fill(reports, rounds: 12, isAlone: isAlone).allSatisfy { $0 == nil })
    try output.publish()
    for (index, name) in ["a", "b", "c"].enumerated() {
      var expected = ""
      for round in 0..<12 {
        for row in 0..<100 { expected += "\(index) \(round) \(row) \(String(repeating: "x", count: 999))\n" }
      }
      #expect(folder.text(name) == expected)
      #expect(reports[index].bytesWritten == expected.utf8.count)
    }
  }

  @Test func aReportThatCannotBeWrittenIsToldAndTheOthersAreWritten() throws {
    let folder = TestFolder()
    let good = try OutputFolder(path: folder.path + "/good")
    let bad = try OutputFolder(
      path: folder.path + "/bad", calls: .failing(Recorder(failing: "write", position: 2, code: ENOSPC)))
    let reports = [try good.create("a"), try bad.create("b")]
    let failures = fill(reports, rounds: 12)
    #expect(failures[0] == nil)
    #expect(failures[1]?.code == ENOSPC)
    #expect(reports[0].bytesWritten > 1_200_000)
    #expect(reports[1].bytesWritten < 600_000)
    good.abort()
    bad.abort()
    for name in ["good", "bad"] {
      unsafe unlink("\(folder.path)/\(name)/.claimaudit.lock")
      unsafe rmdir("\(folder.path)/\(name)")
    }
  }
}
