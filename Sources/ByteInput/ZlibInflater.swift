internal import CZlib

/// Inflates with zlib.
@safe final class ZlibInflater: Inflater {
  /// zlib keeps a pointer back to the stream in its own state, so the stream must never move.
  private let stream: UnsafeMutablePointer<z_stream>
  private let usable: Bool

  init() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    usable = unsafe claimaudit_inflate_init_raw(stream) == Z_OK
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deinitialize(count: 1)
    unsafe stream.deallocate()
  }

  static var library: String {
    unsafe "zlib " + (zlibVersion().map { unsafe String(cString: $0) } ?? "")
  }

  func reset() {
    unsafe inflateReset(stream)
  }

  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> InflateStep {
    guard usable else { return InflateStep(consumed: 0, produced: 0, status: .damaged) }
    // zlib counts in 32 bits; nothing here hands over more than a few MiB at a time, but a caller may.
    let inputCount = UInt32(min(input.count, 1 << 30))
    let outputCount = UInt32(min(output.count, 1 << 30))
    unsafe stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    unsafe stream.pointee.avail_in = inputCount
    unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = outputCount
    let result = unsafe inflate(stream, Z_NO_FLUSH)
    let status: InflateStep.Status =
      switch result {
      case Z_STREAM_END: .finished
      // Z_BUF_ERROR: nothing could be done with so little input or room. That is no damage.
      case Z_OK, Z_BUF_ERROR: .running
      default: .damaged
      }
    return unsafe InflateStep(
      consumed: Int(inputCount - stream.pointee.avail_in), produced: Int(outputCount - stream.pointee.avail_out),
      status: status)
  }
}
