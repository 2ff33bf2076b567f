import Foundation
import Glibc
import Synchronization
import Testing

/// A terminal of a test's own: what a program writes to it is gathered as it comes.
final class Terminal: Sendable {
  private let primary: Int32
  /// The end that a program gets.
  let secondary: Int32
  private let gathered = Mutex<[UInt8]>([])

  /// `nil` where there are no pseudo-terminals.
  init?() {
    primary = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var isLocked: Int32 = 0
    var number: Int32 = 0
    // TIOCSPTLCK and TIOCGPTN, which do not reach Swift.
    guard primary >= 0, unsafe ioctl(primary, 0x4004_5431, &isLocked) == 0,
      unsafe ioctl(primary, 0x8004_5430, &number) == 0
    else { return nil }
    secondary = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard secondary >= 0 else { return nil }
    // Somebody has to read, or the program waits for room.
    Thread.detachNewThread { [self] in
      var block = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = unsafe read(primary, &block, block.count)
        if count <= 0 { return }
        gathered.withLock { $0 += block[..<count] }
      }
    }
  }

  /// Everything that was written so far, once `isWhole` says that it is all, or after a few seconds.
  func text(until isWhole: (String) -> Bool = { _ in true }) -> String {
    var text = ""
    for _ in 0..<200 {
      text = gathered.withLock { String(decoding: $0, as: UTF8.self) }
      if isWhole(text) { break }
      usleep(20_000)
    }
    return text
  }

  /// Hangs up.
  func close() { _ = Glibc.close(secondary) }
}
