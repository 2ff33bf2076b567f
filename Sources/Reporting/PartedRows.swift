internal import Synchronization
internal import Threads

/// The rows of writers that can be parted, put together by as many threads as there are: each takes the next part of the lines, and
/// what is ready is written part by part, by whichever thread comes by when the next one is.
///
/// The reports are the same for any number of threads. Rows go round in a few sets of room, so what is in memory does not grow with
/// the lines.
final class PartedRows: @unchecked Sendable {
  private let makePass: (SummaryBuilder) throws(ReportError) -> PublishingPass
  private let empty: SummaryBuilder
  /// The issues are the part before the first.
  private let nextPart = Atomic<Int>(-1)

  /// For how many parts there is room beside those that threads are at: while one writes the others go on.
  private static let slack = 3

  private let monitor = Monitor()
  // All behind the monitor.
  /// Rows that wait for those of the parts before, by their part.
  private var ready: [Int: [PartRows]] = [:]
  /// Room that is free.
  private var spare: [[PartRows]] = []
  /// The part whose rows are written next.
  private var turn = 0
  /// Whether a thread is writing.
  private var isWriting = false
  /// The first thing that went wrong; nothing is written behind it.
  private(set) var failure: ReportError?
  /// What the passes added up.
  private(set) var summary: SummaryBuilder

  /// The rows of those writers, of the lines as a pass of `makePass` sees them, which adds to the sum it is given.
  init(
    _ writers: [any PartedWriter], threads: Int, summary: SummaryBuilder,
    _ makePass: @escaping (SummaryBuilder) throws(ReportError) -> PublishingPass
  ) {
    self.makePass = makePass
    self.summary = summary
    empty = summary.emptied
    for _ in 0..<threads + PartedRows.slack { spare.append(writers.map { PartRows($0) }) }
  }

  /// Puts parts together until there are no more: what each thread does.
  func work(_ lines: RecordSpool, _ issues: RecordSpool) {
    do throws(ReportError) {
      var pass: PublishingPass?
      var room = ByteBuffer(capacity: 0)
      // The room first: so the part that is written next is always in the hands of somebody who goes on.
      while let rows = takeRoom() {
        let part = nextPart.add(1, ordering: .relaxed).oldValue
        guard part < lines.partCount else {
          giveBack(rows)
          break
        }
        if pass == nil { pass = try makePass(empty.emptied) }
        if part < 0 {
          giveBack(rows)
          try pass?.run(issues: issues)
        } else {
          try pass?.run(part: part, of: lines, &room, into: rows)
          try writeWhatIsReady(with: rows, of: part)
        }
      }
      if let sum = pass?.sum() { monitor.locked { summary.merge(sum) } }
    } catch {
      monitor.locked {
        if failure == nil { failure = error }
        monitor.notifyAll()
      }
    }
  }

  /// Room for the rows of a part, `nil` where something went wrong.
  private func takeRoom() -> [PartRows]? {
    monitor.locked {
      while spare.isEmpty, failure == nil { monitor.wait() }
      return failure == nil ? spare.removeLast() : nil
    }
  }

  private func giveBack(_ rows: [PartRows]) {
    monitor.locked {
      spare.append(rows)
      monitor.notifyAll()
    }
  }

  /// Hands in the rows of a part, and writes those whose turn it is unless another thread does.
  private func writeWhatIsReady(with rows: [PartRows], of part: Int) throws(ReportError) {
    var next = monitor.locked {
      ready[part] = rows
      let next = isWriting ? nil : ready.removeValue(forKey: turn)
      isWriting = isWriting || next != nil
      return next
    }
    while let rows = next {
      for row in rows { try row.write() }
      next = monitor.locked {
        spare.append(rows)
        monitor.notifyAll()
        turn += 1
        let next = failure == nil ? ready.removeValue(forKey: turn) : nil
        isWriting = next != nil
        return next
      }
    }
  }
}
