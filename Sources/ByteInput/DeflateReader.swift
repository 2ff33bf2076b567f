/// Inflates one deflate stream after another out of a compressed buffer, straight into the reader's memory.
///
/// A fast inflater is only believed while all goes well. When it meets damage, or the end of the input inside a stream, the stream
/// is read again from its start by zlib, what was handed out is passed over, and zlib says what there is behind it: so whichever
/// inflater is in use, the same bytes come out and the same place is named. Input that cannot be read a second time, such as a
/// pipe, is zlib's from the start.
final class DeflateReader {
  enum Outcome {
    /// There is more to come.
    case more
    case finished
    /// The input ended inside the deflate stream.
    case truncated
    case damaged
  }

  let input: CompressedBuffer
  private let fast: (any Inflater)?
  private lazy var exact = ZlibInflater()
  private var isExact = true
  /// Where the deflate stream begins in the input.
  private var streamStart: Int
  /// How many bytes of the deflate stream were handed out.
  private var handedOut = 0
  /// What reading again from the start came to, when the stream does not get as far as it was read.
  private var verdict: Outcome?
  /// A place in the input that surely is not behind what was handed out, and the one that will be when `handedOut` gets there.
  private var reached = 0
  private var next = (position: 0, at: 0)

  init(_ input: CompressedBuffer, engine: InflateEngine) {
    self.input = input
    streamStart = input.position
    switch engine {
    case .zlib: fast = nil
    #if ISAL
      case .isal: fast = input.upstream.canRewind ? ISALInflater() : nil
    #endif
    }
    isExact = fast == nil
  }

  /// Prepares for the next deflate stream, which begins at the input's position.
  func reset() {
    streamStart = input.position
    handedOut = 0
    verdict = nil
    reached = streamStart
    next = (streamStart, 0)
    isExact = fast == nil
    if let fast { fast.reset() } else { exact.reset() }
  }

  /// How far into the input the bytes reach that were handed out; with a fast inflater, which works ahead, no further than that.
  var position: Int { isExact ? input.position : reached }

  /// Has zlib go on from here, so that `position` is exact; whether that is news.
  func becomeExact() -> Bool {
    if isExact { return false }
    let outcome = startAgain()
    if outcome != .more { verdict = outcome }
    return true
  }

  /// Fills the front of `output`, which is not empty, and says how many bytes it wrote and how things stand after them.
  func read(into output: UnsafeMutableRawBufferPointer) -> (produced: Int, outcome: Outcome) {
    if let verdict { return (0, verdict) }
    var (produced, outcome) = unsafe inflate(into: output)
    if !isExact, outcome == .damaged || outcome == .truncated {
      produced = 0
      outcome = startAgain()
      if outcome == .more { (produced, outcome) = unsafe inflate(into: output) }
    }
    handedOut += produced
    return (produced, outcome)
  }

  /// Whether the deflate stream that has just finished is whole, asked when what it gave does not fit its frame's checksum.
  ///
  /// If so the input stays where it is, else it stands where the damage is.
  func confirmsEnd() -> Bool {
    if isExact { return true }
    let position = input.position
    var outcome = startAgain()
    if outcome == .more {
      var produced = 0
      (produced, outcome) = unsafe withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) {
        unsafe inflate(into: $0)
      }
      if produced > 0 { return false }
    }
    guard outcome == .finished else { return false }
    input.rewind(to: position)
    return true
  }

  /// Goes back to the start of the stream and has zlib read it up to where the reader is.
  ///
  /// `more` unless the stream does not get that far.
  private func startAgain() -> Outcome {
    input.rewind(to: streamStart)
    exact.reset()
    isExact = true
    return unsafe withUnsafeTemporaryAllocation(byteCount: 32 << 10, alignment: 16) { passedOver in
      var left = handedOut
      while left > 0 {
        let (produced, outcome) = unsafe inflate(
          into: UnsafeMutableRawBufferPointer(rebasing: passedOver.prefix(left)))
        left -= produced
        if outcome != .more { return outcome }
      }
      return .more
    }
  }

  private func inflate(into output: UnsafeMutableRawBufferPointer) -> (produced: Int, outcome: Outcome) {
    let inflater: any Inflater = if !isExact, let fast { fast } else { exact }
    var produced = 0
    while true {
      let hasInput = input.require(1)
      let step = unsafe inflater.step(
        input.available, into: UnsafeMutableRawBufferPointer(rebasing: output[produced...]))
      input.consume(step.consumed)
      produced += step.produced
      if !isExact { note(step, handedOut: handedOut + produced) }
      switch step.status {
      case .finished: return (produced, .finished)
      case .damaged: return (produced, .damaged)
      case .running:
        if produced == output.count { return (produced, .more) }
        // The inflater was given all there is and wants more: what it held back, it has put out by now.
        if !hasInput { return (produced, .truncated) }
      }
    }
  }

  /// Notes where in the input a step of the fast inflater came to.
  private func note(_ step: InflateStep, handedOut: Int) {
    guard handedOut >= next.at else { return }
    reached = next.position
    next = (max(streamStart, input.position - CompressedBuffer.lookback), handedOut + step.heldBack)
  }
}
