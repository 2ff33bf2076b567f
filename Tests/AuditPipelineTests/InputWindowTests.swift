import ByteInput
import ClaimModel
import ClaimReading
import Glibc
import TestSupport
import Testing

@testable import AuditPipeline

/// Waiting of a thread, for tests that want another order of events.
enum Pause {
  static func wait(microseconds: Int) { usleep(UInt32(microseconds)) }
}

@Suite("The window over a stream")
struct InputWindowTests {
  /// Hands out bytes in pieces of random sizes.
  private final class Pieces: ByteSource {
    private var rest: ArraySlice<UInt8>
    private var generator: SeededGenerator

    init(_ bytes: [UInt8], seed: UInt64) {
      rest = bytes[...]
      generator = SeededGenerator(seed: seed)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
      let count = min(buffer.count, rest.count, generator.number(1...5000))
      unsafe buffer.copyBytes(from: rest.prefix(count))
      rest = rest.dropFirst(count)
      return count
    }

    func takeRemarks() -> [InputRemark] { [] }
  }

  /// Takes pieces of random lengths and nothing until a whole one is there, as a reader of claims does.
  private struct Collecting: ClaimReader {
    var taken: [UInt8] = []
    var calls = 0
    var lastCalls = 0
    var generator: SeededGenerator
    var wanted = 1
    let longest: Int
    var totals = ReadingTotals()
    var offset: Int { taken.count }

    mutating func read(_ bytes: UnsafeRawBufferPointer, isLast: Bool, handler: inout some ClaimHandler) -> Int {
      calls += 1
      if isLast { lastCalls += 1 }
      var used = 0
      while used < bytes.count, isLast || bytes.count - used >= wanted {
        let count = min(wanted, bytes.count - used)
        unsafe taken.append(contentsOf: bytes[used..<(used + count)])
        used += count
        wanted = generator.number(1...longest)
      }
      return used
    }
  }

  private struct Nothing: ClaimHandler {
    mutating func claim(_ claim: inout Claim) {}
    mutating func issue(_ issue: ReadingIssue) {}
  }

  @Test(
    "lends every byte once and in order, also to a reader that waits for more than a block",
    arguments: [1, 7, 4096, 1 << 20], [10, 100_000, 1_500_000])
  func everyByte(readSize: Int, longest: Int) {
    // Single bytes are asked for only as often as a test has time for.
    let count = readSize < 100 ? 30_000 : 2_000_000
    var generator = SeededGenerator(seed: 3)
    let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    var reader = Collecting(generator: SeededGenerator(seed: 4), longest: longest)
    var handler = Nothing()
    var window = InputWindow(over: Pieces(bytes, seed: 5), readSize: readSize)
    window.read(through: &reader, to: &handler) { false }
    let isSame = reader.taken == bytes
    #expect(isSame, "\(reader.taken.count) of \(bytes.count) bytes")
    #expect(reader.lastCalls == 1)
  }

  @Test("ends early when it is told to")
  func cancelled() {
    var reader = Collecting(generator: SeededGenerator(seed: 4), longest: 10)
    var handler = Nothing()
    var blocks = 0
    var window = InputWindow(over: Pieces([UInt8](repeating: 65, count: 100_000), seed: 5), readSize: 1000)
    window.read(through: &reader, to: &handler) {
      blocks += 1
      return blocks > 10
    }
    #expect(reader.taken.count < 100_000)
    #expect(reader.lastCalls == 0)
  }

  @Test("pauses when it is asked to, loses nothing by it, and reads on from another source")
  func pausing() {
    var generator = SeededGenerator(seed: 3)
    let bytes = (0..<200_000).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    var reader = Collecting(generator: SeededGenerator(seed: 4), longest: 3000)
    var handler = Nothing()
    let pieces = Pieces(bytes, seed: 5)
    var window = InputWindow(over: pieces, readSize: 1000)
    var (asked, pauses, last) = (0, 0, 0)
    while !window.read(
      through: &reader, to: &handler, isCancelled: { false },
      pauses: { offset in
        asked += 1
        last = offset
        return asked % 7 == 0
      })
    {
      #expect(last == reader.taken.count)
      pauses += 1
      window.go(on: pieces)
    }
    let isSame = reader.taken == bytes
    #expect(isSame && pauses > 20, "\(reader.taken.count) of \(bytes.count) bytes, \(pauses) pauses")
    #expect(reader.lastCalls == 1)
  }

  @Test("says the end of an empty stream once")
  func empty() {
    var reader = Collecting(generator: SeededGenerator(seed: 4), longest: 10)
    var handler = Nothing()
    var window = InputWindow(over: Pieces([], seed: 5))
    window.read(through: &reader, to: &handler) { false }
    #expect(reader.calls == 1 && reader.lastCalls == 1)
  }
}
