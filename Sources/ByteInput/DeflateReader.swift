/// Inflates one deflate stream out of a compressed buffer, straight into the reader's memory.
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
  private let inflater = Inflater()

  init(_ input: CompressedBuffer) {
    self.input = input
  }

  /// Prepares for the next deflate stream, which begins at the input's position.
  func reset() {
    inflater.reset()
  }

  /// Fills the front of `output`, which is not empty, and says how many bytes it wrote and how things stand after them.
  func read(into output: UnsafeMutableRawBufferPointer) -> (produced: Int, outcome: Outcome) {
    var produced = 0
    while true {
      let hasInput = input.require(1)
      let step = unsafe inflater.step(
        input.available, into: UnsafeMutableRawBufferPointer(rebasing: output[produced...]))
      input.consume(step.consumed)
      produced += step.produced
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
}
