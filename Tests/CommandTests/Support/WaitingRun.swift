import Foundation
import Glibc
import Synchronization
import Testing

/// A pipe whose ends no child inherits by accident.
final class PipeEnds {
  let readingEnd: Int32
  private(set) var writingEnd: Int32
  private var isReadingEndOpen = true

  init() throws {
    // A child that is gone is the test's to notice, not a signal's.
    signal(SIGPIPE, SIG_IGN)
    let ends = RunningCommand.starting.withLock { _ in
      var ends: [Int32] = [-1, -1]
      unsafe ends.withUnsafeMutableBufferPointer { ends in
        if let base = ends.baseAddress { _ = unsafe pipe(base) }
      }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      return ends
    }
    try #require(ends[0] >= 0)
    (readingEnd, writingEnd) = (ends[0], ends[1])
  }

  deinit {
    closeReadingEnd()
    closeWritingEnd()
  }

  func closeReadingEnd() {
    if isReadingEndOpen { close(readingEnd) }
    isReadingEndOpen = false
  }

  func closeWritingEnd() {
    if writingEnd >= 0 { close(writingEnd) }
    writingEnd = -1
  }

  func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(writingEnd, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}

/// A run that holds its output folder and waits on standard input.
final class WaitingRun {
  let running: RunningCommand
  private let pipe: PipeEnds

  /// Starts a run with `-` and `-o` among its arguments and waits until the system says that it holds a lock.
  init(_ arguments: [String]) throws {
    pipe = try PipeEnds()
    running = try Command(arguments, input: .descriptor(pipe.readingEnd)).start()
    pipe.closeReadingEnd()
    try #require(running.awaitsLock(), "the run never took its folder")
  }

  /// Gives the run some of its input.
  func write(_ bytes: [UInt8]) { pipe.write(bytes) }

  /// Ends the input and waits for the run.
  func end() throws -> CommandOutcome {
    pipe.closeWritingEnd()
    return try running.wait()
  }
}
