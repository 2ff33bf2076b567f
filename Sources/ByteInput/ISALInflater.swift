#if ISAL
  internal import CISAL

  /// Inflates with ISA-L: about three times as fast as zlib.
  ///
  /// It is made for good data. Where data is cut it keeps the last byte or two to itself, and codes that no stream may have it
  /// notices only when they are used; so what it says of damage is not believed, see `DeflateReader`.
  @safe final class ISALInflater: Inflater {
    /// A match that did not fit into the output: its length, with a few literals.
    private static let overflow = 258 + 8

    private let state: UnsafeMutablePointer<inflate_state>

    init() {
      unsafe state = .allocate(capacity: 1)
      unsafe isal_inflate_init(state)
    }

    deinit {
      unsafe state.deallocate()
    }

    static var library: String { "ISA-L \(ISAL_MAJOR_VERSION).\(ISAL_MINOR_VERSION).\(ISAL_PATCH_VERSION)" }

    func reset() {
      unsafe isal_inflate_reset(state)
    }

    func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> InflateStep {
      let inputCount = UInt32(min(input.count, 1 << 30))
      let outputCount = UInt32(min(output.count, 1 << 30))
      unsafe state.pointee.next_in = UnsafeMutablePointer(
        mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
      unsafe state.pointee.avail_in = inputCount
      unsafe state.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
      unsafe state.pointee.avail_out = outputCount
      // Its counts mean nothing after an error: a match that reaches too far back was counted before it was refused.
      guard unsafe isal_inflate(state) >= 0 else { return InflateStep(consumed: 0, produced: 0, status: .damaged) }
      let isFinished = unsafe claimaudit_isal_is_finished(state) != 0
      var consumed = unsafe Int(inputCount - state.pointee.avail_in)
      // Whole bytes behind the stream's end that it took in ahead.
      if isFinished { unsafe consumed -= Int(state.pointee.read_in_length) / 8 }
      return unsafe InflateStep(
        consumed: consumed, produced: Int(outputCount - state.pointee.avail_out),
        heldBack: Int(state.pointee.tmp_out_valid - state.pointee.tmp_out_processed) + Self.overflow,
        status: isFinished ? .finished : .running)
    }
  }
#endif
