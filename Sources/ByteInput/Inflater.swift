/// Raw deflate data in, plain bytes out, with no frame around it.
///
/// Frames (gzip, zlib, zip) are read by the sources, so that an inflater only has to offer this: reset and one step.
protocol Inflater: AnyObject {
  /// Forgets everything: the next step begins a new deflate stream.
  func reset()

  /// Inflates from the front of `input` into the front of `output` as far as either lasts.
  ///
  /// With empty input it may still produce: a long match can wait for room in the output.
  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> InflateStep
}

/// What one step of an inflater did.
struct InflateStep {
  enum Status {
    /// More input or more room for output is needed.
    case running
    /// The last block has ended.
    case finished
    /// The data is not deflate data from here on.
    case damaged
  }

  /// How many bytes of the input were used up.
  ///
  /// Negative where an inflater that looked ahead gives back more than this step's input, `CompressedBuffer.lookback` at most.
  let consumed: Int
  let produced: Int
  /// How many bytes, at most, were inflated and wait inside for room in an output.
  var heldBack = 0
  let status: Status
}

/// The libraries that can inflate.
///
/// zlib always can. ISA-L, about three times faster, is compiled in with the package's trait `ISAL`. Both give the same bytes and
/// notice the same damage at the same place, since zlib is asked again wherever ISA-L stumbles.
public enum InflateEngine: Sendable, CaseIterable {
  case zlib
  #if ISAL
    case isal
  #endif

  /// The fastest there is.
  public static var preferred: InflateEngine {
    #if ISAL
      .isal
    #else
      .zlib
    #endif
  }

  /// The library and its version: `zlib 1.2.13`.
  public var library: String {
    switch self {
    case .zlib: ZlibInflater.library
    #if ISAL
      case .isal: ISALInflater.library
    #endif
    }
  }
}
