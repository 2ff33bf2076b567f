internal import Threads

/// The turns of a row of units: what one unit leaves behind is known to the next one, in their order, whoever reads them.
///
/// A thread whose unit is read before its turn has come leaves the work to the thread whose turn comes before, and goes on with
/// another unit; only where too much is left already it waits.
final class UnitTurns<Known, Work>: @unchecked Sendable {
  private let monitor = Monitor()
  private let limit: Int
  private var known: [Int: Known] = [:]
  private var left: [Int: Work] = [:]

  /// Turns of units of which at most `limit` may be left to others.
  init(limit: Int) { self.limit = limit }

  /// Takes what is known where a unit begins; `nil` where its work was left to another thread.
  ///
  /// Without work to leave it waits.
  func take(_ unit: Int, leaving work: Work? = nil) -> Known? {
    monitor.locked {
      while true {
        if let value = known.removeValue(forKey: unit) { return value }
        if let work, left.count < limit {
          left[unit] = work
          return nil
        }
        monitor.wait()
      }
    }
  }

  /// Says what is known where a unit begins; its turn has come.
  ///
  /// - Returns: the work that was left for it, which the caller now has to do.
  func pass(_ value: Known, to unit: Int) -> Work? {
    monitor.locked {
      let work = left.removeValue(forKey: unit)
      if work == nil { known[unit] = value }
      monitor.notifyAll()
      return work
    }
  }
}
