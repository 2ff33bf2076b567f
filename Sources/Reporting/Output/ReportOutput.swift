internal import CZlib
internal import Glibc

/// One report on its way out: a temporary file of an output folder, or standard output.
///
/// Writers put bytes at the end of `buffer` and say when a row is complete; the buffer goes out in blocks. Every write is checked,
/// and after a failed one nothing more is attempted.
final class ReportOutput {
  /// The name under which the report is published.
  let name: String
  /// What waits to be written.
  var buffer = ByteBuffer(capacity: ReportOutput.blockSize + (16 << 10))
  /// How many bytes were handed to the system.
  private(set) var bytesWritten = 0
  /// The CRC-32 of those bytes, as gzip and zip have it.
  private(set) var checksum: UInt32 = 0

  private let descriptor: Int32
  private let calls: OutputCalls

  /// How many bytes are gathered before they are written.
  static let blockSize = 256 << 10

  /// A report that goes to an open descriptor, which stays the caller's.
  init(name: String, descriptor: Int32, calls: OutputCalls = .system) {
    self.name = name
    self.descriptor = descriptor
    self.calls = calls
  }

  /// Standard output.
  static func standardOutput() -> ReportOutput { ReportOutput(name: "standard output", descriptor: STDOUT_FILENO) }

  /// Adds what `write` does to the buffer, and writes what there is if that is a block: one access to the buffer for a whole row.
  @inline(__always)
  func add(_ write: (inout ByteBuffer) -> Void) throws(ReportError) {
    if ReportOutput.add(write, to: &buffer) { try flush() }
  }

  @inline(__always)
  private static func add(_ write: (inout ByteBuffer) -> Void, to buffer: inout ByteBuffer) -> Bool {
    write(&buffer)
    return buffer.count >= blockSize
  }

  /// Writes what there is, if that is a block.
  @inline(__always)
  func flushIfFull() throws(ReportError) {
    if buffer.count >= ReportOutput.blockSize { try flush() }
  }

  /// Writes what there is.
  func flush() throws(ReportError) {
    if buffer.count == 0 { return }
    // Taken out of the buffer first: what failed once is not written again while cleaning up.
    let length = buffer.count
    checksum = buffer.withSpan(0..<length) { span in
      unsafe span.withUnsafeBufferPointer { bytes in
        unsafe UInt32(truncatingIfNeeded: crc32_z(UInt(checksum), bytes.baseAddress, bytes.count))
      }
    }
    do {
      try calls.writeAll(buffer, to: descriptor, named: name)
    } catch {
      buffer.removeAll()
      throw error
    }
    buffer.removeAll()
    bytesWritten += length
  }
}
