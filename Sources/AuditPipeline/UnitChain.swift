internal import Glibc

/// Values that workers hand on along a row of units: what is known at the beginning of each.
///
/// Each is set once by the worker of the unit before and waited for by the unit's own.
@safe
final class UnitChain<Value>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  private var values: [Int: Value] = [:]

  init() {
    unsafe mutex = .allocate(capacity: 1)
    unsafe changed = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(changed, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(changed)
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
    unsafe changed.deallocate()
  }

  /// Sets the value of a unit.
  func set(_ value: Value, of unit: Int) {
    unsafe pthread_mutex_lock(mutex)
    values[unit] = value
    unsafe pthread_cond_broadcast(changed)
    unsafe pthread_mutex_unlock(mutex)
  }

  /// Takes the value of a unit, waiting until it is set.
  ///
  /// Only the unit's own worker asks.
  func take(_ unit: Int) -> Value {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while true {
      if let value = values.removeValue(forKey: unit) { return value }
      unsafe pthread_cond_wait(changed, mutex)
    }
  }
}
