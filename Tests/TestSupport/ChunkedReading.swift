public import ClaimModel
public import ClaimReading

/// In which pieces a stream is lent to a reader.
public enum Chunking: Sendable, CustomStringConvertible {
  /// All at once.
  case whole
  /// Pieces of one size.
  case pieces(Int)
  /// Pieces of random sizes, the end sometimes said with the last of them and sometimes behind it.
  case random(seed: UInt64, upTo: Int)

  /// The ways in which every reader has to give the same.
  public static func grid(seed: UInt64) -> [Chunking] {
    [
      .pieces(1), .pieces(7), .pieces(64), .pieces(4096), .random(seed: seed, upTo: 40),
      .random(seed: seed + 1, upTo: 900),
    ]
  }

  /// What kind of pieces, and the seed.
  public var description: String {
    switch self {
    case .whole: "whole"
    case .pieces(let size): "pieces of \(size)"
    case .random(let seed, let most): "random pieces up to \(most), seed \(seed)"
    }
  }
}

/// Lends `bytes` to `reader` piece by piece, as the caller of a reader does, and records what comes.
///
/// Each window is memory of its own of exactly that size, so that a memory checker sees every step outside it.
public func record(_ bytes: [UInt8], with reader: some ClaimReader, in chunking: Chunking = .whole) -> ReadingOutcome {
  var reader = reader
  var handler = RecordingHandler()
  var outcome = ReadingOutcome()
  var generator = SeededGenerator(seed: 0)
  if case .random(let seed, _) = chunking { generator = SeededGenerator(seed: seed) }
  var start = 0
  var end = 0
  var isDone = false
  while !isDone {
    let size =
      switch chunking {
      case .whole: bytes.count
      case .pieces(let size): size
      case .random(_, let most): generator.number(1...most)
      }
    let before = end
    end = min(bytes.count, end + size)
    var isLast = end == bytes.count
    if case .random = chunking, isLast, end > before, generator.once(in: 2) { isLast = false }
    let window = UnsafeMutableRawBufferPointer.allocate(byteCount: end - start, alignment: 1)
    unsafe window.copyBytes(from: bytes[start..<end])
    let used = unsafe reader.read(UnsafeRawBufferPointer(window), isLast: isLast, handler: &handler)
    unsafe window.deallocate()
    if used < 0 || used > end - start {
      outcome.breaches.append("used \(used) of \(end - start) bytes at \(start)")
      break
    }
    if isLast, used != end - start { outcome.breaches.append("left \(end - start - used) bytes at the end") }
    start += used
    isDone = isLast
  }
  outcome.events = handler.events
  outcome.totals = reader.totals
  return outcome
}

/// The hash under which patients are hashed in tests.
public let testHash = KeyedHash(key0: 0x0706_0504_0302_0100, key1: 0x0F0E_0D0C_0B0A_0908)

/// Reads X12 and records what comes.
public func readX12(
  _ bytes: [UInt8], interest: ClaimInterest = .everything, limits: ReadingLimits = ReadingLimits(),
  inFull: Bool = false, in chunking: Chunking = .whole
) -> ReadingOutcome {
  record(
    bytes, with: X12ClaimReader(interest: interest, limits: limits, hash: testHash, readsEveryClaimInFull: inFull),
    in: chunking)
}
