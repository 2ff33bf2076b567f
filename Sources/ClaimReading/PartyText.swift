internal import ClaimModel

/// A text that is kept above a claim: on the spot where it is short, as nearly all are, for one that is replaced with every
/// subscriber.
struct PartyText {
  private static let capacity = 64
  private var bytes: [64 of UInt8] = .init(repeating: 0)
  private var count = 0
  /// All of it, where it is longer.
  private var long: [UInt8] = []

  /// Whether there is no text.
  var isEmpty: Bool { count == 0 }

  /// Forgets the text.
  mutating func removeAll() {
    count = 0
    if !long.isEmpty { long.removeAll(keepingCapacity: true) }
  }

  /// Becomes a copy of the bytes at `range` of a segment.
  mutating func replace(with segment: Span<UInt8>, _ range: Range<Int>) {
    removeAll()
    append(segment, range)
  }

  /// Adds a byte.
  mutating func append(_ byte: UInt8) {
    let one: [1 of UInt8] = [byte]
    append(one.span, 0..<1)
  }

  /// Adds the bytes at `range` of a segment.
  mutating func append(_ segment: Span<UInt8>, _ range: Range<Int>) {
    let end = count + range.count
    if end > PartyText.capacity {
      if long.isEmpty { for index in 0..<count { long.append(bytes[index]) } }
      for index in range { long.append(segment[index]) }
    } else {
      let (start, part) = (count, segment.extracting(range))
      var room = bytes.mutableSpan
      unsafe room.withUnsafeMutableBytes { room in
        unsafe part.withUnsafeBytes { part in
          unsafe UnsafeMutableRawBufferPointer(rebasing: room[start..<end]).copyMemory(from: part)
        }
      }
    }
    count = end
  }

  /// Makes capital letters of the small ones of ASCII.
  mutating func capitalise() {
    guard count <= PartyText.capacity else {
      for index in 0..<count { long[index] = PartyText.capital(long[index]) }
      return
    }
    for index in 0..<count { bytes[index] = PartyText.capital(bytes[index]) }
  }

  private static func capital(_ byte: UInt8) -> UInt8 { byte &- 0x61 < 26 ? byte &- 0x20 : byte }

  /// Lends the text.
  @inline(__always)
  func lend<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    count > PartyText.capacity ? body(long.span) : body(bytes.span.extracting(0..<count))
  }

  /// Puts a copy of the text into an arena.
  func copy(to arena: inout TextArena) -> TextRange { lend { arena.append($0) } }
}
