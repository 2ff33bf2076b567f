internal import Synchronization

/// How many threads a run may begin beside those that work already: those it was allowed and has not begun, and those that are done.
///
/// Nobody waits to be asked: who has work that can be shared looks now and then whether a thread is to spare, and begins one.
public final class SpareThreads: Sendable {
  private let count: Atomic<Int>

  /// That many.
  public init(_ count: Int) { self.count = Atomic(max(count, 0)) }

  /// Whether there is one.
  public var isAny: Bool { count.load(ordering: .relaxed) > 0 }

  /// Takes one; `false` where there is none.
  public func take() -> Bool {
    var seen = count.load(ordering: .relaxed)
    while seen > 0 {
      let exchange = count.compareExchange(expected: seen, desired: seen - 1, ordering: .acquiringAndReleasing)
      if exchange.exchanged { return true }
      seen = exchange.original
    }
    return false
  }

  /// Gives one, or gives it back.
  public func give() { count.add(1, ordering: .acquiringAndReleasing) }

  /// Calls `body` on this thread and on all that it asks for and gets; waits for all of them.
  public func share(_ body: @escaping @Sendable (Sharing) -> Void) {
    let sharing = Sharing(self, body)
    body(sharing)
    sharing.wait()
  }

  /// A piece of work that is shared.
  public final class Sharing: @unchecked Sendable {
    private let spare: SpareThreads
    private let body: @Sendable (Sharing) -> Void
    private let monitor = Monitor()
    private var threads: [WorkerThreads.Started] = []

    fileprivate init(_ spare: SpareThreads, _ body: @escaping @Sendable (Sharing) -> Void) {
      self.spare = spare
      self.body = body
    }

    /// Begins the work on one more thread, where one is to spare.
    public func askForHelp() {
      guard spare.take() else { return }
      let thread = WorkerThreads.begin { [self] in
        body(self)
        spare.give()
      }
      // One that cannot be had costs speed only.
      guard let thread else { return }
      monitor.locked { threads.append(thread) }
    }

    /// Waits for all threads; who begins one is waited for itself.
    fileprivate func wait() {
      while let thread = monitor.locked({ threads.popLast() }) { thread.join() }
    }
  }
}
