internal import Glibc

/// One report on its way out: a temporary file of an output folder, or standard output.
///
/// Writers put bytes at the end of `buffer` and say when a row is complete; the buffer goes out in blocks. Every write is checked,
/// and after a failed one nothing more is attempted.
final class ReportOutput {
  /// What waits to be written.
  var buffer = ByteBuffer(capacity: ReportOutput.blockSize + (16 << 10))
  /// Writes blocks on a thread of its own, as long as that runs.
  var writer: BlockWriter?

  private let destination: ReportDestination

  /// How many bytes are gathered before they are written.
  static let blockSize = 256 << 10

  /// A report that goes to an open descriptor, which stays the caller's.
  init(name: String, descriptor: Int32, isSynced: Bool = false, calls: OutputCalls = .system) {
    destination = ReportDestination(name: name, descriptor: descriptor, isSynced: isSynced, calls: calls)
  }

  /// Standard output.
  static func standardOutput() -> ReportOutput { ReportOutput(name: "standard output", descriptor: STDOUT_FILENO) }

  /// The name under which the report is published.
  var name: String { destination.name }
  /// How many bytes were handed to the system; with those that wait after `flush` only.
  var bytesWritten: Int { destination.bytesWritten }
  /// The CRC-32 of those bytes, as gzip and zip have it.
  var checksum: UInt32 { destination.checksum }

  /// Adds what `write` does to the buffer, and writes what there is if that is a block: one access to the buffer for a whole row.
  @inline(__always)
  func add(_ write: (inout ByteBuffer) -> Void) throws(ReportError) {
    if ReportOutput.add(write, to: &buffer) { try handOn() }
  }

  @inline(__always)
  private static func add(_ write: (inout ByteBuffer) -> Void, to buffer: inout ByteBuffer) -> Bool {
    write(&buffer)
    return buffer.count >= blockSize
  }

  /// Writes rows that were put together elsewhere, or has them written, behind what there is; empties `rows`.
  func write(_ rows: inout ByteBuffer) throws(ReportError) {
    try handOn()
    try handOn(&rows)
  }

  /// Writes what there is, if that is a block.
  @inline(__always)
  func flushIfFull() throws(ReportError) {
    if buffer.count >= ReportOutput.blockSize { try handOn() }
  }

  /// Writes what there is.
  func flush() throws(ReportError) {
    try handOn()
    try writer?.finish(destination)
  }

  /// Writes what there is; nothing comes behind it.
  func end() throws(ReportError) {
    try flush()
    destination.trim()
  }

  /// Writes what there is, or has it written.
  private func handOn() throws(ReportError) { try handOn(&buffer) }

  private func handOn(_ bytes: inout ByteBuffer) throws(ReportError) {
    if bytes.count == 0 { return }
    // Whatever comes of it: what failed once is not written again while cleaning up.
    defer { bytes.removeAll() }
    if try writer?.take(&bytes, to: destination) != true { try destination.write(bytes) }
  }
}
