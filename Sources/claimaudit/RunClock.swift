internal import ClaimModel
internal import Glibc

/// When and where a run takes place.
struct RunClock {
  /// When the run began, RFC 3339 in UTC.
  let started = RunClock.now()
  private let start = RunClock.monotonic()

  /// Milliseconds since the clock was made.
  var elapsed: Int { Int((RunClock.monotonic() - start) / 1_000_000) }

  private static func monotonic() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// Now, RFC 3339 in UTC.
  static func now() -> String {
    let seconds = Int(time(nil))
    let ofDay = ((seconds % 86_400) + 86_400) % 86_400
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(today)T\(two(ofDay / 3600)):\(two(ofDay / 60 % 60)):\(two(ofDay % 60))Z"
  }

  /// The day it is in UTC, whatever the zone of the machine.
  static var today: Day {
    let seconds = Int(time(nil))
    return Day(ordinal: Int32((seconds - ((seconds % 86_400) + 86_400) % 86_400) / 86_400))
  }

  /// The name of the machine.
  static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    let isKnown = unsafe name.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return false }
      return unsafe gethostname(base, 255) == 0
    }
    guard isKnown else { return "" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
