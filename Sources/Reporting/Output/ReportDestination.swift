internal import ByteInput

/// Where the bytes of one report go: an open file, with their count and checksum.
///
/// Used by one thread at a time: the one that fills the report, or a `BlockWriter` that writes for it.
final class ReportDestination: @unchecked Sendable {
  /// The name under which the report is published.
  let name: String
  /// How many bytes were handed to the system.
  private(set) var bytesWritten = 0
  /// The CRC-32 of those bytes, as gzip and zip have it.
  private(set) var checksum: UInt32 = 0

  private let descriptor: Int32
  private let calls: OutputCalls
  /// Up to where the system was asked to bring the file to disk; `nil` where that has no use.
  private var begun: Int?
  /// Up to where space was set aside.
  private var reserved = 0

  /// How many bytes are gathered before the system is asked to begin with them.
  private static let stride = 1 << 20
  /// How many bytes space is set aside for at a time.
  private static let reserve = 16 << 20

  /// A destination that is an open descriptor, which stays the caller's; a file that is synced in the end is begun with early.
  init(name: String, descriptor: Int32, isSynced: Bool, calls: OutputCalls) {
    self.name = name
    self.descriptor = descriptor
    self.calls = calls
    begun = isSynced ? 0 : nil
  }

  /// Writes bytes behind those before.
  func write(_ bytes: borrowing ByteBuffer) throws(ReportError) {
    checksum = bytes.withSpan(0..<bytes.count) { span in
      unsafe span.withUnsafeBytes { unsafe Checksum.crc32(checksum, $0) }
    }
    if begun != nil, bytesWritten >= ReportDestination.stride, bytesWritten + bytes.count > reserved {
      let start = max(reserved, bytesWritten)
      reserved = start + max(ReportDestination.reserve, bytes.count)
      calls.reserve(descriptor, start..<reserved)
    }
    try calls.writeAll(bytes, to: descriptor, named: name)
    bytesWritten += bytes.count
    // Else all of a large report would wait for the disk at the very end.
    if let begun, bytesWritten - begun >= ReportDestination.stride {
      calls.beginSync(descriptor, begun..<bytesWritten)
      self.begun = bytesWritten
    }
  }

  /// Gives back what was set aside and not used; nothing is written any more.
  func trim() {
    if reserved > bytesWritten { calls.giveBack(descriptor, behind: bytesWritten) }
  }
}
