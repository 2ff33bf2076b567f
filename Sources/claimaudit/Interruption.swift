internal import CHost
internal import Glibc
internal import Reporting
internal import Synchronization

/// SIGINT and SIGTERM: the run stops at the next block, removes what it began and says how far it came; when it cannot stop within
/// a second (a read that never returns), the handler removes the temporary files itself and ends the process.
enum Interruption {
  private static let signal = Atomic<Int32>(0)

  /// The signal that asked for the end, 0 while none did.
  static var received: Int32 { signal.load(ordering: .relaxed) }

  /// The exit code of an interrupted run: 130 or 143.
  static var exitCode: Int32 { 128 + received }

  /// Installs the handlers.
  ///
  /// A closed pipe becomes an error of the write.
  static func prepare() {
    _ = claimaudit_on_signal(SIGPIPE, SIG_IGN)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      _ = claimaudit_on_signal(number) { number in
        let earlier = Interruption.signal.exchange(number, ordering: .relaxed)
        if earlier != 0 { Interruption.leave() }
        alarm(1)
      }
    }
    _ = claimaudit_on_signal(SIGALRM) { _ in Interruption.leave() }
  }

  /// Leaves at once, with nothing of ours left behind.
  private static func leave() {
    TemporaryFiles.settle()
    // Only what a signal handler may do: one write of bytes that are there already.
    let text: StaticString = "claimaudit: interrupted while waiting; what was begun has been removed\n"
    _ = unsafe write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    _exit(exitCode)
  }
}
