internal import Glibc
internal import Synchronization

/// Words to the user, written without buffering and without failing: where standard error is closed, nobody reads them.
enum StandardError {
  /// Whether a progress line stands in the last line of the terminal.
  private static let hasLine = Mutex(false)

  /// Writes a text; a progress line makes room for it.
  static func write(_ text: String) {
    hasLine.withLock { hasLine in
      put(hasLine ? erasure + text : text)
      hasLine = false
    }
  }

  /// Shows a line that stands until something else is written, in the place of the one before.
  static func show(_ line: String) {
    hasLine.withLock { hasLine in
      put(erasure + line)
      hasLine = true
    }
  }

  /// To the beginning of the line, and nothing behind it.
  private static let erasure = "\r\u{1B}[K"

  private static func put(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Whether a person looks at it.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

/// Words to standard output; a failed write ends the process with the right code.
enum StandardOutput {
  /// Whether a person looks at it.
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Writes a text.
  static func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EPIPE { exitProcess(141) }
        let reason = unsafe String(cString: strerror(errno))
        StandardError.write("claimaudit: standard output: cannot be written (write): \(reason)\n")
        exitProcess(74)
      }
      bytes = bytes.dropFirst(count)
    }
  }
}

/// Ends the process.
func exitProcess(_ code: Int32) -> Never { exit(code) }
