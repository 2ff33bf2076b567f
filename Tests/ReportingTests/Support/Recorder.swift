import Glibc
import Threads

@testable import Reporting

/// Counts system calls and makes one of them fail.
///
/// Behind a monitor: a sanitizer cannot follow a `Mutex`.
final class Recorder: @unchecked Sendable {
  private let monitor = Monitor()
  private var counts: [String: Int] = [:]

  /// The call that fails, which of its kind (1 is the first), and how.
  let failing: String
  let position: Int
  let code: Int32

  init(failing: String = "", position: Int = 0, code: Int32 = EIO) {
    self.failing = failing
    self.position = position
    self.code = code
  }

  /// Whether the call about to be made is the one that fails.
  func fails(_ call: String) -> Bool {
    monitor.locked {
      counts[call, default: 0] += 1
      return call == failing && counts[call] == position
    }
  }

  func count(_ call: String) -> Int { monitor.locked { counts[call] ?? 0 } }
}

extension OutputCalls {
  /// The real calls, of which the recorder makes one fail.
  static func failing(_ recorder: Recorder) -> OutputCalls {
    let system = OutputCalls.system
    return OutputCalls(
      open: { folder, name, flags, mode in
        recorder.fails("open") ? (-1, recorder.code) : system.open(folder, name, flags, mode)
      },
      write: { file, bytes in recorder.fails("write") ? (-1, recorder.code) : system.write(file, bytes) },
      sync: { file in recorder.fails("sync") ? (-1, recorder.code) : system.sync(file) },
      close: { file in
        // A close that fails has closed all the same.
        let answer = system.close(file)
        return recorder.fails("close") ? (-1, recorder.code) : answer
      },
      rename: { folder, from, to in
        recorder.fails("rename") ? (-1, recorder.code) : system.rename(folder, from, to)
      },
      unlink: { folder, name in recorder.fails("unlink") ? (-1, recorder.code) : system.unlink(folder, name) })
  }

  /// Calls that take everything and keep nothing.
  static func recording(_ recorder: Recorder) -> OutputCalls {
    var calls = OutputCalls.failing(recorder)
    calls.write = { _, bytes in (bytes.count, 0) }
    return calls
  }
}
