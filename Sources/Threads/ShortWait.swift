internal import Glibc

/// Waits for what another thread is about to do, without going to sleep.
///
/// A thread that sleeps for a tenth of a millisecond may be woken on the processor of the one that wakes it, and both then share that
/// one for milliseconds while another is idle.
public enum ShortWait {
  /// How often is looked at most: for a tenth of a millisecond or two where no other thread wants the processor, and else no longer than
  /// it takes the others to have their turns.
  private static let limit = 400

  /// Gives the processor away until `isDone` or too long has passed.
  public static func wait(until isDone: () -> Bool) {
    for _ in 0..<limit {
      if isDone() { return }
      sched_yield()
    }
  }
}
