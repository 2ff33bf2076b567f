internal import Threads

/// A thread that hands blocks of reports to the system while those who fill them go on.
///
/// A few blocks go round. Where the thread does not run, because it could not be had or has ended, nothing is taken, and whoever
/// has a block writes it himself.
final class BlockWriter: @unchecked Sendable {
  /// How many blocks may wait.
  private static let limit = 3

  private let monitor = Monitor()
  // All behind the monitor.
  private var waiting: [Block] = []
  private var spare: [Block] = []
  /// Whose block is being written.
  private var current: ReportDestination?
  private var failures: [(destination: ReportDestination, error: ReportError)] = []
  private var isRunning = false
  private var isClosed = false

  private final class Block {
    let destination: ReportDestination
    var bytes: ByteBuffer

    init(_ destination: ReportDestination, _ bytes: consuming ByteBuffer) {
      self.destination = destination
      self.bytes = bytes
    }
  }

  /// Takes the bytes of `buffer` and empties it, and says whether it did.
  func take(_ buffer: inout ByteBuffer, to destination: ReportDestination) throws(ReportError) -> Bool {
    let block = Block(destination, ByteBuffer(capacity: 0))
    var failure: ReportError?
    let isTaken = monitor.locked {
      while isRunning, waiting.count >= BlockWriter.limit { monitor.wait() }
      failure = failures.first { $0.destination === destination }?.error
      guard isRunning, failure == nil else { return false }
      if let empty = spare.popLast() {
        swap(&block.bytes, &empty.bytes)
      } else {
        block.bytes = ByteBuffer(capacity: buffer.capacity)
      }
      swap(&block.bytes, &buffer)
      waiting.append(block)
      monitor.notifyAll()
      return true
    }
    if let failure { throw failure }
    return isTaken
  }

  /// Waits until all that was taken for a report is written.
  func finish(_ destination: ReportDestination) throws(ReportError) {
    let failure = monitor.locked {
      while current === destination || waiting.contains(where: { $0.destination === destination }) { monitor.wait() }
      return failures.first { $0.destination === destination }?.error
    }
    if let failure { throw failure }
  }

  /// Says that no more blocks come.
  func close() {
    monitor.locked {
      isClosed = true
      monitor.notifyAll()
    }
  }

  /// Writes blocks until the writer is closed: what its thread does.
  func run() {
    monitor.locked { isRunning = true }
    while let block = next() {
      do throws(ReportError) {
        try block.destination.write(block.bytes)
      } catch {
        monitor.locked { failures.append((block.destination, error)) }
      }
      block.bytes.removeAll()
      monitor.locked {
        current = nil
        spare.append(block)
        monitor.notifyAll()
      }
    }
  }

  /// The next block of a report whose blocks could be written so far.
  private func next() -> Block? {
    monitor.locked {
      while true {
        while !waiting.isEmpty {
          let block = waiting.removeFirst()
          monitor.notifyAll()
          if failures.contains(where: { $0.destination === block.destination }) { continue }
          current = block.destination
          return block
        }
        if isClosed {
          isRunning = false
          monitor.notifyAll()
          return nil
        }
        monitor.wait()
      }
    }
  }
}
