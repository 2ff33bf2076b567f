import Foundation
import TestSupport
import Testing

/// The system calls of a run, counted and struck by strace.
enum SystemCalls {
  static let hasTracer = FileManager.default.isExecutableFile(atPath: "/usr/bin/strace")

  /// One call of a run that is made to fail: the `position`-th of its name.
  struct Strike: CustomStringConvertible {
    var call: String
    /// `error=EIO` or `signal=KILL`.
    var fault: String
    var position: Int

    var description: String { "\(call) \(position) \(fault)" }
  }

  /// How calls fail where disks are full or broken, quotas are used up, signals come in between, memory or descriptors are short.
  static let faults: [(call: String, faults: [String])] = [
    ("openat", ["EIO", "EMFILE", "ENOSPC", "EINTR"]), ("read", ["EIO", "EINTR"]), ("pread64", ["EIO", "EINTR"]),
    ("write", ["EIO", "ENOSPC", "EDQUOT", "EINTR"]), ("pwrite64", ["EIO", "ENOSPC", "EDQUOT", "EINTR"]),
    ("close", ["EIO", "ENOSPC", "EDQUOT", "EINTR"]), ("fsync", ["EIO", "ENOSPC", "EDQUOT", "EINTR"]),
    ("fdatasync", ["EIO", "ENOSPC"]), ("renameat", ["EIO", "ENOSPC", "EDQUOT"]), ("rename", ["EIO", "ENOSPC"]),
    ("unlinkat", ["EIO", "EACCES"]), ("unlink", ["EIO", "EACCES"]), ("ftruncate", ["EIO", "EINTR"]),
    ("newfstatat", ["EIO", "EACCES"]), ("getdents64", ["EIO"]), ("lseek", ["EIO"]), ("mkdir", ["EIO", "ENOSPC"]),
    ("flock", ["ENOLCK"]), ("fcntl", ["EIO"]), ("fchmod", ["EIO"]), ("fchown", ["EPERM"]), ("getcwd", ["ENOENT"]),
    ("fallocate", ["ENOSPC", "EIO", "EOPNOTSUPP", "EINTR"]), ("mmap", ["ENOMEM"]), ("clone3", ["EAGAIN"]),
    ("fadvise64", ["EIO"]), ("poll", ["EINTR"]),
  ]

  /// How often a run makes each call itself, by name: the numbers of its first and its last.
  ///
  /// A call is struck by its number in the thread that makes it. Of the first thread what comes first is the loader's and the
  /// runtime's: the program's own part begins where it takes the right to look into it from other processes, before it looks at
  /// anything that comes from outside. All that other threads do is its own.
  static func own(_ command: Command, _ location: SourceLocation = #_sourceLocation) throws -> [String: ClosedRange<
    Int
  >] {
    let scratch = try Scratch()
    var traced = command
    traced.wrapper += ["strace", "-f", "-qq", "-o", scratch.path + "/trace"]
    let outcome = try traced.run(location)
    var counts: [Substring: [String: Int]] = [:]
    var first: [String: Int] = [:]
    var last: [String: Int] = [:]
    var firstThread: Substring?
    var hasBegun = false
    for line in scratch.text("trace").split(separator: "\n") {
      // "4711  close(3)    = 0"; what is "resumed" was counted when it began.
      let words = line.split(separator: " ", maxSplits: 1)
      guard words.count == 2, let end = words[1].firstIndex(of: "(") else { continue }
      let word = words[1][..<end].trimmingPrefix { $0 == " " }
      guard !word.isEmpty, word.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { continue }
      let (thread, name) = (words[0], String(word))
      if firstThread == nil { firstThread = thread }
      let number = (counts[thread]?[name] ?? 0) + 1
      counts[thread, default: [:]][name] = number
      if name == "prctl" { hasBegun = true }
      guard hasBegun else { continue }
      last[name] = max(last[name] ?? 0, number)
      if thread == firstThread, first[name] == nil { first[name] = number }
    }
    #expect(hasBegun, "strace told nothing: \(outcome.standardError)", sourceLocation: location)
    return Dictionary(
      uniqueKeysWithValues: last.map { ($0.key, (first[$0.key] ?? 1)...$0.value) })
  }

  /// Runs a command with one of its calls struck; `nil` when it never came so far.
  static func run(
    _ command: Command, struck strike: Strike, _ location: SourceLocation = #_sourceLocation
  ) throws -> CommandOutcome? {
    let scratch = try Scratch()
    var struck = command
    struck.wrapper += [
      "strace", "-f", "-qq", "--seccomp-bpf", "-o", scratch.path + "/trace", "-e", "trace=\(strike.call)", "-e",
      "inject=\(strike.call):\(strike.fault):when=\(strike.position)",
    ]
    let outcome = try struck.run(location)
    let trace = scratch.text("trace")
    return trace.contains("INJECTED") || trace.contains("SIGKILL") ? outcome : nil
  }

  /// Puts a run to strikes: to all there are, or until a few have hit that are drawn.
  ///
  /// What a thread calls is not quite the same in every run: some strikes never come to be.
  ///
  /// - Parameter strike: puts the run to one; `false` where it never came to be.
  /// - Returns: how many have hit.
  static func strikes(
    on own: [String: ClosedRange<Int>], seed: UInt64, few: Int, _ strike: (Strike) throws -> Bool
  ) rethrows -> Int {
    var strikes: [Strike] = []
    for (call, errors) in faults {
      guard let positions = own[call] else { continue }
      for error in errors { strikes += positions.map { Strike(call: call, fault: "error=\(error)", position: $0) } }
    }
    if !FaultRounds.isLong {
      var generator = SeededGenerator(seed: seed)
      strikes.shuffle(using: &generator)
    }
    var hits = 0
    for next in strikes where FaultRounds.isLong || hits < few {
      if try strike(next) { hits += 1 }
    }
    return hits
  }
}
