internal import Glibc

/// One timed run of a command, by the system's own accounting.
struct ProcessTiming {
  /// Seconds from start to end.
  var wall: Double
  /// Processor seconds of the process and its children.
  var processor: Double
  /// Peak resident memory in MiB, of the largest process.
  var memory: Double
  /// Whether it ended with a code that counts as success.
  var succeeded: Bool

  /// Runs a command with its output thrown away.
  static func run(_ arguments: [String], accepting codes: Set<Int32> = [0]) -> ProcessTiming? {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) }
    unsafe pointers.append(nil)
    defer { unsafe pointers.forEach { unsafe free($0) } }
    let start = now()
    var process: pid_t = 0
    guard let name = arguments.first, unsafe posix_spawnp(&process, name, &actions, nil, pointers, environ) == 0 else {
      return nil
    }
    var status: Int32 = 0
    var usage = rusage()
    while unsafe wait4(process, &status, 0, &usage) < 0, errno == EINTR {}
    let seconds = { (time: timeval) in Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }
    return ProcessTiming(
      wall: now() - start, processor: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      memory: Double(usage.ru_maxrss) / 1024, succeeded: status & 0x7F == 0 && codes.contains(status >> 8 & 0xFF))
  }

  /// Seconds of a clock that only goes forward.
  static func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
  }
}
