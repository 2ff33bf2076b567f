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
    _ = inputsRead.load(ordering: .relaxed)
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

  /// How many inputs were read to their end, for the last words.
  static let inputsRead = Atomic<Int>(0)

  /// Leaves at once, with nothing of ours left behind, and says how far the run came.
  ///
  /// Only what a signal handler may do: bytes that are there already, digits on the stack, `write`.
  private static func leave() {
    let settlement = TemporaryFiles.settle()
    say("claimaudit: interrupted after ")
    sayNumber(inputsRead.load(ordering: .relaxed))
    switch settlement {
    case .nothing, .removed: say(" inputs; what was begun has been removed\n")
    case .published: say(" inputs, while the reports were put in place; all of them are\n")
    }
    _exit(exitCode)
  }

  private static func say(_ text: StaticString) {
    _ = unsafe write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }

  private static func sayNumber(_ number: Int) {
    if number >= 10 { sayNumber(number / 10) }
    var digit = UInt8(48 + number % 10)
    _ = unsafe write(STDERR_FILENO, &digit, 1)
  }
}
