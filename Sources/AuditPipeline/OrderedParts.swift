internal import Threads

/// Puts what several threads make back into the order of the input.
///
/// Units of work are numbered in input order and handed out in that order. Parts of the unit whose turn it is go straight to
/// `consume`; parts of later units wait, and when a unit has let too much wait its thread waits with it, until its turn
/// comes. The thread whose turn it is never waits, so the whole always moves.
final class OrderedParts<Part>: @unchecked Sendable {
  private let monitor = Monitor()
  private let limit: Int
  private let consume: (Part) -> Void
  private var current = 0
  private var waiting: [Int: [Part]] = [:]
  private var weights: [Int: Int] = [:]
  private var finished: Set<Int> = []

  /// - Parameters:
  ///   - limit: how much weight a unit may have waiting.
  ///   - consume: takes each part, one at a time, in order.
  init(limit: Int, consume: @escaping (Part) -> Void) {
    self.limit = limit
    self.consume = consume
  }

  /// Adds a part of a unit.
  func add(_ part: Part, weight: Int, of unit: Int) {
    monitor.locked {
      while unit != current, (weights[unit] ?? 0) >= limit { monitor.wait() }
      if unit == current {
        flush()
        consume(part)
      } else {
        waiting[unit, default: []].append(part)
        weights[unit, default: 0] += weight
      }
    }
  }

  /// Says that a unit has no more parts.
  func finish(_ unit: Int) {
    monitor.locked {
      finished.insert(unit)
      while finished.contains(current) {
        flush()
        finished.remove(current)
        current += 1
      }
      flush()
      monitor.notifyAll()
    }
  }

  /// Hands on what waited for the unit whose turn it is.
  private func flush() {
    weights[current] = nil
    guard let parts = waiting.removeValue(forKey: current) else { return }
    for part in parts { consume(part) }
  }
}
