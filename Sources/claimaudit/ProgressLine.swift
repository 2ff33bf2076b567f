internal import AuditPipeline
internal import ByteInput
internal import CHost
internal import Glibc
internal import Synchronization

/// The line that shows how far a run has come: on a terminal, in its last line, gone when the run ends.
///
///      43%  1.2 GB of 2.8 GB  812 MB/s  eta 0:02  1,204,331 claims  3,112 findings
///
/// It is drawn by the threads that read, after a block, at most eight times a second; a run that is done before the first time is
/// due shows nothing. Bytes are those on disk, so that the share is right for compressed files too.
final class ProgressLine: Sendable {
  /// How far the run has come.
  let progress: RunProgress
  private let total: Int?
  private let started = ProgressLine.now()
  private let due: Due

  /// When the line is drawn next, in nanoseconds; never again once it is at the end of time.
  private final class Due: Sendable {
    let time = Atomic<UInt64>(.max)
    let draw = Mutex<(@Sendable () -> Void)?>(nil)
  }

  private static let interval: UInt64 = 125_000_000

  /// A line for a run over files of `total` bytes, `nil` when that is not known.
  init(total: Int?) {
    self.total = total
    let due = Due()
    self.due = due
    progress = RunProgress(
      meter: ReadingMeter {
        let now = ProgressLine.now()
        let next = due.time.load(ordering: .relaxed)
        // One of the threads that come by draws.
        guard now >= next,
          due.time.compareExchange(expected: next, desired: now + ProgressLine.interval, ordering: .relaxed).exchanged
        else { return }
        due.draw.withLock { $0?() }
      })
    due.draw.withLock { draw in draw = { [weak self] in self?.draw() } }
    due.time.store(started + ProgressLine.interval, ordering: .relaxed)
  }

  /// Whether there is anyone to see a line.
  static var isWanted: Bool {
    guard StandardError.isTerminal else { return false }
    guard let terminal = unsafe getenv("TERM") else { return true }
    return unsafe strcmp(terminal, "dumb") != 0
  }

  /// Takes the line away for good.
  func finish() {
    due.time.store(.max, ordering: .relaxed)
    // Waits for a thread that is drawing.
    due.draw.withLock { $0 = nil }
    StandardError.write("")
  }

  private func draw() {
    let columns = Int(claimaudit_terminal_columns(STDERR_FILENO))
    let line = text(after: Double(ProgressLine.now() - started) / 1e9)
    StandardError.show(String(line.prefix(max(20, (columns > 0 ? columns : 80) - 1))))
  }

  /// The line `seconds` after the beginning.
  private func text(after seconds: Double) -> String {
    let bytes = progress.meter.bytes
    let rate = Double(bytes) / max(seconds, 0.001)
    var parts: [String] = []
    if let total, total > 0 {
      // What is read twice (the directory of an archive, a place where a file is parted) must not make more than all of it.
      let read = min(bytes, total)
      parts.append("\(100 * read / total)%")
      parts.append("\(ProgressLine.size(read)) of \(ProgressLine.size(total))")
      parts.append("\(ProgressLine.size(Int(rate)))/s")
      parts.append("eta \(ProgressLine.duration(Double(total - read) / max(rate, 1)))")
    } else {
      parts.append(ProgressLine.size(bytes))
      parts.append("\(ProgressLine.size(Int(rate)))/s")
    }
    parts.append("\(grouped(progress.claims)) claims")
    parts.append("\(grouped(progress.findings)) findings")
    return parts.joined(separator: "  ")
  }

  /// A number of bytes in decimal units, as disks and networks are measured.
  private static func size(_ bytes: Int) -> String {
    var value = Double(bytes)
    for unit in ["B", "kB", "MB", "GB", "TB"] {
      if value < 1000 || unit == "TB" {
        if unit == "B" || value >= 100 { return "\(Int(value)) \(unit)" }
        return "\(Int(value)).\(Int(value * 10) % 10) \(unit)"
      }
      value /= 1000
    }
    return ""
  }

  private static func duration(_ seconds: Double) -> String {
    let whole = Int(min(seconds.rounded(.up), 359_999))
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let hours = whole / 3600
    return hours > 0
      ? "\(hours):\(two(whole / 60 % 60)):\(two(whole % 60))" : "\(whole / 60):\(two(whole % 60))"
  }

  private static func now() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
