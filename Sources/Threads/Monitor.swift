internal import Glibc

/// A mutex and the condition that goes with it: threads wait for each other's changes to what it guards.
@safe
public final class Monitor: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>

  /// A monitor that nobody holds.
  public init() {
    unsafe mutex = .allocate(capacity: 1)
    unsafe changed = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(changed, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(changed)
    unsafe pthread_mutex_destroy(mutex)
    unsafe changed.deallocate()
    unsafe mutex.deallocate()
  }

  /// Runs `body` while no other thread is inside.
  public func locked<Result>(_ body: () -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body()
  }

  /// Lets others in until one of them says that something changed; only inside `locked`, in a loop that looks again.
  public func wait() { unsafe pthread_cond_wait(changed, mutex) }

  /// Says to all who wait that something changed; only inside `locked`.
  public func notifyAll() { unsafe pthread_cond_broadcast(changed) }
}
