import CZlib

/// Raw deflate data in, plain bytes out, with no frame around it: the one place that knows which library inflates.
///
/// Frames (gzip, zlib, zip) are read by the sources, so that another inflater only has to offer this class: reset,
/// one step, two checksums.
@safe final class Inflater {
  /// What one step did.
  struct Step {
    enum Status {
      /// More input or more room for output is needed.
      case running
      /// The last block has ended.
      case finished
      /// The data is not deflate data from here on.
      case damaged
    }

    let consumed: Int
    let produced: Int
    let status: Status
  }

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

  /// Forgets everything: the next step begins a new deflate stream.
  func reset() {
    unsafe inflateReset(stream)
  }

  /// Inflates from the front of `input` into the front of `output` as far as either lasts.
  ///
  /// With empty input it may still produce: a long match can wait for room in the output.
  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> Step {
    guard usable else { return Step(consumed: 0, produced: 0, status: .damaged) }
    // zlib counts in 32 bits; nothing here hands over more than a few MiB at a time, but a caller may.
    let inputCount = UInt32(min(input.count, 1 << 30))
    let outputCount = UInt32(min(output.count, 1 << 30))
    unsafe stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    unsafe stream.pointee.avail_in = inputCount
    unsafe stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = outputCount
    let result = unsafe inflate(stream, Z_NO_FLUSH)
    let status: Step.Status =
      switch result {
      case Z_STREAM_END: .finished
      // Z_BUF_ERROR: nothing could be done with so little input or room. That is no damage.
      case Z_OK, Z_BUF_ERROR: .running
      default: .damaged
      }
    return unsafe Step(
      consumed: Int(inputCount - stream.pointee.avail_in), produced: Int(outputCount - stream.pointee.avail_out),
      status: status)
  }

  /// CRC-32 as gzip and zip have it.
  ///
  /// It starts at 0.
  static func crc32(_ crc: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
    unsafe UInt32(
      truncatingIfNeeded: crc32_z(UInt(crc), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))
  }

  /// Adler-32 as zlib has it.
  ///
  /// It starts at 1.
  static func adler32(_ sum: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
    unsafe UInt32(
      truncatingIfNeeded: adler32_z(UInt(sum), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))
  }
}
