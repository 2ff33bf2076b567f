/// What an input may cost.
///
/// Each limit is named in the remark of the input that exceeds it.
public struct InputLimits: Sendable, Equatable {
  /// How many bytes may come out for one byte of the file.
  ///
  /// Deflate itself cannot exceed 1032; claims reach 20.
  public var maxExpansion: Int = 2000

  /// How many bytes may come out before `maxExpansion` is looked at.
  public var expansionGrace: Int = 64 << 20

  /// How many layers of compression are unwrapped.
  public var maxNesting: Int = 3

  /// How many entries of one archive are read.
  public var maxEntries: Int = 100_000

  /// How many bytes an archive's central directory may have.
  public var maxDirectoryBytes: Int = 64 << 20

  public init() {}
}

/// Compares what came out of one file with what went in, over all of its layers and entries.
final class ExpansionMeter {
  /// The bound is looked at when the output reaches a multiple of this, so that the place where a stream is cut does
  /// not depend on how its reader sizes its buffers.
  private static let grid = 1 << 20

  let limits: InputLimits
  private var finishedOutput = 0
  private var finishedOrigin = 0

  init(_ limits: InputLimits) {
    self.limits = limits
  }

  /// How many bytes a layer may put out before it has to ask again; 0 when it is beyond the bound.
  ///
  /// - Parameter origin: how many bytes of the file stand behind the `produced` bytes.
  func room(after produced: Int, origin: @autoclosure () -> Int) -> Int {
    let intoCell = produced % Self.grid
    if intoCell == 0, finishedOutput + produced > limits.expansionGrace {
      let allowed = Double(finishedOrigin + origin()) * Double(limits.maxExpansion)
      if Double(finishedOutput + produced) > allowed { return 0 }
    }
    return Self.grid - intoCell
  }

  /// An archive's entry is done with: what it cost counts for those that follow.
  func finishStream(produced: Int, origin: Int) {
    finishedOutput += produced
    finishedOrigin += origin
  }

  func remark(produced: Int, compressedOffset: Int, unverifiedFrom: Int) -> InputRemark {
    InputRemark(
      .ratio, .error, effect: .fileCut, at: produced, compressedOffset: compressedOffset,
      firstUnverifiedOffset: unverifiedFrom,
      "the data expands to more than \(limits.maxExpansion) times the size of the file; the rest is not read "
        + "(--max-expansion raises the bound)")
  }
}
