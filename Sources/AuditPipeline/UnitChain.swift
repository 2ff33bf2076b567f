internal import Synchronization
internal import Threads

/// Values that workers hand on along a row of units: what is known at the beginning of each.
///
/// Each is set once by the worker of the unit before and waited for by the unit's own.
final class UnitChain<Value>: @unchecked Sendable {
  private let monitor = Monitor()
  private var values: [Int: Value] = [:]
  /// The last unit whose value was set: they are set in their order.
  private let last = Atomic<Int>(-1)

  /// Sets the value of a unit.
  func set(_ value: Value, of unit: Int) {
    monitor.locked {
      values[unit] = value
      last.store(unit, ordering: .releasing)
      monitor.notifyAll()
    }
  }

  /// Takes the value of a unit, waiting until it is set.
  ///
  /// Only the unit's own worker asks.
  func take(_ unit: Int) -> Value {
    ShortWait.wait { last.load(ordering: .acquiring) >= unit }
    return monitor.locked {
      while true {
        if let value = values.removeValue(forKey: unit) { return value }
        monitor.wait()
      }
    }
  }
}
