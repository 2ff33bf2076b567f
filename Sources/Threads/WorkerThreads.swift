internal import CHost
internal import Glibc
internal import Synchronization

/// Runs a body on several threads and waits for all of them.
public enum WorkerThreads {
  private final class Job: @unchecked Sendable {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }

  /// Calls `body` with each number below `count`, on that many threads at most, each taking the next one.
  public static func forEach(_ count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let next = Atomic<Int>(0)
    run(min(count, threads)) {
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index)
      }
    }
  }

  /// Calls `body` on `count` threads, this one among them.
  public static func run(_ count: Int, _ body: @escaping @Sendable () -> Void) {
    let job = Job(body)
    var threads: [Started] = []
    for _ in 1..<max(count, 1) {
      // One that cannot be had costs speed only: the others take its work.
      if let thread = begin(job) { threads.append(thread) }
    }
    body()
    for thread in threads { thread.join() }
  }

  /// Calls `body` on a thread that nobody waits for; not at all where there is none to be had.
  public static func start(_ body: @escaping @Sendable () -> Void) {
    if let thread = begin(Job(body)) { pthread_detach(thread.id) }
  }

  /// Calls `body` on a thread that is waited for; `nil`, and no call, where there is none to be had.
  public static func begin(_ body: @escaping @Sendable () -> Void) -> Started? { begin(Job(body)) }

  /// A thread that was begun and is to be waited for.
  public struct Started: Sendable {
    fileprivate let id: pthread_t

    /// Waits until it has ended; to be called once.
    public func join() { pthread_join(id, nil) }
  }

  private static func begin(_ job: Job) -> Started? {
    var thread = pthread_t()
    let context = unsafe Unmanaged.passRetained(job).toOpaque()
    let status = unsafe claimaudit_start_thread(
      &thread,
      { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<Job>.fromOpaque(context).takeRetainedValue().body()
        return nil
      }, context)
    if status == 0 { return Started(id: thread) }
    unsafe Unmanaged<Job>.fromOpaque(context).release()
    return nil
  }
}
